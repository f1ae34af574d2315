"""The tool in hand: told where the pointer goes; what it answers becomes a preview and commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk


class ToolHand:
    """One canvas' tool, made anew when another is chosen."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def is_pan(self) -> bool:
        """Whether the hand moves the paper."""
        return self._desk.tool == "pan"

    def take(self) -> None:
        """The desk's tool is another one now."""

    def press(self, at: tuple[float, float], zoom: float, keys: Qt.KeyboardModifier) -> None:
        """The button went down at scan point `at`."""

    def move(self, at: tuple[float, float], zoom: float, keys: Qt.KeyboardModifier) -> None:
        """The pointer moved."""

    def release(self, at: tuple[float, float], zoom: float, keys: Qt.KeyboardModifier) -> None:
        """The button went up."""

    def cancel(self) -> bool:
        """Drop what is half done."""
        return False

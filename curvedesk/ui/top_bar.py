"""The top bar: what is open, and the five steps of the work in order; the next sensible one is the filled button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from curvedesk.ui.parts import button, icon_button, label, set_kind, tight
from curvedesk.ui.theme.tokens import BAR_PX

if TYPE_CHECKING:
    from curvedesk.ui.action_book import ActionBook

STEPS = ("open", "read_sheet", "predict", "improve", "export")


class TopBar(QWidget):
    """``show_step`` fills one button, ``show_title`` names what is open."""

    def __init__(self, book: ActionBook, menu: QMenu) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setFixedHeight(BAR_PX)
        row = tight(QHBoxLayout(self), gap=8)
        row.setContentsMargins(8, 0, 12, 0)
        self.menu_button: QToolButton = icon_button("menu", "Menu (F10)")
        self.menu_button.setMenu(menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row.addWidget(self.menu_button)
        row.addWidget(label("CurveDesk", "strong"))
        self._title = label("", "muted")
        row.addWidget(self._title, 1)
        self.steps: dict[str, QPushButton] = {}
        self._book = book
        for name in STEPS:
            self.steps[name] = self._step(name)
            row.addWidget(self.steps[name])
        book.refreshed.connect(self.refresh)

    def _step(self, name: str) -> QPushButton:
        action = self._book.actions[name]
        made = button(action.text(), action.trigger)
        made.setToolTip(action.toolTip())
        return made

    def show_title(self, text: str) -> None:
        """What is open, muted beside the name."""
        self._title.setText(text)
        self._title.setToolTip(text)

    def show_step(self, name: str) -> None:
        """Fill this step's button."""
        for other, made in self.steps.items():
            set_kind(made, "primary" if other == name else "plain")

    def refresh(self) -> None:
        """Follow the actions: enabled, texts, tips."""
        for name, made in self.steps.items():
            action = self._book.actions[name]
            made.setEnabled(action.isEnabled())
            made.setText(action.text())
            made.setToolTip(action.toolTip())

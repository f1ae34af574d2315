"""What the tool shows while it is used, before anything is committed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from curvedesk.ui.canvas.frame import Frame


def paint_preview(painter: QPainter, frame: Frame, preview: Any) -> None:
    """Paint it over everything."""


def preview_rect(frame: Frame, preview: Any) -> QRect:
    """What of the area it covers."""
    return QRect()

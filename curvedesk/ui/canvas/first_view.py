"""What is shown of a scan when it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

from curvedesk.session.view import View

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk

MARGIN_PX = 8.0


def first_view(desk: Desk, size: QSize) -> View:
    """Where the analyst was when the project was saved, else the paper as wide as the canvas from its top."""
    assert desk.scan is not None
    view = View(width=max(1, size.width()), height=max(1, size.height()))
    kept = desk.document.view_state
    if kept.zoom > 0:
        return View(kept.x0_px, kept.y0_px, kept.zoom, view.width, view.height)
    return view.fit_width(desk.scan.width, margin=MARGIN_PX)

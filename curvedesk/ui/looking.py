"""Where the analyst looks: a depth brought to the middle, and the view that the document remembers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk


def go_to_depth(desk: Desk, depth: float) -> None:
    """Show this depth in the middle of the canvas; nothing where no depth is known."""
    sheet, view = desk.sheet, desk.view
    if sheet is not None and view is not None:
        column = float(sheet.column_at(view.centre[1]))
        desk.set_view(view.centred_on(y_px=float(sheet.y_at(column, depth))))


def keep_view(desk: Desk) -> None:
    """Let the document remember where the user looks; no edit."""
    view, document = desk.view, desk.document
    if view is not None:
        document.view_state = replace(
            document.view_state, x0_px=view.x0_px, y0_px=view.y0_px, zoom=view.zoom, active=desk.active_curve or ""
        )

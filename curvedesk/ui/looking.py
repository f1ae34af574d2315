"""Where the analyst looks: a depth brought to the middle, and the view that the document remembers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk

ABOVE, LEAST_SEEN = 0.12, 0.25  # shares of what is in sight: paper shown above a log, rows of it that are enough


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


def show_log(desk: Desk) -> None:
    """Show the top of what was logged, where nothing of it is in sight: a log begins below its header."""
    sheet, view = desk.sheet, desk.view
    if sheet is None or view is None:
        return
    column = float(sheet.column_at(view.centre[1]))
    top, bottom = (float(sheet.y_at(column, depth)) for depth in (sheet.depth.top, sheet.depth.bottom))
    if view.rows[1] < top + LEAST_SEEN * (view.rows[1] - view.rows[0]) or view.rows[0] > bottom:
        desk.set_view(replace(view, y0_px=top - ABOVE * view.height / view.zoom))

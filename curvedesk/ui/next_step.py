"""Which of the five steps makes sense next: the one whose button is filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curvedesk.session.commands import LEARNT_FROM

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk

ENOUGH_STROKES = 3


def next_step(desk: Desk | None) -> str:
    """Open, read the sheet, predict; then improve once there are new strokes to learn from, else export."""
    if desk is None or desk.scan is None:
        return "open"
    project = desk.document.project
    if project.sheet is None:
        return "read_sheet"
    if not project.curves:
        return "predict"
    new = len(project.strokes) - int(project.notes.get(LEARNT_FROM, 0) or 0)
    return "improve" if new >= ENOUGH_STROKES else "export"

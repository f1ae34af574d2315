"""A copy of the scan inside the project, for a project that is mailed; put in and taken out at once, by a save."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from curvedesk.session.document import Document
from curvedesk.store.locations import cache_dir

if TYPE_CHECKING:
    from curvedesk.ui.window import Window
    from curvedesk.ui.workspace import Workspace

ONLY_COPY = "The scan is nowhere but in this project, so it stays there"
TRAVELS, LEFT_OUT = "The scan travels in the project", "The scan is no longer in the project"
MB = 1e6


def carries_scan(document: Document) -> bool:
    """Whether the project's file has the scan in it."""
    return bool(document.scan_member)


def carry(window: Window, space: Workspace, wanted: bool) -> None:
    """Save with the scan inside, or without; asks where if the project has no file yet."""
    document, saving = space.desk.document, window.documents.saving
    if not wanted and not _lies_outside(document):
        space.desk.say(ONLY_COPY, topic="carry")
    elif saving.save(space, include_scan=wanted):
        back = partial(carry, window, space, not wanted)
        size = document.path.stat().st_size / MB if document.path is not None else 0.0
        if wanted:
            space.desk.say(TRAVELS, detail=f"{size:,.1f} MB", action_text="Leave it out", action=back, topic="carry")
        else:
            space.desk.say(LEFT_OUT, detail=f"{size:,.1f} MB", action_text="Put it back", action=back, topic="carry")
    window.refresh_soon()


def _lies_outside(document: Document) -> bool:
    scan = document.project.scan
    return scan is not None and Path(scan.path).is_file() and not Path(scan.path).is_relative_to(cache_dir())

"""The scan of a project: looked for by its content in a thread; asked for where it is gone, never taken silently."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.project import ScanRef
from curvedesk.imaging import Scan
from curvedesk.session.commands import RelocateScan
from curvedesk.session.document import Document
from curvedesk.session.scan_search import ScanSearch, ScanState
from curvedesk.session.scan_search import find_scan as search
from curvedesk.ui.asking import ask_file
from curvedesk.ui.desk_scan import read_scan
from curvedesk.ui.kinds import FILTERS
from curvedesk.ui.messages import Message

if TYPE_CHECKING:
    from curvedesk.ui.window import Window
    from curvedesk.ui.workspace import Workspace

Found = tuple[ScanSearch, tuple[Scan, ScanRef] | None]


def find_scan(window: Window, space: Workspace) -> None:
    """Show the scan the project speaks of, or ask for it in a banner."""
    document = space.desk.document
    if document.project.scan is not None:
        work = partial(_found, document, document.project.scan.page)
        space.desk.background.run(work, partial(_show_found, window, space), partial(_say_fault, window, space))


def _found(document: Document, page: int) -> Found:
    answer = search(document)
    return answer, None if answer.path is None else read_scan(answer.path, page)


def _show_found(window: Window, space: Workspace, found: Found) -> None:
    answer, read = found
    if read is None:
        _ask_in_banner(window, space, answer.question)
    elif answer.state is ScanState.CHANGED:
        _ask_whether(window, space, answer.question, *read)
    else:
        _show(space, *read)


def _say_fault(window: Window, space: Workspace, error: Exception) -> None:
    _ask_in_banner(window, space, f"{error}.")


def _ask_in_banner(window: Window, space: Workspace, text: str) -> None:
    action = partial(_ask, window, space)
    space.say(Message(text, "warn", action_text="Find it...", action=action, topic="scan"))


def _ask(window: Window, space: Workspace) -> None:
    path = ask_file(window, "Find the scan", ";;".join((FILTERS[1], FILTERS[-1])))
    if path is not None:
        take(window, space, path)


def take(window: Window, space: Workspace, path: Path) -> None:
    """The user says it is this one; its digest decides whether that is asked again."""
    ref = space.desk.document.project.scan
    work = partial(read_scan, path, ref.page if ref is not None else 0)
    space.desk.background.run(work, partial(_compare, window, space), partial(_say_fault, window, space))


def _compare(window: Window, space: Workspace, found: tuple[Scan, ScanRef]) -> None:
    scan, ref = found
    wanted = space.desk.document.project.scan
    if wanted is None or ref.sha256 == wanted.sha256:
        _show(space, scan, ref)
    else:
        text = f"{scan.info.path.name} is not the scan this project was made from; use it all the same?"
        _ask_whether(window, space, text, scan, ref)


def _ask_whether(window: Window, space: Workspace, text: str, scan: Scan, ref: ScanRef) -> None:
    space.say(
        Message(
            text,
            "warn",
            action_text="Use it",
            action=partial(_show, space, scan, ref),
            other_text="Find the right one...",
            other=partial(_ask, window, space),
            topic="scan",
        )
    )


def _show(space: Workspace, scan: Scan, ref: ScanRef) -> None:
    wanted = space.desk.document.project.scan
    try:
        if wanted is not None and (wanted.path, wanted.sha256) != (ref.path, ref.sha256):
            space.desk.execute(RelocateScan(ref))
    except CurveDeskError as error:
        space.say(Message(f"{error}.", "error", topic="scan"))
        return
    space.banners.take_back("scan")
    space.desk.show_scan(scan)

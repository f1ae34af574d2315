"""Saving: loud where it fails, with a way on; closing asks in a line, and never loses anything unasked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.sheet import dump_sheet
from curvedesk.domain.strokes import dump_strokes
from curvedesk.session.document import Document
from curvedesk.session.files import SUFFIX, save_project
from curvedesk.store.atomic import write_json
from curvedesk.store.locations import bundled_resources_dir
from curvedesk.ui.asking import ask_where
from curvedesk.ui.looking import keep_view
from curvedesk.ui.messages import Message

if TYPE_CHECKING:
    from curvedesk.ui.window import Window
    from curvedesk.ui.workspace import Workspace

SAMPLE_TITLE = "Sample log"
SCAN_OPENED = "Scan opened"  # the label of the first step of a new document
FOUND_BESIDE = "Sheet found beside the scan"
OPENING = frozenset({SCAN_OPENED, FOUND_BESIDE})
KIND = f"Projects (*{SUFFIX})"


def title_of(document: Document) -> str:
    """What a document is called: its file, else its scan."""
    if document.path is not None:
        return document.path.stem
    scan = document.project.scan
    if scan is None:
        return "New log"
    return SAMPLE_TITLE if came_along(Path(scan.path)) else Path(scan.path).stem


def came_along(scan: Path) -> bool:
    """Whether a scan is the sample inside the program, where nobody's files belong."""
    return scan.is_relative_to(bundled_resources_dir())


def beside_what(document: Document, folder: Path) -> Path:
    """The file beside which others of this document belong: project, else scan; `folder` for the sample."""
    scan = document.project.scan
    if document.path is not None:
        return document.path
    if scan is not None and Path(scan.path).parent.is_dir() and not came_along(Path(scan.path)):
        return Path(scan.path)
    return folder / title_of(document)


def would_lose(document: Document) -> bool:
    """Whether closing now loses something a person did: a scan that was only opened is no work."""
    done = document.history.entries[: document.history.position]
    only_opened = document.path is None and all(entry.label in OPENING for entry in done)
    return document.is_dirty and not only_opened


class Saving:
    """Saves the document of a workspace."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def save(self, space: Workspace, *, include_scan: bool | None = None) -> bool:
        """Where it was saved before, else ask where. False where it is not saved now.

        `include_scan`: with a copy of the scan in it, or without; as before where nothing is said.
        """
        document = space.desk.document
        if document.path is None or document.read_only:
            return self.save_as(space, include_scan=include_scan)
        return self._save(space, document.path, include_scan=include_scan)

    def save_as(self, space: Workspace, *, include_scan: bool | None = None) -> bool:
        """Ask where."""
        document = space.desk.document
        path = ask_where(self._window, "Save the project", self._proposed(document), KIND)
        if path is None:
            return False
        path = path if path.suffix else path.with_suffix(SUFFIX)
        return self._save(space, path, include_scan=include_scan)

    def _save(self, space: Workspace, path: Path, *, include_scan: bool | None = None) -> bool:
        keep_view(space.desk)
        try:
            save_project(space.desk.document, path, include_scan=include_scan)
        except CurveDeskError as error:
            space.desk.set_save_fault(str(error))
            space.say(
                Message(
                    f"Not saved: {error}. Nothing is lost; the project stays open.",
                    "error",
                    action_text="Save elsewhere...",
                    action=partial(self.save_as, space, include_scan=include_scan),
                    other_text="Try again",
                    other=partial(self._save, space, path, include_scan=include_scan),
                    topic="save",
                )
            )
            return False
        space.banners.take_back("save")
        space.desk.set_save_fault("")
        self._window.remember(path)
        self._window.documents.retitle()
        return True

    def ask_before_closing(self, space: Workspace, close: Callable[[], object]) -> None:
        """In a line: save and close, or close without."""
        space.say(
            Message(
                f"{title_of(space.desk.document)} has changes that are not saved.",
                "warn",
                action_text="Save and close",
                action=partial(self._save_and_close, space, close),
                other_text="Close without saving",
                other=close,
                topic="closing",
            )
        )

    def _save_and_close(self, space: Workspace, close: Callable[[], object]) -> None:
        if self.save(space):
            close()

    def save_sheet(self, space: Workspace) -> None:
        """The sheet as a file other programs read."""
        sheet = space.desk.sheet
        if sheet is not None:
            self._write(space, "sheet", "Sheets (*.sheet.json)", partial(dump_sheet, sheet))

    def save_strokes(self, space: Workspace) -> None:
        """The strokes as a file other programs read."""
        strokes = tuple(space.desk.document.project.strokes.values())
        self._write(space, "strokes", "Strokes (*.strokes.json)", partial(dump_strokes, strokes))

    def _write(self, space: Workspace, what: str, kinds: str, dump: Callable[[], dict[str, Any]]) -> None:
        proposed = self._proposed(space.desk.document).with_suffix(f".{what}.json")
        path = ask_where(self._window, f"Save the {what}", proposed, kinds)
        if path is None:
            return
        try:
            write_json(path, dump())
        except CurveDeskError as error:
            again = partial(self._write, space, what, kinds, dump)
            space.say(Message(f"{error}.", "error", action_text="Save elsewhere...", action=again, topic="write"))
            return
        space.desk.say(f"Saved {path.name}", detail=str(path.parent))

    def _proposed(self, document: Document) -> Path:
        if document.path is not None:
            return document.path
        folder = Path(self._window.settings.value.folder or Path.home())
        return beside_what(document, folder).parent / f"{title_of(document)}{SUFFIX}"

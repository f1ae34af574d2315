"""Opening whatever was dropped, chosen or given: each kind by its own way, faults in one line with a way on."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.project import ScanRef
from curvedesk.domain.sheet import load_sheet
from curvedesk.domain.strokes import check_strokes, load_strokes
from curvedesk.imaging import Scan
from curvedesk.imaging.turned import write_turned
from curvedesk.session.commands import ImportStrokes, OpenScan, SetSheet
from curvedesk.session.document import Document
from curvedesk.session.files import new_document, open_project
from curvedesk.store.lock import InUseError
from curvedesk.ui.background import Background
from curvedesk.ui.desk_scan import read_scan
from curvedesk.ui.kinds import FileKind, kind_of, scan_beside, sheet_beside
from curvedesk.ui.messages import Message
from curvedesk.ui.saving import FOUND_BESIDE
from curvedesk.ui.scan_finding import find_scan

if TYPE_CHECKING:
    from curvedesk.ui.documents import Documents
    from curvedesk.ui.window import Window
    from curvedesk.ui.workspace import Workspace


OF_A_DESK = ("curvedesk.session.tools.registry", "curvedesk.session.quality", "curvedesk.session.improvement")


def _forget() -> None:
    """Nothing is kept."""


class Opening:
    """Reads in a thread, shows in the window."""

    def __init__(self, window: Window, documents: Documents) -> None:
        self._window, self._documents = window, documents
        self._background = Background(window)
        self.busy = 0
        self._faults: set[str] = set()  # topics of what is said of files that could not be opened

    def close(self) -> None:
        """Nothing that is still on its way will be shown."""
        self._background.close()

    def open(self, path: Path, *, remember: bool = True) -> None:
        """Open one file of any kind."""
        path = Path(path).absolute()
        keep = partial(self._window.remember, path) if remember else _forget
        if kind_of(path) is FileKind.SCAN:
            self._open_scan(path, keep=keep)
            return
        ways = {
            FileKind.PROJECT: self._open_project,
            FileKind.SHEET: self._open_sheet,
            FileKind.STROKES: self._open_strokes,
        }
        try:
            ways[kind_of(path)](path)
        except InUseError as held:
            self._offer_reading(path, held)
        except CurveDeskError as error:
            self._say_fault(path, error)
            return
        if kind_of(path) is FileKind.PROJECT:  # a sheet or strokes alone are no log to go on with
            keep()

    def forget_faults(self) -> None:
        """Other files are opened: what was wrong with those before is no news."""
        for topic in self._faults:
            self._window.take_back(topic)
        self._faults.clear()

    def _open_scan(
        self,
        path: Path,
        *,
        page: int = 0,
        then: Callable[[Workspace], object] | None = None,
        keep: Callable[[], object] = _forget,
    ) -> None:
        def show(found: tuple[Scan, ScanRef]) -> None:
            keep()
            self._show_scan(then, found)

        self.busy += 1
        self._background.run(partial(_read_ready, path, page), show, partial(self._failed, path))

    def _show_scan(self, then: Callable[[Workspace], object] | None, found: tuple[Scan, ScanRef]) -> None:
        self.busy -= 1
        scan, ref = found
        space = self._documents.with_scan(ref.sha256, ref.page)
        if space is None:
            document = new_document()
            document.execute(OpenScan(ref))
            space = self._documents.add(document)
            space.desk.show_scan(scan)
            self._say_what_is_odd(space, scan)
            space.desk.jobs.turn_found.connect(partial(self._offer_turning, space, scan))
            beside = sheet_beside(scan.info.path) if then is None else None
            if beside is not None:
                self._put_sheet(space, beside, label=FOUND_BESIDE)
            elif then is None:
                space.desk.jobs.read_by_itself()
        else:
            self._documents.raise_(space)
        if then is not None:
            then(space)
        self._window.opened(space)

    def _say_what_is_odd(self, space: Workspace, scan: Scan) -> None:
        if scan.info.pages > 1:
            page = scan.info.page + 1
            following = scan.info.page + 1 if page < scan.info.pages else 0
            space.say(
                Message(
                    f"{scan.info.path.name} has {scan.info.pages} pages; this is page {page}.",
                    "warn",
                    action_text=f"Open page {following + 1}",
                    action=partial(self._open_scan, scan.info.path, page=following),
                    topic="pages",
                )
            )
        if scan.info.dpi_assumed:
            space.say(
                Message(
                    f"The scan does not say its resolution; {scan.dpi:g} dpi is assumed. The sheet can say another.",
                    "warn",
                    topic="dpi",
                )
            )

    def _offer_turning(self, space: Workspace, scan: Scan, degrees: int) -> None:
        how = "upside down" if degrees == 180 else "on its side"
        space.say(
            Message(
                f"This scan lies {how}, so nothing was read off it.",
                "warn",
                action_text="Turn it",
                action=partial(self._turn, space, scan, degrees),
                topic="turn",
            )
        )

    def _turn(self, space: Workspace, scan: Scan, degrees: int) -> None:
        """A turned copy beside the scan, opened; the scan stays as it is."""
        path = unused_beside(scan.info.path, ".turned.tif")

        def done(_: None) -> None:
            space.banners.take_back("turn")
            self._open_scan(path)

        self._background.run(partial(write_turned, scan, path, degrees), done, partial(self._say_fault, path))

    def _open_project(self, path: Path, *, read_only: bool = False) -> None:
        space = self._documents.with_path(path)
        if space is not None:
            self._documents.raise_(space)
            return
        load_desk()
        self.show_document(open_project(path, read_only=read_only))

    def show_document(self, document: Document) -> Workspace:
        """A tab for a document that was read or recovered; its scan is looked for."""
        space = self._documents.add(document)
        for notice in document.notices:
            space.say(Message(notice, "warn"))
        find_scan(self._window, space)
        self._window.opened(space)
        return space

    def _open_sheet(self, path: Path) -> None:
        sheet = load_sheet(path)
        space = self._documents.current
        if space is not None:
            self._put_sheet(space, path)
            return
        scan = scan_beside(path, sheet.scan)
        if scan is None:
            named = f" ({sheet.scan})" if sheet.scan else ""
            raise CurveDeskError(f"{path.name}: its scan{named} is not beside it; open the scan, then the sheet")
        keep = partial(self._window.remember, scan)
        self._open_scan(scan, then=lambda opened: self._put_sheet(opened, path), keep=keep)

    def _put_sheet(self, space: Workspace, path: Path, *, label: str = "") -> None:
        try:
            sheet = load_sheet(path)
            space.desk.execute(SetSheet(sheet, label or f"Sheet {path.name}"))
        except CurveDeskError as error:
            space.say(Message(f"{error}.", "error"))
            return
        tracks, curves = _many(len(sheet.tracks), "track"), _many(len(sheet.curves()), "curve")
        said = f"{label} · {tracks}, {curves}" if label else f"Sheet {path.name} · {tracks}, {curves}"
        said, _, detail = said.partition(" · ")
        space.desk.say(said, detail=detail, topic="sheet")

    def _open_strokes(self, path: Path) -> None:
        strokes = load_strokes(path)
        space = self._documents.current
        if space is None:
            raise CurveDeskError(f"{path.name}: strokes need their scan; open the scan first")
        if space.desk.sheet is not None:
            check_strokes(strokes, space.desk.sheet, source=path.name)
        space.desk.execute(ImportStrokes(strokes, f"Strokes {path.name}"))
        many = "1 stroke" if len(strokes) == 1 else f"{len(strokes)} strokes"
        said, undo = f"{many} from {path.name}", space.desk.undo
        space.desk.say(said, action_text="Undo", action=undo, topic="undo")

    def _offer_reading(self, path: Path, held: InUseError) -> None:
        self._window.say(
            Message(
                f"{held}.",
                "warn",
                action_text="Open for reading",
                action=partial(self._open_project, path, read_only=True),
                topic="in use",
            )
        )

    def _failed(self, path: Path, error: Exception) -> None:
        self.busy -= 1
        self._say_fault(path, error)

    def _say_fault(self, path: Path, error: Exception) -> None:
        topic = f"open {path}"
        self._faults.add(topic)
        self._window.say(Message(sentence(error), "error", action_text="Open another", action=self._ask, topic=topic))

    def _ask(self) -> None:
        self._documents.ask_and_open()


def _read_ready(path: Path, page: int) -> tuple[Scan, ScanRef]:
    """The scan, in a thread, and there too the libraries a desk needs: the first one would stop the window for long."""
    found = read_scan(path, page)
    load_desk()
    return found


def load_desk() -> None:
    """The libraries a desk needs; what they consist of is not looked through for rubbish from then on.

    Nothing of a document may be there yet, for it could not be cleared away any more.
    """
    for name in OF_A_DESK:
        import_module(name)
    if gc.get_freeze_count() == 0:
        gc.freeze()  # a search through all of it held the window up for 48 ms of CPU now and then


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def unused_beside(scan: Path, ending: str) -> Path:
    """A name beside the scan that no file has."""
    names = (scan.with_name(f"{scan.stem}{number}{ending}") for number in ("", *(f"-{k}" for k in range(2, 1000))))
    return next((path for path in names if not path.exists()), scan.with_name(f"{scan.stem}{ending}"))


def sentence(error: Exception) -> str:
    """An error as the user reads it."""
    text = str(error).strip() or type(error).__name__
    return text if text.endswith((".", "!", "?")) else f"{text}."

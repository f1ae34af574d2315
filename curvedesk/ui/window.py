"""The window: top bar, tabs, the workspace in front or the first page, status bar. It holds no project data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from curvedesk.domain.print_scale import print_scale
from curvedesk.session.recent import recent_files, remember
from curvedesk.ui.action_book import ActionBook
from curvedesk.ui.action_list import ACTIONS
from curvedesk.ui.banner import Banners
from curvedesk.ui.documents import Documents
from curvedesk.ui.guide import Guide
from curvedesk.ui.held_keys import HeldKeys
from curvedesk.ui.kinds import can_open
from curvedesk.ui.menus import menu_of
from curvedesk.ui.messages import Message
from curvedesk.ui.next_step import next_step
from curvedesk.ui.parts import hairline, tight
from curvedesk.ui.saving import title_of
from curvedesk.ui.settings import SettingsFile
from curvedesk.ui.sheets import Sheets
from curvedesk.ui.start import StartPage
from curvedesk.ui.status_bar import StatusBar
from curvedesk.ui.theme import theme
from curvedesk.ui.top_bar import TopBar

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk
    from curvedesk.ui.engine_client import EngineClient
    from curvedesk.ui.workspace import Workspace

SIZE_AT_FIRST = (1440, 900)


class Window(QMainWindow):
    """``documents`` has what is open, ``actions`` what can be done, ``desk`` is the one in front."""

    def __init__(self, settings: SettingsFile | None = None) -> None:
        super().__init__()
        self.settings = settings or SettingsFile()
        theme().choose(self.settings.value.theme)
        self.setWindowTitle("CurveDesk")
        self.setMinimumSize(900, 560)
        self.setAcceptDrops(True)
        self.engine: EngineClient | None = None
        self.guide: Guide | None = None
        self.guide_wanted = False
        self.book = ActionBook(self, ACTIONS, dict(self.settings.value.shortcuts))
        self.book.keys_changed.connect(self._keep_keys)
        self.top_bar = TopBar(self.book, menu_of(self.book, self))
        self.status = StatusBar()
        self.start = StartPage(self.book, self.open_path)
        self.banners = Banners()
        self.documents = Documents(self, self.start)
        self.setCentralWidget(self._all())
        self.sheets = Sheets(self)
        self._held = HeldKeys(self)
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self.refresh)
        self._restore()
        self.follow(None)
        self.start.setFocus()

    @property
    def desk(self) -> Desk | None:
        """The desk in front."""
        space = self.documents.current
        return space.desk if space is not None else None

    def _all(self) -> QWidget:
        made = QWidget()
        column = tight(QVBoxLayout(made), gap=0)
        for part in (self.top_bar, hairline(), self.documents.tabs, self.banners):
            column.addWidget(part)
        column.addWidget(self.documents.stack, 1)
        column.addWidget(hairline())
        column.addWidget(self.status)
        return made

    def _restore(self) -> None:
        kept = self.settings.value.geometry
        if not (kept and self.restoreGeometry(QByteArray.fromBase64(kept.encode()))):
            self.resize(*SIZE_AT_FIRST)
        self.show_recent()

    def start_engine(self) -> EngineClient:
        """The engine of all documents, made and warmed at the first call; a dead one starts again with the next job."""
        if self.engine is None:
            from curvedesk.ui.engine_client import EngineClient

            self.engine = EngineClient(self)
            self.engine.stopped.connect(self._engine_stopped)
            for space in self.documents.spaces:
                space.desk.jobs.engines.use(self.engine)
        self.engine.start()
        return self.engine

    def _engine_stopped(self, sentence: str) -> None:
        """Said here where no job was lost with it, which would have said it."""
        if any(space.banners.says(sentence) for space in self.documents.spaces):
            return
        self.say(Message(sentence, "error", action_text="Start again", action=self.start_engine, topic="engine"))

    # What is in front

    def follow(self, space: Workspace | None) -> None:
        """Show what belongs to the workspace in front."""
        self.status.follow(space.desk if space is not None else None)
        if self.guide is not None and (space is None or self.guide.parentWidget() is not space.canvas):
            self._end_guide()
        self.refresh_soon()

    def listen_to(self, desk: Desk) -> None:
        """Ask the actions anew whenever a desk changes."""
        for signal in (desk.changed, desk.tool_changed, desk.active_changed, desk.flags_changed, desk.job_changed):
            signal.connect(self.refresh_soon)
        desk.scan_changed.connect(self.refresh_soon)

    def refresh_soon(self, *_: object) -> None:
        """Once, after what is going on now."""
        self._soon.start()

    def refresh(self) -> None:
        """Actions, title, the filled button."""
        self.book.refresh()
        self.top_bar.show_step(next_step(self.desk))
        self.top_bar.show_title(subtitle(self.desk))
        self.documents.retitle()
        name = self.documents.tabs.tabText(self.documents.tabs.currentIndex()) if self.desk else ""
        self.setWindowTitle(f"{name} – CurveDesk" if name else "CurveDesk")

    def opened(self, space: Workspace) -> None:
        """A document is there; the guide comes along where it was asked for."""
        self.banners.take_back("in use")
        if self.guide_wanted:
            self.guide_wanted = False
            self.show_guide(space)

    def open_path(self, path: Path) -> None:
        """Open one file."""
        self.documents.open_paths([path])

    def remember(self, path: Path) -> None:
        """First in the list of recent files."""
        remember(path)
        self.show_recent()

    def show_recent(self) -> None:
        """The list on the first page."""
        self.start.show_recent([Path(file.path) for file in recent_files()])

    def say(self, message: Message) -> None:
        """A line in the document in front, or above the first page."""
        space = self.documents.current
        if space is not None:
            space.say(message)
        else:
            self.banners.say(message)

    def take_back(self, topic: str) -> None:
        """What was said about this, anywhere, is no longer so."""
        for banners in (self.banners, *(space.banners for space in self.documents.spaces)):
            banners.take_back(topic)

    # What lies over the window

    def show_help(self) -> None:
        """Help."""
        self.sheets.help.open_sheet()

    def show_shortcuts(self) -> None:
        """Keys."""
        self.sheets.keys.open_sheet()

    def show_guide(self, space: Workspace | None = None) -> None:
        """Five steps over the document in front, or over the sample."""
        space = space or self.documents.current
        self._end_guide()
        if space is None:
            self.guide_wanted = True
            self.documents.open_sample()
            return
        self.guide = Guide(space.desk, self.book, space.canvas, self._guide_ended)
        self.guide.show()
        space.toast.place()

    def show_export(self) -> None:
        """The export of the document in front."""
        desk = self.desk
        if desk is not None:
            self.sheets.export(desk)

    def ask_depth(self) -> None:
        """The field that goes to a depth."""
        space = self.documents.current
        if space is not None:
            space.depth_field.ask()

    def let_go(self) -> None:
        """Close the topmost of what lies over the window, else drop the gesture that is half done."""
        space = self.documents.current
        if self.sheets.close_open() or (space is not None and space.let_go()):
            return
        if space is not None:
            space.canvas.cancel_gesture()

    def set_column_shown(self, shown: bool) -> None:
        """Fold the right column away in every document, or back."""
        self.settings.change(column_shown=shown)
        for space in self.documents.spaces:
            space.docks.fold(not shown)

    def _guide_ended(self) -> None:
        self.settings.change(guide_done=True)
        self._end_guide()

    def _end_guide(self) -> None:
        if self.guide is not None:
            self.guide.hide()
            self.guide.deleteLater()
            self.guide = None

    def _keep_keys(self) -> None:
        self.settings.change(shortcuts=self.book.rebound())
        self.refresh_soon()

    # Drag and drop, closing

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Light up where something can be opened."""
        if dropped(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.start.set_hot(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It went elsewhere."""
        self.start.set_hot(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open it."""
        self.start.set_hot(False)
        event.accept()
        self.documents.open_paths(dropped(event))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window; ask where something is not saved."""
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.settings.change(geometry=geometry)
        if not self.documents.close_all(self.close):
            event.ignore()
            return
        if self.engine is not None:
            self.engine.shutdown()
            self.engine = None
        event.accept()


def dropped(event: QDropEvent) -> list[Path]:
    """Files on this computer among what is dragged that can be opened."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if can_open(path)]


def subtitle(desk: Desk | None) -> str:
    """What is open: well, scale and resolution, or the scan's name."""
    if desk is None:
        return ""
    sheet = desk.sheet
    well = sheet.well.get("WELL") if sheet is not None else None
    if desk.scan is None:
        return well or title_of(desk.document)
    name = well or desk.scan.info.path.name
    dpi = (sheet.dpi if sheet is not None else None) or desk.scan.dpi
    scale = print_scale(sheet.depth, dpi) if sheet is not None else ""
    return " · ".join(filter(None, (name, scale, f"{dpi:g} dpi")))

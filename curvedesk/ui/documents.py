"""The open documents: their tabs, what opens and closes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from curvedesk.session.document import Document
from curvedesk.session.files import close_document
from curvedesk.store.locations import bundled_resources_dir
from curvedesk.ui.asking import ask_files
from curvedesk.ui.carrying import carries_scan, carry
from curvedesk.ui.opening import Opening
from curvedesk.ui.saving import Saving, title_of, would_lose

if TYPE_CHECKING:
    from curvedesk.ui.window import Window
    from curvedesk.ui.workspace import Workspace

SAMPLE = ("sample", "scan.tif")
CHECK_MS = 3000


class Documents:
    """Workspaces in the order of their tabs; ``stack`` shows the one in front, or the first page."""

    def __init__(self, window: Window, start_page: QWidget) -> None:
        self._window = window
        self.spaces: list[Workspace] = []
        self.tabs = QTabBar()
        self.tabs.setTabsClosable(True)
        self.tabs.setMovable(True)
        self.tabs.setExpanding(False)
        self.tabs.setDocumentMode(True)
        self.tabs.setProperty("role", "documents")
        self.tabs.setAccessibleName("Open documents")
        self.tabs.currentChanged.connect(self._show)
        self.tabs.tabCloseRequested.connect(self.close_at)
        self.tabs.tabMoved.connect(self._moved)
        self.stack = QStackedWidget()
        self._start = start_page
        self.stack.addWidget(start_page)
        self.opening = Opening(window, self)
        self.saving = Saving(window)
        self._checking = QTimer(window, interval=CHECK_MS)
        self._checking.timeout.connect(self.check)
        self._checking.start()
        self.tabs.hide()

    @property
    def current(self) -> Workspace | None:
        """The one in front."""
        place = self.tabs.currentIndex()
        return self.spaces[place] if 0 <= place < len(self.spaces) else None

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open each: scans and projects get a tab, sheets and strokes go to the document in front."""
        self.opening.forget_faults()
        for path in paths:
            self.opening.open(path)

    def ask_and_open(self) -> None:
        """Ask for files."""
        self.open_paths(ask_files(self._window))

    def open_sample(self) -> None:
        """The sample log, with the guide the first time."""
        self.opening.open(bundled_resources_dir().joinpath(*SAMPLE), remember=False)
        if not self._window.settings.value.guide_done:
            self._window.guide_wanted = True

    def add(self, document: Document) -> Workspace:
        """A tab for a document, in front."""
        from curvedesk.ui.desk import Desk  # tracing and its libraries: not before there is something to trace
        from curvedesk.ui.workspace import Workspace

        desk = Desk(document)
        desk.jobs.engines.engine_maker = self._window.start_engine
        desk.jobs.engines.use(self._window.engine)
        space = Workspace(desk, self._window.book)
        space.docks.restore(self._window.settings.value.docks)
        space.docks.fold(not self._window.settings.value.column_shown)
        self.spaces.append(space)
        self.stack.addWidget(space)
        self._window.listen_to(desk)
        place = self.tabs.addTab(title_of(document))
        self.tabs.setCurrentIndex(place)
        self._show(place)
        self.tabs.setVisible(len(self.spaces) > 1)
        space.canvas.setFocus()
        return space

    def with_path(self, path: Path | None) -> Workspace | None:
        """The one that has this project open already."""
        return next((space for space in self.spaces if path and space.desk.document.path == path), None)

    def with_scan(self, sha256: str, page: int) -> Workspace | None:
        """The one that shows this scan already."""
        for space in self.spaces:
            ref = space.desk.document.project.scan
            if ref is not None and (ref.sha256, ref.page) == (sha256, page):
                return space
        return None

    def raise_(self, space: Workspace) -> None:
        """To the front."""
        self.tabs.setCurrentIndex(self.spaces.index(space))

    def step(self, by: int) -> None:
        """The next tab, round and round."""
        if self.spaces:
            self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % len(self.spaces))

    def close_current(self) -> None:
        """Close the one in front."""
        if self.current is not None:
            self.close_at(self.tabs.currentIndex())

    def close_at(self, place: int) -> None:
        """Close one; ask first where something would be lost."""
        space = self.spaces[place]
        if would_lose(space.desk.document):
            self.raise_(space)
            self.saving.ask_before_closing(space, self._closer(space))
        else:
            self.discard(space)

    def close_all(self, then: Callable[[], object]) -> bool:
        """Whether all could be closed now; else the user was asked, and ``then`` goes on afterwards."""
        for space in self.spaces:
            if would_lose(space.desk.document):
                self.raise_(space)
                self.saving.ask_before_closing(space, self._closer(space, then))
                return False
        while self.spaces:
            self.discard(self.spaces[-1])
        return True

    def check(self) -> None:
        """See whether every edit is on the disk, and try again where one is not."""
        for space in self.spaces:
            space.desk.document.check()

    def save(self) -> None:
        """Save the one in front."""
        if self.current is not None:
            self.saving.save(self.current)

    def save_as(self) -> None:
        """Save the one in front elsewhere."""
        if self.current is not None:
            self.saving.save_as(self.current)

    def carry_scan(self) -> None:
        """The scan of the one in front into its file, or out of it."""
        if self.current is not None:
            carry(self._window, self.current, not carries_scan(self.current.desk.document))

    def save_sheet(self) -> None:
        """Its sheet as a file."""
        if self.current is not None:
            self.saving.save_sheet(self.current)

    def save_strokes(self) -> None:
        """Its strokes as a file."""
        if self.current is not None:
            self.saving.save_strokes(self.current)

    def retitle(self) -> None:
        """Names of tabs; a dot where something is not saved."""
        for place, space in enumerate(self.spaces):
            document = space.desk.document
            self.tabs.setTabText(place, f"{title_of(document)}{' •' if would_lose(document) else ''}")

    def _closer(self, space: Workspace, then: Callable[[], object] | None = None) -> Callable[[], None]:
        def close() -> None:
            if space in self.spaces:
                self.discard(space)
            if then is not None:
                then()

        return close

    def discard(self, space: Workspace) -> None:
        """Close one without a question."""
        place = self.spaces.index(space)
        self._window.settings.change(docks=space.docks.state())
        del self.spaces[place]
        self.tabs.removeTab(place)
        self.stack.removeWidget(space)
        close_document(space.desk.document)
        space.canvas.close_threads()
        space.desk.close()
        space.hide()
        space.deleteLater()
        self.tabs.setVisible(len(self.spaces) > 1)
        self._show(self.tabs.currentIndex())

    def _moved(self, start: int, end: int) -> None:
        self.spaces.insert(end, self.spaces.pop(start))

    def _show(self, place: int) -> None:
        space = self.spaces[place] if 0 <= place < len(self.spaces) else None
        self.stack.setCurrentWidget(space or self._start)
        self._window.follow(space)

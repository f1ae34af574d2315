"""One export under way: the whole trace settled by the engine where strokes were drawn, then the files in a thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from curvedesk.domain.errors import Cancelled
from curvedesk.interchange.export import Written
from curvedesk.interchange.plan import ExportPlan
from curvedesk.protocol.messages import Cancelled as Stopped
from curvedesk.protocol.messages import Failed, Progress, Result
from curvedesk.session.commands import SetExport
from curvedesk.session.export import export_project, needs_settling, settings_to_remember
from curvedesk.store.curve_file import read_curves

if TYPE_CHECKING:
    from curvedesk.domain.curve import TracedCurve
    from curvedesk.domain.project import Project
    from curvedesk.ui.desk import Desk
    from curvedesk.ui.engine_client import EngineClient


class ExportRun(QObject):
    """Ends with exactly one of ``done``, ``failed`` and ``stopped``."""

    moved = Signal(str, int, int)  # what is going on, done, total (0 where that is not known)
    done = Signal(object)  # Written
    failed = Signal(str)
    stopped = Signal()

    def __init__(self, desk: Desk, plan: ExportPlan) -> None:
        super().__init__(desk)
        self._desk, self._plan = desk, plan
        self._project: Project = desk.document.project
        self._engine: EngineClient | None = None
        self._job = ""
        self._cancelled = threading.Event()

    def start(self) -> None:
        """Remember the settings, settle the trace, write."""
        self._desk.execute(SetExport(settings_to_remember(self._plan)))
        self._project = self._desk.document.project
        if self._desk.job is not None:
            self.failed.emit("The curves are still being worked on; export when that is done, or stop it.")
        elif not self._settle():
            self._write(None)

    def stop(self) -> None:
        """Ask it to end; nothing will have been written."""
        self._cancelled.set()
        if self._job and self._engine is not None:
            self._engine.cancel(self._job)

    def _settle(self) -> bool:
        """Hand a whole trace to the engine; False where none is needed or there is no engine."""
        prediction = self._project.prediction
        if prediction is None or not needs_settling(self._project) or self._desk.scan is None:
            return False
        self._engine = self._desk.jobs.engines.start()
        if self._engine is None:
            return False
        self._engine.event.connect(self._hear)
        self._engine.stopped.connect(self._lost)
        self.moved.emit("Settling the curves", 0, 0)
        self._desk.jobs.trace(prediction.evidence)
        self._job = self._desk.job.id if self._desk.job is not None else ""
        if not self._job:
            self._let_go()
        return bool(self._job)

    def _hear(self, event: object) -> None:
        if getattr(event, "job", None) != self._job:
            return
        match event:
            case Progress(done=done, total=total):
                self.moved.emit("Settling the curves", done, total)
            case Result(files=files):
                self._let_go()
                self._read(Path(str(files["curves"])))
            case Failed(sentence=sentence):
                self._let_go()
                self.failed.emit(sentence)
            case Stopped():
                self._let_go()
                self.stopped.emit()

    def _lost(self, sentence: str) -> None:
        self._let_go()
        self.failed.emit(sentence)

    def _let_go(self) -> None:
        if self._engine is not None:
            self._engine.event.disconnect(self._hear)
            self._engine.stopped.disconnect(self._lost)
            self._engine = None
        self._job = ""

    def _read(self, path: Path) -> None:
        sheet = self._project.sheet
        if sheet is not None:
            self._desk.background.run(partial(read_curves, path, sheet), self._write, self._fail)

    def _write(self, curves: Mapping[str, TracedCurve] | None) -> None:
        self.moved.emit("Writing and reading back", 0, len(self._plan.files))
        work = partial(
            export_project,
            self._project,
            self._desk.scan,
            self._plan,
            curves=curves,
            progress=self._told,
            cancelled=self._cancelled.is_set,
        )
        self._desk.background.run(work, self._finish, self._fail)

    def _told(self, done: int, total: int) -> None:
        self.moved.emit("Writing and reading back", done, total)  # from the thread: Qt hands it to the window's own

    def _finish(self, written: Written) -> None:
        self.done.emit(written)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            self.stopped.emit()
        else:
            self.failed.emit(str(error))

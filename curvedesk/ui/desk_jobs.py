"""Work the engine does for the desk: handed over, followed, and its result made a command, or dropped when too old."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.project import Prediction, sheet_print
from curvedesk.domain.sheet import Sheet, dump_sheet, load_sheet
from curvedesk.domain.strokes import dump_strokes
from curvedesk.protocol.jobs import FinetuneJob, Job, PackJob, PredictJob, RegisterJob, TraceJob, kind_of
from curvedesk.protocol.messages import Failed, Result
from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.commands import ActivateModel, SetPrediction, SetSheet
from curvedesk.session.jobs import JobState, Stage, Worth, advance, basis_of, stopping, worth
from curvedesk.store.curve_file import read_curves
from curvedesk.ui.desk_engines import Engines
from curvedesk.ui.desk_learning import Learning
from curvedesk.ui.glimpses import Glimpses
from curvedesk.ui.proposals import Proposals

if TYPE_CHECKING:
    from curvedesk.domain.curve import TracedCurve
    from curvedesk.ui.desk import Desk

LOOK_MS = 150
SEEN_FIRST = ("predict", "finetune")  # what lies in sight is wanted first of these
DROPPED = {
    "predict": "The sheet was changed meanwhile, so this prediction was dropped.",
    "trace": "The log was changed meanwhile, so these curves were dropped.",
    "register": "The sheet was changed meanwhile, so what was read was dropped.",
}
OTHER_MODEL = "Another model was chosen meanwhile, so what the one before found was dropped."
AGAIN = {
    "predict": "Predict again",
    "trace": "Predict again",
    "register": "Read again",
    "finetune": "Start again",
    "pack": "Save again",
}


class Jobs(QObject):
    """One job at a time for one desk. ``training``: settings of trainings to come, the engine's own where empty."""

    told = Signal(object)  # whatever an engine says, of any job
    turn_found = Signal(int)  # degrees clockwise by which the scan must be turned to be read

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.engines = Engines(self, self.hear)
        self.learning, self.glimpses = Learning(desk), Glimpses(desk, self.told)
        self.proposals = Proposals(desk, self.told)
        self._unasked = ""  # the reading that began by itself: it gives way without a word
        self.training: Mapping[str, Any] = {}
        self._packing = Path()  # where a pack was wanted last
        self._adopted = 0  # the step of the history that put a new model to use: its prediction belongs to it
        self._looking = QTimer(self, interval=LOOK_MS, singleShot=True)
        self._looking.timeout.connect(self._look)
        desk.view_changed.connect(self._look_soon)
        desk.changed.connect(self._give_way)

    def predict(self) -> None:
        """Find the ink of every track, what is seen first, and trace every curve."""
        made = self._said()
        if made is not None:
            view = self._desk.view
            model = self._desk.document.project.model_id or None
            self._submit(PredictJob(**made, model=model, look=view.rows if view is not None else None))

    def read_sheet(self) -> None:
        """Read depths, tracks and scales off the paper."""
        self._submit(RegisterJob(**self._paper()))

    def read_by_itself(self) -> None:
        """Read the sheet of a scan that was just opened, unless the analyst was quicker."""
        if self._desk.job is None and self._desk.sheet is None:
            self.read_sheet()
            self._unasked = self._desk.job.id if self._desk.job is not None else ""

    def _give_way(self, change: Change) -> None:
        """Whoever puts a sheet there waits for no reading that nobody asked for."""
        job = self._desk.job
        if ChangeKind.SHEET in change.kinds and job is not None and job.id == self._unasked:
            self.cancel()
            self._desk.set_job(None)

    def improve(self) -> None:
        """Learn from the strokes; kept only if it is better."""
        self._desk.show_panel("model")
        made = self._said()
        if made is not None:
            self._train(self.learning.job(made, dict(self.training)))

    def resume(self) -> None:
        """Go on with the training that was interrupted."""
        self._desk.show_panel("model")
        job = self.learning.resumed()
        if job is not None:
            self._train(job)

    def save_pack(self, path: Path) -> None:
        """Write the strokes with the paper around them, and no more of it, into a file for another computer."""
        made = self._said()
        if made is not None:
            model = self._desk.document.project.model_id or None
            self._packing = path
            self._submit(PackJob(**made, model=model, pack=str(path)))

    def _save_pack_again(self) -> None:
        self.save_pack(self._packing)

    def _train(self, job: FinetuneJob) -> None:
        self._follow(job, self.learning.begun(job, self.engines.new_trainer().submit(job)))
        self.learning.changed.emit()

    def trace(self, evidence: str) -> None:
        """Trace every curve from ink that is known."""
        made = self._said()
        scan = self._desk.scan
        if made is not None and scan is not None:
            size = (scan.width, scan.height)
            self._submit(TraceJob(evidence, made["sheet"], "", strokes=made["strokes"], size=size))

    def cancel(self) -> None:
        """Stop what runs."""
        job = self._desk.job
        engine = self.engines.of(job)
        if job is not None and engine is not None:
            self._desk.set_job(stopping(job))
            engine.cancel(job.id)

    def pause(self) -> None:
        """Let the training rest, or go on where it rests."""
        job, trainer = self._desk.job, self.engines.trainer
        if job is not None and trainer is not None:
            (trainer.go_on if job.resting else trainer.pause)(job.id)

    def stop_and_keep(self) -> None:
        """Let the training end here, and keep what it learnt if that is better."""
        job = self._desk.job
        if job is not None and self.engines.trainer is not None:
            self.engines.trainer.enough(job.id)

    def close(self) -> None:
        """End the engine that trains, if one does."""
        self.engines.close()

    def hear(self, event: object) -> None:
        """A sentence of the engine."""
        self.told.emit(event)
        job = self._desk.job
        if job is None:
            return
        now = advance(job, event)
        if now is job:
            return
        if not now.is_over:
            self._desk.set_job(now)
            return
        self._desk.set_job(None)
        if job.kind == "finetune":
            QTimer.singleShot(0, self, partial(self.engines.end_trainer, self.engines.trainer))
            self.learning.look(fault=now.sentence, discarded=now.stage is Stage.CANCELLED)
        if isinstance(event, Result):
            self._done(job, event)
        elif isinstance(event, Failed):
            self._failed(job, event.sentence)
        elif now.stage is Stage.CANCELLED:
            self._desk.say("Stopped", detail="what there was before is as it was", topic="job")

    def _submit(self, job: Job) -> None:
        engine = self.engines.start()
        if engine is not None:
            self._follow(job, engine.submit(job))

    def _follow(self, job: Job, name: str) -> None:
        basis, generation = basis_of(self._desk.document.project), self._desk.document.generation
        self._desk.set_job(JobState(kind_of(job), name, generation, basis))

    def _paper(self) -> dict[str, Any]:
        ref, scan = self._desk.document.project.scan, self._desk.scan
        assert ref is not None  # no job is offered without a scan
        assert scan is not None
        return {"scan": str(scan.info.path), "out": "", "page": ref.page, "sha256": ref.sha256, "dpi": ref.dpi}

    def _said(self) -> dict[str, Any] | None:
        sheet = self._desk.sheet
        if sheet is None:
            self._desk.say("The sheet comes first", detail="depths and scales must be known", topic="job")
            return None
        strokes = dump_strokes(tuple(self._desk.document.project.strokes.values()))
        return {**self._paper(), "sheet": dump_sheet(sheet), "strokes": strokes}

    def _done(self, job: JobState, result: Result) -> None:
        value = worth(job.kind, job.basis, basis_of(self._desk.document.project))
        if value is Worth.NOTHING:
            self._say_dropped(job)
        elif job.kind == "register":
            self._take_sheet(result)
        elif job.kind == "finetune":
            self._take_model(result)
        elif job.kind == "pack":
            count = result.facts.get("crops", 0)
            self._desk.say(f"Strokes saved as {result.facts.get('name')}", detail=f"{count} crops", topic="job")
        elif value is Worth.INK:
            self.trace(str(result.facts.get("evidence", "")))
        else:
            self._take_curves(result)

    def _say_dropped(self, job: JobState) -> None:
        other_model = job.basis.model != self._desk.document.project.model_id
        text = OTHER_MODEL if other_model and job.kind != "register" else DROPPED[job.kind]
        self._desk.say(text, kind="warn", action_text=AGAIN[job.kind], action=self._again(job.kind), topic="job")

    def _take_sheet(self, result: Result) -> None:
        try:
            sheet = load_sheet(Path(str(result.files["sheet"])))
            if sheet.extra.get("turn"):
                self.turn_found.emit(int(sheet.extra["turn"]))
                return
            self._desk.execute(SetSheet(sheet, "Sheet read off the paper"))
        except CurveDeskError as error:
            self._failed_with("register", str(error))
            return
        self._desk.show_panel("sheet")
        self._desk.say("The sheet is read", detail="G shows it over the print", topic="job")

    def _take_model(self, result: Result) -> None:
        """A training ended: its model is used from now on if it was better."""
        model = str(result.facts.get("model", ""))
        self._desk.say(str(result.facts.get("sentence", "")) or "The training is over", topic="training")
        if result.facts.get("kept") and model:
            seen = result.facts.get("strokes", len(self._desk.document.project.strokes))
            self._adopted = self._desk.execute(ActivateModel(model, learnt_from=int(seen))).entry
            self.predict()

    def _take_curves(self, result: Result) -> None:
        sheet, generation = self._desk.sheet, self._desk.document.generation
        if sheet is None:
            return
        path = Path(str(result.files["curves"]))
        done = partial(self._show_curves, sheet, generation, result.facts)
        self._desk.background.run(partial(read_curves, path, sheet), done, self._unread)

    def _show_curves(
        self, sheet: Sheet, generation: int, facts: Mapping[str, Any], curves: Mapping[str, TracedCurve]
    ) -> None:
        name, project = str(facts.get("evidence", "")), self._desk.document.project
        if generation != self._desk.document.generation:
            self.trace(name)
            return
        before = project.prediction
        model = str(facts.get("model") or (before.model_id if before is not None else ""))
        prediction = Prediction(name, model, sheet_print(sheet))
        change = self._desk.execute(SetPrediction(prediction, curves), joins=self._adoption())
        if change.kinds:
            took = f"{float(facts.get('seconds', 0.0)):.0f} s"
            self._desk.say(
                f"{len(curves)} curves found", detail=took, action_text="Undo", action=self._desk.undo, topic="job"
            )

    def _adoption(self) -> int | None:
        """The step this prediction belongs to: one undo gives back the model before and its curves."""
        history, adopted = self._desk.document.history, self._adopted
        self._adopted = 0
        return adopted if adopted and history.can_undo and history.last_done == adopted else None

    def _unread(self, error: Exception) -> None:
        self._failed_with("predict", str(error))

    def _failed(self, job: JobState, sentence: str) -> None:
        self._failed_with(job.kind, sentence)

    def _failed_with(self, kind: str, sentence: str) -> None:
        self._desk.say(sentence, kind="error", action_text=AGAIN[kind], action=self._again(kind), topic="job")

    def _again(self, kind: str) -> Callable[[], object]:
        others = {"register": self.read_sheet, "finetune": self.improve, "pack": self._save_pack_again}
        return others.get(kind, self.predict)

    def _look_soon(self) -> None:
        if self._desk.job is not None and self._desk.job.kind in SEEN_FIRST and not self._looking.isActive():
            self._looking.start()

    def _look(self) -> None:
        job, view, engine = self._desk.job, self._desk.view, self.engines.of(self._desk.job)
        if job is not None and view is not None and engine is not None:
            engine.look(job.id, *view.rows)

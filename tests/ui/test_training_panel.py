"""Beside the models: how a training is to go, how it goes, what is seen of it, and one that broke off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from curvedesk.domain.strokes import CurveStroke
from curvedesk.domain.tries import Try
from curvedesk.interchange.stroke_packs import PackCrop, write_pack
from curvedesk.protocol.jobs import FinetuneJob, PackJob, write_job
from curvedesk.protocol.messages import Cancelled, Failed, Loss, Paused, Preview, Progress, Result
from curvedesk.session.commands import AddStroke
from curvedesk.session.unfinished import unfinished_for
from curvedesk.store.digest import sha256_of
from curvedesk.store.file_lock import FileLock
from curvedesk.store.job_folder import LOCK, TRAINING, jobs_dir
from curvedesk.store.registry import bundled_model
from curvedesk.store.tries import remember_try
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.improve_options import ImproveOptions
from curvedesk.ui.panels.model import ModelPanel
from curvedesk.ui.window import Window
from tests.ui.window_making import IdleEngine

Wait = Callable[..., None]
Show = Callable[[QWidget], QWidget]
STROKE = AddStroke(CurveStroke("GR", ((60.0, 100.0), (70.0, 120.0))))


class Trainer(IdleEngine):
    """An idle engine whose jobs have names of their own."""

    made: ClassVar[list[Trainer]] = []

    def submit(self, job: Any) -> str:
        """Take it."""
        self.jobs.append(job)
        self.made.append(self)
        return f"training-{len(self.made)}"


@pytest.fixture
def panel(desk: Desk, show: Show) -> ModelPanel:
    """The panel over a log with one stroke; trainings are idle."""
    Trainer.made.clear()
    desk.jobs.engines.trainer_maker = Trainer  # type: ignore[assignment]  # an idle engine has what is called
    desk.execute(STROKE)
    made = ModelPanel(desk)
    show(made)
    return made


def start(desk: Desk) -> tuple[Trainer, FinetuneJob]:
    """Press the button."""
    desk.jobs.improve()
    trainer = Trainer.made[-1]
    (job,) = trainer.jobs
    assert isinstance(job, FinetuneJob)
    return trainer, job


def options(panel: ModelPanel) -> ImproveOptions:
    """The details, opened."""
    panel.improve.options.flip()
    found = panel.improve.findChild(ImproveOptions)
    assert isinstance(found, ImproveOptions)
    return found


def pick(choice: Any, value: str) -> None:
    """As a person picks in a list."""
    place = choice.findData(value)
    choice.setCurrentIndex(place)
    choice.activated.emit(place)


def test_what_is_wished_for_goes_into_the_training(
    panel: ModelPanel, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_until: Wait
) -> None:
    plain = start(desk)[1]
    assert (plain.start, dict(plain.settings), dict(plain.packs)) == (None, {"frozen": False, "front": None}, {})
    desk.set_job(None)

    pack, bad = tmp_path / "LEA 7.pack.zip", tmp_path / "scan.zip"
    plane = np.full((2, 64, 64), 255, np.uint8)
    write_pack(pack, [PackCrop(plane[0], plane, plane, plane, np.full((2, 64), 9.0, np.float32))])
    bad.write_bytes(b"no pack")
    shown = options(panel)
    pick(shown.start, "bundled")
    pick(shown.front, "2")
    shown.frozen.click()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(bad), str(pack)], ""))
    shown.add.click()
    wait_until(lambda: desk.jobs.learning.wishes.packs and shown.packs.widgets())
    assert [row.name.text() for row in shown.packs.widgets()] == ["LEA 7.pack.zip"]

    wished = start(desk)[1]
    assert wished.start == bundled_model()
    assert dict(wished.settings) == {"frozen": True, "front": 2}
    assert dict(wished.packs) == {str(pack): sha256_of(pack)}
    desk.set_job(None)
    shown.packs.widgets()[0].leave.click()
    assert not start(desk)[1].packs


def test_a_file_that_is_no_pack_is_one_sentence_in_its_place(
    panel: ModelPanel, desk: Desk, tmp_path: Path, wait_until: Wait
) -> None:
    (tmp_path / "scan.zip").write_bytes(b"no pack")
    shown = options(panel)
    desk.jobs.learning.add_pack(tmp_path / "scan.zip")
    wait_until(shown.fault.text)
    assert "is no CurveDesk pack" in shown.fault.text()
    assert not desk.jobs.learning.wishes.packs


def test_it_rests_and_goes_on_with_one_button_and_says_what_it_does(panel: ModelPanel, desk: Desk) -> None:
    trainer, _job = start(desk)
    improve, name = panel.improve, "training-1"
    trainer.event.emit(Progress(name, "look", 0, 0))
    assert improve.step.text() == "Looking at your strokes"
    assert not improve.pause.isEnabled()
    trainer.event.emit(Progress(name, "learn", 10, 80, 70.0))
    improve.pause.click()
    assert trainer.asked == [f"pause {name}"]
    trainer.event.emit(Paused(name, True))
    assert (improve.step.text(), improve.pause.text()) == ("Paused at step 10 of 80", "Go on")
    improve.pause.click()
    trainer.event.emit(Paused(name, False))
    assert trainer.asked[1:] == [f"go on {name}"]
    assert (improve.step.text(), improve.pause.text()) == ("step 10 of 80 · 70 s left", "Pause")
    improve.keep.click()
    improve.cancel.click()
    assert (trainer.asked[2:], trainer.cancelled) == ([f"enough {name}"], [name])


def test_a_preview_is_marked_shown_for_its_training_alone_and_gone_when_that_ends(
    panel: ModelPanel, desk: Desk, window: Window, tmp_path: Path, wait_until: Wait
) -> None:
    space = window.documents.current
    assert space is not None
    trainer, _job = start(desk)
    found = np.zeros((2, 100, 60), np.uint8)
    found[0, :, 20:40] = 255
    np.save(tmp_path / "glimpse.npy", found)
    data = {"file": str(tmp_path / "glimpse.npy"), "box": [300, 1000, 360, 1100], "step": 7}
    desk.go_to_rows(1000, 1100)
    wait_until(space.canvas.is_settled)
    blank = space.canvas.grab().toImage()
    trainer.event.emit(Preview("another", "glimpse", data))
    trainer.event.emit(Progress("training-1", "learn", 7, 80, 70.0))
    trainer.event.emit(Preview("training-1", "glimpse", data))
    wait_until(lambda: space.glimpse_mark.text == "Preview of what it learns, step 7")
    at = space.canvas.widget_at(330, 1050).toPoint()
    assert space.canvas.grab().toImage().pixelColor(at) != blank.pixelColor(at)
    desk.set_flags(mask_held_off=True)  # the key that hides ink hides it as well
    assert space.canvas.grab().toImage().pixelColor(at) == blank.pixelColor(at)
    desk.set_flags(mask_held_off=False)
    trainer.event.emit(Result("training-1", {}, {"kept": False, "sentence": "The old model stays."}))
    assert space.glimpse_mark.text == ""
    assert space.canvas.grab().toImage().pixelColor(at) == blank.pixelColor(at)


def test_the_verdict_shows_its_numbers_and_names_the_strokes_that_are_doubted(panel: ModelPanel, desk: Desk) -> None:
    trainer, _job = start(desk)
    trainer.event.emit(Loss("training-1", 1, 0.5, 0.6))
    facts = {"kept": False, "sentence": "The old model stays.", "doubted": [[1200.0, 1300.0, "why"]], "swaps_before": 1,
             "held_out_before_pct": 1.31, "held_out_after_pct": 1.4, "swaps_after": 0, "replay_before": 0.912,
             "replay_after": 0.908}  # fmt: skip
    trainer.event.emit(Result("training-1", {}, facts))
    rows = [tuple(cell.text() for cell in row) for row in panel.improve.figures.rows]
    assert rows == [
        ("Error on strokes held back", "1.31 %", "1.40 %"),
        ("Curves mixed up", "1", "0"),
        ("Score on other logs", "0.912", "0.908"),
    ]
    assert [row[2].property("role") for row in panel.improve.figures.rows] == ["bad", "good", "muted"]
    (place,) = panel.improve.doubted.list.widgets()
    assert place.sentence.text() == "why"
    place.wanted.emit(0)
    assert desk.view is not None
    top, bottom = desk.view.rows
    assert top < 1200 and bottom > 1300
    assert panel.improve.went.isVisible()


def test_a_verdict_without_numbers_shows_no_empty_table(panel: ModelPanel, desk: Desk) -> None:
    trainer, _job = start(desk)
    told = {"kept": False, "sentence": "The old model stays.", "doubted": [[1200.0, 1300.0, "why"]]}
    trainer.event.emit(Result("training-1", {}, told))
    assert panel.improve.verdict.isVisible()
    assert panel.improve.doubted.isVisible()
    assert not panel.improve.figures.isVisible()


def test_it_is_said_when_further_strokes_stop_paying(panel: ModelPanel, desk: Desk, wait_until: Wait) -> None:
    scan = desk.document.project.scan
    assert scan is not None
    assert not panel.improve.advice.isVisible()
    remember_try(scan.sha256, scan.page, Try(5, 2.0, 1.2, True))
    remember_try(scan.sha256, scan.page, Try(10, 1.2, 1.3, False))
    desk.jobs.learning.look()
    wait_until(panel.improve.advice.isVisible)
    assert panel.improve.advice.text().startswith("Further strokes hardly pay: the last 5 did not lower")


HEAD = b'{"__metadata__":{"state":"{\\"step\\": 40, \\"extra\\": {\\"steps\\": 80}}"}}'


def broken_off(job: FinetuneJob, *, name: str = "0123456789ab") -> Path:
    """What an engine leaves behind that dies at step 40 of 80."""
    folder = jobs_dir() / name
    (folder / TRAINING).mkdir(parents=True)
    write_job(folder / "job.json", replace(job, id=name, out=str(folder)))
    (folder / TRAINING / "state.safetensors").write_bytes(len(HEAD).to_bytes(8, "little") + HEAD)
    return folder


def test_an_engine_that_dies_is_one_message_with_a_way_on_from_where_it_was(
    panel: ModelPanel, desk: Desk, window: Window, wait_until: Wait
) -> None:
    space = window.documents.current
    assert space is not None
    trainer, job = start(desk)
    folder = broken_off(job)
    trainer.event.emit(Failed("training-1", "The part of CurveDesk that finds curves ended unexpectedly."))
    wait_until(panel.improve.resume.isVisible)
    assert "was interrupted at step 40 of 80" in panel.improve.broken.text()
    (banner,) = space.banners.shown
    assert "ended unexpectedly" in banner.message.text and "step 40 of 80" in banner.message.text
    banner.act()
    again = Trainer.made[-1].jobs[0]
    assert isinstance(again, FinetuneJob)
    assert (again.out, again.strokes, again.model) == (str(folder), job.strokes, job.model)
    assert not panel.improve.resume.isVisible()


def test_one_that_broke_off_is_found_again_or_dropped_but_never_one_that_lives_or_is_of_another_log(
    panel: ModelPanel, desk: Desk, wait_until: Wait
) -> None:
    job = start(desk)[1]
    desk.set_job(None)
    project = desk.document.project
    broken_off(replace(job, sha256="1" * 64), name="another-scan")
    broken_off(replace(job, model="another"), name="another-model")
    (jobs_dir() / "no-job" / TRAINING).mkdir(parents=True)
    (jobs_dir() / "no-job" / TRAINING / "state.safetensors").write_bytes(b"\xff" * 9)
    assert unfinished_for(project) is None
    folder = broken_off(job)
    with FileLock(folder / TRAINING / LOCK) as lock:
        assert lock.acquire()
        assert unfinished_for(project) is None
    desk.jobs.learning.look()
    wait_until(panel.improve.drop.isVisible)
    panel.improve.drop.click()
    wait_until(lambda: not (folder / TRAINING).exists())
    assert not panel.improve.drop.isVisible()
    assert unfinished_for(project) is None


def test_a_cancelled_training_leaves_nothing_to_go_on_with_even_where_its_engine_had_to_be_ended(
    panel: ModelPanel, desk: Desk, wait_until: Wait
) -> None:
    trainer, job = start(desk)
    older, ended = broken_off(job), broken_off(job, name="training-1")
    trainer.event.emit(Cancelled("training-1"))
    wait_until(panel.improve.resume.isVisible)  # the older one was interrupted, nobody cancelled it
    assert not (ended / TRAINING).exists()
    assert (older / TRAINING).exists()


def test_strokes_are_saved_as_a_pack_by_the_engine(
    panel: ModelPanel, desk: Desk, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space, engine = window.documents.current, window.engine
    assert space is not None
    assert isinstance(engine, IdleEngine)
    wanted = tmp_path / "mine.pack.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(wanted), ""))
    desk.jobs.engines.use(engine)  # type: ignore[arg-type]  # an idle engine has what is called
    options(panel).save.click()
    (job,) = engine.jobs
    assert isinstance(job, PackJob)
    assert (job.pack, len(job.strokes["strokes"])) == (str(wanted), 1)
    engine.event.emit(Failed("job-1", "There is nothing to pack yet."))
    (banner,) = space.banners.shown
    banner.act()
    engine.event.emit(Result("job-2", {"pack": str(wanted)}, {"crops": 3, "name": wanted.name}))
    assert space.toast.text == "Strokes saved as mine.pack.zip · 3 crops"

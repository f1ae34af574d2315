"""A training in the engine: it rests, goes on, is looked at while it learns, and may die at any moment."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from curvedesk import improve
from curvedesk.domain.errors import StrokesError
from curvedesk.domain.sheet import Sheet, dump_sheet
from curvedesk.domain.strokes import CurveStroke, dump_strokes
from curvedesk.engine.finetune import run_finetune
from curvedesk.engine.finetune_glimpse import MOST_PX, part_in_sight
from curvedesk.engine.models import Models
from curvedesk.engine.pack import run_pack
from curvedesk.engine.work import Work
from curvedesk.imaging import open_scan
from curvedesk.interchange.stroke_packs import read_pack
from curvedesk.learn.checkpoints import load_model
from curvedesk.protocol.jobs import FinetuneJob, PackJob
from curvedesk.protocol.messages import (
    Cancel,
    Cancelled,
    Enough,
    Event,
    Failed,
    GoOn,
    Look,
    Loss,
    Pause,
    Paused,
    Preview,
    Result,
)
from curvedesk.store.digest import sha256_of
from curvedesk.store.job_folder import TRAINING
from curvedesk.store.registry import list_models
from curvedesk.store.tries import tries_of
from tests.engine.conftest import Engine, StartEngine
from tests.tracing.makers import pen_line

MakeTraining = Callable[..., FinetuneJob]
ENDLESS = {"steps": 100_000, "batch": 2, "size": 64, "check_every": 1, "save_every": 1}
QUICK = """
from curvedesk.engine import finetune_glimpse as glimpse
from curvedesk.learn import preflight
from curvedesk import improve
glimpse.EVERY_S, glimpse.SHARE = 0.0, 1.0
improve.replay_score = lambda model, device: 0.5
"""
ADOPTED = """
from curvedesk.learn import gate
from curvedesk.learn.gate import Verdict
gate.verdict = lambda before, after: Verdict(True, "The new model is better, says a test.", before, after)
"""


@pytest.fixture
def training(sheet: Sheet, scan_path: Path, model_folder: Path, tmp_path: Path) -> MakeTraining:
    """A training on three strokes along the pen, changed as asked for."""
    pen = pen_line(sheet, "GR", lambda depth: 50 + 30 * np.sin(depth / 3))
    x_px, y_px = pen.x_px, pen.y_px
    said = []
    for first in (200, 600, 1200):
        part = (y_px >= first) & (y_px < first + 80)
        points = np.column_stack([x_px[part], y_px[part]])[::8]
        said.append(CurveStroke("GR", tuple((float(x), float(y)) for x, y in points)))

    def make(**changes: Any) -> FinetuneJob:
        job = FinetuneJob(str(scan_path), dump_sheet(sheet), dump_strokes(said), str(tmp_path / "out"))
        return replace(job, **{"model": str(model_folder), "device": "cpu", "settings": ENDLESS, **changes})

    return make


def until_it_learns(engine: Engine) -> int:
    """Wait for a step; its number."""
    return engine.wait_for(Loss).step


def test_it_is_looked_at_while_it_learns_rests_when_asked_to_and_goes_on_until_it_is_enough(
    start_engine: StartEngine, training: MakeTraining
) -> None:
    engine = start_engine(QUICK)
    engine.run(training(look=(100.0, 300.0)), "j1")

    def glimpse(top: int) -> np.ndarray[Any, Any]:
        told = engine.wait_for(Preview, lambda event: event.what == "glimpse" and event.data["box"][1] == top)
        x0, y0, x1, y1 = told.data["box"]
        found = np.load(told.data["file"], allow_pickle=False)
        assert found.shape == (2, y1 - y0, x1 - x0)
        assert found.dtype == np.uint8
        return np.asarray(found)

    assert glimpse(100).any()
    engine.say(Look("j1", 500.0, 700.0))
    glimpse(500)

    engine.say(Pause("j1"))
    assert engine.wait_for(Paused).resting
    made = engine.heard_of(Loss)[-1].step
    time.sleep(0.5)
    assert engine.heard_of(Loss)[-1].step == made
    assert (Path(training().out) / TRAINING / "state.safetensors").exists()  # kept before it rests
    engine.say(GoOn("j1"))
    assert not engine.wait_for(Paused).resting
    assert engine.wait_for(Loss, lambda event: event.step > made).step == made + 1

    engine.say(Pause("j1"))
    assert engine.wait_for(Paused).resting
    engine.say(Enough("j1"))  # being stopped ends a rest
    facts = engine.wait_for(Result).facts
    assert made < facts["steps"] < ENDLESS["steps"]
    assert not (Path(training().out) / TRAINING).exists()
    with open_scan(training().scan) as scan:
        (one,) = tries_of(scan.sha256, 0)
    assert (one.strokes, one.kept, one.before_pct) == (3, facts["kept"], facts["held_out_before_pct"])
    assert facts["strokes"] == 3


def test_only_so_much_of_what_is_in_sight_is_looked_at_and_nothing_beside_the_log() -> None:
    x0, y0, x1, y1 = part_in_sight((100, 0, 1100, 90_000), (10_000.0, 40_000.0), scale=1.0) or (0, 0, 0, 0)
    assert (x0, x1, (y0 + y1) / 2) == (100, 1100, 25_000)
    assert (x1 - x0) * (y1 - y0) <= MOST_PX * 1.01
    assert part_in_sight((100, 0, 1100, 9000), (50.0, 250.0), scale=1.0) == (100, 50, 1100, 250)
    assert part_in_sight((100, 500, 1100, 9000), (0.0, 400.0), scale=1.0) is None


def test_wrong_packs_and_a_training_that_runs_elsewhere_are_one_sentence_and_a_rest_can_be_cancelled(
    start_engine: StartEngine, training: MakeTraining, tmp_path: Path
) -> None:
    other = tmp_path / "other.pack.zip"
    other.write_bytes(b"something else by now")
    first, second = start_engine(QUICK), start_engine(QUICK)
    for number, path in enumerate((other, tmp_path / "gone.zip")):
        first.run(training(packs={str(path): "00" * 32}), f"j{number}")
        failed = first.wait_for(Failed)
        assert "choose it again" in failed.sentence
        assert path.name in failed.sentence

    first.run(training(), "here")
    until_it_learns(first)
    second.run(training(), "there")
    assert "another window" in second.wait_for(Failed).sentence
    first.say(Pause("here"))
    first.wait_for(Paused)
    first.say(Cancel("here"))
    first.wait_for(Cancelled)
    assert not (Path(training().out) / TRAINING).exists()


FALTERS = """
import os
put, seen = os.replace, []
def replace(source, target):
    seen.extend([target] * ("improved" in os.path.basename(os.path.dirname(target))))
    if len(seen) == 2: os._exit(9)  # the weights are there, the manifest is not
    return put(source, target)
os.replace = replace
"""


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX: signals")
def test_killed_at_any_moment_it_goes_on_from_its_last_checkpoint_and_the_models_are_whole(
    start_engine: StartEngine, training: MakeTraining
) -> None:
    made = 0
    for number, moment in enumerate(np.random.default_rng(8).uniform(0.0, 0.8, 2)):
        engine = start_engine(QUICK)
        engine.run(training(), f"j{number}")
        assert until_it_learns(engine) >= made  # a step may be lost that was made after the last checkpoint
        time.sleep(float(moment))
        engine.process.kill()
        engine.ended()
        made = engine.heard_of(Loss)[-1].step
        assert own_models() == []

    engine = start_engine(QUICK + ADOPTED + FALTERS)
    engine.run(training(), "falters")
    assert until_it_learns(engine) >= made > 0
    engine.say(Enough("falters"))
    assert engine.ended() == 9
    assert own_models() == []

    engine = start_engine(QUICK + ADOPTED)
    engine.run(training(), "last")
    assert until_it_learns(engine) >= made
    engine.say(Enough("last"))
    model = engine.wait_for(Result).facts["model"]
    assert own_models() == [(model, None)]
    assert load_model(model).manifest.training["adopted"] is True


def own_models() -> list[tuple[str, str | None]]:
    """The user's own models with what is wrong with each."""
    return [(entry.id, entry.problem) for entry in list_models() if not entry.bundled]


def test_strokes_are_packed_for_another_computer_and_learnt_from_there(
    training: MakeTraining, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(improve, "replay_score", lambda model, device: 0.5)
    said, pack, models = training(), tmp_path / "strokes.pack.zip", Models()
    job = PackJob(said.scan, said.sheet, said.strokes, said.out, str(pack), model=said.model, device="cpu", id="j1")
    told = Told()
    assert run_pack(job, Work("j1", told), models).facts["crops"] == len(read_pack(pack)) > 0
    learning = training(packs={str(pack): sha256_of(pack)}, settings={**ENDLESS, "steps": 2})
    assert run_finetune(learning, Work("j2", told), models).facts["steps"] == 2
    assert [event.step for event in told.events if isinstance(event, Loss)] == [1, 2]
    with pytest.raises(StrokesError, match="nothing to pack"):
        run_pack(replace(job, strokes=dump_strokes(())), Work("j3", told), models)


class Told:
    """Hears what a job says, in this process."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def say(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)

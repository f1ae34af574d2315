"""A prediction through the real window and engine: found in pieces, stopped, lost with its engine, out of date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from curvedesk.session.commands import ActivateModel
from curvedesk.store.evidence_cache import EvidenceCache
from curvedesk.ui.desk import Desk
from curvedesk.ui.window import Window
from tests.ui.real_log import MODEL, make_log

Wait = Callable[..., None]
PATIENCE_S = 300.0  # a busy machine is slow, not wrong


@pytest.fixture
def window(app: object) -> Iterator[Window]:
    """A window with its real engine."""
    window = Window()
    window.resize(1200, 800)
    window.show()
    yield window
    window.documents.opening.close()
    for space in list(window.documents.spaces):
        window.documents.discard(space)
    window.close()


@pytest.fixture
def desk(window: Window, tmp_path: Path, toy_weights: Path, wait_until: Wait) -> Desk:
    """The scan in front, with its sheet and the toy model."""
    log = make_log(tmp_path, toy_weights, feet=110)
    window.open_path(log.scan)
    wait_until(lambda: window.desk is not None and window.desk.view is not None, PATIENCE_S)
    window.open_path(log.sheet)
    assert window.desk is not None
    window.desk.execute(ActivateModel(MODEL))
    window.start_engine()
    return window.desk


def start_and_wait_for_ink(desk: Desk, wait_until: Wait) -> None:
    """Predict, until it is in the middle of it."""
    desk.jobs.predict()
    wait_until(lambda: desk.job is not None and desk.job.evidence, PATIENCE_S)


def test_stopped_it_leaves_the_log_as_it_was_then_rows_appear_and_one_undo_takes_the_curves(
    desk: Desk, wait_until: Wait
) -> None:
    start_and_wait_for_ink(desk, wait_until)
    desk.jobs.cancel()
    wait_until(lambda: desk.job is None, PATIENCE_S)
    assert desk.document.project.prediction is None
    assert not desk.document.project.curves

    growing: list[int] = []

    def watch() -> None:
        if desk.job is not None and desk.job.evidence:
            found = EvidenceCache().find(desk.job.evidence)
            growing.append(sum(stop - start for start, stop in found.runs()) if found else 0)

    desk.job_changed.connect(watch)
    desk.jobs.predict()
    wait_until(lambda: desk.document.project.prediction is not None, PATIENCE_S)
    assert growing == sorted(growing)
    assert len(set(growing)) > 2
    assert desk.job is None
    project = desk.document.project
    assert list(project.curves) == ["1/GR"]
    assert project.prediction is not None
    assert project.prediction.model_id == MODEL
    assert EvidenceCache().find(project.prediction.evidence) is not None
    desk.undo()
    assert desk.document.project.prediction is None
    assert not desk.document.project.curves
    desk.redo()
    assert list(desk.document.project.curves) == ["1/GR"]


def test_another_model_meanwhile_drops_it_and_an_engine_that_dies_is_one_sentence_with_a_way_on(
    window: Window, desk: Desk, wait_until: Wait
) -> None:
    space = window.documents.current
    assert space is not None
    start_and_wait_for_ink(desk, wait_until)
    desk.execute(ActivateModel("another"))
    wait_until(lambda: desk.job is None, PATIENCE_S)
    assert desk.document.project.prediction is None
    assert ["was dropped" in banner.message.text for banner in space.banners.shown] == [True]

    desk.undo()
    start_and_wait_for_ink(desk, wait_until)
    assert window.engine is not None
    psutil.Process(window.engine.pid).kill()
    wait_until(lambda: desk.job is None and not window.engine.is_running, PATIENCE_S)
    assert desk.document.project.prediction is None
    (banner,) = space.banners.shown
    assert "memory" in banner.message.text or "unexpectedly" in banner.message.text
    banner.act()
    assert desk.job is not None
    wait_until(lambda: desk.document.project.prediction is not None, PATIENCE_S)
    assert list(desk.document.project.curves) == ["1/GR"]
    assert not space.banners.shown

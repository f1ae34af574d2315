"""The mask on the canvas: it comes in while it is being found, and a key hides it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from curvedesk.domain.project import Prediction
from curvedesk.session.commands import ReplaceCurves, SetPrediction
from curvedesk.store.evidence import EvidenceFolder, EvidenceKey
from curvedesk.store.evidence_cache import EvidenceCache
from curvedesk.ui.canvas import Canvas
from curvedesk.ui.canvas.papers import UNDER_CURVES, mask_share
from curvedesk.ui.desk import Desk
from tests.ui.canvas_desk import HEIGHT, WIDTH, curves, make_desk

Wait = Callable[..., None]


@pytest.fixture
def desk(app: QApplication, tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path, with_curves=False)
    yield made
    made.close()


@pytest.fixture
def canvas(desk: Desk) -> Iterator[Canvas]:
    made = Canvas(desk)
    made.resize(800, 600)
    made.show()
    desk.go_to_rows(600, 800)
    yield made
    made.close_threads()


@pytest.fixture
def evidence() -> EvidenceFolder:
    return EvidenceCache().prepare(EvidenceKey("0" * 64, 0, "model", "w", (0, 0, WIDTH, HEIGHT), 200.0, 1.0))


def find_ink(evidence: EvidenceFolder, top: int, bottom: int) -> None:
    """Solid ink in columns 140 to 160 of these rows."""
    found = np.zeros((2, bottom - top, WIDTH), np.uint8)
    found[0, :, 140:160] = 255
    writing = EvidenceCache().writer(evidence)
    assert writing is not None
    with writing as writer:
        writer.add_ink(top, found)


def blueness(canvas: Canvas, wait_until: Wait, y_px: float) -> int:
    """How much bluer than red the canvas is at column 150 of a row."""
    QApplication.processEvents()
    wait_until(canvas.is_settled)
    QApplication.processEvents()
    colour = canvas.grab().toImage().pixelColor(canvas.widget_at(150, y_px).toPoint())
    return colour.blue() - colour.red()


def test_ink_that_was_found_is_tinted_until_the_mask_is_hidden(
    canvas: Canvas, desk: Desk, evidence: EvidenceFolder, wait_until: Wait
) -> None:
    find_ink(evidence, 0, HEIGHT)
    assert blueness(canvas, wait_until, 700) < 20
    desk.execute(SetPrediction(Prediction(evidence.name, "model", ""), {}))
    assert blueness(canvas, wait_until, 700) > 60
    desk.set_flags(mask_held_off=True)
    assert blueness(canvas, wait_until, 700) < 20
    desk.set_flags(mask_held_off=False, mask_opacity=0.1)
    assert 5 < blueness(canvas, wait_until, 700) < 60


def test_the_mask_steps_back_under_curves_and_comes_forth_where_they_are_hidden(desk: Desk) -> None:
    full = desk.flags.mask_opacity
    assert mask_share(desk, glimpsed=False) == full
    assert desk.sheet is not None
    desk.execute(ReplaceCurves(curves(desk.sheet)))
    assert mask_share(desk, glimpsed=False) == full * UNDER_CURVES
    desk.set_flags(curves=False)
    assert mask_share(desk, glimpsed=False) == full
    assert mask_share(desk, glimpsed=True) < full


def test_rows_show_as_they_are_found(canvas: Canvas, desk: Desk, evidence: EvidenceFolder, wait_until: Wait) -> None:
    desk.execute(SetPrediction(Prediction(evidence.name, "model", ""), {}))
    assert blueness(canvas, wait_until, 700) < 20
    find_ink(evidence, 660, 720)
    assert blueness(canvas, wait_until, 700) < 20  # nobody said yet that there is more
    desk.job_changed.emit()
    assert blueness(canvas, wait_until, 700) > 60
    assert blueness(canvas, wait_until, 760) < 20
    find_ink(evidence, 720, 800)
    desk.job_changed.emit()
    assert blueness(canvas, wait_until, 760) > 60


def test_what_stood_in_for_the_mask_at_another_size_leaves_no_trace_in_it(
    canvas: Canvas, desk: Desk, evidence: EvidenceFolder, wait_until: Wait
) -> None:
    find_ink(evidence, 600, 800)
    desk.execute(SetPrediction(Prediction(evidence.name, "m", "s"), {}))
    for far in (True, False):
        assert desk.view is not None
        zoom = desk.view.fit_all(WIDTH, HEIGHT) if far else desk.view.fit_width(WIDTH)
        canvas.set_view(zoom.centred_on(300, 700), gliding=False)
        blueness(canvas, wait_until, 700)
    seen = canvas.grab().toImage()
    canvas.repaints.everything()
    blueness(canvas, wait_until, 700)
    assert canvas.grab().toImage() == seen

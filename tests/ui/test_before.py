"""Before and after: what a prediction replaced stays to be looked at, on the paper and along the whole log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import Prediction
from curvedesk.session.commands import SetPrediction, SetSheet
from curvedesk.session.lanes import changed_lane
from curvedesk.ui.canvas import Canvas
from curvedesk.ui.desk import Desk
from curvedesk.ui.overview import Overview
from tests.ui.canvas_desk import HEIGHT, curves, make_desk, sheet

Wait = Callable[..., None]


def moved(curve: TracedCurve, by_px: float) -> TracedCurve:
    """The curve with rows 600 to 800 beside where they were."""
    rows = (curve.y_px >= 600) & (curve.y_px < 800)
    return replace(curve, x_px=curve.x_px + by_px * rows)


@pytest.fixture
def desk(app: QApplication, tmp_path: Path) -> Iterator[Desk]:
    """Predicted twice: the second time the first pen went elsewhere for a while."""
    made = make_desk(tmp_path)
    old = made.document.project.curves
    new = {"1/GR": moved(old["1/GR"], 60.0), "2/ILD": old["2/ILD"]}
    made.execute(SetPrediction(Prediction("evidence-2", "toy", "print"), new))
    yield made
    made.close()


def test_a_prediction_keeps_what_it_replaced_and_taking_it_back_turns_both_round(desk: Desk) -> None:
    def at_700() -> tuple[float, float]:
        """Now and before."""
        both = (desk.document.project.curves["1/GR"], desk.before.curves["1/GR"])
        now, before = (float(curve.x_px[curve.y_px == 700.0][0]) for curve in both)
        return now, before

    assert at_700() == (210.0, 150.0)
    desk.undo()
    assert at_700() == (150.0, 210.0)
    desk.execute(SetSheet(replace(sheet(), well={"WELL": "Another 1"})))
    assert not desk.before.curves


def test_the_old_line_shows_on_the_paper_while_it_is_wanted(desk: Desk, wait_until: Wait) -> None:
    canvas = Canvas(desk)
    canvas.resize(800, 600)
    canvas.show()
    QApplication.processEvents()
    desk.go_to_rows(600, 800)
    QApplication.processEvents()
    wait_until(canvas.is_settled)

    def ink_at(x_px: float) -> int:
        """How far from the paper's white the darkest pixel there is."""
        at: QPointF = canvas.widget_at(x_px, 700)
        image = canvas.grab().toImage()
        near = [image.pixelColor(round(at.x()) + by, round(at.y())) for by in range(-2, 3)]
        return 255 - min(min(one.toTuple()[:3]) for one in near)

    assert (ink_at(150.0) < 20, ink_at(210.0) > 100) == (True, True)
    desk.set_flags(before=True)
    assert (ink_at(150.0) > 60, ink_at(210.0) > 100) == (True, True)
    desk.set_flags(before=False)
    assert ink_at(150.0) < 20
    canvas.close_threads()


def test_the_whole_log_shows_where_something_changed(desk: Desk, wait_until: Wait) -> None:
    overview = Overview(desk)
    overview.resize(96, 616)
    overview.show()
    QApplication.processEvents()
    assert overview.moved is None
    desk.set_flags(before=True)
    wait_until(lambda: overview.moved is not None)
    assert overview.moved is not None
    rows = np.flatnonzero(overview.moved) * HEIGHT / len(overview.moved)
    assert rows.min() == pytest.approx(600, abs=8) and rows.max() == pytest.approx(800, abs=8)
    desk.set_flags(before=False)
    wait_until(lambda: overview.moved is None)


def test_small_shifts_and_new_curves_are_no_change_but_a_lost_stretch_is() -> None:
    old = curves(sheet())
    gone = np.where((old["1/GR"].y_px >= 1500) & (old["1/GR"].y_px < 1600), np.nan, old["1/GR"].x_px)

    def found(now: dict[str, TracedCurve], before: dict[str, TracedCurve]) -> int:
        lane = changed_lane(now, before, scan_height=HEIGHT, rows=240, apart_px=2.0)
        return int(lane.sum())

    assert found({**old, "1/GR": moved(old["1/GR"], 1.5)}, old) == 0
    assert found(old, {"2/ILD": old["2/ILD"]}) == 0
    assert found({**old, "1/GR": replace(old["1/GR"], x_px=gone)}, old) == pytest.approx(10, abs=2)

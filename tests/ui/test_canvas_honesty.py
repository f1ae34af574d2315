"""What is pinned around the paper says what is true of the part in sight: scales, depths, what the pointer reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curvedesk.session.commands import SetSheet
from curvedesk.session.reading import Readings
from curvedesk.ui.canvas import Canvas
from curvedesk.ui.canvas.bands import band, downward
from curvedesk.ui.canvas.heading import lines_of
from curvedesk.ui.canvas.ruler import RULER_PX, beyond, name_of, pointed
from curvedesk.ui.desk import Desk
from curvedesk.ui.readout import readout
from tests.ui.canvas_desk import WIDTH, make_desk, sheet

Wait = Callable[..., None]


@pytest.fixture
def desk(app: QApplication, tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def canvas(desk: Desk, wait_until: Wait) -> Iterator[Canvas]:
    made = Canvas(desk)
    made.resize(800, 600)
    made.show()
    QApplication.processEvents()
    wait_until(made.is_settled)
    yield made
    made.close_threads()


def test_a_scale_whose_border_is_out_of_sight_gives_the_value_at_the_rim(desk: Desk) -> None:
    assert desk.sheet is not None
    linear, log = desk.sheet.tracks
    (whole,) = lines_of(desk.document.project, linear, 1050.0)
    assert (whole.left, whole.right, whole.cut) == ("0", "150", (False, False))
    (part,) = lines_of(desk.document.project, linear, 1050.0, (0.2, 1.0))
    assert (part.left, part.right, part.cut) == ("30", "150", (True, False))
    decades = lines_of(desk.document.project, log, 1050.0, (0.0, 0.5))[0]
    assert (decades.left, decades.right, decades.cut) == ("0.2", "20", (False, True))


def test_depths_far_outside_the_log_are_not_named_for_they_are_guesses() -> None:
    of = sheet()  # 1,000 to 1,100 ft
    assert name_of(1050.0, 10.0, of) == "1,050"
    assert (name_of(1110.0, 10.0, of), beyond(of, 1110.0)) == ("1,110", pytest.approx(0.1))
    assert name_of(1300.0, 10.0, of) == ""
    assert name_of(900.0, 10.0, of) == ""


def test_inches_of_paper_cannot_be_taken_for_depths() -> None:
    assert name_of(1.5, 0.5, None) == "1.5 in"


def test_ruler_and_status_name_the_same_depth_on_a_tilted_print(canvas: Canvas, desk: Desk) -> None:
    of = sheet()
    ties = np.column_stack([of.depth.ties[:, :2], np.full(len(of.depth.ties), 0.02)])
    desk.execute(SetSheet(replace(of, depth=replace(of.depth, ties=ties)), "Tilted"))
    at = QPointF(600.0, 300.0)
    canvas.point_at(at)
    corner = QPointF(canvas.paper_rect.topLeft())
    on_ruler, level = pointed(canvas.frame(), desk.sheet, at - corner, dpi=200.0)
    said, _ = readout(desk, Readings(), *canvas.scan_at(at))
    assert said == f"{on_ruler:,.1f} ft"
    assert abs(level - (at.y() - corner.y())) > 2  # the line of that depth crosses the ruler elsewhere


def test_beside_the_paper_there_is_a_depth_but_no_pixel(desk: Desk) -> None:
    depth, rest = readout(desk, Readings(), WIDTH + 500.0, 1200.0)
    assert (depth, rest) == ("1,050.0 ft", "beside the paper")


def test_a_value_of_the_scale_alone_is_not_given_as_a_reading(app: QApplication, tmp_path: Path) -> None:
    desk = make_desk(tmp_path, with_curves=False)
    _, rest = readout(desk, Readings(), 150.0, 1200.0)
    assert "GR 75.0 gAPI · on the scale at the pointer" in rest
    desk.close()


def test_what_is_under_a_resting_pointer_is_read_anew_when_the_paper_moves(
    canvas: Canvas, desk: Desk, wait_until: Wait
) -> None:
    heard: list[tuple[float, float]] = []
    desk.cursor_moved.connect(lambda x, y: heard.append((x, y)))
    at = QPointF(300.0, 300.0)
    QTest.mouseMove(canvas, at.toPoint())
    canvas.point_at(at)
    before = heard[-1]
    assert desk.view is not None
    desk.set_view(desk.view.panned(down=100))
    wait_until(lambda: heard[-1][1] > before[1] + 50)
    assert heard[-1] == pytest.approx(canvas.scan_at(at))


def test_a_line_that_goes_back_up_is_banded_part_by_part() -> None:
    down, back = np.linspace(0, 100, 101), np.linspace(100, 60, 41)[1:]
    x = np.concatenate([np.full(101, 10.0), np.linspace(10, 200, 40), np.full(60, 200.0)])
    y = np.concatenate([down, back, np.linspace(60, 120, 61)[1:]])
    parts = downward((x, y))
    assert len(parts) >= 3
    for first, second in pairwise(parts):
        assert (first[0][-1], first[1][-1]) == (second[0][0], second[1][0])
    assert sum(len(part[0]) - 1 for part in parts) == len(x) - 1
    filled = sum(_width_at(band(part, half=2.0), 90.0) for part in parts)
    assert filled < 60  # three strokes cross the row; between them there is paper


def test_a_line_down_the_paper_is_one_band() -> None:
    y = np.arange(50.0)
    assert len(downward((np.sin(y), y))) == 1


def _width_at(outline: tuple[np.ndarray, np.ndarray], row: float) -> float:
    x, y = outline
    half = len(x) // 2
    near = np.abs(y[:half] - row) < 0.6
    return float((x[half:][::-1][near] - x[:half][near]).max()) if near.any() else 0.0


def test_crowded_ties_are_not_named_over_the_print(canvas: Canvas, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from curvedesk.ui.canvas import grid_layer

    named: list[str] = []
    label = grid_layer.paint_label
    monkeypatch.setattr(grid_layer, "paint_label", lambda p, text, *rest: (named.append(text), label(p, text, *rest)))
    of = sheet()
    rows = np.arange(200.0, 2201.0, 20.0)
    ties = np.column_stack([rows, 1000 + (rows - 200) / 20])
    desk.execute(SetSheet(replace(of, depth=replace(of.depth, ties=ties)), "Many ties"))
    desk.set_flags(grid=True)
    canvas.grab()
    assert all(float(text.replace(",", "")) % 5 == 0 for text in named)  # the grid's own depths alone
    assert canvas.paper_rect.left() == RULER_PX

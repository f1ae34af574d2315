"""The overlay: the right colour at the right pixel, in pieces where the log is tall."""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from curvedesk.domain.curve import DigitisedLog, TracedCurve
from curvedesk.domain.sheet import Sheet, Style
from curvedesk.interchange import write_overlay
from curvedesk.interchange.legend import COLOURS
from curvedesk.interchange.overlay import dashes
from tests.interchange.conftest import trace


@dataclass
class Paper:
    """A blank scan."""

    width: int = 480
    height: int = 1000
    dpi: float = 200.0

    def read(self, x0: int, y0: int, x1: int, y1: int, *, scale: float = 1.0) -> NDArray[np.uint8]:
        return np.full((round((y1 - y0) * scale), round((x1 - x0) * scale)), 255, np.uint8)


def _picture(path: Path) -> NDArray[np.int64]:
    return np.asarray(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)).astype(np.int64)


def _painted(picture: NDArray[np.int64], colour: tuple[int, int, int]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(picture - np.array(colour)).sum(2) < 60)


def _only(log: DigitisedLog, line: TracedCurve) -> DigitisedLog:
    return replace(log, curves=(replace(log.curves[0], traced=(line,)),))


def test_each_curve_is_drawn_in_its_colour_where_its_pen_ran(log: DigitisedLog, tmp_path: Path) -> None:
    assert write_overlay(Paper(), log, tmp_path / "o.png") == (tmp_path / "o.png",)
    picture = _picture(tmp_path / "o.png")
    legend = picture.shape[0] - 1000
    assert 0 < legend < 120
    line = log.curves[0].traced[0]
    ink = np.isfinite(line.x_px)
    y, x = (np.round(values[ink]).astype(int) for values in (line.y_px, line.x_px))
    hits = _painted(picture, COLOURS[0])[y + legend, x]
    assert np.mean(hits) > 0.6, "the exact line is a pixel wide and lies between two where it is steep"
    assert _painted(picture, COLOURS[1])[legend:].any()
    assert _painted(picture[:legend], COLOURS[0]).any(), "the legend lacks the colour"
    assert not _painted(picture, COLOURS[2]).any()


def test_a_gap_is_left_white(log: DigitisedLog, tmp_path: Path) -> None:
    write_overlay(Paper(), log, tmp_path / "o.png")
    picture = _picture(tmp_path / "o.png")[-1000:]
    assert (picture[310:390, :250] == 255).all()


def test_a_wrap_is_broken_at_the_edge(sheet: Sheet, log: DigitisedLog, tmp_path: Path) -> None:
    line = trace(sheet, 0)
    x, turn = np.where(line.y_px < 500, 215.0, 25.0), (line.y_px >= 500).astype(np.int32)
    write_overlay(Paper(), _only(log, replace(line, x_px=x, turn=turn)), tmp_path / "o.png")
    picture = _picture(tmp_path / "o.png")[-1000:]
    assert (picture[495:505, 60:180] == 255).all()


@pytest.mark.parametrize(
    ("style", "low", "high"), [(Style.SOLID, 0.99, 1.0), (Style.DASHED, 0.5, 0.8), (Style.DOTTED, 0.2, 0.55)]
)
def test_a_pen_is_drawn_as_it_draws(style: Style, low: float, high: float) -> None:
    stroke = np.column_stack([np.full(500, 10.0), np.arange(500.0)])
    inked = sum(float(np.hypot(*np.diff(dash, axis=0).T).sum()) for dash in dashes(stroke, style))
    assert low <= inked / 499 <= high


@pytest.mark.parametrize(("dpi", "rows"), [(400.0, 500), (100.0, 1000)])
def test_it_is_drawn_at_200_dpi_or_what_the_scan_has(log: DigitisedLog, tmp_path: Path, dpi: float, rows: int) -> None:
    write_overlay(Paper(dpi=dpi), log, tmp_path / "o.png")
    assert 0 < _picture(tmp_path / "o.png").shape[0] - rows < 120


def test_a_tall_log_comes_in_pieces_that_leave_no_row_out(log: DigitisedLog, tmp_path: Path) -> None:
    tall = replace(log.sheet, depth=replace(log.sheet.depth, bottom=2900.0))
    paths = write_overlay(Paper(width=40, height=20_000), replace(log, sheet=tall), tmp_path / "o.png")
    assert [path.name for path in paths] == ["o-01.png", "o-02.png", "o-03.png"]
    assert not (tmp_path / "o.png").exists()
    heights = [_picture(path).shape[0] for path in paths]
    assert max(heights) < 8_200
    assert sum(heights) >= 19_000


def test_a_sheet_that_lies_beside_the_scan_still_shows_the_scan(log: DigitisedLog, tmp_path: Path) -> None:
    write_overlay(Paper(height=50), log, tmp_path / "o.png")
    assert _picture(tmp_path / "o.png").shape[1] == 480

"""Scale lines: words and strokes of a block become values, names, styles and back-up ranges."""

from __future__ import annotations

import numpy as np
import pytest

from curvedesk.domain.scales import ScaleKind, WrapKind
from curvedesk.domain.track import CurveSpec, Style
from curvedesk.registration.curves import curves_of
from curvedesk.registration.mnemonics import bundled_table
from curvedesk.registration.ocr import Word
from curvedesk.registration.page import Page
from curvedesk.registration.rulings import Ruling
from curvedesk.registration.scale_lines import ScaleLine, number_of, scale_lines
from curvedesk.registration.strokes import Sample

LINEAR, LOG = Ruling(False, 10, 0, 1.0, 0.9), Ruling(True, 0, 4, 1.0, 0.9)


def word(text: str, x_px: float, y_px: float, sure: float = 0.98) -> Word:
    half = 5.0 * len(text)
    return Word((x_px - half, y_px - 8, x_px + half, y_px + 8), text, sure)


def row(y_px: float, left: str, name: str, right: str) -> list[Word]:
    return [word(left, 130, y_px), word(name, 350, y_px), word(right, 570, y_px)]


def read(words: list[Word], samples: list[Sample], ruling: Ruling = LINEAR) -> list[CurveSpec]:
    page = Page(np.zeros((10, 10), np.uint8), 1.0)
    lines: list[ScaleLine] = scale_lines(words, samples, 100.0, 600.0)
    return curves_of(lines, ruling, bundled_table(), page)


@pytest.mark.parametrize(
    ("printed", "value"),
    [("150", 150), ("0.2", 0.2), ("2000.", 2000), ("1,000", 1000), ("-0.15", -0.15), ("O", 0), ("Q", 0), ("27QL", 270)],
)
def test_that_printed_numbers_are_numbers(printed: str, value: float) -> None:
    assert number_of(printed) == value


@pytest.mark.parametrize("printed", ["GR", "", "-", ".", "5 in", "DIV"])
def test_that_words_are_no_numbers(printed: str) -> None:
    assert number_of(printed) is None


def test_that_a_back_up_line_that_goes_on_adds() -> None:
    words = row(200, "150", "GR back-up", "300") + row(240, "0", "GR (GAPI)", "150")
    (curve,) = read(words, [Sample(258, Style.SOLID, 1.0)])
    assert (curve.mnemonic, curve.unit, curve.scale.left, curve.scale.right) == ("GR", "GAPI", 0, 150)
    assert curve.scale.wrap.kind is WrapKind.ADD
    assert curve.style is Style.SOLID


def test_that_a_back_up_line_that_is_ten_times_wider_multiplies() -> None:
    words = row(200, "0", "ILD back-up", "200") + row(240, "0", "ILD (OHMM)", "20")
    (curve,) = read(words, [Sample(258, Style.DASHED, 1.0)])
    assert curve.scale.wrap.kind is WrapKind.MULTIPLY
    assert curve.scale.wrap.factor == 10
    assert curve.style is Style.DASHED


def test_that_a_log_track_makes_a_log_scale_and_puts_back_a_lost_point() -> None:
    (curve,) = read(row(240, "02", "ILM (OHMM)", "2000"), [], LOG)
    assert (curve.scale.left, curve.scale.right, curve.scale.kind) == (0.2, 2000, ScaleKind.LOG)


def test_that_strokes_above_their_numbers_are_taken_as_well_as_those_below() -> None:
    words = row(200, "200", "GR (GAPI)", "400") + row(250, "0", "CALIPER (IN)", "20")
    samples = [Sample(184, Style.DASHED, 1.0), Sample(234, Style.DOTTED, 1.0)]
    styles = {c.mnemonic: c.style for c in read(words, samples)}
    assert styles == {"GR": Style.DASHED, "CALI": Style.DOTTED}


def test_that_a_name_above_its_numbers_is_theirs() -> None:
    words = [word("GAMMA RAY", 350, 200), word("API UNITS", 350, 218), word("0", 120, 240), word("7.5", 580, 240)]
    (curve,) = read(words, [])
    assert (curve.mnemonic, curve.scale.right) == ("GR", 7.5)


def test_that_a_unit_between_the_numbers_leaves_the_name_above_them_their_name() -> None:
    words = [word("Rate of Penetration (ROP)", 350, 200), *row(240, "200", "Unit = ft/hr", "0")]
    (curve,) = read(words, [])
    assert (curve.mnemonic, curve.unit, curve.scale.left, curve.scale.right) == ("ROP", "FT/HR", 200, 0)
    (unnamed,) = read(row(240, "0", "Unit = ft/hr Unit=F", "150"), [])
    assert (unnamed.confidence or 0.0) < 0.5


def test_that_a_scale_that_ends_inside_the_track_is_drawn_out_to_its_border() -> None:
    words = [word("NEUTRON", 350, 200), word("120", 130, 240), Word((380, 232, 400, 248), "270", 0.9)]
    (line,) = scale_lines(words, [], 100.0, 600.0, divisions=10)
    assert (line.left, line.right) == (120, 370)


def test_that_an_evenly_numbered_line_puts_its_misread_ends_right() -> None:
    words = [word(str(10 + k), 100 + 50.0 * k, 240) for k in range(10)] + [word("820", 600, 240)]
    (line,) = scale_lines(words, [], 100.0, 600.0)
    assert (line.left, line.right) == (10, pytest.approx(20, abs=0.01))


def test_that_a_single_number_is_no_scale() -> None:
    assert scale_lines([word("150", 570, 200), word("GR", 350, 200)], [], 100.0, 600.0) == []


def test_that_a_name_misread_under_its_own_back_up_line_is_put_right() -> None:
    """ILM was read ILD: the stroke that its back-up line shares tells."""
    words = row(160, "100", "ILM back-up", "10000") + row(190, "1", "ILD (OHMM)", "100")
    words += row(240, "100", "ILD back-up", "10000") + row(270, "1", "ILD (OHMM)", "100")
    curves = read(words, [Sample(205, Style.DASHED, 1.0), Sample(285, Style.SOLID, 1.0)], LOG)
    found = {c.mnemonic: (c.scale.left, c.scale.right, c.scale.wrap.kind, c.style) for c in curves}
    assert found["ILM"] == (1.0, 100.0, WrapKind.ADD, Style.DASHED)
    assert found["ILD"] == (1.0, 100.0, WrapKind.ADD, Style.SOLID)


def test_that_a_back_up_line_alone_is_no_sure_scale() -> None:
    (curve,) = read(row(200, "150", "GR back-up", "300"), [Sample(258, Style.SOLID, 1.0)])
    assert (curve.confidence or 0.0) < 0.5


def test_that_a_scale_that_such_a_curve_has_on_no_print_is_not_believed() -> None:
    def sure(left: str) -> float:
        (curve,) = read(row(100, left, "CALIPER (IN)", "16"), [Sample(112, Style.DASHED, 1.0)])
        assert curve.confidence is not None
        return curve.confidence

    assert sure("6") > 0.7
    assert sure("611") < 0.4

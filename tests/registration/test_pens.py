"""Which pen is which curve: the sample stroke tells, then custom; what nothing tells is asked for."""

from __future__ import annotations

import numpy as np

from curvedesk.domain.scales import ScaleKind, ValueScale
from curvedesk.domain.track import CurveSpec, Style, Track
from curvedesk.registration.mnemonics import bundled_table
from curvedesk.registration.names_to_pens import pens_to_ask, scales_to_ask, with_pens


def curve(mnemonic: str, style: Style = Style.SOLID, *, seen: bool = False) -> CurveSpec:
    scale = ValueScale(0.2, 2000.0, ScaleKind.LOG)
    extra = {"features": {"stroke": 1.0 if seen else 0.0}}
    return CurveSpec(mnemonic, "OHMM", scale, style, confidence=0.9, extra=extra)


def test_that_a_stroke_that_was_seen_is_believed() -> None:
    (found,) = with_pens([curve("ILD", Style.DOTTED, seen=True)], bundled_table())
    assert found.style is Style.DOTTED
    assert found.extra["pen"] == "stroke"
    assert found.confidence == 0.9


def test_that_a_curve_without_a_stroke_takes_the_usual_one_where_that_is_free() -> None:
    deep, shallow = with_pens([curve("ILD"), curve("SFL", seen=True)], bundled_table())
    assert (deep.style, deep.extra["pen"]) == (Style.DASHED, "custom")
    assert shallow.style is Style.SOLID


def test_that_a_usual_stroke_that_another_curve_has_leaves_what_is_free() -> None:
    deep, _ = with_pens([curve("ILD"), curve("ILM", Style.DASHED, seen=True)], bundled_table())
    assert (deep.style, deep.extra["pen"]) == (Style.SOLID, "unclear")


def test_that_two_curves_with_one_stroke_are_asked_for() -> None:
    found = with_pens([curve("LLD", seen=True), curve("LLS", seen=True)], bundled_table())
    assert all((spec.confidence or 1.0) < 0.9 and spec.extra["pen_shared"] for spec in found)
    left, right = (np.array([[x, 0.0], [x, 100.0]]) for x in (0.0, 50.0))
    (asked,) = pens_to_ask(Track("2", left, right, tuple(found)))
    assert "LLD or LLS" in asked
    assert pens_to_ask(Track("1", left, right, (curve("GR", seen=True),))) == []


def test_that_scales_that_are_not_sure_are_asked_for_in_one_sentence() -> None:
    left, right = (np.array([[x, 0.0], [x, 100.0]]) for x in (0.0, 50.0))
    track = Track("2", left, right, tuple(curve(name) for name in ("ILD", "ILM", "SFL", "ILD")))
    assert scales_to_ask(track, below=0.5) == []
    (asked,) = scales_to_ask(track, below=0.95)
    assert asked == "The scales of ILD, ILM and SFL in track 2 are not sure; compare them with the scan."
    (alone,) = scales_to_ask(Track("1", left, right, (curve("GR"),)), below=0.95)
    assert alone == "The scale of GR in track 1 is not sure; compare it with the scan."

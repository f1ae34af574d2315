"""Labelled crops: reproducible, labelled where the ink is, honest about what cannot be seen."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from curvedesk.synth import HELD_OUT_STYLES, STYLES, TRAINING_STYLES, Crop, CurveLibrary, crop
from curvedesk.synth.ageing import soil
from curvedesk.synth.crops import _unlogged


def _crops(seed: int, number: int, **options: object) -> list[Crop]:
    return [crop(np.random.default_rng((seed, i)), **options) for i in range(number)]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def forty() -> list[Crop]:
    return _crops(11, 40)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not() -> None:
    once, again, other = (_crops(seed, 6, size=128) for seed in (5, 5, 6))
    for a, b in zip(once, again, strict=True):
        assert a.gray.tobytes() == b.gray.tobytes()
        assert a.solid.tobytes() + a.dashed.tobytes() == b.solid.tobytes() + b.dashed.tobytes()
        assert a.ignore.tobytes() == b.ignore.tobytes()
    assert any(a.gray.tobytes() != b.gray.tobytes() for a, b in zip(once, other, strict=True))


@pytest.mark.parametrize("size", [64, 200, 512])
def test_a_crop_has_the_size_and_types_asked_for(size: int) -> None:
    made = crop(np.random.default_rng(1), size=size)
    assert [(a.shape, a.dtype) for a in (made.gray, made.solid, made.dashed)] == 3 * [
        ((size, size), np.dtype(np.uint8))
    ]
    assert made.ignore.shape == (size, size)
    assert made.ignore.dtype == np.bool_


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_style_of_paper_draws_curves(style: str) -> None:
    made = _crops(3, 12, size=160, styles=[style])
    assert sum((c.solid >= 128).sum() + (c.dashed >= 128).sum() for c in made) > 500
    assert sum(float(np.ptp(c.gray)) > 40 for c in made) >= 9


def test_styles_for_the_hard_validation_are_never_trained_on() -> None:
    assert set(STYLES) > HELD_OUT_STYLES
    assert not HELD_OUT_STYLES & set(TRAINING_STYLES)
    assert len(TRAINING_STYLES) >= 10


def test_labelled_pixels_that_count_lie_on_ink(forty: list[Crop]) -> None:
    shares = []
    for made in forty:
        core = (made.solid >= 128) & ~made.ignore
        near = cv2.erode(made.gray, np.ones((3, 3), np.uint8))
        if core.sum() > 100:
            shares.append(float((near[core] < np.percentile(made.gray, 90) - 25).mean()))
    assert len(shares) > 12
    assert np.median(shares) > 0.9


def test_no_soiling_of_the_paper_moves_what_is_drawn_on_it() -> None:
    ramp = np.tile(np.linspace(0.2, 0.6, 200, dtype=np.float32), (200, 1))
    for seed in range(60):
        dark = ramp.copy()
        soil(np.random.default_rng(seed), dark, scale=1.0)
        untouched = np.isclose(dark, ramp, atol=1e-6)
        assert untouched.mean() > 0.2
        mirrored = np.isclose(dark, ramp[:, ::-1], atol=1e-6) & ~np.isclose(ramp, ramp[:, ::-1], atol=1e-3)
        assert mirrored.mean() < 0.2


def test_labels_are_three_pixels_wide_with_a_ring_of_one_that_does_not_count(forty: list[Crop]) -> None:
    widths, rings = [], []
    for made in forty:
        core = ((made.solid >= 128) | (made.dashed >= 128)).astype(np.uint8)
        if core.sum() > 100:
            ring = cv2.dilate(core, np.ones((3, 3), np.uint8)).astype(bool) & ~core.astype(bool)
            rings.append(float(made.ignore[ring].mean()))
            widths.append(_width(core))
    assert min(rings) == 1.0
    assert 2.3 < np.median(widths) < 3.7


def _width(core: np.ndarray) -> float:
    """Area over half the outline: the width of a long stroke."""
    outline = core.astype(bool) & (cv2.erode(core, np.ones((3, 3), np.uint8)) == 0)
    return 2 * float(core.sum()) / float(outline.sum())


def test_a_dashed_label_runs_on_through_the_gaps_of_the_dashes() -> None:
    found = 0
    for made in _crops(21, 60, styles=["modern-laser"]):
        core = (made.dashed >= 128) & ~made.ignore & (made.solid == 0)
        if core.sum() > 400:
            white = (made.gray > 200)[core].mean()
            found += bool(0.1 < white < 0.9)
    assert found >= 5


def test_some_crops_hold_no_curve_and_some_hold_both_kinds(forty: list[Crop]) -> None:
    solid = [bool((c.solid >= 128).sum() > 60) for c in forty]
    dashed = [bool((c.dashed >= 128).sum() > 60) for c in forty]
    pairs = set(zip(solid, dashed, strict=True))
    assert pairs == {(False, False), (True, False), (False, True), (True, True)}


def test_a_library_of_real_wells_changes_what_is_drawn() -> None:
    ramp = np.tile(np.linspace(0, 1, 400, dtype=np.float32), 8)
    library = CurveLibrary({"saw": (ramp,)}, real_share=1.0)
    plain, real = crop(np.random.default_rng(2)), crop(np.random.default_rng(2), library=library)
    assert plain.solid.tobytes() + plain.dashed.tobytes() != real.solid.tobytes() + real.dashed.tobytes()


def test_films_end_along_one_side_some_straight_some_torn() -> None:
    straight = torn = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        if rng.random() >= 0.25:  # what soils the paper is no film's edge
            continue
        dark = np.zeros((200, 300), np.float32)
        soil(np.random.default_rng(seed), dark, scale=1.0)
        reach = np.count_nonzero(dark, axis=1)
        assert not (dark[:, 0].any() and dark[:, -1].any())
        assert np.count_nonzero(dark) and reach.max() <= 140
        straight, torn = straight + (np.ptp(reach) == 0), torn + (np.ptp(reach) > 3)
    assert straight > 20
    assert torn > 20


def test_a_run_begins_or_ends_inside_the_window() -> None:
    bare = [_unlogged(np.random.default_rng(seed), 100) for seed in range(200)]
    assert all(part.start == 0 or part.stop == 100 for part in bare)
    assert {0, 100} <= {part.start for part in bare} | {part.stop for part in bare}
    lengths = [part.stop - part.start for part in bare]
    assert min(lengths) < 10
    assert max(lengths) > 90

"""What is taken from paper: the right share, the right place, the same from the same number."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from curvedesk import synth
from curvedesk.domain.errors import ModelError
from curvedesk.learn.corruptions import DEFAULT_MIX, Corruption, Mix, corrupt, patches
from curvedesk.learn.erasing import erased, walk
from curvedesk.learn.ridges import curve_ridges

Gray = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def _page(size: int = 192) -> tuple[Gray, Mask, Mask]:
    """Paper with a ruled grid and a swinging pen; where the pen runs, where only the grid does."""
    gray = np.full((size, size), 250, np.uint8)
    grid = np.zeros_like(gray)
    grid[:, 10::24] = grid[10::24] = 1
    gray[grid > 0] = 60
    y = np.arange(size)
    points = np.stack([size / 2 + size / 3 * np.sin(y / 21), y], 1).round().astype(np.int32)
    pen = cv2.polylines(np.zeros_like(gray), [points], False, 1, 3)
    gray[pen > 0] = 10
    near = cv2.dilate(pen, np.ones((13, 13), np.uint8)) > 0
    return gray, pen > 0, (grid > 0) & ~near


def _lines(mask: Mask) -> Callable[[], Mask]:
    return lambda: mask


@pytest.mark.parametrize("kind", list(Corruption))
def test_the_same_number_spoils_the_same_way_and_the_original_stays(kind: Corruption) -> None:
    gray, pen, _grid = _page()
    before = gray.copy()
    a, b, c = (corrupt(np.random.default_rng(n), gray, (kind,), _lines(pen)) for n in (5, 5, 6))
    assert np.array_equal(gray, before)
    assert np.array_equal(a.gray, b.gray)
    assert np.array_equal(a.touched, b.touched)
    assert np.array_equal(a.gray, c.gray) is (kind is Corruption.PLAIN)


def test_plain_touches_nothing_and_everything_else_something() -> None:
    gray, pen, _grid = _page()
    for kind in Corruption:
        done = corrupt(np.random.default_rng(1), gray, (kind,), _lines(pen))
        assert bool(done.touched.any()) is (kind is not Corruption.PLAIN)
        if kind is not Corruption.DENOISE:
            assert np.array_equal(done.gray[~done.touched], gray[~done.touched])


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), size=st.sampled_from([64, 96, 128, 160, 256, 272]))
def test_whole_patches_cover_a_quarter_to_two_fifths(seed: int, size: int) -> None:
    covered = np.zeros((size, size), int)
    for place in patches(np.random.default_rng(seed), covered.shape):
        covered[place] += 1
        assert covered[place].shape == (32, 32)
    assert covered.max() == 1
    assert 0.2 <= covered.mean() <= 0.4
    if size >= 128:
        assert covered.mean() >= 0.25 - 32 * 32 / size**2


def test_swapped_patches_are_all_there_but_elsewhere() -> None:
    gray = np.arange(256 * 256, dtype=np.uint32).reshape(256, 256) % 251
    paper = gray.astype(np.uint8)
    done = corrupt(np.random.default_rng(3), paper, (Corruption.SWAP,), _lines(paper > 300))
    assert np.array_equal(np.sort(done.gray[done.touched]), np.sort(paper[done.touched]))
    assert (done.gray[done.touched] != paper[done.touched]).mean() > 0.9


def test_erasing_takes_runs_of_pen_and_leaves_paper_and_grid() -> None:
    gray, pen, grid = _page()
    done, hole = erased(np.random.default_rng(2), gray, pen)
    share = (hole & pen).sum() / pen.sum()
    assert 0.1 < share < 0.6
    assert (done[hole & cv2.erode(pen.astype(np.uint8), np.ones((3, 3))).astype(bool)] > 120).mean() > 0.8
    assert not (hole & grid).any()
    near = cv2.dilate(pen.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert not (hole & ~near).any()


@pytest.mark.parametrize("number", range(3))
def test_on_synthetic_crops_only_labelled_curves_are_erased(number: int) -> None:
    crop = synth.crop(np.random.default_rng((7, number)), size=192)
    lines = np.maximum(crop.solid, crop.dashed) >= 128
    _done, hole = erased(np.random.default_rng(number), crop.gray, lines)
    near = cv2.dilate(lines.astype(np.uint8), np.ones((19, 19), np.uint8)) > 0
    assert bool(hole.any()) is bool(lines.sum() > 60)
    assert not (hole & ~near).any()


def test_paper_without_curves_stays_whole() -> None:
    gray = np.full((64, 64), 240, np.uint8)
    done, hole = erased(np.random.default_rng(1), gray, np.zeros((64, 64), bool))
    assert np.array_equal(done, gray)
    assert not hole.any()


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6), length=st.integers(8, 48))
def test_a_walk_follows_neighbours_and_has_the_length_asked_for(seed: int, length: int) -> None:
    thin = np.zeros((80, 80), bool)
    thin[40, 5:75] = True
    path = walk(np.random.default_rng(seed), thin, length=length)
    assert len(path) == length == len({tuple(p) for p in path.tolist()})
    assert np.abs(np.diff(path, axis=0)).max() == 1


def test_a_walk_goes_straight_where_curves_cross() -> None:
    thin = np.eye(61, dtype=bool) | np.eye(61, dtype=bool)[::-1]
    for seed in range(10):
        path = walk(np.random.default_rng(seed), thin, length=48)
        turns = np.abs(np.diff(path, n=2, axis=0)).max(axis=1)
        assert (turns > 0).sum() <= 1


def test_ridges_follow_the_pen_and_not_the_grid() -> None:
    gray, pen, grid = _page(256)
    found = curve_ridges(gray)
    near = cv2.dilate(pen.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    rows = (found & near).any(axis=1)
    assert rows.mean() > 0.6
    assert (found & near).sum() > 0.85 * found.sum()
    assert (found & grid).sum() < 0.05 * found.sum()


def test_ridges_of_bare_grid_are_next_to_none() -> None:
    gray = np.full((256, 256), 250, np.uint8)
    gray[:, 10::24] = gray[10::24] = 40
    assert curve_ridges(gray).sum() < 20


def test_a_mix_draws_recipes_by_their_shares() -> None:
    mix = Mix.parse("erase+denoise=3, mask=1")
    rng = np.random.default_rng(1)
    drawn = [mix.draw(rng) for _ in range(400)]
    assert set(drawn) == {(Corruption.ERASE, Corruption.DENOISE), (Corruption.MASK,)}
    assert drawn.count((Corruption.MASK,)) / 400 == pytest.approx(0.25, abs=0.07)
    assert sum(Mix.parse(DEFAULT_MIX).shares) == pytest.approx(1)


@pytest.mark.parametrize("text", ["blur", "mask=0", "mask=-1", "mask=lots", "", "erase+=1", "mask=inf"])
def test_a_mix_that_makes_no_sense_is_one_sentence(text: str) -> None:
    with pytest.raises(ModelError) as fault:
        Mix.parse(text)
    assert "\n" not in str(fault.value)

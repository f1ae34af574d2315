"""Tiles cover everything, count every pixel once, and are all alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvedesk.learn.tiles import spans, starts

TILES = st.integers(1, 48).map(lambda n: n * 16)
SHARES = st.floats(0, 0.5)


@settings(deadline=None)
@given(length=st.integers(1, 20_000), tile=TILES, share=SHARES)
def test_every_pixel_counts_exactly_once(length: int, tile: int, share: float) -> None:
    total = np.zeros(length)
    for span in spans(length, tile=tile, overlap=int(share * tile)):
        assert (span.share >= 0).all()
        total[span.start : span.stop] += span.share
    np.testing.assert_allclose(total, 1, atol=1e-5)


@settings(deadline=None)
@given(length=st.integers(1, 20_000), tile=TILES, share=SHARES)
def test_tiles_are_alike_stay_inside_and_overlap_as_asked(length: int, tile: int, share: float) -> None:
    overlap = int(share * tile)
    at, size = starts(length, tile=tile, overlap=overlap)
    assert at[0] == 0
    assert at[-1] + size == length
    assert size <= tile
    assert len(at) == 1 or size % 16 == 0
    assert (at[:-1] + size - at[1:] >= overlap).all()


@settings(deadline=None)
@given(length=st.integers(1, 20_000), tile=TILES, share=SHARES)
def test_there_are_no_more_tiles_than_are_needed(length: int, tile: int, share: float) -> None:
    overlap = int(share * tile)
    at, _size = starts(length, tile=tile, overlap=overlap)
    fewer = len(at) - 1
    assert fewer == 0 or fewer * tile - (fewer - 1) * overlap < length


def test_a_tile_counts_less_towards_its_neighbour_and_fully_at_the_border_of_the_image() -> None:
    first, second = spans(800, tile=512, overlap=64)
    assert (first.share[: second.start] == 1).all()
    assert (np.diff(first.share[second.start :]) < 0).all()
    assert (second.share[first.stop - second.start :] == 1).all()


@pytest.mark.parametrize(
    ("length", "tile", "overlap"), [(0, 64, 8), (100, 60, 8), (100, 64, 33), (100, 64, -1), (100, 0, 0)]
)
def test_impossible_tiles_are_refused(length: int, tile: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="no tiles of"):
        spans(length, tile=tile, overlap=overlap)

"""Tracks that are ruled and hold no curves: their scale block is there, and nothing is printed in it above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from curvedesk.domain.sheet import Track
from curvedesk.registration.blocks import Block
from curvedesk.registration.page import Page
from curvedesk.registration.passes import LogPass

BARE = "bare"  # key of a track's extra
_RIM_PX, _CLEAR_PX, _LEAST_ROWS = 8, 12, 24
_INK, _MOST_INK = 96, 0.0005  # a stray speck is no name


def bare_marked(page: Page, log: LogPass | None, block: Block | None, tracks: Sequence[Track]) -> tuple[Track, ...]:
    """The tracks, those without a scale marked as bare where the block of the others shows blank paper above them."""
    if log is None or block is None or not any(track.curves for track in tracks):
        return tuple(tracks)
    return tuple(
        replace(track, extra={**track.extra, BARE: True})
        if not track.curves and _is_bare(page, log, block, track)
        else track
        for track in tracks
    )


def _is_bare(page: Page, log: LogPass, block: Block, track: Track) -> bool:
    first, last = max(0, int(block.y0)), int(log.top_px) - _CLEAR_PX
    y = np.array([float(page.to_scan(log.top_px))])
    sides = (track.left_at(y)[0], track.right_at(y)[0])
    left, right = (round(float(page.from_scan(x))) for x in sides)
    above = page.ink[first : max(first, last), max(0, left + _RIM_PX) : max(0, right - _RIM_PX)]
    return len(above) >= _LEAST_ROWS and above.size > 0 and float((above > _INK).mean()) <= _MOST_INK

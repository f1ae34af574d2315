"""A log that faded or folded copies left in pieces, put together where its depths and its tracks go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from curvedesk.domain.sheet import DepthAxis, Track
from curvedesk.registration.chain import goes_on
from curvedesk.registration.passes import LogPass

_SAME_WIDTH = 0.03
_SAME_PLACE_PX = 120.0  # copies are laid on the glass anew at a fold


def pieces_of(log: LogPass, passes: Sequence[LogPass]) -> list[LogPass]:
    """The pass and those above and below it in which it goes on, from the top down.

    `log` is the first of `passes`, its tracks perhaps divided as its scale block shows; the others get its tracks.
    """
    pieces = [log]
    others = [p for p in passes[1:] if p.scale is not None and _same_tracks(p, passes[0])]
    rest = [_with_tracks_of(log, passes[0], other) for other in others]
    while True:
        above = max((p for p in rest if _goes_on(p, pieces[0])), key=lambda p: p.bottom_px, default=None)
        below = min((p for p in rest if _goes_on(pieces[-1], p)), key=lambda p: p.top_px, default=None)
        if above is None and below is None:
            return pieces
        pieces = [*([above] if above else []), *pieces, *([below] if below else [])]
        rest = [p for p in rest if p is not above and p is not below]


def _goes_on(upper: LogPass, lower: LogPass) -> bool:
    if upper.scale is None or lower.scale is None or upper.bottom_px >= lower.top_px:
        return False
    one, other = upper.scale.chain, lower.scale.chain
    return not (one.doubt or other.doubt) and one.interval == other.interval and goes_on(one, other)


def _with_tracks_of(log: LogPass, whole: LogPass, piece: LogPass) -> LogPass:
    by = float(np.mean([s.left_px - t.left_px for s, t in zip(piece.layout.strips, whole.layout.strips, strict=True)]))
    moved = tuple(replace(s, left_px=s.left_px + by, right_px=s.right_px + by) for s in log.layout.strips)
    return replace(piece, layout=replace(piece.layout, strips=moved))


def _same_tracks(one: LogPass, other: LogPass) -> bool:
    """Whether both have the same tracks, as wide and (nearly) at the same place."""
    a, b = one.layout.strips, other.layout.strips
    if len(a) != len(b):
        return False
    wide = all(abs(s.width_px / t.width_px - 1) < _SAME_WIDTH for s, t in zip(a, b, strict=True))
    return wide and all(abs(s.left_px - t.left_px) < _SAME_PLACE_PX for s, t in zip(a, b, strict=True))


def joined_axes(axes: Sequence[DepthAxis]) -> DepthAxis:
    """One depth axis of the axes of pieces from the top down, as sure as the least sure of them."""
    first, last = axes[0], axes[-1]
    if len(axes) == 1:
        return first
    extra = {**first.extra, "tie_evidence": [tie for axis in axes for tie in axis.extra.get("tie_evidence", ())]}
    at = [axis.x_px for axis in axes if axis.x_px is not None]
    return replace(
        first,
        ties=np.concatenate([axis.ties for axis in axes]),
        x_px=float(np.mean(at)) if at else None,
        bottom=last.bottom,
        confidence=min(axis.confidence or 0.0 for axis in axes),
        extra=extra,
    )


def joined_tracks(pieces: Sequence[tuple[Track, ...]]) -> tuple[Track, ...]:
    """Tracks of pieces from the top down as one: borders end to end, the curves of the piece that has them."""
    return tuple(_joined(parts) for parts in zip(*pieces, strict=True))


def _joined(parts: Sequence[Track]) -> Track:
    if len(parts) == 1:
        return parts[0]
    owner = max(parts, key=lambda track: len(track.curves))
    return replace(
        owner,
        left=np.concatenate([track.left for track in parts]),
        right=np.concatenate([track.right for track in parts]),
        confidence=min(track.confidence or 0.0 for track in parts),
    )

"""The readings of a whole log: what each pen of a plan draws, as exact values and as its path on the scan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.scales import WrapKind
from curvedesk.domain.sheet import Sheet, Track
from curvedesk.synth.library import CurveLibrary
from curvedesk.synth.pens import resample, runs
from curvedesk.synth.plan import LogPlan, PlannedCurve

_SEGMENT, _FADE = 600, 24  # samples of one character of rock, and of the change to the next


@dataclass(frozen=True, slots=True)
class Reading:
    """`depth`, `whole` (n,): fractions of the track's width that go on past its borders; NaN in gaps."""

    depth: NDArray[np.float64]
    whole: NDArray[np.float64]

    def values(self, curve: PlannedCurve, depth: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the pen drew at these depths; NaN in gaps and where it is off its scale."""
        whole = np.interp(depth, self.depth, self.whole, left=np.nan, right=np.nan)
        return np.asarray(curve.spec.scale.value_at(np.where(_off(curve, whole), np.nan, whole)), np.float64)


def random_reading(rng: np.random.Generator, plan: LogPlan, library: CurveLibrary, track_px: float) -> Reading:
    """A reading of the whole log, calm enough to be followed by eye, now and then with gaps."""
    step_px = float(np.exp(rng.uniform(np.log(1.5), np.log(7))))
    feet = plan.depth_bottom - plan.depth_top
    n = max(_SEGMENT // 4, int(feet * plan.px_per_foot / step_px))
    shape = _long_shape(rng, library, n).astype(np.float64)
    limit = np.exp(rng.uniform(np.log(1.5), np.log(5))) * step_px / track_px
    shape *= min(1.0, limit / max(float(np.mean(np.abs(np.diff(shape)))), 1e-9))
    whole = shape - np.median(shape) + rng.uniform(0.15, 0.85)
    for _ in range(int(rng.integers(0, 3)) if rng.random() < 0.5 else 0):
        start = int(rng.integers(n))
        whole[start : start + int(rng.uniform(0.01, 0.07) * n)] = np.nan
    return Reading(np.linspace(plan.depth_top, plan.depth_bottom, n), whole)


def _long_shape(rng: np.random.Generator, library: CurveLibrary, n: int) -> NDArray[np.float32]:
    out = library.shape(rng, min(n, _SEGMENT) + _FADE)
    ramp = np.linspace(0, 1, _FADE, dtype=np.float32)
    while out.size < n:
        more = library.shape(rng, _SEGMENT + _FADE)
        blend = out[-_FADE:] * (1 - ramp) + more[:_FADE] * ramp
        out = np.concatenate([out[:-_FADE], blend, more[_FADE:]])
    return out[:n]


def _off(curve: PlannedCurve, whole: NDArray[np.float64]) -> NDArray[np.bool_]:
    kind = curve.spec.scale.wrap.kind
    if kind is WrapKind.ADD:
        return np.zeros(whole.shape, np.bool_)
    return (whole < 0) | (whole > 1) if kind is WrapKind.NONE else whole < 0


def trace(sheet: Sheet, track: Track, curve: PlannedCurve, reading: Reading, *, px_per_foot: float) -> TracedCurve:
    """The pen's path in scan pixels, a NaN row between pieces (gaps, changes of back-up scale)."""
    width = float(np.median(track.right_at(track.left[:, 1]) - track.left[:, 0]))
    dense = _dense(reading, width, px_per_foot)
    whole = dense[:, 0] / width
    whole[_off(curve, whole)] = np.nan
    fraction, turn = curve.spec.scale.place_of(curve.spec.scale.value_at(whole))
    x, y = sheet.pixel_at(track, fraction, dense[:, 1] / px_per_foot)
    pieces = [run for run in runs(x, turn.astype(np.int64)) if run.stop - run.start > 1]
    order = np.concatenate([np.append(np.arange(run.start, run.stop), -1) for run in pieces] or [np.zeros(0, np.int64)])
    x, y, turn = (np.append(a, last)[order] for a, last in ((x, np.nan), (y, np.nan), (turn, 0)))
    return TracedCurve(curve.spec, track.name, x, y, turn.astype(np.int32), np.ones(order.size, np.float32))


def _dense(reading: Reading, width_px: float, px_per_foot: float) -> NDArray[np.float64]:
    """(across, down) in pixels, a point at least every pixel of the way, NaN between stretches."""
    points = np.stack([reading.whole * width_px, reading.depth * px_per_foot], axis=1)
    stretches = runs(points[:, 0], np.zeros(len(points), np.int64))
    gap = np.full((1, 2), np.nan)
    parts = [part for run in stretches if run.stop - run.start > 1 for part in (resample(points[run], 0.8), gap)]
    return np.concatenate(parts or [gap])

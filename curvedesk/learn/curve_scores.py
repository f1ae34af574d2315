"""How far digitised values are from the values the pen drew, in per cent of a track's width.

In widths, so that linear and log scales compare. One row of the scan is the limit of what paper can say about depth:
errors are distances to what the pen drew within a row above and below. A pen pinned to the border of its track cannot
be told from the border and is not scored.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.scales import ScaleKind, ValueScale, WrapKind

Values = NDArray[np.float64]
RIGHT = 0.02  # of a track's width; nearer than this a sample counts as right


@dataclass(frozen=True, slots=True)
class CurveScore:
    """Scores of one curve; None where nothing could be compared."""

    score: float  # right samples / (samples drawn + samples invented)
    coverage: float
    invented: float  # share of the samples without a pen that were given a value
    mae_pct: float | None = None
    within_2pct: float | None = None
    wrapped_2pct: float | None = None  # of the samples on back-up scales


def fraction_of(values: Values, scale: ValueScale) -> Values:
    """Place on the first scale: 0 at the left value, 1 at the right one, beyond them on back-up scales."""
    if scale.kind is not ScaleKind.LOG:
        return (values - scale.left) / (scale.right - scale.left)
    with np.errstate(invalid="ignore", divide="ignore"):
        decades: Values = np.log10(values) - np.log10(scale.left)
    return decades / float(np.log10(scale.right) - np.log10(scale.left))


def _width(fraction: Values, scale: ValueScale) -> Values:
    """A track's width at each place, in widths of the first scale: multiplying back-up scales are wider."""
    if scale.wrap.kind is not WrapKind.MULTIPLY:
        return np.ones_like(fraction)
    factor = scale.wrap.factor
    return np.asarray(factor ** np.ceil(np.log(np.maximum(fraction, 1)) / np.log(factor) - 1e-9))


def at_depths(values: Values, index: Values, depth: Values) -> Values:
    """Values at other depths; NaN next to a gap and beyond the ends."""
    order = np.argsort(index)
    index, values = index[order], values[order]
    have = np.isfinite(values)
    if have.sum() < 2:
        return np.full_like(depth, np.nan)
    gap = np.interp(depth, index, (~have).astype(float), left=1, right=1) > 0.5
    return np.where(gap, np.nan, np.interp(depth, index[have], values[have], left=np.nan, right=np.nan))


def _errors(got: Values, at: Values, drawn: tuple[Values, Values], row: float, scale: ValueScale) -> Values:
    """Distance in track widths to the nearest value drawn (depths, values) within one row; 1 for no number at all."""
    around = at[:, None] + row * np.linspace(-1, 1, 9)
    near = fraction_of(np.interp(around, *drawn), scale)
    place = fraction_of(got, scale)
    width = _width(fraction_of(np.interp(at, *drawn), scale), scale)
    away = np.maximum(0, np.maximum(near.min(1) - place, place - near.max(1))) / width
    return np.where(np.isfinite(place), away, 1.0)


def compared(
    got: Values, wanted: Values, *, depth: Values, row: float, scale: ValueScale
) -> tuple[NDArray[np.bool_], Values]:
    """Which samples (n,) both have and can be judged, and how far each of those is off, in track widths."""
    drawn = np.isfinite(wanted)
    both = _scored(wanted, scale) & np.isfinite(got)
    if not both.any():
        return both, np.zeros(0)
    return both, _errors(got[both], depth[both], (depth[drawn], wanted[drawn]), row, scale)


def _scored(wanted: Values, scale: ValueScale) -> NDArray[np.bool_]:
    """Samples the pen drew, those on the borders of a track left out where it never comes back on scale."""
    drawn, across = np.isfinite(wanted), fraction_of(wanted, scale)
    return drawn if scale.wrap.kind is not WrapKind.NONE else drawn & (across > 0.002) & (across < 0.998)


def score_curve(got: Values, wanted: Values, *, depth: Values, row: float, scale: ValueScale) -> CurveScore | None:
    """Scores of ``got`` against what the pen drew, both at ``depth`` (n,), NaN where there is nothing.

    ``row`` is the depth of one row of the scan. None where the pen drew nothing that can be scored.
    """
    drawn = np.isfinite(wanted)
    across = fraction_of(wanted, scale)
    scored = _scored(wanted, scale)
    if not scored.any():
        return None
    both, error = compared(got, wanted, depth=depth, row=row, scale=scale)
    invented = int((np.isfinite(got) & ~drawn).sum())
    coverage, share = float(both.sum() / scored.sum()), invented / max(1, int((~drawn).sum()))
    if both.sum() < 10:
        return CurveScore(0.0, coverage, share)
    right, wrapped = error <= RIGHT, (across[both] < 0) | (across[both] > 1)
    return CurveScore(
        score=float(right.sum() / (scored.sum() + invented)),
        coverage=coverage,
        invented=share,
        mae_pct=100 * float(error.mean()),
        within_2pct=float(right.mean()),
        wrapped_2pct=float(right[wrapped].mean()) if wrapped.sum() >= 5 else None,
    )

"""Faulty samples as places: from which depth to which, how bad, and a sentence in a geologist's words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from curvedesk.domain.curve import DigitisedCurve, DigitisedLog
from curvedesk.interchange.quality_band import InkFound
from curvedesk.interchange.quality_redraw import Redrawn
from curvedesk.interchange.quality_rules import HOLE_PX, FaultKind, filled
from curvedesk.interchange.review import Flags, runs

JOIN_PX = {FaultKind.LOW_CONFIDENCE: 60.0}  # holes up to so long do not part two places, in 200 dpi pixels
LEAST_PX = {FaultKind.LOW_CONFIDENCE: 12.0}
WEIGHT = {
    FaultKind.OFF_INK: 1.0,
    FaultKind.GAP: 1.2,
    FaultKind.SPIKE: 1.0,
    FaultKind.PINNED: 0.6,
    FaultKind.OUT_OF_SCALE: 0.8,
    FaultKind.LOW_CONFIDENCE: 0.4,
}
SPIKE_PX = 160.0  # a spike across the whole track counts as much as so many rows off the ink


@dataclass(frozen=True, slots=True)
class Place:
    """`depths` from-to, `rows` the scan's y_px there; `severity` is for ranking alone."""

    curve: str
    kind: FaultKind
    depths: tuple[float, float]
    rows: tuple[float, float]
    severity: float
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class _Stretch:
    """One run of a fault: sample indices of those flagged within [first, last]."""

    log: DigitisedLog
    curve: DigitisedCurve
    drawn: Redrawn
    told: InkFound
    kind: FaultKind
    first: int
    last: int
    flags: Flags

    @property
    def inside(self) -> slice:
        return slice(self.first, self.last + 1)

    @property
    def length_px(self) -> float:
        return (self.last - self.first + 1) * self.drawn.row_px

    @property
    def length(self) -> str:
        """Such as `12.5 ft`."""
        axis = self.log.sheet.depth
        return f"{(self.last - self.first + 1) * axis.step:,.4g} {axis.unit.lower()}"


def places_of(
    log: DigitisedLog, curve: DigitisedCurve, drawn: Redrawn, told: InkFound, flags: Mapping[FaultKind, Flags]
) -> Iterator[Place]:
    """Every place at which a curve has a fault."""
    for kind, each in flags.items():
        joined = filled(each, max(1, round(JOIN_PX.get(kind, HOLE_PX) / drawn.row_px)))
        for first, last in runs(joined).tolist():
            stretch = _Stretch(log, curve, drawn, told, kind, first, last, each)
            if stretch.length_px >= LEAST_PX.get(kind, 0.0):
                yield _place(stretch)


def _place(stretch: _Stretch) -> Place:
    depth, y = stretch.log.depth, stretch.drawn.scan_y_px
    return Place(
        curve=stretch.curve.mnemonic,
        kind=stretch.kind,
        depths=(float(depth[stretch.first]), float(depth[stretch.last])),
        rows=(float(y[stretch.first]), float(y[stretch.last])),
        severity=round(_severity(stretch), 3),
        sentence=_SENTENCES[stretch.kind](stretch),
    )


def _severity(stretch: _Stretch) -> float:
    weight = WEIGHT[stretch.kind]
    if stretch.kind is FaultKind.SPIKE:
        return weight * SPIKE_PX * min(2.0, _swing(stretch))
    if stretch.kind is FaultKind.LOW_CONFIDENCE:
        sure = stretch.curve.confidence[stretch.inside][stretch.flags[stretch.inside]]
        return weight * stretch.length_px * (1.5 - float(sure.mean()))
    return weight * stretch.length_px


def _swing(stretch: _Stretch) -> float:
    """How far a spike leaves the curve around it, in widths of the track."""
    around = stretch.drawn.whole[max(0, stretch.first - 3) : stretch.last + 4]
    level = np.nanmedian(around)
    return float(np.nanmax(np.abs(stretch.drawn.whole[stretch.inside] - level)))


def _off_ink(stretch: _Stretch) -> str:
    away = stretch.told.away_px[stretch.inside]
    near = away[np.isfinite(away) & stretch.flags[stretch.inside]]
    if near.size < 0.5 * stretch.flags[stretch.inside].sum():
        return f"No ink lies under {stretch.curve.mnemonic} for {stretch.length}."
    share = 100.0 * float(np.median(near)) / stretch.drawn.width_px
    return f"{stretch.curve.mnemonic} runs beside the ink for {stretch.length}, by {share:.1f} % of the track."


def _gap(stretch: _Stretch) -> str:
    return f"{stretch.curve.mnemonic} has no value for {stretch.length}, though a pen drew here."


def _spike(stretch: _Stretch) -> str:
    values = stretch.curve.values[stretch.inside]
    level = np.nanmedian(stretch.curve.values[max(0, stretch.first - 4) : stretch.last + 5])
    peak = float(values[np.nanargmax(np.abs(values - level))])
    return f"{stretch.curve.mnemonic} jumps to {_value(stretch, peak)} and back; the ink does not."


def _pinned(stretch: _Stretch) -> str:
    side = "left" if float(np.nanmedian(stretch.drawn.fraction[stretch.inside])) < 0.5 else "right"
    return f"{stretch.curve.mnemonic} lies on the {side} border of its track for {stretch.length}."


def _out_of_scale(stretch: _Stretch) -> str:
    values = stretch.curve.values[stretch.inside]
    farthest = float(values[np.nanargmax(np.abs(stretch.drawn.whole[stretch.inside] - 0.5))])
    return f"{stretch.curve.mnemonic} leaves its scale, as far as {_value(stretch, farthest)}; is there a back-up?"


def _low_confidence(stretch: _Stretch) -> str:
    return f"{stretch.curve.mnemonic} is doubtful for {stretch.length}; compare with the paper."


def _value(stretch: _Stretch, value: float) -> str:
    return f"{value:,.4g} {stretch.curve.unit}".strip()


_SENTENCES: Mapping[FaultKind, Callable[[_Stretch], str]] = {
    FaultKind.OFF_INK: _off_ink,
    FaultKind.GAP: _gap,
    FaultKind.SPIKE: _spike,
    FaultKind.PINNED: _pinned,
    FaultKind.OUT_OF_SCALE: _out_of_scale,
    FaultKind.LOW_CONFIDENCE: _low_confidence,
}

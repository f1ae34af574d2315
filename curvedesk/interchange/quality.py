"""The ink round trip: the curves as exported, drawn again over the paper, scored, and the worst places listed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from curvedesk.domain.curve import DigitisedLog
from curvedesk.interchange.ink import Ink
from curvedesk.interchange.quality_ink import find
from curvedesk.interchange.quality_places import Place, places_of
from curvedesk.interchange.quality_redraw import redraw
from curvedesk.interchange.quality_rules import FaultKind, faulty
from curvedesk.interchange.review import Flags

MOST_PLACES = 200


@dataclass(frozen=True, slots=True, eq=False)
class CurveQuality:
    """One curve: `shares` of its depths with each fault, 0..1, `clean` the share with none; `flags` (m,) a kind."""

    mnemonic: str
    shares: Mapping[FaultKind, float]
    clean: float
    flags: Mapping[FaultKind, Flags]


@dataclass(frozen=True, slots=True, eq=False)
class Quality:
    """What a look at every exported sample over the ink found; `places` worst first."""

    curves: tuple[CurveQuality, ...]
    places: tuple[Place, ...]

    @property
    def clean(self) -> float:
        """Share of all depths of all curves without a fault."""
        return float(np.mean([curve.clean for curve in self.curves])) if self.curves else 1.0


def assess(log: DigitisedLog, ink: Ink, *, most: int = MOST_PLACES) -> Quality:
    """Score every sample that would be exported against the paper.

    The curves are redrawn from the values alone, through scales and sheet, so that a wrong scale, turn or rounding
    shows as well as a wrong trace. What a person reviewed is not held against the curve. Raises ScanError.
    """
    drawn = redraw(log, ink)
    told = find(log, drawn, ink)
    curves: list[CurveQuality] = []
    places: list[Place] = []
    for curve, shape, found in zip(log.curves, drawn, told, strict=True):
        flags = faulty(log, curve, shape, found)
        asked = max(1, int(shape.asked.sum()))
        shares = {kind: float(each.sum()) / asked for kind, each in flags.items()}
        any_fault = np.any(list(flags.values()), axis=0)
        curves.append(CurveQuality(curve.mnemonic, shares, 1.0 - float(any_fault.sum()) / asked, flags))
        places += places_of(log, curve, shape, found, flags)
    return Quality(tuple(curves), tuple(sorted(places, key=lambda place: -place.severity)[:most]))

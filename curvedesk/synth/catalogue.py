"""What tracks hold: the services of a log with their units, scales and back-up scales, and names for made-up wells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from curvedesk.domain.scales import ScaleKind, ValueScale, Wrap, WrapKind


@dataclass(frozen=True, slots=True)
class Service:
    """One reading a log can carry: values at the track's left and right border, and how it comes back on scale."""

    mnemonic: str
    title: str
    unit: str
    left: float
    right: float
    kind: ScaleKind = ScaleKind.LINEAR
    wraps: tuple[Wrap, ...] = (Wrap(),)
    digitize: bool = True

    def scale(self, rng: np.random.Generator) -> ValueScale:
        """Its scale, with one of the back-up scales it may have."""
        return ValueScale(self.left, self.right, self.kind, wrap=self.wraps[int(rng.integers(len(self.wraps)))])


_NONE, _ADD = Wrap(), Wrap(WrapKind.ADD)
_TIMES = (Wrap(WrapKind.MULTIPLY, 2.0), Wrap(WrapKind.MULTIPLY, 5.0), Wrap(WrapKind.MULTIPLY, 10.0))
_LOG = ScaleKind.LOG

LEFT_SERVICES = (
    Service("GR", "GAMMA RAY", "GAPI", 0, 150, wraps=(_ADD, _ADD, _NONE)),
    Service("GR", "GAMMA RAY", "GAPI", 0, 100, wraps=(_ADD, Wrap(WrapKind.MULTIPLY, 2.0))),
    Service("SP", "SPONTANEOUS POTENTIAL", "MV", -160, 40, wraps=(_NONE, _ADD)),
    Service("CALI", "CALIPER", "IN", 6, 16),
    Service("TENS", "TENSION", "LBS", 10000, 0, digitize=False),
)
LINEAR_SERVICES = (
    Service("NPHI", "NEUTRON POROSITY", "V/V", 0.45, -0.15, wraps=(_NONE, _ADD)),
    Service("RHOB", "BULK DENSITY", "G/C3", 1.95, 2.95, wraps=(_NONE, _ADD)),
    Service("DT", "INTERVAL TRANSIT TIME", "US/F", 140, 40, wraps=(_NONE, _ADD)),
    Service("NEUT", "NEUTRON", "CPS", 0, 1000, wraps=(_NONE, _ADD, _TIMES[0])),
    Service("LN", "64 IN NORMAL", "OHMM", 0, 50, wraps=_TIMES),
    Service("SN", "16 IN NORMAL", "OHMM", 0, 20, wraps=_TIMES),
)
LOG_SERVICES = (
    Service("ILD", "DEEP INDUCTION", "OHMM", 0.2, 2000, _LOG, (_NONE, _ADD)),
    Service("ILM", "MEDIUM INDUCTION", "OHMM", 0.2, 2000, _LOG, (_NONE, _ADD)),
    Service("SFL", "SPHERICALLY FOCUSED", "OHMM", 0.2, 2000, _LOG),
    Service("LLD", "LATEROLOG DEEP", "OHMM", 1, 1000, _LOG, (_NONE, _ADD)),
)

COMPANIES = ("NORTHFORK OIL COMPANY", "BLUE MESA PETROLEUM", "HALVORSEN AND SONS", "PRAIRIE STAR DRILLING CO.")
FIELDS = ("WILDCAT", "COTTON DRAW", "EAST LIMESTONE", "DRY CREEK", "SPUR RANCH")
WELLS = ("STATE", "FEDERAL", "MCCALL", "T. J. HARLAN", "WEBB UNIT", "FEE")
COUNTIES = ("LEA", "REEVES", "KANAWHA", "BARTON", "OLDHAM")


def well_header(rng: np.random.Generator) -> dict[str, str]:
    """Header fields of a well that never was."""

    def pick(names: tuple[str, ...]) -> str:
        return names[int(rng.integers(len(names)))]

    return {
        "WELL": f"{pick(WELLS)} {int(rng.integers(1, 60))}-{int(rng.integers(1, 37))}",
        "COMP": pick(COMPANIES),
        "FLD": pick(FIELDS),
        "CNTY": pick(COUNTIES),
        "DATE": f"{int(rng.integers(1, 29)):02d}-{int(rng.integers(1, 13)):02d}-{int(rng.integers(1951, 2006))}",
    }

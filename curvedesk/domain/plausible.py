"""What rock, mud and holes can give: readings beyond it mean that the pen or the scale is another curve's.

Limits are wide, and of the units most logs have: no log that is right comes near them for long.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

_SHARE = 0.1  # of the readings: so many may be cycle skips, casing or a washed-out hole
_ROOM = 0.5  # of what can be read, on either side: so much further a scale may go
_POROSITY: Mapping[str, tuple[float, float]] = {"V/V": (-0.15, 1.0), "PU": (-15.0, 100.0), "%": (-15.0, 100.0)}
_SLOWNESS: Mapping[str, tuple[float, float]] = {"US/F": (35.0, 260.0), "US/FT": (35.0, 260.0), "US/M": (115.0, 855.0)}
_DENSITY: Mapping[str, tuple[float, float]] = {"G/C3": (1.0, 3.3), "G/CC": (1.0, 3.3), "K/M3": (1000.0, 3300.0)}
_HOLE: Mapping[str, tuple[float, float]] = {"IN": (2.5, 40.0), "MM": (65.0, 1000.0)}
_LIMITS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "GR": {"GAPI": (-10.0, 1000.0)},
    "CALI": _HOLE,
    "RHOB": _DENSITY,
    "DRHO": {"G/C3": (-0.6, 0.6), "G/CC": (-0.6, 0.6)},
    "NPHI": _POROSITY,
    "SPHI": _POROSITY,
    "DPHI": {"V/V": (-0.5, 1.0), "PU": (-50.0, 100.0), "%": (-50.0, 100.0)},
    "DT": _SLOWNESS,
    "PEF": {"B/E": (0.0, 40.0)},
}


def limits_of(mnemonic: str, unit: str) -> tuple[float, float] | None:
    """The least and the greatest value that such a curve can read; None where that is not known."""
    return _LIMITS.get(mnemonic.upper(), {}).get(unit.strip().upper())


def may_be_printed(scale: tuple[float, float], mnemonic: str, unit: str) -> bool:
    """Whether a scale (left, right) can be such a curve's: prints leave room beside what it reads, but not any."""
    limits = limits_of(mnemonic, unit)
    if limits is None:
        return True
    room = _ROOM * (limits[1] - limits[0])
    return limits[0] - room <= min(scale) and max(scale) <= limits[1] + room


def beyond(values: NDArray[np.float64], mnemonic: str, unit: str) -> float:
    """Share of the readings (n,), NaN where there is none, that no such curve can have; 0 where that is not known, or
    where they are so few that tool and hole explain them."""
    limits, there = limits_of(mnemonic, unit), values[np.isfinite(values)]
    if limits is None or not len(there):
        return 0.0
    share = float(((there < limits[0]) | (there > limits[1])).mean())
    return share if share > _SHARE else 0.0

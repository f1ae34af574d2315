"""What a chain of depth numbers is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from curvedesk.registration.numbers import Numeral
from curvedesk.registration.page import F64


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Numbers that belong together. `y_px` (n,) their middles, `depth` (n,), `read` (n,) true where the whole number
    was read, false where only its tail was. `wrong`: sure readings within the span that contradict it. `doubt`: some
    say that all numbers may lack a digit in front."""

    y_px: F64
    depth: F64
    read: tuple[bool, ...]
    interval: float
    px_per_unit: float
    sureness: float
    wrong: int
    numerals: tuple[Numeral, ...]
    doubt: bool = False

    @property
    def span_px(self) -> float:
        return float(np.ptp(self.y_px))

"""The well's total depth by its header, against the numbers down the log."""

from __future__ import annotations

import re
from collections.abc import Mapping

from curvedesk.registration.chain import Chain
from curvedesk.registration.progression import DEEPEST

_BELIEVED = 0.8  # confidence of a header field
_SHALLOWEST = 100.0
_SLACK = 0.03  # drillers' and loggers' depths differ


def total_depth(well: Mapping[str, str], sure: Mapping[str, float]) -> float | None:
    """The deeper of the driller's and the logger's depth that were read with confidence; None without any."""
    found = [_number(well[key]) for key in ("TDD", "TDL") if sure.get(key, 0.0) >= _BELIEVED and key in well]
    return max((value for value in found if value is not None), default=None)


def _number(text: str) -> float | None:
    match = re.fullmatch(r"\D{0,5}(\d{1,2}[,. ]?\d{3}|\d{3})(?:[.,]\d)?\D{0,5}", text.strip())
    value = float(re.sub(r"\D", "", match[1])) if match else 0.0
    return value if _SHALLOWEST <= value <= DEEPEST else None


def contradicts(chain: Chain, total: float | None) -> bool:
    """Whether a header's depth makes the numbers of a chain doubtful: a digit that all of them may have lost in front
    would let them end right there. Numbers below it do not: a form has a column for each run, the first is read."""
    if total is None:
        return False
    last = float(chain.depth[-1])
    tens = 10.0 ** len(f"{last:.0f}")
    return any(abs(last + lead * tens - total) <= _SLACK * total for lead in range(1, 10))

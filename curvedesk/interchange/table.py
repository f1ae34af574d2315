"""The table that LAS and CSV share: columns with safe names and as many decimals as paper can tell."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from curvedesk.domain.curve import DigitisedCurve, DigitisedLog
from curvedesk.domain.depth import DEPTH_DECIMALS
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.scales import ScaleKind
from curvedesk.domain.sheet import CurveSpec, DepthAxis

NULL = -999.25
FRACTION_DECIMALS = 5  # a hundred-thousandth of a track: a hundredth of a pixel on the widest print
MOST_DECIMALS = 10
LEAST_DECIMALS = 3
_SPELLED = str.maketrans({
    "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "°": "deg", "Ω": "ohm", "\N{OHM SIGN}": "ohm",
    "µ": "u", "μ": "u", "ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L",
})  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column: ASCII names that a strict reader takes, `values` (m,) with NaN where null."""

    mnemonic: str
    unit: str
    values: FloatArray
    decimals: int

    def texts(self, null: str) -> list[str]:
        """Every value with the column's decimals, `null` for NaN."""
        pattern = f"%.{self.decimals}f"
        return [null if v != v else pattern % v for v in self.values.tolist()]  # noqa: PLR0124


def columns_of(log: DigitisedLog, *, null: float = NULL) -> tuple[Column, ...]:
    """Depth first, then every curve, in the log's order; no value equals `null`."""
    depth = Column("DEPT", word(log.sheet.depth.unit), log.depth, depth_decimals(log.sheet.depth))
    names = unique_names([curve.mnemonic for curve in log.curves], taken=("DEPT",))
    return depth, *(_curve_column(log, curve, name, null) for curve, name in zip(log.curves, names, strict=True))


def null_text(null: float) -> str:
    """How the null value is written."""
    return f"{null:.10g}"


def _curve_column(log: DigitisedLog, curve: DigitisedCurve, name: str, null: float) -> Column:
    decimals = _value_decimals(specs_of(log, curve), curve.values)
    values = np.round(np.where(np.isfinite(curve.values), curve.values, np.nan), decimals) + 0.0  # no "-0.000"
    values[values == null] += 10.0**-decimals  # a true reading of -999.25 must not vanish as a null
    return Column(name, word(curve.unit), values.astype(np.float64), decimals)


def specs_of(log: DigitisedLog, curve: DigitisedCurve) -> tuple[CurveSpec, ...]:
    """All that the sheet says about one mnemonic: several where its scale changes with depth."""
    return tuple(spec for _, spec in log.sheet.curves() if spec.mnemonic == curve.mnemonic and spec.digitize)


def depth_decimals(axis: DepthAxis) -> int:
    """Decimals that hold top and step exactly, four at least as readers are used to."""
    exponents = (
        Decimal(repr(round(float(v), DEPTH_DECIMALS))).normalize().as_tuple().exponent for v in (axis.top, axis.step)
    )
    return max(4, *(-int(e) for e in exponents))


def _value_decimals(specs: Sequence[CurveSpec], values: FloatArray) -> int:
    """Decimals that tell apart what lies a hundred-thousandth of the track apart, anywhere on the curve's scales."""
    needed = [-math.floor(math.log10(_finest_span(spec, values))) + FRACTION_DECIMALS for spec in specs]
    return min(MOST_DECIMALS, max([LEAST_DECIMALS, *needed]))


def _finest_span(spec: CurveSpec, values: FloatArray) -> float:
    """Change of value over a whole track where the scale is finest."""
    scale = spec.scale
    if scale.kind is ScaleKind.TABLE:
        steps = np.diff(np.asarray(scale.table), axis=0)
        return float(np.min(np.abs(steps[:, 1] / steps[:, 0])))
    if scale.kind is ScaleKind.LOG:
        drawn = values[np.isfinite(values) & (values > 0)]
        return float(min([scale.left, scale.right, *([drawn.min()] if drawn.size else [])]))
    return abs(scale.right - scale.left)


def plain(text: str) -> str:
    """Text as one line of printable ASCII: accents dropped, units spelled out, what is left over as '?'."""
    spelled = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    kept = "".join(c for c in spelled if not unicodedata.combining(c)).translate(_SPELLED)
    one_line = " ".join(kept.split())
    return "".join(c if " " <= c <= "~" else "?" for c in one_line)


def word(text: str) -> str:
    """A mnemonic or unit: no blanks, dots, colons or what else ends a field of LAS; CSV's own marks neither."""
    return re.sub(r"[\s.:,\[\]\"#~]+", "_", plain(text)).strip("_")


def unique_names(names: Sequence[str], taken: Sequence[str] = ()) -> list[str]:
    """`word` of each name; what would come twice (readers ignore case) gets a number."""
    seen = {name.upper() for name in taken}
    result = []
    for name in names:
        base = word(name) or "CURVE"
        chosen = base
        for n in range(2, len(seen) + 3):
            if chosen.upper() not in seen:
                break
            chosen = f"{base}_{n}"
        seen.add(chosen.upper())
        result.append(chosen)
    return result

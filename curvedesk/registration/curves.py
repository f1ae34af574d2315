"""Scale lines to curves: names to mnemonics, back-up lines to wraps, numbers to round values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from curvedesk.domain.scales import ScaleKind, ValueScale, Wrap, WrapKind
from curvedesk.domain.track import CurveSpec, Style
from curvedesk.registration.mnemonics import Match, MnemonicTable, plain
from curvedesk.registration.page import Page
from curvedesk.registration.rulings import Ruling
from curvedesk.registration.scale_lines import ScaleLine

_FACTORS = (2.0, 4.0, 5.0, 10.0, 20.0, 50.0, 100.0)
_KNOWN_RANGES: dict[str, tuple[tuple[float, float], ...]] = {
    "GR": ((0, 150), (0, 200), (0, 100), (0, 75), (0, 120), (0, 300)),
    "SP": ((-120, 30), (-160, 40), (-100, 0), (-80, 20), (-150, 50), (-200, 0)),
    "CALI": ((6, 16), (16, 6), (5, 15), (4, 14), (8, 18)),
    "DCAL": ((6, 16),),
    "RHOB": ((1.95, 2.95), (2, 3), (1.9, 2.9), (2, 2.8)),
    "NPHI": ((0.45, -0.15), (0.3, -0.1), (45, -15), (30, -10)),
    "DT": ((140, 40), (100, 40), (150, 50), (240, 40)),
}


@dataclass(frozen=True, slots=True)
class _Named:
    """A line with the service its name means."""

    line: ScaleLine
    match: Match | None
    unit: str | None

    @property
    def key(self) -> str:
        return self.match.service.mnemonic if self.match else plain(self.line.text)


def curves_of(lines: Sequence[ScaleLine], ruling: Ruling, table: MnemonicTable, page: Page) -> list[CurveSpec]:
    """The curves that a track's scale lines name, in their order from the bottom up, which is that of importance."""
    named = [_Named(line, table.match(line.text), table.unit_of(line.text)) for line in lines]
    named = _inherited(named)
    groups: dict[str, list[_Named]] = {}
    for one in reversed(named):
        groups.setdefault(one.key, []).append(one)
    return [_curve(key, group, ruling, page, number) for number, (key, group) in enumerate(groups.items(), 1)]


def _inherited(named: Sequence[_Named]) -> list[_Named]:
    """A line without any name is another range of the curve above it."""
    found: list[_Named] = []
    for one in named:
        if found and not plain(one.line.text) and one.match is None:
            one = replace(
                one, match=found[-1].match, unit=found[-1].unit, line=replace(one.line, text=found[-1].line.text)
            )
        found.append(one)
    return found


def _curve(key: str, group: Sequence[_Named], ruling: Ruling, page: Page, number: int) -> CurveSpec:
    base = _base(group)
    rest = [g for g in group if g is not base]
    left, right = base.line.left, base.line.right
    kind, kind_sure = _kind(left, right, ruling)
    left, right, known = _tidied(key, left, right, kind)
    wrap, wrap_sure = _wrap(left, right, kind, rest)
    match = base.match or next((g.match for g in rest if g.match), None)
    sample = base.line.sample
    sure = base.line.sure * (match.sure if match else 0.3) * (1.0 if sample else 0.7) * kind_sure * wrap_sure
    mnemonic = match.service.mnemonic if match else (key.split() or [f"CURVE{number}"])[0][:8]
    unit = base.unit or next((g.unit for g in rest if g.unit), None) or (match.service.unit if match else "")
    return CurveSpec(
        mnemonic=mnemonic,
        unit=unit,
        scale=ValueScale(left, right, kind, wrap=wrap),
        style=sample.style if sample else Style.SOLID,
        digitize=match.service.digitize if match else True,
        confidence=round(float(np.clip(sure * (1.0 if known else 0.95), 0.02, 0.99)), 3),
        extra={
            "read_from": page.box_to_scan(base.line.box),
            "printed_name": base.line.text,
            "features": _features(base, match, kind_sure, wrap_sure),
        },
    )


def _features(base: _Named, match: Match | None, kind_sure: float, wrap_sure: float) -> dict[str, float]:
    """What the confidence of a curve is made of."""
    return {
        "numbers": round(base.line.sure, 3),
        "name": round(match.sure, 3) if match else 0.0,
        "stroke": round(base.line.sample.sure, 3) if base.line.sample else 0.0,
        "scale": round(kind_sure, 3),
        "back_up": round(wrap_sure, 3),
    }


def _base(group: Sequence[_Named]) -> _Named:
    """The line of a curve that is not the back-up of another: the one not said to be, of the smallest range."""
    own = [g for g in group if not g.line.backup] or list(group)
    return min(own, key=lambda g: (abs(g.line.left) + abs(g.line.right), -g.line.sure))


def _kind(left: float, right: float, ruling: Ruling) -> tuple[ScaleKind, float]:
    """Linear or logarithmic, by the grid and by the numbers, and how well the two agree."""
    decades = np.log10(right / left) if left > 0 and right > 0 else 0.0
    can_be = left > 0 and right > left and abs(decades - round(decades)) < 0.02 and round(decades) >= 1
    if ruling.logarithmic and can_be:
        return ScaleKind.LOG, 1.0 if round(decades) == ruling.decades else 0.75
    if can_be and decades >= 2.9:
        return ScaleKind.LOG, 0.8
    return ScaleKind.LINEAR, 0.7 if ruling.logarithmic and ruling.fit > 0.5 else 1.0


def _tidied(key: str, left: float, right: float, kind: ScaleKind) -> tuple[float, float, bool]:
    """Numbers as printed, a lost minus put back where only that makes a known range; whether the range is known."""
    for a, b in _KNOWN_RANGES.get(key, ()):
        if (left, right) == (a, b):
            return a, b, True
        if (abs(left), abs(right)) == (abs(a), abs(b)):
            return a, b, False
    return left, right, kind is ScaleKind.LOG


def _wrap(left: float, right: float, kind: ScaleKind, rest: Sequence[_Named]) -> tuple[Wrap, float]:
    """What the other lines of a curve say of pens that leave the track."""
    for one in rest:
        a, b = one.line.left, one.line.right
        if _close(a, right) and (kind is ScaleKind.LOG or b > a or right < left):
            return Wrap(WrapKind.ADD), 1.0 if _adds(left, right, b, kind) else 0.8
        if a == left and right != left:
            factor = (b - a) / (right - left)
            if factor > 1.2:
                nearest = min(_FACTORS, key=lambda f: abs(f - factor))
                return Wrap(WrapKind.MULTIPLY, nearest if abs(nearest / factor - 1) < 0.02 else factor), 0.95
        if _adds(left, right, b, kind):  # its other number was misread
            return Wrap(WrapKind.ADD), 0.8
    return Wrap(), 0.95 if not rest else 0.5


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= 0.01 * max(abs(one), abs(other), 1e-6)


def _adds(left: float, right: float, end: float, kind: ScaleKind) -> bool:
    """Whether `end` closes one more whole span after `right`."""
    return _close(end, right * right / left if kind is ScaleKind.LOG else 2 * right - left)

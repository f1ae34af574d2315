"""Scale lines to curves: names to mnemonics, back-up lines to wraps, numbers to round values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from curvedesk.domain.plausible import may_be_printed
from curvedesk.domain.scales import ScaleKind, ValueScale, Wrap, WrapKind
from curvedesk.domain.track import CurveSpec, Style
from curvedesk.registration.mnemonics import Match, MnemonicTable, plain
from curvedesk.registration.names_to_pens import with_pens
from curvedesk.registration.page import Page
from curvedesk.registration.rulings import Ruling
from curvedesk.registration.scale_lines import ScaleLine

_FACTORS = (10.0, 2.0, 5.0, 100.0, 20.0, 4.0, 50.0)  # the likeliest first
_NORMAL = re.compile(r"NORMAL|AMP", re.IGNORECASE)
_LEAST_AMPLIFIED = 2
_HAS_NAME = re.compile(r"[A-Za-z]{2}")
_KIN = ("0869", "35896", "17", "27", "40", "46", "5S")  # digits that blots and slashed zeros make alike
_LIKELIEST = 7  # of a curve's usual ranges: to these a misread one is put right
_ORPHAN = 0.4  # of a back-up line whose own scale was not read: the curve is not drawn on it
_IMPOSSIBLE = 0.4  # of a scale that such a curve has on no print: 611 to 16 in for a caliper's 6" to 16"
_NO_BACKUP = 0.94  # a pen may have a back-up scale that is not printed: 1 of 27
_BY_CUSTOM = 0.7  # certainty of a name that the stroke decides


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
    named = _amplified(_by_custom(_under_own_backup(_inherited(named)), table), table)
    named = [one for one in named if one.match is not None or _HAS_NAME.search(one.line.text) or one.line.sample]
    groups: dict[str, list[_Named]] = {}
    for one in reversed(named):
        groups.setdefault(one.key, []).append(one)
    specs = [_curve(key, group, ruling, page, number) for number, (key, group) in enumerate(groups.items(), 1)]
    return with_pens(specs, table)


def _by_custom(named: Sequence[_Named], table: MnemonicTable) -> list[_Named]:
    """Names with a misread letter that may be several: the one that is drawn with the stroke beside it, if free."""
    taken = {one.match.service.mnemonic for one in named if one.match is not None}
    found = list(named)
    for k, one in enumerate(found):
        if one.match is not None or one.line.sample is None:
            continue
        near = [
            s for s in table.near(one.line.text) if s.mnemonic not in taken and s.style == one.line.sample.style.value
        ]
        if len(near) == 1:
            found[k] = replace(one, match=Match(near[0], _BY_CUSTOM), unit=near[0].unit)
            taken.add(near[0].mnemonic)
    return found


def _amplified(named: Sequence[_Named], table: MnemonicTable) -> list[_Named]:
    """Under a heading that names a normal and its amplified curve the narrowest line is the amplified one's."""
    plain_one = table.service("SN")
    lines = [one for one in named if one.match is not None and one.match.service.mnemonic == "ASN"]
    if plain_one is None or len(lines) < _LEAST_AMPLIFIED or not any(_NORMAL.search(one.line.text) for one in lines):
        return list(named)
    narrowest = min(lines, key=lambda one: abs(one.line.right - one.line.left))
    return [
        replace(one, match=Match(plain_one, one.match.sure))
        if one in lines and one is not narrowest and one.match
        else one
        for one in named
    ]


def _inherited(named: Sequence[_Named]) -> list[_Named]:
    """A line without a name that is known is another range of its neighbour, where its numbers say so."""
    found = list(named)
    for k, one in enumerate(found):
        if one.match is not None:
            continue
        below = found[k + 1] if k + 1 < len(found) else None
        above = found[k - 1] if k else None
        if below is not None and below.match is not None and _backs(one.line, below.line):
            found[k] = replace(one, match=below.match, unit=below.unit, line=replace(one.line, backup=True))
        elif above is not None and above.match is not None and _backs(above.line, one.line):
            found[k] = replace(one, match=above.match)
        elif above is not None and not plain(one.line.text):
            found[k] = replace(one, match=above.match, unit=above.unit, line=replace(one.line, text=above.line.text))
    return found


def _under_own_backup(named: Sequence[_Named]) -> list[_Named]:
    """Of two lines of one name the one that stands with another curve's back-up line over that curve's stroke is that
    curve's: an ILM that was read ILD."""
    found = list(named)
    for k in range(len(found) - 1):
        upper, lower = found[k], found[k + 1]
        if upper.match is None or lower.match is None or not upper.line.backup or lower.line.backup:
            continue
        bases = [one.key for one in found if not one.line.backup]
        stray = upper.key not in bases and bases.count(lower.key) > 1
        shared = lower.line.sample is not None and upper.line.sample in {None, lower.line.sample}
        if stray and shared and _backs(upper.line, lower.line):
            found[k + 1] = replace(lower, match=upper.match, unit=upper.unit or lower.unit)
    return found


def _backs(upper: ScaleLine, lower: ScaleLine) -> bool:
    """Whether the upper line is the back-up of the lower one: it begins where that ends, or is some times wider."""
    if _same(upper.left, lower.right) and upper.left != lower.left:
        return True
    wide = lower.right - lower.left
    return (
        upper.left == lower.left and upper.backup and any(_same(upper.right - upper.left, f * wide) for f in _FACTORS)
    )


def _same(one: float, other: float) -> bool:
    """Equal, or so when one digit that looks like another was taken for it."""
    return one == other or _alike(one, other)


def _alike(read: float, wanted: float) -> bool:
    """Whether a number may be a misreading of another: as many digits, those that differ easily mistaken."""
    have, full = f"{read:g}".lstrip("-"), f"{wanted:g}".lstrip("-")
    if len(have) != len(full) or have == full:
        return have == full
    return all(a == b or any(a in kin and b in kin for kin in _KIN) for a, b in zip(have, full, strict=True))


def _curve(key: str, group: Sequence[_Named], ruling: Ruling, page: Page, number: int) -> CurveSpec:
    base = _base(group)
    rest = [g for g in group if g is not base]
    left, right = _pointed(base.line.left, base.line.right, ruling), base.line.right
    kind, kind_sure = _kind(left, right, ruling)
    match = base.match or next((g.match for g in rest if g.match), None)
    left, right, known = _tidied(match.service.ranges if match else (), left, right, kind)
    wrap, wrap_sure = _wrap(left, right, kind, rest)
    sample = base.line.sample
    numbers = _believed(base.line.sure, known=known, agreed=bool(rest) and wrap_sure >= 0.95)
    mnemonic = match.service.mnemonic if match else (key.split() or [f"CURVE{number}"])[0][:8]
    unit = base.unit or next((g.unit for g in rest if g.unit), None) or (match.service.unit if match else "")
    numbers *= _ORPHAN if base.line.backup else 1.0
    numbers *= 1.0 if may_be_printed((left, right), mnemonic, unit) else _IMPOSSIBLE
    sure = numbers * (match.sure if match else 0.3) * (1.0 if sample else 0.7) * kind_sure * wrap_sure
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
            "features": _features(base, numbers, match, kind_sure, wrap_sure),
        },
    )


def _believed(sure: float, *, known: bool, agreed: bool) -> float:
    """Certainty of two numbers, more where they make a usual range and a back-up line goes on from them."""
    return max(sure, 0.35 + 0.4 * known + 0.2 * agreed)


def _features(
    base: _Named, numbers: float, match: Match | None, kind_sure: float, wrap_sure: float
) -> dict[str, float]:
    """What the confidence of a curve is made of."""
    return {
        "numbers": round(numbers, 3),
        "name": round(match.sure, 3) if match else 0.0,
        "stroke": round(base.line.sample.sure, 3) if base.line.sample else 0.0,
        "scale": round(kind_sure, 3),
        "back_up": round(wrap_sure, 3),
    }


def _base(group: Sequence[_Named]) -> _Named:
    """The line of a curve that is not the back-up of another: the one not said to be, of the smallest range."""
    own = [g for g in group if not g.line.backup] or list(group)
    return min(own, key=lambda g: (abs(g.line.left) + abs(g.line.right), -g.line.sure))


def _pointed(left: float, right: float, ruling: Ruling) -> float:
    """The left value of a logarithmic track with the point that was lost: 02 ... 2000 begins at 0.2."""
    return left / 10 if ruling.logarithmic and left in {2.0, 1.0} and right / left * 10 == 10**ruling.decades else left


def _kind(left: float, right: float, ruling: Ruling) -> tuple[ScaleKind, float]:
    """Linear or logarithmic, by the grid and by the numbers, and how well the two agree."""
    decades = np.log10(right / left) if left > 0 and right > 0 else 0.0
    whole = float(f"{left * 10.0 ** round(decades):g}")
    can_be = left > 0 and right > left and round(decades) >= 1 and _same(right, whole)
    if ruling.logarithmic and can_be:
        return ScaleKind.LOG, 1.0 if round(decades) == ruling.decades else 0.75
    if can_be and decades >= 2.9:
        return ScaleKind.LOG, 0.8
    return ScaleKind.LINEAR, 0.7 if ruling.logarithmic and ruling.fit > 0.5 else 1.0


def _tidied(
    known: Sequence[tuple[float, float]], left: float, right: float, kind: ScaleKind
) -> tuple[float, float, bool]:
    """Numbers as printed; a lost minus or a blotted digit is put right where only that makes a known range.

    The last tells whether the range is one that needs no second look.
    """
    for a, b in known:
        if (left, right) == (a, b):
            return a, b, True
    for a, b in known[:_LIKELIEST]:
        if _alike(left, a) and _alike(right, b):
            return a, b, False
    if kind is ScaleKind.LOG:
        decades = round(np.log10(right / left))
        return left, float(f"{left * 10.0**decades:g}"), True
    return left, right, False


def _wrap(left: float, right: float, kind: ScaleKind, rest: Sequence[_Named]) -> tuple[Wrap, float]:
    """What the other lines of a curve say of pens that leave the track."""
    for one in rest:
        a, b = one.line.left, one.line.right
        end = right * right / left if kind is ScaleKind.LOG else 2 * right - left
        if _same(a, right) and a != left:
            return Wrap(WrapKind.ADD), 1.0 if _same(b, end) else 0.8
        if _same(a, left):
            factor = _factor(right - left, b - left)
            if factor > 1:
                return Wrap(WrapKind.MULTIPLY, factor), 0.95 if b - left == factor * (right - left) else 0.75
        if _same(b, end):  # its other number was misread
            return Wrap(WrapKind.ADD), 0.8
    return Wrap(), _NO_BACKUP if not rest else 0.5


def _factor(span: float, wide: float) -> float:
    """How many times wider a back-up scale is: a usual factor where one fits, 0 where it is not wider."""
    exact = [f for f in _FACTORS if wide == f * span]
    near = exact or [f for f in _FACTORS if _same(wide, f * span)]
    if near:
        return near[0]
    return wide / span if wide / span > 1.2 else 0.0

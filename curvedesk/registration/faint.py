"""Scale lines that cannot be read letter by letter: a row of clumps with one at either border and a name between, taken
for the usual line of the table of mnemonics that it looks most like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from curvedesk.registration.block_numbers import clumps
from curvedesk.registration.looks import likenesses
from curvedesk.registration.mnemonics import MnemonicTable, Service
from curvedesk.registration.page import U8, IsCancelled, check_cancelled
from curvedesk.registration.rulings import Ruling

Box = tuple[int, int, int, int]

_END = 0.16  # of the track: numbers of a scale line end so near to its borders
_COMMON = 0.03  # worth of being on many logs
_RULED = 0.4  # fit of a grid that leaves no doubt whether it is logarithmic
_CUSTOM = 0.03  # worth of being drawn with the stroke that is beside it
_RARER = 0.008  # price of every range that is more usual
_LEAST, _LEAST_NUMBER = 0.6, 0.55
BACKUP_FACTORS = (10.0, 2.0, 5.0)
_NAME_LETTERS = 8.0
_MOST_KEPT = 24


@dataclass(frozen=True, slots=True)
class ClumpRow:
    """A row of a block: the boxes of the numbers at its ends and of all between (None where nothing is)."""

    left: Box
    right: Box
    middle: Box | None

    @property
    def y_px(self) -> float:
        return (self.left[1] + self.left[3] + self.right[1] + self.right[3]) / 4

    @property
    def height_px(self) -> float:
        return float(max(self.left[3] - self.left[1], self.right[3] - self.right[1]))

    @property
    def box(self) -> tuple[float, float, float, float]:
        parts = [b for b in (self.left, self.right, self.middle) if b is not None]
        x0, y0, x1, y1 = zip(*parts, strict=True)
        return float(min(x0)), float(min(y0)), float(max(x1)), float(max(y1))


@dataclass(frozen=True, slots=True)
class Guess:
    """What a row was taken for: `score` its likeness, at most about 1, `margin` how much less the next best has."""

    service: Service
    left: float
    right: float
    backup: bool
    score: float
    margin: float = 0.0

    @property
    def text(self) -> str:
        """As the line would be printed."""
        return f"{self.service.mnemonic} ({self.service.unit})" + (" BACKUP" if self.backup else "")


def clump_rows(ink: U8, left_px: float, right_px: float) -> list[ClumpRow]:
    """Rows of one track of a straightened block that have something at both borders."""
    x0, x1 = int(max(0, left_px)), int(min(ink.shape[1], right_px + 1))
    reach = _END * (right_px - left_px)
    found = []
    for row in _rows([(a + x0, y, b + x0, y2) for a, y, b, y2 in clumps(ink[:, x0:x1])]):
        left, right, middle = row[0], row[-1], row[1:-1]
        if len(row) < 2 or left[0] - left_px > reach or right_px - right[2] > 1.6 * reach:
            continue
        found.append(ClumpRow(left, right, _around(middle) if middle else None))
    return found


def _rows(boxes: Sequence[Box]) -> list[list[Box]]:
    """Boxes beside each other, left to right."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: b[1] + b[3]):
        middle = (box[1] + box[3]) / 2
        if rows and middle < np.mean([b[3] for b in rows[-1]]) and middle > np.mean([b[1] for b in rows[-1]]):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row) for row in rows]


def _around(boxes: Sequence[Box]) -> Box:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def guess_lines(
    ink: U8,
    rows: Sequence[ClumpRow],
    table: MnemonicTable,
    ruling: Ruling,
    strokes: Sequence[str],
    *,
    cancelled: IsCancelled | None = None,
) -> list[Guess | None]:
    """For each row of a track the usual scale line that it looks most like, None where it looks like none.

    `strokes`: the style of the sample stroke that belongs to each, "" for none. A back-up line is told only beside the
    line that it goes on from, and no service is named twice.
    """
    looks = []
    for row in rows:
        check_cancelled(cancelled)
        looks.append(_looks(ink, row, table))
    scored = [_scored(look, table, ruling, stroke) for look, stroke in zip(looks, strokes, strict=True)]
    chosen: list[Guess | None] = [None] * len(rows)
    free = set(range(len(rows)))
    taken: set[str] = set()
    while free:
        options = [_with_backup(k, j, scored, looks) for k in free for j in (*(free - {k}), None)]
        _, lines = max((o for o in options if o is not None), key=lambda o: o[0], default=(0.0, {}))
        if not lines:
            break
        chosen = [lines.get(k, old) for k, old in enumerate(chosen)]
        free -= set(lines)
        taken |= {g.service.mnemonic for g in lines.values()}
        scored = [[g for g in some if g.service.mnemonic not in taken] for some in scored]
    return chosen


@dataclass(frozen=True, slots=True)
class _Look:
    """How like each name and each number the parts of a row are."""

    names: dict[tuple[str, bool], float]
    left: dict[str, float]
    right: dict[str, float]

    def score(self, service: Service, a: float, b: float, *, backup: bool) -> float:
        """Of a whole line; -1 where a number cannot be that."""
        ends = self.left.get(_printed(a), -1.0), self.right.get(_printed(b), -1.0)
        name = self.names.get((service.mnemonic, backup), -1.0)
        if min(ends) < _LEAST_NUMBER or name < 0:
            return -1.0
        weights = np.sqrt([_NAME_LETTERS, len(_printed(a)), len(_printed(b))])
        return float(np.average((name, *ends), weights=weights))


def read_score(ink: U8, row: ClumpRow, name: str, left: float, right: float) -> float:
    """How like a row of clumps is to what was read there, on the scale of `Guess.score`."""
    if row.middle is None:
        return 1.0
    texts = name, _printed(left), _printed(right)
    boxes = row.middle, row.left, row.right
    found = [likenesses(_cut(ink, box), [text]).get(text, -1.0) for text, box in zip(texts, boxes, strict=True)]
    return float(np.average(found, weights=np.sqrt([_NAME_LETTERS, len(texts[1]), len(texts[2])])))


def _looks(ink: U8, row: ClumpRow, table: MnemonicTable) -> _Look:
    if row.middle is None:
        return _Look({}, {}, {})
    ends = [e for s in table.services for a, b in s.ranges for e in ((a, b), *backups(a, b))]
    left = likenesses(_cut(ink, row.left), {_printed(a) for a, _ in ends})
    right = likenesses(_cut(ink, row.right), {_printed(b) for _, b in ends})
    return _Look(_name_scores(_cut(ink, row.middle), table), left, right)


def _scored(look: _Look, table: MnemonicTable, ruling: Ruling, stroke: str) -> list[Guess]:
    """All usual lines that a row may be, the likeliest first."""
    found = []
    for service in table.services:
        worth = _COMMON * service.common + _CUSTOM * (stroke != "" and stroke == service.style)
        for k, (a, b) in enumerate(_ranges(service, ruling)):
            score = look.score(service, a, b, backup=False) + worth - _RARER * k
            if score >= _LEAST:
                found.append(Guess(service, a, b, False, score))
    return sorted(found, key=lambda g: -g.score)


def _with_backup(
    k: int, j: int | None, scored: Sequence[Sequence[Guess]], looks: Sequence[_Look]
) -> tuple[float, dict[int, Guess]] | None:
    """(worth, lines) of row k as what it is likeliest to be, with row j, where given, as its back-up."""
    own = scored[k][:_MOST_KEPT]
    if not own:
        return None
    if j is None:
        margin = own[0].score - (own[1].score if len(own) > 1 else _LEAST)
        return own[0].score, {k: replace(own[0], margin=margin)}
    pairs = []
    for g in own:
        for a, b in backups(g.left, g.right):
            second = looks[j].score(g.service, a, b, backup=True)
            pairs.append((g.score + second, g, Guess(g.service, a, b, True, second)))
    pairs.sort(key=lambda p: -p[0])
    total, base, second_line = pairs[0]
    alone = scored[j][0].score if scored[j] else _LEAST
    if second_line.score < _LEAST or second_line.score < alone - _COMMON:
        return None
    margin = total - (pairs[1][0] if len(pairs) > 1 else _LEAST)
    return total, {k: replace(base, margin=margin), j: replace(second_line, margin=margin)}


def _name_scores(picture: U8, table: MnemonicTable) -> dict[tuple[str, bool], float]:
    """(mnemonic, is a back-up line) -> likeness of the spelling most like the picture."""
    spelt = {}
    for service in table.services:
        plain = [*service.names, *(f"{n} ({service.unit})" for n in service.names if service.unit)]
        spelt[service.mnemonic, False] = plain
        spelt[service.mnemonic, True] = [*plain, *(f"{n} {w}" for n in service.names for w in ("back-up", "BACKUP"))]
    known = likenesses(picture, {text for texts in spelt.values() for text in texts})
    return {key: max((known[t] for t in texts if t in known), default=-1.0) for key, texts in spelt.items()}


def _ranges(service: Service, ruling: Ruling) -> list[tuple[float, float]]:
    """Ranges that a service may be printed with on such a grid, the usual first."""
    if ruling.fit < _RULED:
        return list(service.ranges)
    found = []
    for a, b in service.ranges:
        decades = float(np.log10(b / a)) if a > 0 and b > a else 0.0
        whole = decades >= 0.99 and abs(decades - round(decades)) < 0.01
        fits = round(decades) == ruling.decades if ruling.logarithmic else service.unit != "OHMM"
        if fits if whole else not ruling.logarithmic:
            found.append((a, b))
    return found


def backups(left: float, right: float) -> tuple[tuple[float, float], ...]:
    """What the second line of a scale says: it goes on where the first ends, or is some times wider."""
    wider = ((left, left + k * (right - left)) for k in BACKUP_FACTORS)
    return (right, 2 * right - left), *wider


def _printed(value: float) -> str:
    return f"{value:g}"


def _cut(ink: U8, box: Box) -> U8:
    x0, y0, x1, y1 = box
    return ink[max(0, y0 - 1) : y1 + 1, max(0, x0 - 2) : x1 + 2]

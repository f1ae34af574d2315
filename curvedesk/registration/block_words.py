"""The words of a scale block: read with and without frames and strokes, and as clumps at borders; readings vote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import cv2
import numpy as np

from curvedesk.registration.mnemonics import bundled_table
from curvedesk.registration.ocr import Word, find_words
from curvedesk.registration.page import U8, IsCancelled
from curvedesk.registration.scale_lines import number_of

_RULE_PX = 70  # a straight run so long is no letter
_USUAL = 0.1  # a vote for a number that scales often end at
_PLAIN = 0.5
_AGAIN = 0.05  # a vote of a second way of reading, which saw nearly the same picture
_NARROW_PX = 1300  # a narrow page has small letters: its blocks are read enlarged


def without_rules(picture: U8) -> U8:
    """A gray picture (h, w) without frames and strokes, which the reader takes for letters where they touch one."""
    level = cv2.morphologyEx(picture, cv2.MORPH_OPEN, np.ones((1, _RULE_PX), np.uint8))
    upright = cv2.morphologyEx(picture, cv2.MORPH_OPEN, np.ones((_RULE_PX, 1), np.uint8))
    rules = cv2.dilate(cv2.max(level, upright), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.subtract(picture, rules), np.uint8)


def words_of(picture: U8, cancelled: IsCancelled | None) -> list[Word]:
    """Words, small print enlarged first."""
    if picture.shape[1] > _NARROW_PX:
        return find_words(picture, cancelled=cancelled)
    twice = np.asarray(cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
    words = find_words(twice, cancelled=cancelled)
    return [replace(w, box=(w.box[0] / 2, w.box[1] / 2, w.box[2] / 2, w.box[3] / 2)) for w in words]


def joined(readings: Sequence[Sequence[Word]]) -> list[Word]:
    """One word for each place that several ways of reading have words for.

    Of names the surest is kept; numbers are voted on, one that scales often end at counting for more.
    """
    kept: list[Word] = []
    words = [word for some in readings for word in some]
    numbers = [w for w in words if number_of(w.text) is not None]
    for word in sorted((w for w in words if any(c.isalpha() for c in w.text)), key=lambda w: -w.sure):
        if number_of(word.text) is None and all(_overlap(word, other) < 0.4 for other in kept):
            kept.append(word)
    for place in _places(numbers):
        best = _voted(place)
        if best.sure > 0.97 or all(_overlap(best, name) < 0.4 for name in kept):
            kept.append(best)
    return kept


def _places(numbers: Sequence[Word]) -> list[list[Word]]:
    """Words that lie on each other, together."""
    places: list[list[Word]] = []
    for word in sorted(numbers, key=lambda w: -w.sure):
        near = [p for p in places if any(_overlap(word, other) > 0.4 for other in p)]
        if near:
            near[0].append(word)
        else:
            places.append([word])
    return places


def _voted(place: Sequence[Word]) -> Word:
    """The reading that most ways agree on; its certainty falls with what speaks for another."""
    votes: dict[float, float] = {}
    for word in place:
        value = number_of(word.text)
        if value is not None:
            votes[value] = max(votes.get(value, 0.0) + _AGAIN, word.sure)
    plain = [v for v, vote in votes.items() if vote > _PLAIN]
    votes = {v: vote for v, vote in votes.items() if not any(_bordered(v, other) for other in plain)}
    weighed = {value: vote + (_USUAL if value in usual_ends() else 0.0) for value, vote in votes.items()}
    best = max(weighed, key=lambda v: weighed[v])
    total = sum(votes.values())
    word = max((w for w in place if number_of(w.text) == best), key=lambda w: w.sure)
    return replace(word, sure=word.sure * (votes[best] / total) ** 0.5)


def _bordered(value: float, other: float) -> bool:
    """Whether a reading is another with a border beside it, which was taken for a 1."""
    have, bare = f"{value:g}", f"{other:g}"
    return have in {f"1{bare}", f"{bare}1"}


@cache
def usual_ends() -> frozenset[float]:
    """Numbers that the known scales end at, those of their back-ups too."""
    ranges = [r for service in bundled_table().services for r in service.ranges]
    return frozenset([v for a, b in ranges for v in (a, b, 2 * b - a)])


def _overlap(one: Word, other: Word) -> float:
    """Share of the narrower box that lies in the other."""
    w = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    h = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    area = min((b.box[2] - b.box[0]) * (b.box[3] - b.box[1]) for b in (one, other))
    return max(0.0, w) * max(0.0, h) / max(area, 1e-9)

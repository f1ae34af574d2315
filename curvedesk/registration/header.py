"""The header: words beside labels, into the mnemonics of LAS, with the place each was read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from curvedesk.registration.confidence import field_confidence
from curvedesk.registration.header_fields import api_number, datum, figures, label_of, letters_of, plausible, spelt
from curvedesk.registration.ocr import Word, find_words
from curvedesk.registration.page import U8, IsCancelled, Page, check_cancelled

_MOST_ROWS = 3000
_TITLE = ("COMP", "WELL", "FLD", "CNTY", "STAT")
_ENOUGH = 4  # fields of the title read upright: no other way is tried
_TITLE_PART = 1.1  # of the page's width: a title block that lies on its side is not longer
_AGREED = 0.9
_API = 0.9  # a number of that form is hardly anything else
_NEAR, _FAR = 4.0, 0.75  # letters: what stands further off is less likely the label's
_WORD_GAP = 2.5  # letters: words of one value stand nearer


@dataclass(frozen=True, slots=True, eq=False)
class Header:
    """Fields with confidence and place (scan pixels), and all that was read, for units and scales."""

    well: dict[str, str]
    sure: dict[str, float]
    places: dict[str, list[float]]
    texts: tuple[str, ...]


def read_header(page: Page, rows: tuple[int, int], cancelled: IsCancelled | None = None) -> Header:
    """The header in rows y0 to y1 of the page; where its title block lies on its side, that turned upright."""
    y0, y1 = rows[0], min(rows[1], rows[0] + _MOST_ROWS)
    if y1 - y0 < 40:
        return Header({}, {}, {}, ())
    words = []
    for top in range(y0, y1, 1000):
        check_cancelled(cancelled)
        part = page.ink[top : min(y1, top + 1040)]
        words += [_moved(w, top) for w in find_words(part, cancelled=cancelled) if top + w.box[1] < top + 1000]
    upright = _fields(words, page)
    if sum(key in upright.well for key in _TITLE) > _ENOUGH:
        return upright
    return _merged(upright, _turned_header(page, y0, min(y1, y0 + round(_TITLE_PART * page.width)), cancelled))


def _turned_header(page: Page, y0: int, y1: int, cancelled: IsCancelled | None) -> Header:
    """Of a title block whose lines run down the page: read as turned a quarter against the clock."""
    picture: U8 = np.ascontiguousarray(np.rot90(page.ink[y0:y1]))
    found = []
    for top in range(0, len(picture), 1000):
        check_cancelled(cancelled)
        part = picture[top : top + 1040]
        found += [_moved(w, top) for w in find_words(part, cancelled=cancelled) if w.box[1] < 1000]
    read = _fields(found, Page(picture, 1.0))
    places = {}
    for key, (first, upper, last, lower) in read.places.items():
        box = page.width - 1 - lower, y0 + first, page.width - 1 - upper, y0 + last
        places[key] = page.box_to_scan(box)
    return Header(read.well, read.sure, places, read.texts)


def _merged(one: Header, other: Header) -> Header:
    """Of two readings the surer of each field; what both read alike is surer still."""
    well, sure, places = dict(one.well), dict(one.sure), dict(one.places)
    for key, value in other.well.items():
        if key in well and well[key].upper() == value.upper():
            sure[key] = max(sure[key], other.sure[key], _AGREED)
        elif other.sure[key] > sure.get(key, 0.0):
            well[key], sure[key], places[key] = value, other.sure[key], other.places[key]
    return Header(well, sure, places, (*one.texts, *other.texts))


def _moved(word: Word, down: int) -> Word:
    x0, y0, x1, y1 = word.box
    return Word((x0, y0 + down, x1, y1 + down), word.text, word.sure)


def _fields(words: Sequence[Word], page: Page) -> Header:
    well: dict[str, str] = {}
    sure: dict[str, float] = {}
    places: dict[str, list[float]] = {}
    for word in words:
        found = _field(word, words)
        if found is None:
            continue
        key, value, certainty, box = found
        key, value = datum(key, value)
        value = figures(key, value)
        if not plausible(key, value):
            continue
        value, like = spelt(key, value)
        certainty *= like
        if certainty > sure.get(key, 0.0):
            well[key], sure[key], places[key] = value, certainty, page.box_to_scan(box)
    for word in words:
        number = api_number(word.text)
        if number is not None and sure.get("API", 0.0) < _API * word.sure:
            well["API"], sure["API"], places["API"] = number, round(_API * word.sure, 3), page.box_to_scan(word.box)
    return Header(well, sure, places, tuple(w.text for w in words))


def _field(word: Word, words: Sequence[Word]) -> tuple[str, str, float, tuple[float, float, float, float]] | None:
    """A label and its value: behind it on the line, or the next words to its right."""
    label = label_of(word.text)
    if label is None:
        return None
    key, likeness, rest = label
    if rest:
        return key, rest, field_confidence(likeness, word.sure, letters=letters_of(rest), beside=False), word.box
    right = [w for w in words if _beside(word, w) and not _is_label(w, key)]
    if not right:
        return None
    value = _run_on(min(right, key=lambda w: w.box[0]), right)
    text = value.text.strip(" .:_-")
    if len(text) < 2 and not text.isdigit():
        return None
    gap = (value.box[0] - word.box[2]) / max(word.height_px, 1.0)
    near = 1.0 if gap < _NEAR else _FAR
    sure = field_confidence(near * likeness, value.sure, letters=letters_of(text), beside=True)
    return key, text, sure, value.box


def _is_label(word: Word, key: str) -> bool:
    """Whether a word beside a label is one itself; wells are called STATE B and FIELD 3 too."""
    found = label_of(word.text)
    if found is None:
        return False
    return not (key == "WELL" and found[2] and ":" not in word.text)


def _run_on(first: Word, words: Sequence[Word]) -> Word:
    """A value with the words that follow it closely on its line."""
    text, sure, (x0, y0, x1, y1) = first.text, first.sure, first.box
    for word in sorted(words, key=lambda w: w.box[0]):
        if 0 <= word.box[0] - x1 + 6 < _WORD_GAP * first.height_px * 0.5 and word is not first:
            text, sure, x1 = f"{text} {word.text}", min(sure, word.sure), word.box[2]
    return Word((x0, y0, x1, y1), text, sure)


def _beside(label: Word, other: Word) -> bool:
    letter = label.height_px
    near = abs(other.y_px - label.y_px) < 0.7 * letter + 4
    return near and 0 < other.box[0] - label.box[2] + 0.3 * letter < 14 * letter

"""A scale block's words, track by track: numbers at the borders, names between them, the stroke they belong to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from curvedesk.registration.ocr import Word
from curvedesk.registration.strokes import Sample

_NUMBER = re.compile(r"^[+\-–—~.]?\s*\d{0,7}[.,]?\d*\.?$")
_RULED = 5  # so many numbers on a line prove each other
_INNER = 0.3  # of the track: a border's number stands nearer to it than this
_IMAGINED = 0.6  # two specks read as numbers, with no name and no stroke, are surer than this only where they are some
_LEAST_TICKED = 30.0
_OVER = 0.04  # of the track: a number may stand so far outside it
_WORD = re.compile(r"[A-Za-z]{2}")
_UNIT_ALONE = re.compile(r"^\W*UNITS?\b\W*", re.IGNORECASE)  # "Unit = ft/hr" between the numbers, the name above them
_BACK_UP = re.compile(r"BACK|B/U\b|X\s*10\b|\bUP$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ScaleLine:
    """One line of a block: values at the borders, what is printed with it, its sample stroke, and its box."""

    y_px: float
    left: float
    right: float
    text: str
    sample: Sample | None
    backup: bool
    box: tuple[float, float, float, float]
    sure: float
    middle: tuple[tuple[float, float], ...] = ()  # (fraction, value) of numbers between the borders
    guessed: bool = False  # told by its looks, not read


def number_of(text: str) -> float | None:
    """A printed number, None where it is none; 1,000 and 0.2 and 2000. are, as is the O or Q that stands for 0."""
    bare = text.strip().replace(" ", "").replace("–", "-").replace("—", "-")
    bare = re.sub(r"(?<=[\dQO]{2})[LI|]$", "", bare)  # a tick beside the last digit
    if re.fullmatch(r"[-+\dOoQD.,~]+", bare):
        bare = re.sub(r"[OoQD]", "0", bare)
    bare = re.sub(r"^[~.](?=\d*\.\d)", "-", bare)
    if not bare or not _NUMBER.match(bare) or not any(c.isdigit() for c in bare):
        return None
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+\.?", bare):
        bare = bare.replace(",", "")
    bare = bare.replace(",", ".").rstrip(".")
    try:
        return float(bare)
    except ValueError:
        return None


def scale_lines(
    words: Sequence[Word],
    samples: Sequence[Sample],
    left_px: float,
    right_px: float,
    *,
    divisions: int = 10,
    free_px: tuple[float, float] = (-np.inf, np.inf),
) -> list[ScaleLine]:
    """Scale lines of one track of so many divisions, top to bottom. All is on the straightened picture.

    `free_px`: where the tracks beside it end and begin; words there are theirs.
    """
    width = right_px - left_px
    low, high = max(left_px - _OVER * width, free_px[0]), min(right_px + _OVER * width, free_px[1])
    inside = [w for w in words if low <= w.x_px <= high]
    inside = [part for w in inside for part in _split(w)]
    rows = _rows(inside)
    found = [line for row in rows if (line := _line(row, left_px, width, divisions)) is not None]
    texts = [w for row in rows for w in row if number_of(w.text) is None]
    whole = with_samples([_named(line, k, found, texts) for k, line in enumerate(found)], samples)
    return [line for line in whole if line.text or line.sample is not None or line.sure > _IMAGINED]


def _split(word: Word) -> list[Word]:
    """A line of text that runs over several numbers, or over those at its ends (`0 GAMMA RAY 150`), in parts."""
    tokens = word.text.split()
    if len(tokens) < 2 or word.box[2] - word.box[0] < 3 * word.height_px:
        return [word]
    values = [number_of(t) is not None for t in tokens]
    if all(values) or sum(values) >= max(_RULED - 1, 0.7 * len(tokens)):
        parts = tokens
    elif values[0] and values[-1] and len(tokens) > 2 and word.box[2] - word.box[0] >= 6 * word.height_px:
        parts = [tokens[0], " ".join(tokens[1:-1]), tokens[-1]]
    else:
        return [word]
    x0, y0, x1, y1 = word.box
    letter, found, start = (x1 - x0) / len(word.text), [], 0
    for part in parts:
        start = word.text.index(part, start)
        found.append(Word((x0 + letter * start, y0, x0 + letter * (start + len(part)), y1), part, word.sure))
        start += len(part)
    return found


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words of about one height on the page, left to right."""
    if not words:
        return []
    letter = float(np.median([w.height_px for w in words]))
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.y_px):
        if rows and word.y_px - float(np.mean([w.y_px for w in rows[-1]])) < 0.5 * letter:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.x_px) for row in rows]


def _line(row: Sequence[Word], left_px: float, width: float, divisions: int) -> ScaleLine | None:
    numbers = [(w, value) for w in row if (value := number_of(w.text)) is not None]
    if len(numbers) < 2:
        return None
    (first, left), (last, right) = numbers[0], numbers[-1]
    right = _without_tick(right)
    sure = min(first.sure, last.sure)
    if (first.x_px - left_px) / width > _INNER or left == right:
        return None
    if (last.x_px - left_px) / width < 1 - _INNER:
        share = _division((last.box[2] - left_px) / width, divisions)
        if share is None or len(numbers) > 2:
            return None
        right, sure = round(left + (right - left) / share, 6), 0.7 * sure
    if len(numbers) >= _RULED:
        left, right, sure = _by_the_rest(numbers, left_px, width, sure)
    text = " ".join(w.text for w in row if number_of(w.text) is None)
    x0, y0, x1, y1 = zip(*(w.box for w in row), strict=True)
    middle = tuple(((w.x_px - left_px) / width, value) for w, value in numbers[1:-1])
    y = (first.y_px + last.y_px) / 2
    box = min(x0), min(y0), max(x1), max(y1)
    return ScaleLine(y, left, right, text, None, bool(_BACK_UP.search(text)), box, sure, middle)


def _without_tick(value: float) -> float:
    """A right end without the tick or border that was read as its last 1: no scale ends at 2701 or 41."""
    return value // 10 if value > _LEAST_TICKED and value % 10 == 1 else value


def _by_the_rest(
    numbers: Sequence[tuple[Word, float]], left_px: float, width: float, sure: float
) -> tuple[float, float, float]:
    """End values as all numbers of an evenly numbered line say, where the outer ones were misread."""
    at = np.array([(w.x_px - left_px) / width for w, _ in numbers])
    value = np.array([v for _, v in numbers])
    rates = [
        (value[j] - value[i]) / (at[j] - at[i]) for i in range(len(at)) for j in range(i + 1, len(at)) if at[j] > at[i]
    ]
    rate = float(np.median(rates)) if rates else 0.0
    start = float(np.median(value - rate * at))
    even = float((np.abs(value - start - rate * at) < 0.06 * abs(rate)).mean())
    step = _round_step(abs(rate) / 10)
    if rate == 0 or even < 0.6:
        return numbers[0][1], numbers[-1][1], sure
    ends = [round(v / step) * step for v in (start, start + rate)]
    read = numbers[0][1], numbers[-1][1]
    kept = [r if abs(r - e) < step else float(f"{e:.4g}") for r, e in zip(read, ends, strict=True)]
    return kept[0], kept[1], sure if kept == list(read) else 0.7 * sure


def _round_step(value: float) -> float:
    """1, 2, 2.5 or 5 times a power of ten, the nearest."""
    ten = 10.0 ** np.floor(np.log10(max(value, 1e-9)))
    return float(min((k * ten for k in (1, 2, 2.5, 5, 10)), key=lambda s: abs(np.log(s / max(value, 1e-9)))))


def _division(share: float, divisions: int) -> float | None:
    """The part of a track at which a number ends that stands before a tick inside it, None where no line is near."""
    near = round(share * divisions) / divisions if divisions else 0.0
    return near if 0.45 <= near <= 0.8 and abs(near - share) < 0.25 / divisions else None


def _named(line: ScaleLine, k: int, lines: Sequence[ScaleLine], texts: Sequence[Word]) -> ScaleLine:
    """With its name: on its own row, else what stands between it and the line above it, before its unit if there."""
    unit = _UNIT_ALONE.sub("", line.text) if _UNIT_ALONE.match(line.text) else ""
    if _WORD.search(line.text) and not unit:
        return line
    above = lines[k - 1].y_px if k else -np.inf
    letter = line.box[3] - line.box[1]
    near = [w for w in texts if above + 0.3 * letter < w.y_px < line.y_px and line.y_px - w.y_px < 6 * letter]
    near = [w for w in near if not unit or w.text not in line.text]
    text = " ".join(w.text for w in sorted(near, key=lambda w: (round(w.y_px / max(letter, 1)), w.x_px)))
    if unit:
        text = f"{text} ({unit})" if text else line.text
    return _changed(line, text=text, backup=bool(_BACK_UP.search(text)))


def _changed(line: ScaleLine, *, text: str, backup: bool) -> ScaleLine:
    return ScaleLine(line.y_px, line.left, line.right, text, line.sample, backup, line.box, line.sure, line.middle)


def with_samples(lines: Sequence[ScaleLine], samples: Sequence[Sample]) -> list[ScaleLine]:
    """Each line with its stroke: all of a block have theirs on the same side, below or above their numbers."""
    if not lines or not samples:
        return list(lines)
    below = [_nearest(line, samples, below=True) for line in lines]
    above = [_nearest(line, samples, below=False) for line in lines]
    side = below if sum(s is not None for s in below) >= sum(s is not None for s in above) else above
    return [
        ScaleLine(line.y_px, line.left, line.right, line.text, s, line.backup, line.box, line.sure, line.middle)
        for line, s in zip(lines, side, strict=True)
    ]


def _nearest(line: ScaleLine, samples: Sequence[Sample], *, below: bool) -> Sample | None:
    reach = 2.3 * (line.box[3] - line.box[1])
    off = [(s.y_px - line.y_px) * (1 if below else -1) for s in samples]
    near = [(o, s) for o, s in zip(off, samples, strict=True) if 0 < o < reach]
    return min(near, key=lambda pair: pair[0])[1] if near else None

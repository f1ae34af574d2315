"""Scale blocks above and below a pass, read into the curves of its tracks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from curvedesk.registration.atlas import Atlas
from curvedesk.registration.block_numbers import end_numbers
from curvedesk.registration.levels import tilt_of
from curvedesk.registration.ocr import Word, find_words
from curvedesk.registration.page import U8, IsCancelled, Page, check_cancelled
from curvedesk.registration.passes import LogPass
from curvedesk.registration.scale_lines import ScaleLine, number_of, scale_lines
from curvedesk.registration.strokes import find_samples, straightened
from curvedesk.registration.tracks import Strip

_TALLEST_PX = 640
_NARROW_PX = 1300  # a narrow page has small letters: its blocks are read enlarged


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A block's rows on the page, its tilt about `x_px`, its words in page pixels, and each strip's scale lines."""

    y0: int
    y1: int
    words: tuple[Word, ...]
    lines: tuple[tuple[ScaleLine, ...], ...]

    @property
    def found(self) -> int:
        """How many scale lines it holds."""
        return sum(len(lines) for lines in self.lines)


def read_blocks(page: Page, atlas: Atlas, log: LogPass, cancelled: IsCancelled | None = None) -> Block | None:
    """The block with the most scale lines of those above and below a pass and its stretch."""
    height = page.height
    top, bottom = int(log.top_px), int(log.bottom_px)
    outer_top, outer_bottom = log.levels.y0, log.levels.y0 + len(log.levels.rows)
    places = [(top - _TALLEST_PX, top + 6), (bottom - 6, bottom + _TALLEST_PX)]
    if top - outer_top > 400:
        places.insert(1, (outer_top - _TALLEST_PX, outer_top + 6))
    if outer_bottom - bottom > 400:
        places.append((outer_bottom - 6, outer_bottom + _TALLEST_PX))
    best: Block | None = None
    wanted = 0.8 * len(log.layout.strips)
    for y0, y1 in places:
        check_cancelled(cancelled)
        if min(y1, height) - max(0, y0) < 60:
            continue
        block = _read_block(page, atlas, log, max(0, y0), min(y1, height))
        if best is None or block.found > best.found:
            best = block
        if sum(bool(lines) for lines in best.lines) >= wanted and best.found >= 2:
            break
    return best


def _read_block(page: Page, atlas: Atlas, log: LogPass, y0: int, y1: int) -> Block:
    near = log.levels.slope[0 if y0 < log.top_px else -1]
    slope = tilt_of(atlas.rows[y0:y1], usual=float(near))
    picture = straightened(page.ink[y0:y1], x_px=log.levels.x_px, slope=slope)
    edge = log.top_px if y0 < log.top_px else log.bottom_px
    shift = float(log.shift_at(np.array([edge]))[0])
    names = _words(picture)
    lines = []
    for strip in log.layout.strips:
        left, right = strip.left_px + shift, strip.right_px + shift
        words = _joined(names, end_numbers(picture, left, right))
        lines.append(
            tuple(
                scale_lines(
                    words,
                    find_samples(picture, left, right),
                    left,
                    right,
                    divisions=strip.ruling.divisions,
                )
            )
        )
    on_page = tuple(tuple(_on_page(line, y0, log.levels.x_px, slope) for line in some) for some in lines)
    return Block(y0, y1, tuple(names), on_page)


def _words(picture: U8) -> list[Word]:
    """Words, small print enlarged first."""
    import cv2

    if picture.shape[1] > _NARROW_PX:
        return find_words(picture)
    twice = np.asarray(cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
    return [replace(w, box=(w.box[0] / 2, w.box[1] / 2, w.box[2] / 2, w.box[3] / 2)) for w in find_words(twice)]


def _joined(names: Sequence[Word], numbers: Sequence[Word]) -> list[Word]:
    """Words of the finder and clumps, one where both saw the same number: the surer reading of it."""
    kept = list(numbers)
    for word in names:
        over = [n for n in kept if _overlap(word, n) > 0.4]
        value = number_of(word.text)
        if value is None and any(c.isalpha() for c in word.text):
            kept = [n for n in kept if n not in over or (n.sure > 0.97 and _overlap(n, word) < 0.3)]
            kept.append(word)
        elif value is not None and (not over or word.sure >= max(n.sure for n in over)):
            kept = [n for n in kept if n not in over]
            kept.append(word)
    return kept


def _overlap(one: Word, other: Word) -> float:
    """Share of the narrower box that lies in the other."""
    w = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    h = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    area = min((b.box[2] - b.box[0]) * (b.box[3] - b.box[1]) for b in (one, other))
    return max(0.0, w) * max(0.0, h) / max(area, 1e-9)


def _on_page(line: ScaleLine, y0: int, x_px: float, slope: float) -> ScaleLine:
    """With its box where it stands on the tilted page."""
    a, top, b, bottom = line.box
    lift = [slope * (x - x_px) for x in (a, b)]
    return replace(line, box=(a, y0 + top + min(lift), b, y0 + bottom + max(lift)))


def divided(atlas: Atlas, log: LogPass, strip: Strip) -> float | None:
    """Where a strip is two tracks beside each other: the line that a block's frame draws down its middle, or None."""
    middle = (strip.left_px + strip.right_px) / 2
    others = [s.width_px for s in log.layout.strips if s is not strip]
    if strip.ruling.logarithmic or not others or not 1.7 < strip.width_px / min(others) < 2.4:
        return None
    return middle if _framed(atlas, log, strip, middle) else None


def _framed(atlas: Atlas, log: LogPass, strip: Strip, middle: float) -> bool:
    """Whether above the stretch a tall line stands at the middle as at the strip's borders."""
    from curvedesk.registration.atlas import BAND_PX

    first = log.stretch.first
    bands = atlas.columns[max(0, first - _TALLEST_PX // BAND_PX) : max(1, first)]
    if len(bands) < 2:
        return False
    shift = float(log.stretch.shift_px[0])

    def height(x: float) -> float:
        k = round(x + shift)
        low, high = max(0, k - 14), min(bands.shape[1], k + 15)
        return float((bands[:, low:high].max(axis=1, initial=0.0) > 0.55).sum()) if high > low else 0.0

    return height(middle) >= max(2.0, 0.5 * height(strip.left_px))

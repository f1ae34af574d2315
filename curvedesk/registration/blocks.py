"""Scale blocks above and below a pass, read into the curves of its tracks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from curvedesk.domain.track import Style
from curvedesk.registration.atlas import BAND_PX, Atlas
from curvedesk.registration.block_mending import mended
from curvedesk.registration.block_numbers import end_numbers
from curvedesk.registration.block_words import joined, without_rules, words_of
from curvedesk.registration.levels import tilt_of
from curvedesk.registration.mnemonics import mnemonic_table
from curvedesk.registration.ocr import Word
from curvedesk.registration.page import U8, IsCancelled, Page, check_cancelled
from curvedesk.registration.passes import LogPass
from curvedesk.registration.scale_lines import ScaleLine, scale_lines
from curvedesk.registration.strokes import Sample, find_samples, straightened
from curvedesk.registration.tracks import Strip

_TALLEST_PX, _TALLEST_FRAME_PX = 640, 1280
_RIM_PX = 8  # a block may reach so far into the log
_LOG_PX, _EDGE_PX = 6, 5  # rows of the log that a place holds; a stroke so near to its first row is its frame
_ASIDE_PX, _DRAWN = 14, 0.5  # a frame's border may stand so far off the track's; share of rows that it inks
_PLAIN = 0.4  # worth of a line that was read and not imagined
_WORD = re.compile(r"[A-Za-z]{2}")


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

    @property
    def worth(self) -> float:
        """How much it says: lines that were plainly read, those with a known name most."""
        return sum(_worth(line) for lines in self.lines for line in lines)

    @property
    def whole(self) -> bool:
        """Whether (nearly) every track has a line that was plainly read and has a known name."""
        plain = [any(_worth(line) > _PLAIN for line in lines) for lines in self.lines]
        return self.found >= 2 and sum(plain) >= 0.8 * len(plain)


def _worth(line: ScaleLine) -> float:
    named = mnemonic_table().match(line.text) is not None
    return line.sure**2 * (1.0 if named else 0.5 if _WORD.search(line.text) or line.sample is not None else 0.2)


def read_blocks(page: Page, atlas: Atlas, log: LogPass, cancelled: IsCancelled | None = None) -> Block | None:
    """The block that says most of those above and below a pass and its stretch; further where its frame goes on."""
    best: Block | None = None
    for y0, y1 in _places(page, atlas, log):
        check_cancelled(cancelled)
        if y1 - y0 < 60:
            continue
        block = _read_block(page, atlas, log, (y0, y1), cancelled)
        if best is None or block.worth > best.worth:
            best = block
        if best.whole:
            break
    return None if best is None else _mended_block(page, atlas, log, best, cancelled)


def _places(page: Page, atlas: Atlas, log: LogPass) -> list[tuple[int, int]]:
    """Rows y0 to y1 where a block may be, the likeliest first."""
    top, bottom = int(log.top_px), int(log.bottom_px)
    outer_top, outer_bottom = log.levels.y0, log.levels.y0 + len(log.levels.rows)
    ups = [top, *([outer_top] if top - outer_top > 400 else [])]
    downs = [bottom, *([outer_bottom] if outer_bottom - bottom > 400 else [])]
    places = [(row - _TALLEST_PX, row + _LOG_PX) for row in ups]
    places += [(row - _LOG_PX, row + _TALLEST_PX) for row in downs]
    for row in ups:
        tall = _framed_px(atlas, log, row, above=True)
        places += [(row - tall, row + _LOG_PX)] * (tall > _TALLEST_PX)
    for row in downs:
        tall = _framed_px(atlas, log, row, above=False)
        places += [(row - _LOG_PX, row + tall)] * (tall > _TALLEST_PX)
    return [(max(0, y0), min(y1, page.height)) for y0, y1 in (free_rows(place, log) for place in places)]


def free_rows(place: tuple[int, int], log: LogPass) -> tuple[int, int]:
    """A place without the rows of other parts of the print: those hold curves, no block."""
    y0, y1 = place
    parts = [rows for _, rows in log.beside if rows[0] < y1 - _RIM_PX and rows[1] > y0 + _RIM_PX]
    if y1 <= log.top_px + _RIM_PX:
        return max([y0, *(int(bottom) for _, bottom in parts)]), y1
    return y0, min([y1, *(int(top) for top, _ in parts)])


def _framed_px(atlas: Atlas, log: LogPass, row: int, *, above: bool) -> int:
    """Rows that the block above or below a row has: as many as the borders of its frame go on, within what blocks
    have."""
    band = row // BAND_PX
    shift = float(log.stretch.shift_px[0 if above else -1])
    edges = [round(x + shift) for s in log.layout.strips for x in (s.left_px, s.right_px)]
    last = 0
    for k in range(1, _TALLEST_FRAME_PX // BAND_PX):
        at = band - k if above else band + k
        if not 0 <= at < len(atlas.columns):
            break
        line = atlas.columns[at]
        drawn = [float(line[max(0, x - _ASIDE_PX) : x + _ASIDE_PX + 1].max(initial=0.0)) > _DRAWN for x in edges]
        if sum(drawn) >= max(2, len(edges) // 2):
            last = k
        elif k - last > 3:
            break
    return max(_TALLEST_PX, (last + 1) * BAND_PX)


def _read_block(page: Page, atlas: Atlas, log: LogPass, rows: tuple[int, int], cancelled: IsCancelled | None) -> Block:
    sight = _sight(page, atlas, log, rows)
    bare = without_rules(sight.picture)
    ways = [words_of(bare, cancelled), words_of(sight.picture, cancelled)]
    lines = []
    borders = sight.borders
    for k, (strip, (left, right)) in enumerate(zip(log.layout.strips, borders, strict=True)):
        before = borders[k - 1][1] if k else -np.inf
        after = borders[k + 1][0] if k + 1 < len(borders) else np.inf
        ends = [end_numbers(picture, left, right, cancelled) for picture in (bare, sight.picture)]
        words = joined([*ways, *ends])
        found = scale_lines(
            words,
            sight.samples(left, right),
            left,
            right,
            divisions=strip.ruling.divisions,
            free_px=(before, after),
        )
        lines.append(tuple(sight.on_page(line) for line in found))
    return Block(rows[0], rows[1], tuple(joined(ways)), tuple(lines))


def _mended_block(page: Page, atlas: Atlas, log: LogPass, block: Block, cancelled: IsCancelled | None) -> Block:
    """With lines that are told by their looks."""
    sight = _sight(page, atlas, log, (block.y0, block.y1))
    lines = [
        mended(
            [sight.off_page(line) for line in some],
            sight.picture,
            borders,
            samples=sight.samples(*borders),
            ruling=strip.ruling,
            table=mnemonic_table(),
            cancelled=cancelled,
        )
        for strip, borders, some in zip(log.layout.strips, sight.borders, block.lines, strict=True)
    ]
    return replace(block, lines=tuple(tuple(sight.on_page(line) for line in some) for some in lines))


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A block made level: its picture, each strip's borders on it, the row at which the log begins, and the way back to
    the page."""

    picture: U8
    borders: tuple[tuple[float, float], ...]
    y0: int
    x_px: float
    slope: float
    log_row: int

    def samples(self, left_px: float, right_px: float) -> list[Sample]:
        """Strokes between two borders, without the line that the log begins with."""
        found = find_samples(self.picture, left_px, right_px)
        return [s for s in found if s.style is not Style.SOLID or abs(s.y_px - self.log_row) > _EDGE_PX]

    def on_page(self, line: ScaleLine) -> ScaleLine:
        """With its box where it stands on the tilted page."""
        return replace(line, box=self._tilted(line.box, 1))

    def off_page(self, line: ScaleLine) -> ScaleLine:
        """With its box where it stands on the level picture."""
        return replace(line, box=self._tilted(line.box, -1))

    def _tilted(self, box: tuple[float, float, float, float], way: int) -> tuple[float, float, float, float]:
        a, top, b, bottom = box
        lift = [self.slope * (x - self.x_px) for x in (a, b)]
        return a, top + way * (self.y0 + min(lift)), b, bottom + way * (self.y0 + max(lift))


def _sight(page: Page, atlas: Atlas, log: LogPass, rows: tuple[int, int]) -> Sight:
    y0, y1 = rows
    above = y0 < log.top_px
    slope = tilt_of(atlas.rows[y0:y1], usual=float(log.levels.slope[0 if above else -1]))
    picture = straightened(page.ink[y0:y1], x_px=log.levels.x_px, slope=slope)
    shift = float(log.shift_at(np.array([float(y1 if above else y0)]))[0])
    borders = tuple((s.left_px + shift, s.right_px + shift) for s in log.layout.strips)
    return Sight(picture, borders, y0, log.levels.x_px, slope, y1 - y0 - _LOG_PX if above else _LOG_PX)


def divided(atlas: Atlas, log: LogPass, strip: Strip) -> float | None:
    """Where a strip is two tracks beside each other: the line that a block's frame draws down its middle, or None."""
    middle = (strip.left_px + strip.right_px) / 2
    others = [s.width_px for s in log.layout.strips if s is not strip]
    if strip.ruling.logarithmic or not others or not 1.7 < strip.width_px / min(others) < 2.4:
        return None
    return middle if _framed(atlas, log, strip, middle) else None


def _framed(atlas: Atlas, log: LogPass, strip: Strip, middle: float) -> bool:
    """Whether above the stretch a tall line stands at the middle as at the strip's borders."""
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

"""Scale lines that were not read, or not believably, told by their looks where those are plain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from curvedesk.registration.faint import ClumpRow, Guess, backups, clump_rows, guess_lines, read_score
from curvedesk.registration.mnemonics import MnemonicTable
from curvedesk.registration.page import U8, IsCancelled
from curvedesk.registration.rulings import Ruling
from curvedesk.registration.scale_lines import ScaleLine, with_samples
from curvedesk.registration.strokes import Sample

_KNOWN_NAME = 0.9
_LEAST = 0.84
_BETTER = 0.05  # a reading that looks so much less like the paper than a usual line does is wrong


def mended(
    lines: Sequence[ScaleLine],
    picture: U8,
    borders: tuple[float, float],
    *,
    samples: Sequence[Sample],
    ruling: Ruling,
    table: MnemonicTable,
    cancelled: IsCancelled | None = None,
) -> list[ScaleLine]:
    """The lines of a track on a straightened block; those that are no usual line as read, and rows that gave none, as
    the usual lines that they look like."""
    rows = clump_rows(picture, *borders)
    near = [_at(row, lines) for row in rows]
    if all(line is not None and _usual(line, table) for line in near):
        return list(lines)
    strokes = [_stroke(row, samples) for row in rows]
    guesses = guess_lines(picture, rows, table, ruling, strokes, cancelled=cancelled)
    kept = list(lines)
    for row, line, guess in zip(rows, near, guesses, strict=True):
        if guess is None or guess.score < _LEAST or (line is not None and _usual(line, table)):
            continue
        if line is not None:
            if guess.score - read_score(picture, row, line.text, line.left, line.right) < _BETTER:
                continue
            kept.remove(line)
        kept.append(_told(row, guess, line))
    return with_samples(sorted(kept, key=lambda line: line.y_px), samples)


def _at(row: ClumpRow, lines: Sequence[ScaleLine]) -> ScaleLine | None:
    return next((line for line in lines if abs(line.y_px - row.y_px) < 0.7 * row.height_px), None)


def _usual(line: ScaleLine, table: MnemonicTable) -> bool:
    """Whether a line as read needs no second look: a known name and a usual range of it, or a back-up of one."""
    match = table.match(line.text)
    if match is None or match.sure < _KNOWN_NAME:
        return False
    ranges = match.service.ranges
    return any((line.left, line.right) in {(a, b), *backups(a, b)} for a, b in ranges) or not ranges


def _stroke(row: ClumpRow, samples: Sequence[Sample]) -> str:
    below = [s for s in samples if 0 < s.y_px - row.y_px < 2.3 * row.height_px]
    return below[0].style.value if below else ""


def _told(row: ClumpRow, guess: Guess, line: ScaleLine | None) -> ScaleLine:
    sure = float(np.clip(0.35 + 8 * guess.margin, 0.35, 0.8))
    if line is not None:
        return replace(
            line, left=guess.left, right=guess.right, text=guess.text, backup=guess.backup, sure=sure, guessed=True
        )
    return ScaleLine(row.y_px, guess.left, guess.right, guess.text, None, guess.backup, row.box, sure, guessed=True)

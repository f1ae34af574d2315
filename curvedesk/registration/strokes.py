"""Sample strokes in a scale block: level lines as long as the track is wide, and how their pen draws."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.track import Style
from curvedesk.registration.page import F64, U8

_INK = 90
_SOLID = 0.93
_LEAST = 0.22
_DOT = 1.62  # a dot is hardly longer than the pen is wide
_WIDEST_GAP = 0.1  # of the track: words have wider ones between them
_THICKEST_PX = 9
_HOLE_PX = 2  # in a dash of a worn print
_FEWEST_DOTS, _WIDEST_LOSS = 10, 0.2  # of a faint dotted stroke; share of the track that may have lost its dots


@dataclass(frozen=True, slots=True)
class Sample:
    """A stroke across a track: its row on the straightened picture, style, and how plainly it is that style."""

    y_px: float
    style: Style
    sure: float


def straightened(ink: U8, *, x_px: float, slope: float) -> U8:
    """A picture whose level lines lie level: columns moved by `slope` times their distance from `x_px`."""
    height, width = ink.shape
    matrix = np.array([[1.0, 0.0, 0.0], [slope, 1.0, -slope * x_px]])
    return np.asarray(cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP))


def find_samples(ink: U8, left_px: float, right_px: float) -> list[Sample]:
    """Strokes between two borders of a straightened picture, top to bottom."""
    margin = 0.03 * (right_px - left_px)
    x0, x1 = int(max(0, left_px + margin)), int(min(ink.shape[1], right_px - margin))
    if x1 - x0 < 40:
        return []
    part = (ink[:, x0:x1] > _INK).astype(np.uint8)
    share = cv2.dilate(part, np.ones((3, 1), np.uint8)).mean(axis=1)
    found = []
    for top, bottom in _bands(share >= _LEAST):
        if bottom - top <= _THICKEST_PX + 2:
            sample = _sample(part, top, bottom)
            if sample is not None:
                found.append(sample)
    return sorted([*found, *_faint_dots(part, share, found)], key=lambda s: s.y_px)


def _faint_dots(part: U8, share: F64, known: list[Sample]) -> list[Sample]:
    """Dotted strokes of which a faint copy kept some dots: specks in a row, evenly spread, nothing above or below."""
    found = []
    for top, bottom in _bands(share > 0):
        if bottom - top > 6 or any(abs(s.y_px - (top + bottom) / 2) < 6 for s in known):
            continue
        rows = part[top:bottom]
        runs, gaps = _lengths(rows.max(axis=0))
        spread = float(gaps.max(initial=0.0)) <= _WIDEST_LOSS * rows.shape[1]
        if len(runs) >= _FEWEST_DOTS and float(np.percentile(runs, 90)) <= 4 and spread:
            weight = rows.sum(axis=1).astype(np.float64)
            found.append(Sample(top + float(weight @ np.arange(len(weight)) / weight.sum()), Style.DOTTED, 0.4))
    return found


def _bands(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _sample(part: U8, top: int, bottom: int) -> Sample | None:
    """The style of the ink in a few rows, None where it does not reach across or is as irregular as text."""
    rows = part[top:bottom]
    weight = rows.sum(axis=1).astype(np.float64)
    row = rows.max(axis=0)
    covered = np.flatnonzero(row)
    if len(covered) < 8 or covered[0] > 0.2 * len(row) or covered[-1] < 0.8 * len(row):
        return None
    share = float(row.mean())
    y = top + float(weight @ np.arange(len(weight)) / max(weight.sum(), 1))
    if share > _SOLID:
        return Sample(y, Style.SOLID, min(1.0, (share - _SOLID) / 0.05 + 0.5))
    runs, gaps = _lengths(_mended(row))
    widest = float(gaps.max(initial=0.0)) / len(row)
    if len(runs) < 5 or float(np.std(runs)) > 0.9 * float(np.mean(runs)) or widest > _WIDEST_GAP:
        return Sample(y, Style.SOLID, 0.4) if share > 0.8 and widest < 0.15 else None
    shape = float(np.median(runs)) / (bottom - top)
    return Sample(y, Style.DOTTED if shape < _DOT else Style.DASHED, float(np.clip(abs(shape - _DOT) / 0.5, 0.3, 1.0)))


def _mended(row: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """With the small holes in its dashes filled, where dashes stand plainly further apart than that."""
    _, gaps = _lengths(row)
    wide = gaps[gaps > _HOLE_PX]
    if len(wide) < 4 or float(np.median(wide)) < 2 * _HOLE_PX or len(wide) == len(gaps):
        return row
    kernel = np.ones((1, _HOLE_PX + 1), np.uint8)
    return np.asarray(cv2.morphologyEx(row[None, :], cv2.MORPH_CLOSE, kernel)[0], np.uint8)


def _lengths(row: NDArray[np.uint8]) -> tuple[F64, F64]:
    """Lengths of the runs of ink, and of the gaps between them."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], row, [0]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    return (ends - starts).astype(np.float64), (starts[1:] - ends[:-1]).astype(np.float64)

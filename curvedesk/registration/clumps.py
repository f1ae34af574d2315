"""Clumps of ink that are letters of one number: set wide, a narrow 1 stands alone and is lost to the number."""

from __future__ import annotations

from collections.abc import Sequence

Box = tuple[int, int, int, int]  # x0, y0, x1, y1, the last two not included

_TALLEST_PX, _LEAST_TALL_PX = 50, 10
_GAP = 0.7  # of a letter's height: wider, and two numbers stand beside each other
_LIKE = 0.75  # letters of a number are of one height and on one line


def joined(boxes: Sequence[Box], *, longest_px: int) -> list[Box]:
    """Boxes around two or more of `boxes` that stand in one line like letters, upright or turned; no single ones."""
    upright = _rows_of(boxes)
    turned = [_turned(box) for box in _rows_of([_turned(box) for box in boxes])]
    return [box for box in (*upright, *turned) if max(box[2] - box[0], box[3] - box[1]) <= longest_px]


def _turned(box: Box) -> Box:
    return box[1], box[0], box[3], box[2]


def _rows_of(boxes: Sequence[Box]) -> list[Box]:
    """Around runs of boxes beside each other, of one height."""
    letters = sorted(box for box in boxes if _LEAST_TALL_PX <= box[3] - box[1] <= _TALLEST_PX)
    lines: list[list[Box]] = []
    for box in letters:
        line = next((line for line in lines if _goes_on(line[-1], box)), None)
        if line is None:
            lines.append([box])
        else:
            line.append(box)
    return [_around(line) for line in lines if len(line) > 1]


def _goes_on(last: Box, box: Box) -> bool:
    tall = max(last[3] - last[1], box[3] - box[1])
    shared = min(last[3], box[3]) - max(last[1], box[1])
    return 0 <= box[0] - last[2] <= _GAP * tall and shared >= _LIKE * tall


def _around(line: Sequence[Box]) -> Box:
    return min(b[0] for b in line), min(b[1] for b in line), max(b[2] for b in line), max(b[3] for b in line)


def inside(part: Box, whole: Box) -> bool:
    """Whether a box is one of those that another was made around."""
    return (
        part != whole
        and all(a >= b for a, b in zip(part[:2], whole[:2], strict=True))
        and (part[2] <= whole[2] and part[3] <= whole[3])
    )

"""The unrolled axis: a track and its back-up scales laid side by side, so that a wrapping pen runs on unbroken."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.scales import ScaleKind, ValueScale, WrapKind
from curvedesk.tracing.strip import MARGIN_PX

IMPLAUSIBLE_COST = 0.6  # a row below zero on a scale that has no negative numbers
# A row on a back-up scale, per turn: between equal explanations the plainer one wins. Where scales add, every turn
# looks alike and the prior decides; where they multiply, what lies left of 1/factor already tells the first scale.
TURN_COST = {WrapKind.ADD: 0.008, WrapKind.MULTIPLY: 0.002}
BELOW_COST = 0.08  # back-up scales are made for pens that leave to the high side
BORDER_COST = 0.5  # a row on the printed border, which is ink whether or not a pen runs there
_BORDER_PX = 2


@dataclass(frozen=True, slots=True)
class Axis:
    """Positions 0..n-1 along the chain of scales: the strip column each lies on, its turn, its cost a row.

    `seams` are the positions at which a next scale begins.
    """

    column: NDArray[np.int32]
    turn: NDArray[np.int32]
    cost: NDArray[np.float32]
    seams: tuple[int, ...] = ()


def unroll(scale: ValueScale, width: int, *, turns: range) -> Axis:
    """The axis of a curve in a strip of `width` + 1 columns and margins.

    Without a wrap: the strip itself. An adding wrap: whole tracks end to end, one for each turn. A multiplying one:
    the whole first scale, then of each next one what lies beyond 1/factor.
    """
    kind = scale.wrap.kind
    if kind is WrapKind.NONE:
        column = np.arange(width + 1 + 2 * MARGIN_PX, dtype=np.int32)
        return Axis(column, np.zeros_like(column), _border(column, width))
    if kind is WrapKind.ADD:
        pieces = [(n, 0) for n in turns]
    else:
        first = round(width / scale.wrap.factor)
        pieces = [(n, 0 if n == 0 else first) for n in turns if n >= 0]
    column = np.concatenate([np.arange(start, width) + MARGIN_PX for _, start in pieces]).astype(np.int32)
    turn = np.concatenate([np.full(width - start, n) for n, start in pieces]).astype(np.int32)
    seams = tuple(int(s) + 1 for s in np.flatnonzero(np.diff(turn)))
    cost = _cost(scale, (column - MARGIN_PX) / width, turn) + _border(column, width)
    return Axis(column, turn, cost, seams)


def _border(column: NDArray[np.int32], width: int) -> NDArray[np.float32]:
    near = np.minimum(np.abs(column - MARGIN_PX), np.abs(column - MARGIN_PX - width)) <= _BORDER_PX
    return (BORDER_COST * near).astype(np.float32)


def _cost(scale: ValueScale, fraction: NDArray[np.float64], turn: NDArray[np.int32]) -> NDArray[np.float32]:
    cost = TURN_COST[scale.wrap.kind] * np.abs(turn) + BELOW_COST * (turn < 0)
    if scale.kind is not ScaleKind.LOG and min(scale.left, scale.right) >= 0:
        cost = cost + IMPLAUSIBLE_COST * (scale.value_at(fraction, turn) < 0)
    return cost.astype(np.float32)

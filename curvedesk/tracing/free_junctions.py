"""Which chains belong to one pen where lines meet: the straightest continuations, all of a junction weighed together.

Two pens that cross share a few pixels, two that touch share a stretch: both go on through it. A spike so sharp that
its two strokes run together is walked to its tip and back.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from curvedesk.domain.polyline import FloatArray
from curvedesk.tracing.free_skeleton import OPEN, Indices, Skeleton

_CROSSING_PX = 8  # junctions nearer than this are one crossing
_SHARED_PX = 150  # two pens may run as one for so long
_TIP_PX = 400  # and a spike's strokes
_NEAR_PX, _FAR_PX = 3, 14  # a chain's direction is taken between these distances from its end
_STRAIGHT_ON = 0.64  # cosine: a chain that goes straight on from another, give or take 50 degrees
_ALONE = 1.1  # radians: a worse pair than this are two ends
_OTHER_STYLE = 0.5  # radians that a change of style counts
_BACK_UP = 1.0  # radians that a turn back up the paper counts
_MOST_ARMS = 7  # of a crossing weighed in full

Arm = int  # 2 * chain, + 1 for its last pixel


@dataclass(slots=True)
class _Meeting:
    """Junctions so near that they count as one: the arms that leave it, the chains inside it."""

    arms: list[Arm] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Arms:
    """Every end of every chain: place and outward direction (2c, 2), style (2c,) from -1 dashed to 1 solid."""

    place: FloatArray
    out: FloatArray
    style: FloatArray
    node: Indices


def join_through(skeleton: Skeleton, style: FloatArray, *, height: int, width: int) -> list[list[Arm]]:
    """Pens as lists of the arms through which each chain is entered; `style` (c,) of the chains, -1 to 1.

    A chain may come twice in a pen (a spike) or in two (a stretch they share).
    """
    arms = _arms(skeleton, style)
    inner = (skeleton.node != OPEN).all(1) & (skeleton.length < _CROSSING_PX)
    stem = _stems(_meetings(skeleton, inner), arms)
    both = stem[0::2] & stem[1::2]
    inner |= both & (skeleton.length < _SHARED_PX)
    tips = _tips(skeleton, arms, stem & ~np.repeat(inner, 2), height=height, width=width)
    partner: dict[Arm, tuple[Arm, list[Arm]]] = {}
    for meeting in _meetings(skeleton, inner).values():
        _pair(meeting, skeleton, arms, tips, partner)
    return _walks(len(skeleton.node), partner, inner | tips[0::2] | tips[1::2])


def _arms(skeleton: Skeleton, style: FloatArray) -> _Arms:
    first, last = skeleton.start[:-1], skeleton.start[1:] - 1
    near, far = (np.minimum(skeleton.length - 1, px) for px in (_NEAR_PX, _FAR_PX))
    near = np.minimum(near, skeleton.length // 3)
    at = np.stack([first + near, last - near], 1).ravel()
    away = np.stack([first + far, last - far], 1).ravel()
    place, out = skeleton.points[at], skeleton.points[away] - skeleton.points[at]
    size = np.hypot(*out.T)[:, None]
    return _Arms(place, out / np.maximum(size, 1e-9), np.repeat(style, 2), skeleton.node.ravel())


def _meetings(skeleton: Skeleton, inner: NDArray[np.bool_]) -> dict[int, _Meeting]:
    """Junctions merged along the chains that lie within one meeting."""
    nodes = int(skeleton.node.max(initial=-1)) + 1
    links = skeleton.node[inner]
    graph = coo_array((np.ones(len(links), np.int8), (links[:, 0], links[:, 1])), shape=(nodes, nodes))
    _, group = connected_components(graph, directed=False)
    meetings: dict[int, _Meeting] = defaultdict(_Meeting)
    for chain in np.flatnonzero(inner):
        meetings[group[skeleton.node[chain, 0]]].inside.append(int(chain))
    ends = skeleton.node.ravel()
    for arm in np.flatnonzero((ends != OPEN) & ~np.repeat(inner, 2)):
        meetings[group[ends[arm]]].arms.append(int(arm))
    return meetings


def _stems(meetings: dict[int, _Meeting], arms: _Arms) -> NDArray[np.bool_]:
    """Arms that two others go straight on into: there, two lines have become one."""
    stem = np.zeros(len(arms.place), bool)
    for meeting in meetings.values():
        if len(meeting.arms) != 3:
            continue
        along = arms.out[meeting.arms] @ arms.out[meeting.arms].T
        for k, arm in enumerate(meeting.arms):
            others = [i for i in range(3) if i != k]
            stem[arm] = (along[k, others] < -_STRAIGHT_ON).all() and along[others[0], others[1]] > 0
    return stem


def _tips(skeleton: Skeleton, arms: _Arms, stem: NDArray[np.bool_], *, height: int, width: int) -> NDArray[np.bool_]:
    """Stems (by arm) that lead nowhere: the tips of spikes. Not where the paper ends, nor where a pen comes down."""
    tip = np.zeros(stem.size, bool)
    for arm in np.flatnonzero(stem):
        chain, end = arm // 2, skeleton.start[arm // 2 + 1] - 1 if arm % 2 == 0 else skeleton.start[arm // 2]
        x, y = skeleton.points[end]
        inside = 4 < x < width - 5 and 4 < y < height - 5
        level = abs(arms.out[arm, 0]) > abs(arms.out[arm, 1])
        leads_nowhere = arms.node[arm ^ 1] == OPEN and skeleton.length[chain] < _TIP_PX
        tip[arm] = inside and level and leads_nowhere
    return tip


def _cost(i: Arm, j: Arm, arms: _Arms) -> float:
    """Radians by which a pen turns that comes in by i and leaves by j, and what else speaks against it."""
    come, leave = -arms.out[i], arms.out[j]
    way = arms.place[j] - arms.place[i]
    size = float(np.hypot(*way))
    turn = _angle(come, leave)
    if size > 3:
        way = way / size
        turn = max(turn, 0.5 * (_angle(come, way) + _angle(way, leave)))
    back_up = max(0.0, min(-arms.out[i, 1], -arms.out[j, 1]), min(arms.out[i, 1], arms.out[j, 1]))
    return turn + _OTHER_STYLE * abs(float(arms.style[i] - arms.style[j])) / 2 + _BACK_UP * float(back_up)


def _angle(a: FloatArray, b: FloatArray) -> float:
    return float(np.arccos(np.clip(a @ b, -1, 1)))


def _pair(
    meeting: _Meeting,
    skeleton: Skeleton,
    arms: _Arms,
    tips: NDArray[np.bool_],
    partner: dict[Arm, tuple[Arm, list[Arm]]],
) -> None:
    tip = [arm for arm in meeting.arms if tips[arm]]
    if tip:
        i, j = (arm for arm in meeting.arms if arm != tip[0])
        there_and_back = [tip[0], tip[0] ^ 1]
        partner[i], partner[j] = (j, there_and_back), (i, there_and_back)
        return
    outer = meeting.arms
    cost = {(i, j): _cost(i, j, arms) for i in outer for j in outer if i < j and i // 2 != j // 2}
    for i, j in _best_pairs(outer, cost):
        between = _way_inside(int(arms.node[i]), int(arms.node[j]), meeting.inside, skeleton)
        partner[i] = (j, between)
        partner[j] = (i, [arm ^ 1 for arm in reversed(between)])


def _best_pairs(arms: Sequence[Arm], cost: dict[tuple[Arm, Arm], float]) -> list[tuple[Arm, Arm]]:
    """Pairs of least cost in all, an arm left alone counting half of `_ALONE`."""
    if len(arms) > _MOST_ARMS:
        return _greedy_pairs(cost)
    return min(_matchings(tuple(arms), cost), key=lambda found: found[0])[1]


def _matchings(
    arms: tuple[Arm, ...], cost: dict[tuple[Arm, Arm], float]
) -> Iterator[tuple[float, list[tuple[Arm, Arm]]]]:
    if not arms:
        yield 0.0, []
        return
    head, rest = arms[0], arms[1:]
    for total, pairs in _matchings(rest, cost):
        yield total + _ALONE / 2, pairs
    for k, other in enumerate(rest):
        price = cost.get((min(head, other), max(head, other)), np.inf)
        if price < _ALONE:
            for total, pairs in _matchings(rest[:k] + rest[k + 1 :], cost):
                yield total + price, [(head, other), *pairs]


def _greedy_pairs(cost: dict[tuple[Arm, Arm], float]) -> list[tuple[Arm, Arm]]:
    pairs: list[tuple[Arm, Arm]] = []
    used: set[Arm] = set()
    for pair, price in sorted(cost.items(), key=lambda item: item[1]):
        if price < _ALONE and used.isdisjoint(pair):
            pairs.append(pair)
            used.update(pair)
    return pairs


def _way_inside(start: int, goal: int, inside: list[int], skeleton: Skeleton) -> list[Arm]:
    """The arms by which chains inside a meeting lead from one of its junctions to another, fewest first."""
    ways: list[tuple[int, list[Arm]]] = [(start, [])]
    seen = {start}
    for node, way in ways:
        if node == goal:
            return way
        for chain in inside:
            for side in (0, 1):
                if skeleton.node[chain, side] == node and (far := int(skeleton.node[chain, 1 - side])) not in seen:
                    seen.add(far)
                    ways.append((far, [*way, 2 * chain + side]))
    return []


def _walks(chains: int, partner: dict[Arm, tuple[Arm, list[Arm]]], shared: NDArray[np.bool_]) -> list[list[Arm]]:
    """Follow the pairs from every end without one; then the rings, then shared chains nobody used."""
    done = shared.copy()
    open_arms = [arm for arm in range(2 * chains) if arm not in partner]
    walks = [walk for arm in (*open_arms, *partner) if (walk := _walk(arm, partner, done))]
    used = {arm // 2 for walk in walks for arm in walk}
    return [*walks, *([2 * int(chain)] for chain in np.flatnonzero(shared) if int(chain) not in used)]


def _walk(arm: Arm, partner: dict[Arm, tuple[Arm, list[Arm]]], done: NDArray[np.bool_]) -> list[Arm]:
    walk = []
    while not done[arm // 2]:
        done[arm // 2] = True
        walk.append(arm)
        if arm ^ 1 not in partner:
            break
        arm, between = partner[arm ^ 1]
        walk += between
    return walk

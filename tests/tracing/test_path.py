"""The cheapest path, beside an explicit graph of every state searched edge by edge."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvedesk.tracing.path import GAP, Costs, Path, Prices, cheapest

Node = tuple[int, str, int]  # row, "in" or "out" at a position, or "gap" on a scale
ROUNDING = 1e-3  # a row: a pen that need not run level does not
START: Node = (-1, "start", 0)


class Graph:
    """Every way of a pen down a grid, as nodes and priced edges; slow and plain."""

    def __init__(self, costs: Costs, prices: Prices, seams: tuple[int, ...], only: Path | None = None) -> None:
        self.costs, self.prices = costs, prices
        self.rows, self.positions = costs.stand.shape
        self.bounds = list(pairwise((0, *seams, self.positions)))
        self.only = only

    def cheapest_cost(self) -> float:
        """Dijkstra, after lifting every row by a constant, since a reward for a level run is an edge below zero."""
        lift = float(self.positions)
        best: dict[Node, float] = {START: 0.0}
        queue = [(0.0, START)]
        while queue:
            cost, node = heapq.heappop(queue)
            if cost > best[node]:
                continue
            if node[0] == self.rows - 1 and node[1] != "in":
                return cost - lift * self.rows
            for after, price in self._edges(node):
                total = cost + price + (lift if after[1] != "in" else 0.0)
                if total < best.get(after, np.inf):
                    best[after] = total
                    heapq.heappush(queue, (total, after))
        raise AssertionError("no way down")

    def _edges(self, node: Node) -> Iterator[tuple[Node, float]]:
        return (edge for edge in self._all_edges(node) if self._open(edge[0]))

    def _open(self, node: Node) -> bool:
        if self.only is None:
            return True
        row, kind, at = node
        wanted = {"in": self.only.entered[row], "out": self.only.left[row]}
        return wanted[kind] == at if kind in wanted else self.only.left[row] == GAP

    def _all_edges(self, node: Node) -> Iterator[tuple[Node, float]]:
        row, kind, at = node
        if kind == "in":
            yield from self._level(row, at)
            return
        below, gap = row + 1, self.costs.gap
        scales = range(len(self.bounds))
        if kind == "start":
            yield from (((below, "in", x), 0.0) for x in range(self.positions))
            yield from (((below, "gap", s), float(gap[below])) for s in scales)
        elif kind == "out":
            for x in range(max(at - 1, 0), min(at + 2, self.positions)):
                yield (below, "in", x), self.prices.aside * (x != at)
            yield (below, "gap", self._scale(at)), self.prices.into_gap + float(gap[below])
        else:
            for s in scales:
                yield (below, "gap", s), self.prices.gap_leap * (s != at) + float(gap[below])
            low, high = self.bounds[at]
            yield from (((below, "in", x), self.prices.out_of_gap) for x in range(low, high))

    def _level(self, row: int, at: int) -> Iterator[tuple[Node, float]]:
        travel, stand = self.costs.travel[row], self.costs.stand[row]
        for x in range(self.positions):
            run = travel[at + 1 : x + 1].sum() if x >= at else travel[x:at].sum()
            yield (row, "out", x), float(run + stand[x])
            jump = self.prices.jump + self.prices.jump_px * abs(x - at)
            if not self._leaps(at, x):
                yield (row, "out", x), jump + float(stand[x])
            else:
                yield (row, "out", x), self.prices.leap + self.prices.leap_px * abs(x - at) + float(stand[x])

    def _leaps(self, start: int, end: int) -> bool:
        return self._scale(start) != self._scale(end)

    def _scale(self, at: int) -> int:
        return next(i for i, (low, high) in enumerate(self.bounds) if low <= at < high)


def _found(costs: Costs, prices: Prices, seams: tuple[int, ...]) -> Path:
    rows, positions = costs.stand.shape
    return cheapest(lambda band: Costs(*(part[band] for part in costs)), rows, positions, prices, seams)


def _random(rng: np.random.Generator, rows: int, positions: int, *, rewards: bool) -> Costs:
    """Mostly paper, some ink, some level ridges that pay, some holes that are worth a gap."""
    stand = rng.choice([0.02, 0.5, 3.2], (rows, positions), p=[0.25, 0.15, 0.6]) + rng.uniform(
        0, 0.05, (rows, positions)
    )
    travel = rng.choice([0.03, 1.1], (rows, positions)) + rng.uniform(0, 0.05, (rows, positions))
    if rewards:
        travel[rng.random((rows, positions)) < 0.15] = -0.16
    return Costs(stand.astype(np.float32), travel.astype(np.float32), rng.uniform(0, 1.0, rows).astype(np.float32))


cheap = st.builds(
    Prices,
    aside=st.floats(0, 0.5),
    into_gap=st.floats(0, 4),
    out_of_gap=st.floats(0, 4),
    leap=st.floats(0, 3),
    leap_px=st.floats(0, 0.1),
    gap_leap=st.floats(0, 4),
    jump=st.floats(0, 4),
    jump_px=st.floats(0, 0.1),
)


@settings(max_examples=60)
@given(
    st.integers(0, 2**32 - 1),
    st.tuples(st.integers(1, 7), st.integers(3, 8)),
    cheap,
    st.integers(0, 2),
    st.booleans(),
)
def test_no_way_through_the_graph_is_cheaper(
    seed: int, size: tuple[int, int], prices: Prices, seam_count: int, rewards: bool
) -> None:
    rng, (rows, positions) = np.random.default_rng(seed), size
    seams = tuple(sorted(rng.choice(np.arange(1, positions), seam_count, replace=False).tolist()))
    costs = _random(rng, rows, positions, rewards=rewards)
    path = _found(costs, prices, seams)
    own = Graph(costs, prices, seams, only=path).cheapest_cost()
    assert own == pytest.approx(Graph(costs, prices, seams).cheapest_cost(), abs=rows * ROUNDING)


def _same_cost(costs: Costs, prices: Prices, seams: tuple[int, ...], *paths: Path) -> None:
    first, *others = (Graph(costs, prices, seams, only=path).cheapest_cost() for path in paths)
    assert others == pytest.approx([first] * len(others), abs=len(costs.stand) * ROUNDING)


def test_bands_and_blocks_of_rows_find_the_same_way_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    costs, prices, seams = _random(rng, 200, 12, rewards=True), Prices(into_gap=3, out_of_gap=3), (5,)
    whole = _found(costs, prices, seams)
    monkeypatch.setattr("curvedesk.tracing.path._CELLS", 1)
    monkeypatch.setattr("curvedesk.tracing.path._BLOCK_ROWS", 7)
    bands = _found(costs, prices, seams)
    _same_cost(costs, prices, seams, whole, bands)
    assert (whole.left == bands.left).mean() > 0.97, "only ways of equal cost may differ"


def _paper(rows: int, positions: int) -> Costs:
    return Costs(
        np.full((rows, positions), 3.2, np.float32),
        np.full((rows, positions), 1.1, np.float32),
        np.full(rows, 0.85, np.float32),
    )


def test_a_level_swing_is_followed_from_end_to_end() -> None:
    costs = _paper(21, 40)
    costs.stand[:10, 5] = costs.stand[10:, 30] = 0
    costs.travel[10, 5:31] = 0.03
    path = _found(costs, Prices(), ())
    assert path.left.tolist() == [5] * 10 + [30] * 11
    assert (int(path.entered[10]), int(path.left[10])) == (5, 30)
    assert (path.entered == path.left).sum() == 20


def test_a_stretch_without_ink_is_a_gap_and_a_short_one_is_bridged() -> None:
    costs = _paper(120, 20)
    costs.stand[:, 8] = 0
    costs.stand[20:24, 8] = 3.2
    costs.stand[60:100, 8] = 3.2
    path = _found(costs, Prices(), ())
    assert (path.left[:60] == 8).all()
    assert (path.left[60:100] == GAP).all()
    assert (path.left[100:] == 8).all()


def test_a_pen_goes_on_behind_a_seam_where_its_ink_leaps() -> None:
    costs = _paper(40, 60)
    costs.stand[:20, 25] = costs.stand[20:, 36] = 0
    leaping = _found(costs, Prices(), (30,))
    assert leaping.left.tolist() == [25] * 20 + [36] * 20
    assert (int(leaping.entered[20]), int(leaping.left[20])) == (25, 36)


def test_a_pen_comes_back_from_a_gap_on_the_scale_it_left_unless_that_costs_more() -> None:
    costs = _paper(90, 60)
    costs.stand[:30, 10] = costs.stand[60:, 10] = costs.stand[60:, 40] = 0
    assert (_found(costs, Prices(), (30,)).left[60:] == 10).all()
    costs.stand[60:, 10] = 3.2
    assert (_found(costs, Prices(), (30,)).left[60:] == 40).all()


def test_paper_without_ink_is_one_gap() -> None:
    path = _found(_paper(50, 10), Prices(), ())
    assert (path.left == GAP).all()
    assert (path.entered == GAP).all()

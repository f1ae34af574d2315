"""Rows of tiles in any order, joined as if they had come from top to bottom. Plain arithmetic."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from curvedesk.learn.tiles import Span

Band = NDArray[np.float32]  # (C, rows, W), shares applied


def nearest(rows: Sequence[Span], wanted: Sequence[int], look: tuple[int, int] | None) -> int:
    """Which of the wanted rows of tiles is next: the first seen, from the top; then outwards from what is seen."""
    top, bottom = look or (0, 0)

    def distance(number: int) -> tuple[int, int]:
        return max(0, rows[number].start - bottom, top - rows[number].stop), number

    return min(wanted, key=distance)


class Seams:
    """Adds up rows of tiles where they overlap; what no missing one reaches any more is handed out.

    Zone k reaches from the start of row of tiles k to that of the next. Shares are added from the top one downwards,
    whatever order they came in, since sums of floats depend on it.
    """

    def __init__(self, rows: Sequence[Span], height: int) -> None:
        self._rows = rows
        self._ends = [*(row.start for row in rows[1:]), height]
        self._shares = [_shares(rows, zone) for zone in range(len(rows))]
        self._held: dict[int, Band] = {}
        self._open = set(range(len(rows)))

    def needed(self, have: Callable[[int, int], bool] | None) -> list[int]:
        """Numbers of the rows of tiles that have a share in a zone that is not had yet."""
        if have is not None:
            self._open = {k for k in self._open if not have(self._rows[k].start, self._ends[k])}
        return sorted({number for zone in self._open for number in self._shares[zone]})

    def add(self, number: int, band: Band) -> Iterator[tuple[int, Band]]:
        """Take a row of tiles in; zones that are whole now come out, as first row and (C, rows, W)."""
        self._held[number] = band
        for zone in sorted(k for k in self._open if number in self._shares[k]):
            if self._shares[zone] <= self._held.keys():
                self._open.remove(zone)
                yield self._rows[zone].start, self._joined(zone)
        self._forget()

    def _joined(self, zone: int) -> Band:
        start, end = self._rows[zone].start, self._ends[zone]
        own = self._held[zone]
        total: Band = np.zeros((own.shape[0], end - start, own.shape[2]), np.float32)
        for number in sorted(self._shares[zone]):
            part = self._held[number][:, start - self._rows[number].start :][:, : end - start]
            total[:, : part.shape[1]] += part
        return total

    def _forget(self) -> None:
        used = {number for zone in self._open for number in self._shares[zone]}
        for number in self._held.keys() - used:
            del self._held[number]


def _shares(rows: Sequence[Span], zone: int) -> frozenset[int]:
    """Rows of tiles that reach into a zone."""
    start, first = rows[zone].start, zone
    while first > 0 and rows[first - 1].stop > start:
        first -= 1
    return frozenset(range(first, zone + 1))

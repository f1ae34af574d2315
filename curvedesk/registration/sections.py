"""The parts of a long print: the log proper, the same depths logged again, another scale, and tails without depths.

What a part is, its depth numbers say. A log whose print fades for a while comes in pieces, but its depths go on from
one to the next at one rate: those are pieces of the log. Only depths that were there before make a repeat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from curvedesk.domain.presets import unit_shown
from curvedesk.registration.blocks import Block
from curvedesk.registration.chain import Chain, goes_on, same_rate
from curvedesk.registration.dividing import BESIDE
from curvedesk.registration.page import Page
from curvedesk.registration.passes import LogPass
from curvedesk.registration.units import DepthUnit, ratio_of

_OVERLAP = 0.5  # of its own depths that a repeat shares with the log


class Kind(StrEnum):
    """What a section is."""

    MAIN = "main"
    REPEAT = "repeat"
    OTHER_SCALE = "other scale"
    OTHER_DEPTHS = "other depths"
    UNSURE = "unsure"
    TAIL = "tail"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Section:
    """Rows `top_px` to `bottom_px` of the page, and the numbers found there; None where there are none."""

    kind: Kind
    top_px: float
    bottom_px: float
    chain: Chain | None


def sections_of(passes: Sequence[LogPass]) -> list[Section]:
    """Sections from the top down; the first pass is the log proper."""
    if not passes:
        return []
    main = passes[0].scale.chain if passes[0].scale is not None else None
    found = [Section(Kind.MAIN, passes[0].top_px, passes[0].bottom_px, main)]
    parts = [(p.top_px, p.bottom_px, p.scale.chain if p.scale else None) for p in passes[1:]]
    parts += [(top, bottom, chain) for p in passes for chain, (top, bottom) in p.beside]
    reach = _depths_of(main, found[0].top_px, found[0].bottom_px) if main is not None else None
    middle = (found[0].top_px + found[0].bottom_px) / 2
    for top, bottom, chain in parts:
        if top < found[0].bottom_px and bottom > found[0].top_px and chain is None:
            continue  # beside the log, not above or below it
        kind = kind_of(chain, main, below=(top + bottom) / 2 > middle, rows_depths=reach)
        found.append(Section(kind, top, bottom, chain))
    return sorted(found, key=lambda s: s.top_px)


def _depths_of(chain: Chain, top_px: float, bottom_px: float) -> tuple[float, float]:
    """Depths of two rows above and below a chain's numbers, at its own rate."""
    above, below = float(chain.y_px[0]) - top_px, bottom_px - float(chain.y_px[-1])
    return float(chain.depth[0]) - above / chain.px_per_unit, float(chain.depth[-1]) + below / chain.px_per_unit


def kind_of(
    chain: Chain | None, main: Chain | None, *, below: bool, rows_depths: tuple[float, float] | None = None
) -> Kind:
    """What a part of numbers `chain` is, beside a log of numbers `main`, whose print reaches over `rows_depths`."""
    if chain is None or main is None:
        return Kind.TAIL if below else Kind.HEAD
    if chain.doubt:
        return Kind.UNSURE
    if not same_rate(chain, main):
        return Kind.OTHER_SCALE
    if goes_on(main, chain) or goes_on(chain, main):
        return Kind.MAIN
    low, high = rows_depths if rows_depths is not None else (main.depth[0], main.depth[-1])
    shared = min(chain.depth[-1], high) - max(chain.depth[0], low)
    return Kind.REPEAT if shared >= _OVERLAP * float(np.ptp(chain.depth)) else Kind.OTHER_DEPTHS


def structure(
    page: Page,
    pieces: Sequence[LogPass],
    passes: Sequence[LogPass],
    *,
    block: Block | None,
    unit: DepthUnit | None,
    dpi: float,
) -> dict[str, Any]:
    """Where things lie on the page, in rows of the scan, for a sheet: the log, its scale block, all sections.

    `pieces` of the log proper, `passes` all of the page, the log's surest first.
    """
    rest = [p for p in passes if all(p.levels is not piece.levels for piece in pieces)]
    found: dict[str, Any] = {"log": _rows(page, pieces[0].top_px, pieces[-1].bottom_px)}
    if rest:
        found["other_passes"] = [_rows(page, p.top_px, p.bottom_px) for p in sorted(rest, key=lambda p: p.top_px)]
    if block is not None and block.found:
        found["scale_block"] = _rows(page, block.y0, block.y1)
    found["sections"] = [_as_json(section, page, unit, dpi) for section in sections_of(passes)]
    return found


def left_out(pieces: Sequence[LogPass], passes: Sequence[LogPass], page: Page, unit: DepthUnit | None) -> list[str]:
    """Warnings where the log was cut, and for each part of it whose depths the ties of its `pieces` do not cover."""
    if unit is None or not pieces:
        return []
    told = [text for piece in pieces for text in _cut_short(piece, unit)]
    own = [piece.scale.chain for piece in pieces if piece.scale is not None]
    for part in sections_of(passes):
        if part.kind not in {Kind.MAIN, Kind.OTHER_DEPTHS} or part.chain is None:
            continue
        if any(part.chain is chain for chain in own):
            continue
        (top, bottom), (first, *_, last) = _rows(page, part.top_px, part.bottom_px), part.chain.depth
        told.append(
            f"Depths {first:g} to {last:g} {unit_shown(unit.unit)}, at rows {top:.0f} to {bottom:.0f}, are no part of "
            "this sheet; give them a sheet of their own."
        )
    return told


def _cut_short(log: LogPass, unit: DepthUnit) -> list[str]:
    """A warning for each end of a piece that was put beside its last number, since another part of the print follows
    without a break."""
    if log.scale is None or not log.beside:
        return []
    chain, told = log.scale.chain, []
    away = BESIDE * chain.interval * chain.px_per_unit
    ends = (chain.y_px[0] - log.top_px, chain.depth[0]), (log.bottom_px - chain.y_px[-1], chain.depth[-1])
    for off, number in ends:
        if abs(off - away) < 1:
            told.append(
                f"Another part of the print adjoins the log at {number:g} {unit_shown(unit.unit)} without a break; "
                "the log may go on past that number: look where it ends."
            )
    return told


def _rows(page: Page, top: float, bottom: float) -> list[float]:
    return [round(float(page.to_scan(v)), 1) for v in (top, bottom)]


def _as_json(section: Section, page: Page, unit: DepthUnit | None, dpi: float) -> dict[str, Any]:
    """Kind, rows, first and last depth number and the print's scale."""
    found: dict[str, Any] = {"kind": section.kind.value, "rows": _rows(page, section.top_px, section.bottom_px)}
    chain = section.chain
    if chain is not None and unit is not None:
        found["depths"] = [float(chain.depth[0]), float(chain.depth[-1])]
        found["ratio"] = f"1:{ratio_of(chain.px_per_unit / page.scale, unit.unit, dpi)}"
    return found

"""Parts to a sheet: everything in scan pixels, each with its confidence and the place it was read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from curvedesk.domain.sheet import CurveSpec, DepthAxis, Track
from curvedesk.registration.atlas import BAND_PX, Atlas
from curvedesk.registration.confidence import DOUBT, depth_confidence, track_confidence
from curvedesk.registration.depth import Tie
from curvedesk.registration.page import F64, Page
from curvedesk.registration.passes import LogPass
from curvedesk.registration.total_depth import contradicts
from curvedesk.registration.tracks import Strip, border_of
from curvedesk.registration.units import DepthUnit, paper_ratios

_STEPS = {"FT": 0.5, "M": 0.1}
_ROUND = 10.0


def depth_axis(
    page: Page, log: LogPass | None, unit: DepthUnit | None, dpi: float, *, total: float | None = None
) -> DepthAxis:
    """The depth axis of a pass; a stand-in that nobody will take for a reading where there is none.

    `total`: the well's depth where the header told it, in the unit of the numbers.
    """
    if log is None or log.scale is None or unit is None or log.column_px is None:
        return _stand_in(page, dpi)
    scale, column = log.scale, (log.column_px[0] + log.column_px[1]) / 2
    ties = np.array([[float(page.to_scan(t.y_px)), t.depth, t.slope] for t in scale.ties])
    top, bottom = _ends(log, ties, page, _STEPS[unit.unit])
    sure = _depth_sure(page, log, unit, dpi)
    if contradicts(scale.chain, total):
        sure = min(sure, DOUBT)
    return DepthAxis(
        unit=unit.unit,
        ties=ties,
        x_px=None if _between_first(log) else float(page.to_scan(column + float(np.median(log.stretch.shift_px)))),
        top=top,
        bottom=bottom,
        step=_STEPS[unit.unit],
        confidence=sure,
        extra={
            "unit_confidence": round(unit.sure, 3),
            "ratio": f"1:{unit.ratio}",
            "interval": scale.chain.interval,
            "tie_evidence": [_evidence(page, t, sure) for t in scale.ties],
        },
    )


def _depth_sure(page: Page, log: LogPass, unit: DepthUnit, dpi: float) -> float:
    assert log.scale is not None
    tens = [s.width_px * 10 / s.ruling.divisions for s in log.layout.strips if s.ruling.divisions in {10, 20}]
    ratios = paper_ratios(
        px_per_unit=log.scale.chain.px_per_unit / page.scale,
        unit=unit.unit,
        dpi=dpi,
        track_px=tens[0] / page.scale if tens else None,
    )
    return depth_confidence(log.scale, ratios=ratios)


def _evidence(page: Page, tie: Tie, sure: float) -> dict[str, Any]:
    """What a tie stands on, for the person who confirms."""
    local = _local_confidence(tie, sure)
    found: dict[str, Any] = {"depth": tie.depth, "confidence": local, "line": tie.seen, "number": tie.read}
    found["residual_px"] = round(tie.left_over_px / page.scale, 2)
    return found | ({"read_from": page.box_to_scan(tie.box)} if tie.box else {})


def _local_confidence(tie: Tie, whole: float) -> float:
    return round(whole * (1.0 if tie.seen and tie.read else 0.97 if tie.seen else 0.85), 3)


def _stand_in(page: Page, dpi: float) -> DepthAxis:
    rows = float(page.to_scan(page.height))
    feet = max(1.0, rows / (10 * dpi / 200))
    ties = np.array([[0.0, 0.0, 0.0], [rows, feet, 0.0]])
    return DepthAxis("FT", ties, None, 0.0, feet, 0.5, confidence=0.0, extra={"missing": True})


def _between_first(log: LogPass) -> bool:
    strips = log.layout.strips
    return len(strips) > 1 and log.column_px == (strips[0].right_px, strips[1].left_px)


def _ends(log: LogPass, ties: F64, page: Page, step: float) -> tuple[float, float]:
    """First and last depth of the pass, on whole steps; a grid's end on a round depth is that depth."""
    found = []
    for row, way in ((log.top_px, np.ceil), (log.bottom_px, np.floor)):
        y = float(page.to_scan(row))
        order = (0, 1) if y < ties[0, 0] else (-2, -1)
        if ties[0, 0] <= y <= ties[-1, 0]:
            depth = float(np.interp(y, ties[:, 0], ties[:, 1]))
        else:
            (y0, d0), (y1, d1) = ties[order[0], :2], ties[order[1], :2]
            depth = float(d0 + (y - y0) * (d1 - d0) / (y1 - y0))
        near = round(depth / _ROUND) * _ROUND
        slack = 14 / page.scale * float(np.median(np.diff(ties[:, 1]) / np.diff(ties[:, 0])))
        value = near if abs(near - depth) <= slack else float(way(round(depth / step, 6)) * step)
        found.append(round(max(0.0, value), 3))  # the grid of a form begins above the ground
    top, bottom = found
    return top, bottom if bottom > top else top + 10 * step


def tracks(
    page: Page, atlas: Atlas, log: LogPass, strips: Sequence[Strip], curves: Mapping[int, Sequence[CurveSpec]]
) -> tuple[Track, ...]:
    """The tracks of a pass, borders as polylines from its first row to its last."""
    rows = log.top_px, log.bottom_px
    found = []
    for k, strip in enumerate(strips):
        left, right = (_border(page, atlas, log, x, rows) for x in (strip.left_px, strip.right_px))
        ruling = strip.ruling
        kind = "log" if ruling.logarithmic else "linear"
        grid = {"scale": kind, "fit": round(ruling.fit, 3)}
        grid |= {"decades": ruling.decades} if ruling.logarithmic else {"divisions": ruling.divisions}
        box = [float(left[:, 0].min()), float(left[0, 1]), float(right[:, 0].max()), float(left[-1, 1])]
        extra = {"grid": grid, "read_from": [round(v, 1) for v in box]}
        found.append(Track(str(k + 1), left, right, tuple(curves.get(k, ())), track_confidence(strip), extra))
    return tuple(found)


def _border(page: Page, atlas: Atlas, log: LogPass, x_px: float, rows: tuple[float, float]) -> F64:
    points = border_of(atlas.columns, log.stretch, x_px)
    inside = points[(points[:, 1] > rows[0] + BAND_PX / 2) & (points[:, 1] < rows[1] - BAND_PX / 2)]
    ends = np.array([[np.interp(y, points[:, 1], points[:, 0]), y] for y in rows])
    whole = np.concatenate([ends[:1], inside, ends[1:]])
    return np.round(page.to_scan(whole), 2)

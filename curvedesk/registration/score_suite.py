"""How well the paper is read, over logs whose registration is known: each, all together, and what sureness is worth."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from curvedesk.domain.sheet import Sheet
from curvedesk.imaging import open_scan
from curvedesk.registration.propose import SURE, propose_sheet
from curvedesk.registration.score import SheetScore, compare_any
from curvedesk.registration.score_truth import KnownLog, known_logs

DEPTH_DRAWN_PX, DEPTH_PAPER_PX, DEPTH_PART = 1.5, 3.0, 0.005
BORDER_DRAWN_PX, BORDER_PAPER_PX = 3.0, 4.0
_BANDS = ((SURE, 1.01), (0.8, SURE), (0.5, 0.8), (0.0, 0.5))

Cells = Mapping[str, float | None]
Rows = Mapping[str, Cells]
Claim = tuple[str, float, bool]  # what it is, how sure, whether it is right


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What was read of one known log, against its truth. `seconds`: how long that took."""

    log: KnownLog
    found: Sheet
    score: SheetScore
    seconds: float

    @property
    def depth_sure(self) -> float:
        """How sure the depths are; 0 where none were read."""
        return self.found.depth.confidence or 0.0

    @property
    def depth_right(self) -> bool:
        """Within a pixel and a half on a rendered log, within three and half a per cent everywhere on real paper."""
        if self.log.drawn:
            return self.score.depth_median_px <= DEPTH_DRAWN_PX
        return self.score.depth_median_px <= DEPTH_PAPER_PX and self.score.depth_max_part <= DEPTH_PART

    @property
    def borders_right(self) -> tuple[bool, ...]:
        """For each trusted track whether both borders are."""
        most = BORDER_DRAWN_PX if self.log.drawn else BORDER_PAPER_PX
        return tuple(off <= most for off in self.score.border_px)

    @property
    def printed_found(self) -> float | None:
        """Share of the printed scale lines whose two numbers were read; None where nobody wrote them down."""
        have = {(spec.scale.left, spec.scale.right) for _, spec in self.found.curves()}
        wanted = self.log.printed
        return float(np.mean([pair in have for pair in wanted])) if wanted else None


def read_known(folder: Path, *, progress: Callable[[float], None]) -> list[Reading]:
    """Register every known log below `folder`. Raises CurveDeskError."""
    logs = known_logs(folder)
    found = []
    for i, log in enumerate(logs):
        found.append(_read(log))
        progress((i + 1) / len(logs))
    return found


def _read(log: KnownLog) -> Reading:
    started = time.perf_counter()
    with open_scan(log.scan) as scan:
        sheet = propose_sheet(scan)
        dpi = log.sheet.dpi or scan.dpi
    seconds = time.perf_counter() - started
    return Reading(log, sheet, compare_any(sheet, log.sheet, log.other, dpi=dpi), seconds)


def each_log(readings: Sequence[Reading]) -> dict[str, Cells]:
    """A row a log; errors in 200 dpi pixels."""
    return {r.log.name: _row(r) for r in readings}


def _row(r: Reading) -> Cells:
    px, part = r.score.depth_median_px, r.score.depth_max_part
    borders = [off for off in r.score.border_px if np.isfinite(off)]
    return {
        "depth px": None if np.isnan(px) else px,
        "worst depth %": None if np.isnan(part) else 100 * part,
        "depth sure": r.depth_sure,
        "depth right": int(r.depth_right),
        "worst border px": max(borders, default=None),
        "tracks missed": len(r.score.border_px) - len(borders),
        "tracks invented": r.score.extra_tracks,
        "curves right": r.score.scales_right if r.score.curves else None,
        "printed scales found": r.printed_found,
        "seconds": r.seconds,
    }


def together(readings: Sequence[Reading]) -> dict[str, Cells]:
    """Shares over all rendered logs, and over all real ones."""
    kinds = {"rendered": [r for r in readings if r.log.drawn], "real paper": [r for r in readings if not r.log.drawn]}
    return {name: _shares(some) for name, some in kinds.items() if some}


def _shares(some: Sequence[Reading]) -> Cells:
    curves = [right for r in some for right in r.score.curves.values()]
    printed = [share for r in some if (share := r.printed_found) is not None]
    return {
        "logs": len(some),
        "depths right": float(np.mean([r.depth_right for r in some])),
        "depths wrong but sure": sum(r.depth_sure >= SURE and not r.depth_right for r in some),
        "tracks right": float(np.mean([right for r in some for right in r.borders_right])),
        "curves right": float(np.mean(curves)) if curves else None,
        "printed scales found": float(np.mean(printed)) if printed else None,
    }


def sureness(readings: Sequence[Reading]) -> dict[str, Cells]:
    """Of what was called so sure, how many there were and which share is right."""
    claims = [claim for r in readings for claim in _claims(r)]
    rows: dict[str, Cells] = {}
    for kind in dict.fromkeys(claim[0] for claim in claims):
        for low, high in _BANDS:
            right = [ok for what, sure, ok in claims if what == kind and low <= sure < high]
            if right:
                name = f"{kind}, {100 * low:.0f} to {min(100.0, 100 * high):.0f} %"
                rows[name] = {"called so": len(right), "right": float(np.mean(right))}
    return rows


def _claims(r: Reading) -> list[Claim]:
    found: list[Claim] = [] if r.found.depth.extra.get("missing") else [("depths", r.depth_sure, r.depth_right)]
    right_tracks = [t for t, right in zip(r.score.partners, r.borders_right, strict=True) if right]
    found += [("borders", t.confidence or 0.0, any(t is one for one in right_tracks)) for t in r.found.tracks]
    for _, spec in r.found.curves():
        sure = spec.confidence or 0.0
        if r.log.printed:
            found.append(("printed scales", sure, (spec.scale.left, spec.scale.right) in r.log.printed))
        else:
            found.append(("curves", sure, r.score.curves.get(spec.mnemonic, False)))
    for key, value in r.found.well.items():
        if key in r.log.sheet.well:
            right = _plain(value) == _plain(r.log.sheet.well[key])
            found.append(("header", r.found.well_confidence.get(key, 0.0), right))
    return found


def _plain(text: str) -> str:
    return "".join(text.upper().split())

"""A proposed sheet against a trusted one: how far off its depths and borders are, and which scales it has right."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from curvedesk.domain.sheet import CurveSpec, Sheet, Track
from curvedesk.registration.page import ANALYSIS_DPI, F64

_ROWS = 50
_SAME_TRACK_PX = 60.0


@dataclass(frozen=True, slots=True)
class SheetScore:
    """Depth errors in 200 dpi pixels over 50 rows (NaN where there are no depths) and as parts of the log; per trusted
    track the worse border's mean error in the same pixels (NaN where the track is missing); tracks nobody printed;
    `partners`, the proposed track taken for each trusted one; `curves` by mnemonic: whether its values, scale, style
    and back-up range are all right."""

    depth_median_px: float
    depth_max_px: float
    depth_max_part: float
    border_px: tuple[float, ...]
    partners: tuple[Track | None, ...]
    extra_tracks: int
    curves: dict[str, bool]

    @property
    def scales_right(self) -> float:
        """Share of the trusted curves that are all right; 1 where there are none."""
        return float(np.mean(list(self.curves.values()))) if self.curves else 1.0


def compare(found: Sheet, wanted: Sheet, *, dpi: float) -> SheetScore:
    """Score `found` against `wanted`, both in pixels of one scan at `dpi`."""
    to200 = ANALYSIS_DPI / dpi
    depth_px, depth_part = _depth_errors(found, wanted, to200)
    pairs = _pairs(found.tracks, wanted.tracks, to200)
    curves: dict[str, bool] = {}
    for track, partner in zip(wanted.tracks, pairs, strict=True):
        rivals = partner[0].curves if partner is not None else ()
        curves |= {c.mnemonic: _right(c, rivals) for c in track.curves if c.digitize}
    return SheetScore(
        depth_median_px=float(np.median(depth_px)),
        depth_max_px=float(depth_px.max()),
        depth_max_part=depth_part,
        border_px=tuple(pair[1] if pair is not None else float("nan") for pair in pairs),
        partners=tuple(pair[0] if pair is not None else None for pair in pairs),
        extra_tracks=len(found.tracks) - sum(pair is not None for pair in pairs),
        curves=curves,
    )


def compare_any(found: Sheet, wanted: Sheet, other: Sheet | None, *, dpi: float) -> SheetScore:
    """As `compare`; where the print holds the log twice, the depths may be those of the `other` pass."""
    score = compare(found, wanted, dpi=dpi)
    if other is None:
        return score
    again = compare(found, replace(wanted, depth=other.depth, tracks=other.tracks), dpi=dpi)
    if not again.depth_median_px < score.depth_median_px:
        return score
    depths = ("depth_median_px", "depth_max_px", "depth_max_part")
    return replace(score, **{name: getattr(again, name) for name in depths})


def _depth_errors(found: Sheet, wanted: Sheet, to200: float) -> tuple[F64, float]:
    ties = wanted.depth.ties
    rows = np.linspace(ties[0, 0], ties[-1, 0], _ROWS)
    if found.depth.extra.get("missing"):
        return np.full(_ROWS, np.nan), float("nan")
    column = wanted.column_at(rows)
    truth = wanted.depth_at(column, rows)
    off = np.abs(found.depth_at(column, rows) - truth)
    px_per_unit = np.abs(np.gradient(rows) / np.gradient(truth))
    return off * px_per_unit * to200, float(off.max() / np.ptp(truth))


def _pairs(found: tuple[Track, ...], wanted: tuple[Track, ...], to200: float) -> list[tuple[Track, float] | None]:
    """For each trusted track the proposed one that lies on it, and how far off its worse border is."""
    free = list(found)
    pairs: list[tuple[Track, float] | None] = []
    for track in wanted:
        errors = [(_border_error(track, rival, to200), rival) for rival in free]
        best = min(errors, key=lambda pair: pair[0], default=None)
        if best is None or best[0] > _SAME_TRACK_PX:
            pairs.append(None)
            continue
        free = [rival for rival in free if rival is not best[1]]
        pairs.append((best[1], best[0]))
    return pairs


def _border_error(one: Track, other: Track, to200: float) -> float:
    low = max(one.left[0, 1], other.left[0, 1])
    high = min(one.left[-1, 1], other.left[-1, 1])
    rows = np.linspace(low, high, 20) if high > low else np.array([(low + high) / 2])
    left = np.abs(one.left_at(rows) - other.left_at(rows)).mean()
    right = np.abs(one.right_at(rows) - other.right_at(rows)).mean()
    return float(max(left, right)) * to200


def _right(spec: CurveSpec, rivals: tuple[CurveSpec, ...]) -> bool:
    same = [r for r in rivals if r.mnemonic.upper() == spec.mnemonic.upper()]
    if not same:
        return False
    a, b = spec.scale, same[0].scale
    values = bool(np.allclose((a.left, a.right), (b.left, b.right))) and a.kind == b.kind and a.wrap == b.wrap
    return values and same[0].style == spec.style

"""The sheet: what a print means, and the arithmetic between its pixels and depth, fraction and value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from curvedesk.domain.depth import NOTHING, DepthAxis
from curvedesk.domain.errors import SheetError
from curvedesk.domain.fields import Fields, is_number, load_document, merged, open_document, shown
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet_fields import dump_depth, dump_track, parse_depth, parse_track
from curvedesk.domain.tilt import TiltedRows
from curvedesk.domain.track import CurveSpec, Style, Track

__all__ = ["CurveSpec", "DepthAxis", "Sheet", "Style", "Track", "dump_sheet", "load_sheet", "parse_sheet"]

FORMAT = "curvedesk-sheet"


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What one scan means; all pixels are the scan's own as stored on disk."""

    scan: str
    dpi: float | None
    well: Mapping[str, str]
    depth: DepthAxis
    tracks: tuple[Track, ...]
    well_confidence: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    def column_at(self, y_px: ArrayLike) -> FloatArray:
        """x_px at which the ties were read: the depth axis' own, else the middle of the gap between the first two
        tracks, row by row; with a single track its left border."""
        y_px = np.asarray(y_px, dtype=np.float64)
        if self.depth.x_px is not None:
            return np.full(y_px.shape, self.depth.x_px)
        if len(self.tracks) < 2:
            return self.tracks[0].left_at(y_px) if self.tracks else np.zeros(y_px.shape)
        first, second = self.tracks[:2]
        return np.asarray((first.right_at(y_px) + second.left_at(y_px)) / 2)

    def track_at(self, x_px: float, y_px: float, *, beside: float = 0.0) -> Track | None:
        """The track a pixel lies in; `beside`: the share of its width by which a pixel may miss its borders."""
        inside = (track for track in self.tracks if -beside <= float(track.fraction_at(x_px, y_px)) <= 1.0 + beside)
        return next(inside, None)

    def depth_at(self, x_px: ArrayLike, y_px: ArrayLike) -> FloatArray:
        """Depth of pixels, tilt included; shapes broadcast."""
        y_px = np.asarray(y_px, dtype=np.float64)
        offset = np.asarray(x_px, dtype=np.float64) - self.column_at(y_px)
        return self.depth.depth_of_level(y_px - self.depth.slope_at(y_px) * offset)

    def y_at(self, x_px: ArrayLike, depth: ArrayLike) -> FloatArray:
        """Rows (y_px) at which column `x_px` has these depths; broadcast. The inverse of `depth_at` along a column."""
        y_px = self._knots(())
        rows = TiltedRows(y_px, self.depth.slope_at(y_px), -self.column_at(y_px), np.ones(y_px.shape))
        return rows.row_at(self.depth.level_of_depth(depth), np.asarray(x_px, dtype=np.float64))

    def pixel_at(self, track: Track, fraction: ArrayLike, depth: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """x_px, y_px of points given by fraction across `track` and depth; broadcast.

        The inverse of `Track.fraction_at` and `depth_at` together.
        """
        fraction = np.asarray(fraction, dtype=np.float64)
        y_px = self._knots((track,))
        left = track.left_at(y_px)
        rows = TiltedRows(y_px, self.depth.slope_at(y_px), left - self.column_at(y_px), track.right_at(y_px) - left)
        y = rows.row_at(self.depth.level_of_depth(depth), fraction)
        return track.x_at(fraction, y), y

    def curves(self) -> tuple[tuple[Track, CurveSpec], ...]:
        """Every curve with its track, in the sheet's order, those not to be digitised included."""
        return tuple((track, spec) for track in self.tracks for spec in track.curves)

    def _knots(self, tracks: tuple[Track, ...]) -> FloatArray:
        beside = self.tracks[:2] if self.depth.x_px is None else ()
        edges = [edge[:, 1] for track in (*beside, *tracks) for edge in (track.left, track.right)]
        y_px = np.unique(np.concatenate([self.depth.ties[:, 0], *edges]))
        return np.concatenate([[y_px[0] - 1.0], y_px, [y_px[-1] + 1.0]])


def parse_sheet(obj: object, *, source: str = "sheet") -> Sheet:
    """A sheet from decoded JSON; `source` names the file in errors.

    Raises SheetError: one sentence with the key and the fault.
    """
    top = open_document(obj, source=source, error=SheetError, fmt=FORMAT)
    dpi = top.number_or_none("dpi")
    if dpi is not None and dpi <= 0:
        top.fail("dpi", f"must be greater than 0, not {dpi:g}")
    well_confidence = top.child("well_confidence", {})
    for key in well_confidence.values:
        well_confidence.confidence(key)
    sheet = Sheet(
        scan=top.text("scan", ""),
        dpi=dpi,
        well=_well(top.child("well", {})),
        depth=parse_depth(top.child("depth")),
        tracks=tuple(parse_track(child, number=i) for i, child in enumerate(top.children("tracks"), 1)),
        well_confidence=dict(well_confidence.values),
        extra=_extra(top),
    )
    _check_ranges(top, sheet)
    return sheet


def _extra(top: Fields) -> dict[str, Any]:
    top.known.update(("format", "version"))
    return top.extra()


def _well(fields: Fields) -> dict[str, str]:
    known = {key: value for key, value in fields.values.items() if value is not None}
    for key, value in known.items():
        if not isinstance(value, str) and not is_number(value):
            fields.fail(key, f"must be a text, not {shown(value)}")
    return {key: str(value) for key, value in known.items()}


def _check_ranges(top: Fields, sheet: Sheet) -> None:
    wanted = [spec for _, spec in sheet.curves() if spec.digitize]
    for one, other in combinations(wanted, 2):
        if one.mnemonic.upper() == other.mnemonic.upper() and _overlap(one, other):
            top.fail("tracks", f"has the curve {one.mnemonic} twice at one depth; give each its own from and to")


def _overlap(one: CurveSpec, other: CurveSpec) -> bool:
    (low, high), (low2, high2) = (
        (-np.inf if s.depth_from is None else s.depth_from, np.inf if s.depth_to is None else s.depth_to)
        for s in (one, other)
    )
    return bool(max(low, low2) < min(high, high2))


def dump_sheet(sheet: Sheet) -> dict[str, Any]:
    """A sheet as JSON-ready objects, unknown keys included; the inverse of `parse_sheet`."""
    known: dict[str, Any] = {"format": FORMAT, "version": 1, "scan": sheet.scan}
    if sheet.dpi is not None:
        known["dpi"] = sheet.dpi
    known["well"] = dict(sheet.well)
    if sheet.well_confidence:
        known["well_confidence"] = dict(sheet.well_confidence)
    known |= {"depth": dump_depth(sheet.depth), "tracks": [dump_track(track) for track in sheet.tracks]}
    return merged(known, sheet.extra)


def load_sheet(path: Path) -> Sheet:
    """Read a `*.sheet.json`. Raises SheetError."""
    return load_document(Path(path), parse_sheet, SheetError)

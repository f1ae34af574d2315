"""How much of a sheet that was read off the paper may be digitised without anybody looking at it."""

from dataclasses import dataclass, replace

from curvedesk.domain.sheet import Sheet
from curvedesk.domain.track import CurveSpec, Track
from curvedesk.registration.bare import BARE

LEAST_DEPTH, LEAST_CURVE = 0.8, 0.5  # confidence; set by hand after looking at scans, as the caps on it


@dataclass(frozen=True, slots=True)
class Trusted:
    """`sheet`: without the curves whose scale or pen is doubtful. `unread`: names of tracks that lost one, or had
    none although something is printed above them."""

    sheet: Sheet
    has_depths: bool
    unread: tuple[str, ...]

    @property
    def has_curves(self) -> bool:
        """Whether any curve is left."""
        return any(track.curves for track in self.sheet.tracks)


def trusted_part(sheet: Sheet) -> Trusted:
    """What of a proposed sheet is sure enough; nothing raises."""
    tracks = tuple(replace(track, curves=tuple(filter(_is_sure, track.curves))) for track in sheet.tracks)
    unread = tuple(track.name for track in sheet.tracks if not _is_read(track))
    return Trusted(replace(sheet, tracks=tracks), (sheet.depth.confidence or 0.0) >= LEAST_DEPTH, unread)


def _is_read(track: Track) -> bool:
    """Whether all it holds is sure; of a bare one, that it holds nothing."""
    return all(map(_is_sure, track.curves)) if track.curves else bool(track.extra.get(BARE))


def _is_sure(spec: CurveSpec) -> bool:
    """Whether its scale is, and its pen is no other curve's of the track too."""
    return (spec.confidence or 0.0) >= LEAST_CURVE and not spec.extra.get("pen_shared", False)

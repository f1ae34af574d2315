"""A scan in, a whole proposed sheet out; each part is told as it is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from curvedesk.domain.sheet import CurveSpec, DepthAxis, Sheet, Track
from curvedesk.imaging import Scan
from curvedesk.registration import assemble
from curvedesk.registration.atlas import Atlas, survey
from curvedesk.registration.bare import BARE, bare_marked
from curvedesk.registration.blocks import Block, divided, read_blocks
from curvedesk.registration.confidence import depth_confidence, track_confidence
from curvedesk.registration.curves import curves_of
from curvedesk.registration.depth_lines import depth_lines
from curvedesk.registration.header import read_header
from curvedesk.registration.mnemonics import mnemonic_table
from curvedesk.registration.names_to_pens import pens_to_ask, scales_to_ask
from curvedesk.registration.orientation import way_up
from curvedesk.registration.page import IsCancelled, Page, check_cancelled, read_page
from curvedesk.registration.passes import LogPass, find_passes
from curvedesk.registration.pieces import joined_axes, joined_tracks, pieces_of
from curvedesk.registration.print_faults import jump_warnings, print_faults
from curvedesk.registration.rulings import ruling_of
from curvedesk.registration.sections import left_out, structure
from curvedesk.registration.templates import Template, as_seen, filled, recognise, seen_before, templates
from curvedesk.registration.total_depth import total_depth
from curvedesk.registration.tracks import Layout, Strip
from curvedesk.registration.units import DepthUnit, depth_unit

SURE = 0.95
_LIKELY = 0.5
_UNPROVEN = 0.45  # borders of what is ruled like a log, without a number that proves it is one

Progress = Callable[[int, int], None]
PartFound = Callable[[str, float, Any], None]
_STEPS = 100
_LEAST_PX = 200  # a smaller page holds no log


@dataclass(frozen=True, slots=True)
class _Told:
    """Whom to tell."""

    progress: Progress | None
    cancelled: IsCancelled | None
    part: PartFound | None

    def step(self, done: float) -> None:
        check_cancelled(self.cancelled)
        if self.progress is not None:
            self.progress(round(done), _STEPS)

    def found(self, name: str, sure: float, value: Any) -> None:
        if self.part is not None:
            self.part(name, sure, value)


def propose_sheet(
    scan: Scan,
    *,
    dpi: float | None = None,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
    part: PartFound | None = None,
    template: Template | None = None,
) -> Sheet:
    """The sheet that the paper itself tells: tracks, depths, scales and header, each with a confidence.

    `dpi` wins over the scan's own. `progress(done, 100)`; `cancelled()` is asked often; `part(name, confidence,
    value)` is told of "tracks", "depth" and "well" as they are found, again once more is known. What cannot be read is
    named in the sheet's `warnings`, and has the confidence 0; nothing is guessed silently. Of a scan that lies upside
    down or on its side only `turn` is told, the degrees clockwise that put it right. `template`: the form to take
    scales from where the paper gives none, without it the known form whose layout is the same.

    Raises ScanError for pixels that cannot be decoded, ReadingError without the reader of letters, Cancelled.
    """
    told = _Told(progress, cancelled, part)
    used = float(dpi or scan.dpi)
    page = read_page(scan, dpi=used, progress=lambda share: told.step(30 * share), cancelled=cancelled)
    atlas = survey(page, cancelled=cancelled)
    told.step(36)
    passes = find_passes(page, atlas, cancelled=cancelled) if min(page.height, page.width) > _LEAST_PX else []
    turn = way_up(page, passes, cancelled)
    if turn:
        return _to_be_turned(scan, page, turn, used)
    log = _divided(atlas, passes[0]) if passes else None
    told.step(65)
    return _read(scan, page, atlas, log=log, passes=passes, dpi=used, told=told, template=template)


def _read(
    scan: Scan,
    page: Page,
    atlas: Atlas,
    *,
    log: LogPass | None,
    passes: Sequence[LogPass],
    dpi: float,
    told: _Told,
    template: Template | None,
) -> Sheet:
    pieces = pieces_of(log, passes) if log is not None else []
    borders = _tracks(page, atlas, pieces, log, {})
    if borders:
        told.found("tracks", min(t.confidence or 0.0 for t in borders), borders)
        roughly = _depth(page, pieces, _unit(page, log, (), dpi), dpi)
        told.found("depth", roughly.confidence or 0.0, roughly)
    form = _own_form(scan, log, borders) if log is not None and template is None else None
    block = read_blocks(page, atlas, log, told.cancelled) if log is not None and form is None else None
    told.step(80)
    header = read_header(page, _header_rows(page, passes), told.cancelled)
    told.found("well", min(header.sure.values(), default=0.0), header.well)
    texts = [*header.texts, *(w.text for w in block.words)] if block else header.texts
    unit = _unit(page, log, texts, dpi)
    total = total_depth(header.well, header.sure)
    depth = _depth(page, pieces, unit, dpi, total)
    told.found("depth", depth.confidence or 0.0, depth)
    curves = _curves(page, log, block)
    tracks = _tracks(page, atlas, pieces, log, curves)
    tracks = _from_form(tracks, texts, template) if form is None else as_seen(tracks, *form)
    if log is not None and log.scale is None:
        tracks = tuple(replace(t, confidence=min(t.confidence or 0.0, _UNPROVEN)) for t in tracks)
    tracks = bare_marked(page, log, block, tracks)
    told.found("tracks", min((t.confidence or 0.0 for t in tracks), default=0.0), tracks)
    told.step(_STEPS)
    faults = print_faults(depth, tracks, dpi=dpi)
    warnings = [*_warnings(log, depth.confidence or 0.0, tracks), *jump_warnings(faults, depth.unit)]
    warnings += left_out(pieces, passes, page, unit)
    extra: dict[str, Any] = {"proposed": True, "warnings": warnings}
    if header.places:
        extra["well_read_from"] = dict(header.places)
    if log is not None:
        lines = depth_lines(page, depth, tracks) if log.scale is not None else {}
        where = structure(page, pieces, passes, block=block, unit=unit, dpi=dpi)
        extra["page"] = where | {"print": faults, "depth_lines": lines}
    return Sheet(
        scan=scan.info.path.name,
        dpi=dpi,
        well=header.well,
        depth=depth,
        tracks=tracks,
        well_confidence=header.sure,
        extra=extra,
    )


def _to_be_turned(scan: Scan, page: Page, turn: int, dpi: float) -> Sheet:
    """A sheet that claims nothing: whatever it said would be wrong once the scan is turned."""
    how = {180: "upside down; turn it round", 90: "on its side; turn it by a quarter to the right"}
    said = f"This scan lies {how.get(turn, 'on its side; turn it by a quarter to the left')} and read it again."
    extra = {"proposed": True, "turn": turn, "warnings": [said]}
    depth = assemble.depth_axis(page, None, None, dpi)
    return Sheet(scan=scan.info.path.name, dpi=dpi, well={}, depth=depth, tracks=(), extra=extra)


def _depth(
    page: Page, pieces: Sequence[LogPass], unit: DepthUnit | None, dpi: float, total: float | None = None
) -> DepthAxis:
    if not pieces:
        return assemble.depth_axis(page, None, unit, dpi)
    return joined_axes([assemble.depth_axis(page, piece, unit, dpi, total=total) for piece in pieces])


def _tracks(
    page: Page,
    atlas: Atlas,
    pieces: Sequence[LogPass],
    log: LogPass | None,
    curves: Mapping[int, Sequence[CurveSpec]],
) -> tuple[Track, ...]:
    found = [assemble.tracks(page, atlas, p, p.layout.strips, curves if p is log else {}) for p in pieces]
    return joined_tracks(found)


def _own_form(scan: Scan, log: LogPass, borders: Sequence[Track]) -> tuple[Template, float] | None:
    """The analyst's own form that the log is printed on, known by its looks: its scales need no reading."""
    row = int(np.clip(log.top_px - log.levels.y0, 0, len(log.levels.slope) - 1))
    return seen_before(scan, borders, slope=float(log.levels.slope[row])) if borders else None


def _divided(atlas: Atlas, log: LogPass) -> LogPass:
    """With strips that a frame above divides made two tracks each."""
    strips: list[Strip] = []
    for strip in log.layout.strips:
        middle = divided(atlas, log, strip)
        if middle is None:
            strips.append(strip)
            continue
        at = min((line.x_px for line in log.layout.lines), key=lambda x: abs(x - middle))
        at = at if abs(at - middle) < 8 else middle
        for a, b in ((strip.left_px, at), (at, strip.right_px)):
            strips.append(Strip(a, b, ruling_of(log.stretch.profile, a, b), strip.sure))
    return replace(log, layout=Layout(tuple(strips), log.layout.columns, log.layout.lines))


def _header_rows(page: Page, passes: Sequence[LogPass]) -> tuple[int, int]:
    logged = [p for p in passes if p is passes[0] or p.scale is not None]  # a ruled form is no log
    first = min((int(p.top_px) for p in logged), default=page.height)
    return 0, min(first, page.height)


def _unit(page: Page, log: LogPass | None, texts: Sequence[str], dpi: float) -> DepthUnit | None:
    if log is None or log.scale is None:
        return None
    chain = log.scale.chain
    return depth_unit(px_per_unit=chain.px_per_unit / page.scale, dpi=dpi, interval=chain.interval, texts=texts)


def _curves(page: Page, log: LogPass | None, block: Block | None) -> Mapping[int, list[CurveSpec]]:
    if log is None or block is None:
        return {}
    table = mnemonic_table()
    taken: set[str] = set()
    found: dict[int, list[CurveSpec]] = {}
    for k, (strip, lines) in enumerate(zip(log.layout.strips, block.lines, strict=True)):
        found[k] = [_own_name(spec, taken) for spec in curves_of(lines, strip.ruling, table, page)]
    return found


def _own_name(spec: CurveSpec, taken: set[str]) -> CurveSpec:
    """With a name that no other curve of the sheet has."""
    name, number = spec.mnemonic, 2
    while name.upper() in taken:
        name, number = f"{spec.mnemonic}_{number}", number + 1
    taken.add(name.upper())
    return replace(spec, mnemonic=name)


def _from_form(tracks: tuple[Track, ...], texts: Sequence[str], template: Template | None) -> tuple[Track, ...]:
    """Tracks with the scales of a form known from before where their own could not be read."""
    if all(track.curves for track in tracks):
        return tracks
    known = recognise(tracks, texts, templates() if template is None else [template])
    return tracks if known is None else filled(tracks, *known)


def _warnings(log: LogPass | None, depth_sure: float, tracks: Sequence[Track]) -> list[str]:
    if log is None:
        return ["No printed grid was found on this scan; give tracks and depths by hand."]
    found = []
    if log.scale is None:
        found.append("No depth numbers could be read; tie two depths by hand.")
    elif depth_sure < SURE:
        found.append("The depths are not sure; compare two numbers with the scan.")
    for track in tracks:
        if track.extra.get(BARE):
            found.append(f"Nothing is printed above track {track.name}: it is taken to hold no curves.")
        elif not track.curves:
            found.append(f"No scale could be read for track {track.name}; type its curves.")
        found += [*scales_to_ask(track, below=_LIKELY), *pens_to_ask(track)]
        if (track.confidence or 0.0) < _LIKELY:
            found.append(f"The borders of track {track.name} are not sure; compare them with the scan.")
    return found


__all__ = ["SURE", "depth_confidence", "propose_sheet", "track_confidence"]

"""The value scales pinned above the paper, each exactly over its track: left value, curves, right value."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from curvedesk.domain.presets import unit_shown
from curvedesk.domain.project import CurveKey, Project, curve_keys
from curvedesk.domain.scales import ScaleKind, ValueScale, WrapKind
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.track import CurveSpec, Track
from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.readable import readable
from curvedesk.ui.canvas.ruler import RULER_PX
from curvedesk.ui.canvas.ticks import value_text
from curvedesk.ui.theme import Tokens, font

LINE_PX, PAD_PX, LEAST_LINES, MOST_LINES = 22, 8, 2, 5
GAP_PX = 8.0


@dataclass(frozen=True, slots=True)
class Line:
    """Curves of one track that share a scale; `note` stands alone, muted; `cut`: which ends are not the scale's own."""

    curves: tuple[tuple[CurveKey, str], ...]
    unit: str
    left: str
    right: str
    note: str = ""
    cut: tuple[bool, bool] = (False, False)


WHOLE = (0.0, 1.0)


def lines_of(project: Project, track: Track, depth: float, seen: tuple[float, float] = WHOLE) -> list[Line]:
    """What stands above a track at a depth: curves with the same scale share a line; a logarithmic one is said.

    `seen`: the fractions of the track between which it shows. Where a border is out of sight its value would stand
    over another one, so the value at the rim is given there.
    """
    groups: dict[tuple[ValueScale, str], list[tuple[CurveKey, str]]] = {}
    for key, spec in _there(project, track, depth):
        groups.setdefault((spec.scale, spec.unit), []).append((key, spec.mnemonic))
    cut = (seen[0] > 0.0, seen[1] < 1.0)
    lines = []
    for (scale, unit), curves in groups.items():
        left, right = (_end_text(scale, at, is_cut) for at, is_cut in zip(seen, cut, strict=True))
        lines.append(Line(tuple(curves), unit, left, right, cut=cut))
    notes = list(dict.fromkeys(filter(None, (scale_note(scale) for scale, _ in groups))))
    return lines + [Line((), "", "", "", note) for note in notes]


def _end_text(scale: ValueScale, fraction: float, is_cut: bool) -> str:
    if not is_cut:
        return value_text(scale.right if fraction >= 1.0 else scale.left)
    value = float(scale.value_at(fraction))
    return value_text(float(f"{value:.2g}") if abs(value) < 100 else round(value))


def _there(project: Project, track: Track, depth: float) -> Iterator[tuple[CurveKey, CurveSpec]]:
    if project.sheet is None:
        return
    for key, (own, spec) in curve_keys(project.sheet).items():
        if own is track and spec.digitize and spec.covers(depth) and project.look(key).visible:
            yield key, spec


def scale_note(scale: ValueScale) -> str:
    """What a geologist should know of a scale beyond its ends."""
    if scale.kind is ScaleKind.LOG:
        decades = abs(math.log10(scale.right / scale.left))
        return f"logarithmic, {decades:.3g} decade{'' if abs(decades - 1) < 1e-9 else 's'}"
    if scale.kind is ScaleKind.TABLE:
        return "uneven scale"
    if scale.wrap.kind is WrapKind.MULTIPLY:
        return f"back-up scale × {scale.wrap.factor:g}"
    return ""


def heading_px(project: Project) -> int:
    """Height: room for the track with most lines, at least two, so that it does not jump with every curve."""
    sheet = project.sheet
    if sheet is None:
        return 0
    depth = (sheet.depth.top + sheet.depth.bottom) / 2
    most = max((len(lines_of(project, track, depth)) for track in sheet.tracks), default=0)
    return 2 * PAD_PX + LINE_PX * min(max(most, LEAST_LINES), MOST_LINES)


def paint_heading(
    painter: QPainter, frame: Frame, sheet: Sheet | None, *, height: int, width: int, tokens: Tokens
) -> None:
    """Into the canvas' uppermost `height` pixels."""
    if height == 0:
        return
    painter.save()
    painter.fillRect(QRectF(0, 0, width, height), QColor(tokens.ground))
    painter.fillRect(QRectF(0, 0, RULER_PX, height), QColor(tokens.sunken))
    if sheet is not None:
        _paint_unit(painter, sheet, height, tokens)
        painter.setClipRect(QRectF(RULER_PX, 0, width - RULER_PX, height))
        for track in sheet.tracks:
            _paint_track(painter, frame, sheet, track, height=height, tokens=tokens)
        painter.setClipping(False)
    painter.fillRect(QRectF(0, height - 1, width, 1), QColor(tokens.hairline))
    painter.restore()


def _paint_unit(painter: QPainter, sheet: Sheet, height: int, tokens: Tokens) -> None:
    painter.setFont(font("small"))
    painter.setPen(QColor(tokens.muted))
    text = {"FT": "feet", "F": "feet", "M": "metres"}.get(sheet.depth.unit.upper(), sheet.depth.unit.lower())
    wide = QFontMetricsF(painter.font()).horizontalAdvance(text)
    painter.drawText(QPointF(RULER_PX - 14 - wide, height - PAD_PX), text)


def _paint_track(painter: QPainter, frame: Frame, sheet: Sheet, track: Track, *, height: int, tokens: Tokens) -> None:
    row = frame.view.y0_px
    middle = frame.view.centre[1]
    ends, _ = frame.place([float(track.left_at(row)), float(track.right_at(row))], row)
    left, right = (RULER_PX + float(x) for x in ends)
    seen_left, seen_right = max(left, RULER_PX + GAP_PX), min(right, RULER_PX + frame.view.width - GAP_PX)
    if seen_right - seen_left < 24:
        return
    painter.setPen(QPen(QColor(tokens.border), 1))
    for x in (left, right):
        painter.fillRect(QRectF(round(x), height - 6, 1, 6), QColor(tokens.muted))
    depth = float(sheet.depth_at(track.left_at(middle), middle))
    rims = (RULER_PX, RULER_PX + frame.view.width)
    seen = (max(0.0, (rims[0] - left) / (right - left)), min(1.0, (rims[1] - left) / (right - left)))
    lines = lines_of(frame.project, track, depth, seen)[:MOST_LINES]
    for number, line in enumerate(lines):
        base = PAD_PX + LINE_PX * number + LINE_PX * 0.7
        _paint_line(painter, frame, line, ends=(seen_left, seen_right), base=base, tokens=tokens)


def _paint_line(
    painter: QPainter, frame: Frame, line: Line, *, ends: tuple[float, float], base: float, tokens: Tokens
) -> None:
    left, right = ends
    parts = list(_parts(frame, line, tokens))
    wide = _width(parts)
    values = [QFontMetricsF(font()).horizontalAdvance(text) for text in (line.left, line.right)]
    if line.left and wide + 2 * max(values) + 2 * GAP_PX <= right - left:
        painter.setFont(font())
        for text, x, cut in ((line.left, left + 1, line.cut[0]), (line.right, right - values[1] - 1, line.cut[1])):
            painter.setPen(QColor(tokens.muted if cut else tokens.text))
            painter.drawText(QPointF(x, base), text)
    elif wide > right - left:
        parts = parts[: max(1, len(line.curves))]
        wide = min(_width(parts), right - left)
    x = (left + right - wide) / 2
    for text, colour, face in parts:
        painter.setFont(face)
        painter.setPen(QColor(colour))
        painter.drawText(QPointF(x, base), text)
        x += QFontMetricsF(face).horizontalAdvance(text) + GAP_PX


Part = tuple[str, str, QFont]


def _parts(frame: Frame, line: Line, tokens: Tokens) -> Iterator[Part]:
    active = frame.desk.active_curve
    for key, mnemonic in line.curves:
        face = font(strong=True)
        face.setUnderline(key == active)
        yield mnemonic, readable(frame.project.look(key).colour, tokens.ground), face
    if line.unit:
        yield unit_shown(line.unit), tokens.muted, font()
    if line.note:
        yield line.note, tokens.muted, font()


def _width(parts: list[Part]) -> float:
    advances = [QFontMetricsF(face).horizontalAdvance(text) for text, _, face in parts]
    return sum(advances) + GAP_PX * max(0, len(parts) - 1)

"""One track in the list of curves: its name and kind, its curves, and the fields of the curve that is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log10

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.presets import range_shown, unit_shown
from curvedesk.domain.project import CurveKey, Look, Project, curve_keys
from curvedesk.domain.scales import ScaleKind
from curvedesk.domain.track import CurveSpec, Track
from curvedesk.session.doubtful import mean_confidence
from curvedesk.ui.panels.base import MARGIN_PX, Section
from curvedesk.ui.panels.curve_row import HEIGHT_PX, TAIL_PX, CurveLine, CurveRow
from curvedesk.ui.panels.rows import Rows
from curvedesk.ui.parts import icon_button, label, tight

ROW_MARGIN_PX = 8  # what is chosen stands out beyond the text on both sides


@dataclass(frozen=True, slots=True)
class TrackLines:
    """What the list shows of one track."""

    name: str
    title: str
    kind: str
    lines: tuple[CurveLine, ...]


class TrackBlock(Section):
    """Head and rows of one track."""

    menu_asked = Signal(str, object)  # the track's name, the button

    def __init__(self, tracks: TrackLines, rows: Rows[CurveLine, CurveRow]) -> None:
        super().__init__()
        self.name = tracks.name
        self.list = rows
        self.title, self.kind = label("", "strong"), label("", "muted")
        self.more = icon_button("more", "Add a curve; rename, move or take out this track", self._ask_for_menu)
        self.more.setFixedWidth(TAIL_PX)
        self.head = QWidget()
        head = tight(QHBoxLayout(self.head), gap=0)
        head.setContentsMargins(MARGIN_PX - ROW_MARGIN_PX, 0, 0, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.kind)
        head.addWidget(self.more)
        self.head.setFixedHeight(HEIGHT_PX)
        self.rows.setContentsMargins(ROW_MARGIN_PX, 4, ROW_MARGIN_PX, 8)
        self.rows.setSpacing(0)
        self.add(self.head, self.list)

    def show_track(self, track: TrackLines) -> None:
        """Show this from now on."""
        self.name = track.name
        self.title.setText(track.title)
        self.kind.setText(track.kind)
        self.list.show_items(track.lines)

    def _ask_for_menu(self) -> None:
        self.menu_asked.emit(self.name, self.more)


class SurenessOf:
    """Means of confidence, worked out once for each traced curve (they never change in place)."""

    def __init__(self) -> None:
        self._known: dict[CurveKey, tuple[TracedCurve, float | None]] = {}

    def __call__(self, key: CurveKey, curve: TracedCurve | None) -> float | None:
        """Mean confidence of a curve, None where it is not traced."""
        if curve is None:
            return None
        known = self._known.get(key)
        if known is None or known[0] is not curve:
            known = self._known[key] = (curve, mean_confidence(curve))
        return known[1]


def track_lines(project: Project, sureness: SurenessOf, *, active: str | None, opened: str) -> list[TrackLines]:
    """Every track with its curves as the list shows them; the digits are the keys that choose a curve."""
    if project.sheet is None:
        return []
    lines: dict[str, list[CurveLine]] = {track.name: [] for track in project.sheet.tracks}
    for place, (key, (track, spec)) in enumerate(curve_keys(project.sheet).items(), 1):
        sure = sureness(key, project.curves.get(key))
        digit = str(place) if place < 10 else ""
        made = _line(key, spec, project.look(key), sure, digit)
        lines[track.name].append(_marked(made, active=key == active, opened=key == opened))
    return [TrackLines(t.name, track_title(t), track_kind(t), tuple(lines[t.name])) for t in project.sheet.tracks]


def track_title(track: Track) -> str:
    """`Track 1`; a name in words stands alone."""
    return f"Track {track.name}" if track.name.isdigit() else track.name


def track_kind(track: Track) -> str:
    """`linear`, `log, 4 decades`, or both."""
    wanted = [spec.scale for spec in track.curves if spec.digitize] or [spec.scale for spec in track.curves]
    kinds = {scale.kind for scale in wanted}
    if kinds == {ScaleKind.LOG}:
        scale = wanted[0]
        decades = abs(log10(scale.right / scale.left))
        return f"log, {decades:.3g} decade{'' if decades == 1 else 's'}"
    return " and ".join(sorted(_KIND_WORDS[kind] for kind in kinds)) if kinds else "no curve yet"


_KIND_WORDS = {ScaleKind.LINEAR: "linear", ScaleKind.LOG: "log", ScaleKind.TABLE: "by table"}


def _line(key: CurveKey, spec: CurveSpec, look: Look, sure: float | None, digit: str) -> CurveLine:
    scale = f"{range_shown(spec.scale)} {unit_shown(spec.unit)}".rstrip()
    return CurveLine(
        key, digit, spec.mnemonic, scale, spec.style, look.colour, sure, spec.digitize, look.visible, look.locked
    )


def _marked(line: CurveLine, *, active: bool, opened: bool) -> CurveLine:
    return replace(line, active=active, open=opened)

"""What of the canvas is out of date after a change: no more than that is painted anew."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRect
from PySide6.QtGui import QRegion

from curvedesk.domain.strokes import rows_of
from curvedesk.session.changes import Change, ChangeKind
from curvedesk.ui.canvas.live import brush_radius
from curvedesk.ui.canvas.preview import preview_rect
from curvedesk.ui.canvas.ruler import RULER_PX
from curvedesk.ui.canvas.tile_grid import TileKey

if TYPE_CHECKING:
    from curvedesk.ui.canvas.backing import Backing
    from curvedesk.ui.canvas.canvas import Canvas

OVERLAYS = frozenset({ChangeKind.SHEET, ChangeKind.STROKES, ChangeKind.CURVES, ChangeKind.LOOKS})


class Repaints(QObject):
    """Asks one canvas to paint itself anew where something changed."""

    def __init__(self, canvas: Canvas, backing: Backing) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._backing = backing
        self._preview_at = QRect()
        self._hidden: frozenset[str] = frozenset()

    def everything(self) -> None:
        """Nothing on the screen is as it was."""
        self._backing.damage()
        self._canvas.update()

    def area(self) -> None:
        """What moves over the paper; the paper itself is as it was."""
        self._canvas.update(self._canvas.paper_rect)

    def heading(self) -> None:
        """The pinned scales."""
        self._canvas.update(0, 0, self._canvas.width(), self._canvas.paper_rect.top())

    def rows(self, rows: tuple[float, float] | None) -> None:
        """What is drawn in these scan rows (y_px); everything without them."""
        if rows is None:
            self.everything()
            return
        self._backing.damage(rows)
        top, bottom = (self._canvas.widget_at(0.0, y).y() for y in rows)
        self._canvas.update(QRect(RULER_PX, math.floor(top) - 14, self._canvas.width(), math.ceil(bottom - top) + 28))

    def overlays(self, change: Change) -> None:
        """What an edit of the document moved on the paper."""
        if change.kinds & OVERLAYS:
            self.rows(None if ChangeKind.SHEET in change.kinds else change.rows)

    def tile(self, key: TileKey) -> None:
        """A tile of scan or mask is there now."""
        rect = self._canvas.papers.rect_of(key, self._canvas.frame())
        self._backing.damage_rect(rect)
        self._canvas.update(rect.translated(QPointF(self._canvas.paper_rect.topLeft())).toAlignedRect())

    def preview(self) -> None:
        """What the tool draws: where it was and where it is; strokes it hides or shows again."""
        preview, area = self._canvas.desk.preview, self._canvas.paper_rect
        now = preview_rect(self._canvas.frame(), preview).translated(area.topLeft()) & area
        self._canvas.update(QRegion(now) + QRegion(self._preview_at))
        self._preview_at = now
        hidden = preview.hidden if preview is not None else frozenset()
        if hidden != self._hidden:
            self._strokes(hidden ^ self._hidden)
            self._hidden = hidden

    def pointer(self, *places: QPointF | None) -> None:
        """The brush and its line on the ruler, where the pointer was and where it is."""
        reach = round(brush_radius(self._canvas.frame())) + 4
        # On a tilted print the pointer's line on the ruler is not the pointer's row.
        self._canvas.update(0, 0, RULER_PX, self._canvas.height())
        for place in places:
            if place is not None:
                self._canvas.update(round(place.x()) - reach, round(place.y()) - reach, 2 * reach, 2 * reach)

    def _strokes(self, names: frozenset[str]) -> None:
        """Strokes that the tool is about to take away, or gives back."""
        strokes = self._canvas.desk.document.project.strokes
        for name in names & strokes.keys():
            self.rows(rows_of(strokes[name]))

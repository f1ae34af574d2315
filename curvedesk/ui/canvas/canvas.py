"""The canvas: paper, overlays, depth ruler and pinned scales of one desk; mouse, wheel, pen and keys over them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from curvedesk.domain.errors import CurveDeskError
from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.commands import Command
from curvedesk.session.tools import Ask
from curvedesk.session.view import View
from curvedesk.ui.canvas.ask_box import AskBox
from curvedesk.ui.canvas.backing import Backing
from curvedesk.ui.canvas.curves_layer import CurvesLayer
from curvedesk.ui.canvas.first_view import first_view
from curvedesk.ui.canvas.frame import Frame, Layer
from curvedesk.ui.canvas.gestures import Gestures
from curvedesk.ui.canvas.grid_layer import GridLayer
from curvedesk.ui.canvas.heading import heading_px, paint_heading
from curvedesk.ui.canvas.intervals_layer import IntervalsLayer
from curvedesk.ui.canvas.lanes import rows_of_stroke
from curvedesk.ui.canvas.line_cache import LineCache
from curvedesk.ui.canvas.live import Pulse, paint_brush
from curvedesk.ui.canvas.motion import Motion
from curvedesk.ui.canvas.papers import Papers
from curvedesk.ui.canvas.preview import paint_preview, preview_rect
from curvedesk.ui.canvas.ruler import RULER_PX, paint_ruler
from curvedesk.ui.canvas.strokes_layer import StrokesLayer
from curvedesk.ui.canvas.tile_grid import TileKey
from curvedesk.ui.theme import theme

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk

OVERLAYS = frozenset({ChangeKind.SHEET, ChangeKind.STROKES, ChangeKind.CURVES, ChangeKind.LOOKS})
HEADED = frozenset({ChangeKind.SHEET, ChangeKind.LOOKS, ChangeKind.SCAN})


class Canvas(QWidget):
    """Shows ``desk.view`` of the desk's scan; every gesture becomes a new view or goes to the tool in hand."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.papers = Papers(desk, self)
        self.motion = Motion(self)
        self.pulse = Pulse(self)
        self._backing = Backing()
        lines = LineCache()
        self._layers: tuple[Layer, ...] = (IntervalsLayer(), GridLayer(), CurvesLayer(lines), StrokesLayer())
        self._heading = 0
        self._cursor: QPointF | None = None
        self._preview_at = QRect()
        self._hidden: frozenset[str] = frozenset()
        self._ask_box = AskBox(self)
        self._gestures = Gestures(self)
        self.installEventFilter(self._gestures)
        self._set_up()
        self._listen()
        self._open_scan()

    def _set_up(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Log")
        self.setAccessibleDescription(
            "The scanned log with its curves. Arrow keys and Page Up and Down move it, plus and minus change its size, "
            "1 to 9 choose the curve, J and K go to doubtful places."
        )
        self.grabGesture(Qt.GestureType.PinchGesture)

    def _listen(self) -> None:
        desk = self.desk
        desk.changed.connect(self._hear)
        desk.scan_changed.connect(self._open_scan)
        self.papers.prepared.connect(self._repaint_all)
        desk.view_changed.connect(self._follow_view)
        desk.tool_changed.connect(self._show_tool)
        desk.active_changed.connect(self._repaint_all)
        desk.flags_changed.connect(self._repaint_all)
        desk.preview_changed.connect(self._show_preview)
        desk.job_changed.connect(self._look_for_mask)
        desk.place_reached.connect(self.pulse.start)
        self.papers.arrived.connect(self._show_tile)
        self.papers.failed.connect(self._say_fault)
        self.motion.moved.connect(self.update)
        self.pulse.stepped.connect(self._show_pulse)
        theme().changed.connect(self._follow_theme)
        self._gestures.tool.asked.connect(self._ask)
        self._ask_box.answered.connect(self._answer)
        self._ask_box.closed.connect(self.setFocus)

    # What is where

    @property
    def paper_rect(self) -> QRect:
        """Where the paper is shown: right of the ruler, below the scales."""
        return QRect(RULER_PX, self._heading, max(1, self.width() - RULER_PX), max(1, self.height() - self._heading))

    @property
    def shown(self) -> View:
        """The view on the screen now, snapped to device pixels; ``desk.view`` is where it is going."""
        return self.motion.view.snapped(self.devicePixelRatioF())

    def scan_at(self, at: QPointF) -> tuple[float, float]:
        """Scan coordinates of a point of the widget."""
        corner = self.paper_rect.topLeft()
        x, y = self.shown.to_scan(at.x() - corner.x(), at.y() - corner.y())
        return float(x), float(y)

    def widget_at(self, x_px: float, y_px: float) -> QPointF:
        """The point of the widget at which a scan pixel is shown."""
        x, y = self.shown.to_screen(x_px, y_px)
        corner = self.paper_rect.topLeft()
        return QPointF(float(x) + corner.x(), float(y) + corner.y())

    def frame(self, part: QRectF | None = None) -> Frame:
        """What layers paint: the whole area, or a part of it."""
        view = self.shown
        whole = QRectF(0, 0, view.width, view.height)
        return Frame(self.desk, view, self.devicePixelRatioF(), whole if part is None else part)

    def set_view(self, view: View, *, gliding: bool) -> None:
        """Show another part; the desk hears of it."""
        self.motion.is_jumping = not gliding
        self.desk.set_view(view)
        self.motion.is_jumping = False

    def is_settled(self) -> bool:
        """Whether nothing moves and no tile is waited for."""
        return self.papers.is_idle and not self.motion.is_moving

    def sizeHint(self) -> QSize:
        """A comfortable size."""
        return QSize(900, 700)

    # What happens

    def _open_scan(self) -> None:
        self.papers.open_scan()
        self._look_for_mask()
        self._lay_out()
        if self.desk.scan is not None and self.desk.view is None and self.isVisible():
            self.set_view(first_view(self.desk, self.paper_rect.size()), gliding=False)
        self._repaint_all()

    def _follow_view(self) -> None:
        if self.desk.view is not None:
            size = self.paper_rect.size()
            goal = self.desk.view.resized(size.width(), size.height())
            self.motion.go(goal, gliding=not self.motion.is_jumping and self.isVisible())

    def _lay_out(self) -> None:
        """The heights of the pinned parts, and the size of the view, as they are now."""
        self._heading = heading_px(self.desk.document.project)
        view = self.desk.view
        size = self.paper_rect.size()
        if view is not None and (view.width, view.height) != (size.width(), size.height()):
            self.set_view(view.resized(size.width(), size.height()), gliding=False)

    def _hear(self, change: Change) -> None:
        if change.kinds & HEADED:
            self._lay_out()
            self.update(0, 0, self.width(), self._heading)
        if ChangeKind.PREDICTION in change.kinds:
            self.papers.open_evidence()
            self._repaint_all()
        elif change.kinds & OVERLAYS:
            self._repaint_rows(None if ChangeKind.SHEET in change.kinds else change.rows)

    def _look_for_mask(self) -> None:
        self.papers.open_evidence()
        for rows in self.papers.take_grown():
            self._repaint_rows(rows)

    def _repaint_rows(self, rows: tuple[float, float] | None) -> None:
        self._backing.damage(rows)
        if rows is None:
            self.update()
            return
        top, bottom = (self.widget_at(0.0, y).y() for y in rows)
        self.update(QRect(RULER_PX, math.floor(top) - 14, self.width(), math.ceil(bottom - top) + 28))

    def _repaint_all(self) -> None:
        self._backing.damage()
        self.update()

    def _follow_theme(self) -> None:
        self.papers.open_scan()
        self._repaint_all()

    def _show_tile(self, key: TileKey) -> None:
        rect = self.papers.rect_of(key, self.frame())
        self._backing.damage_rect(rect)
        self.update(rect.translated(QPointF(self.paper_rect.topLeft())).toAlignedRect())

    def _show_tool(self) -> None:
        self._gestures.take_tool()
        self.update(self.paper_rect)

    def _show_preview(self) -> None:
        now = preview_rect(self.frame(), self.desk.preview)
        now = now.translated(self.paper_rect.topLeft()) & self.paper_rect
        self.update(QRegion(now) + QRegion(self._preview_at))
        self._preview_at = now
        hidden = self.desk.preview.hidden if self.desk.preview is not None else frozenset()
        if hidden != self._hidden:
            self._repaint_strokes(hidden ^ self._hidden)
            self._hidden = hidden

    def _repaint_strokes(self, names: frozenset[str]) -> None:
        """Strokes that the tool is about to take away, or gives back."""
        strokes = self.desk.document.project.strokes
        for name in names & strokes.keys():
            self._repaint_rows(rows_of_stroke(strokes[name]))

    def _ask(self, ask: Ask) -> None:
        self._ask_box.ask(ask, self.widget_at(ask.x_px, ask.y_px).toPoint())

    def _answer(self, command: Command) -> None:
        try:
            self.desk.execute(command)
        except CurveDeskError as error:
            self.desk.say(str(error), kind="warn", topic="tool")

    def _show_pulse(self) -> None:
        self.update(self.paper_rect)

    def _say_fault(self, sentence: str) -> None:
        self.desk.say(sentence, kind="error", topic="scan")

    def point_at(self, at: QPointF | None) -> None:
        """The pointer is here, or has left; ruler and status bar say what is under it."""
        old, self._cursor = self._cursor, at if at is not None and self.paper_rect.contains(at.toPoint()) else None
        if self._cursor is None:
            self.desk.cursor_moved.emit(math.nan, math.nan)
        else:
            self.desk.cursor_moved.emit(*self.scan_at(self._cursor))
        for place in (old, self._cursor):
            if place is not None:
                self.update(0, round(place.y()) - 16, RULER_PX, 32)
                reach = round(self._gestures.reach()) + 4
                self.update(round(place.x()) - reach, round(place.y()) - reach, 2 * reach, 2 * reach)

    def cancel_gesture(self) -> bool:
        """Drop a gesture that is half done; False where there is none."""
        return self._gestures.cancel()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Mend the kept picture, copy it, and paint what moves over it."""
        view, area = self.shown, self.paper_rect
        painter = QPainter(self)
        self._backing.show(view, self.devicePixelRatioF())
        self._paint_paper(painter, area)
        frame = self.frame()
        self._paint_live(painter, frame, area)
        self._paint_pinned(painter, frame, event.region())
        painter.end()
        if not self.motion.is_zooming:
            self.papers.want(frame)

    def _paint_paper(self, painter: QPainter, area: QRect) -> None:
        picture = self._backing.mended(self._part_of, self._paint_layers, theme().tokens.sunken)
        ratio = self.devicePixelRatioF()
        painter.save()
        painter.scale(1 / ratio, 1 / ratio)  # device pixels onto device pixels: a plain copy
        painter.drawPixmap(round(area.left() * ratio), round(area.top() * ratio), picture)
        painter.restore()

    def _part_of(self, view: View, ratio: float, part: QRectF) -> Frame:
        return Frame(self.desk, view, ratio, part)

    def _paint_layers(self, painter: QPainter, frame: Frame) -> None:
        self.papers.paint(painter, frame)
        painter.scale(frame.ratio, frame.ratio)
        for layer in self._layers:
            layer.paint(painter, frame)

    def _paint_live(self, painter: QPainter, frame: Frame, area: QRect) -> None:
        painter.save()
        painter.setClipRect(area)
        painter.translate(area.topLeft())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.pulse.paint(painter, frame, theme().tokens.accent)
        paint_preview(painter, frame, self.desk.preview)
        if self._cursor is not None:
            paint_brush(painter, frame, self._cursor - QPointF(area.topLeft()))
        painter.restore()

    def _paint_pinned(self, painter: QPainter, frame: Frame, region: QRegion) -> None:
        tokens, sheet, scan = theme().tokens, self.desk.sheet, self.desk.scan
        if region.intersects(QRect(0, self._heading, RULER_PX, self.height())):
            cursor = self._cursor.y() - self._heading if self._cursor is not None else None
            dpi = scan.dpi if scan is not None else 200.0
            paint_ruler(painter, frame, sheet, top=self._heading, tokens=tokens, dpi=dpi, cursor=cursor)
        if region.intersects(QRect(0, 0, self.width(), self._heading)):
            paint_heading(painter, frame, sheet, height=self._heading, width=self.width(), tokens=tokens)

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The upper left corner stays."""
        super().resizeEvent(event)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        """The first view is chosen when the size is known."""
        super().showEvent(event)
        self._open_scan()
        self._follow_view()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer."""
        self.point_at(None)
        super().leaveEvent(event)

    def close_threads(self) -> None:
        """End the background work; the window calls it before it goes."""
        self.papers.close()

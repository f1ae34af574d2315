"""The canvas: paper, overlays, depth ruler and pinned scales of one desk; mouse, wheel, pen and keys over them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QMoveEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.view import View
from curvedesk.ui.canvas.ask_box import AskBox
from curvedesk.ui.canvas.first_view import first_view
from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.gestures import Gestures
from curvedesk.ui.canvas.heading import heading_px
from curvedesk.ui.canvas.live import Pulse
from curvedesk.ui.canvas.motion import Motion
from curvedesk.ui.canvas.papers import Papers
from curvedesk.ui.canvas.picture import Picture
from curvedesk.ui.canvas.repaints import Repaints
from curvedesk.ui.canvas.ruler import RULER_PX
from curvedesk.ui.theme import theme

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk

READ_AGAIN_MS = 60
HEADED = frozenset({ChangeKind.SHEET, ChangeKind.LOOKS, ChangeKind.SCAN})


class Canvas(QWidget):
    """Shows ``desk.view`` of the desk's scan; every gesture becomes a new view or goes to the tool in hand.

    What is painted how is in ``picture``, what is painted anew when in ``repaints``.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.papers = Papers(desk, self)
        self.motion = Motion(self)
        self.pulse = Pulse(self)
        self.picture = Picture(self)
        self.repaints = Repaints(self, self.picture.backing)
        self._heading = 0
        self._reading = QTimer(self, interval=READ_AGAIN_MS, singleShot=True)
        self._reading.timeout.connect(self._read_again)
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
        desk, papers, repaints = self.desk, self.papers, self.repaints
        desk.changed.connect(self._hear)
        desk.scan_changed.connect(self._open_scan)
        desk.view_changed.connect(self._follow_view)
        desk.tool_changed.connect(self._take_tool)
        desk.job_changed.connect(self._look_for_mask)
        desk.active_changed.connect(repaints.everything)
        desk.flags_changed.connect(repaints.everything)
        desk.preview_changed.connect(repaints.preview)
        desk.place_reached.connect(self.pulse.start)
        papers.prepared.connect(repaints.everything)
        papers.arrived.connect(repaints.tile)
        papers.failed.connect(self._say_fault)
        self.motion.moved.connect(self.update)
        self.motion.moved.connect(self._reading.start)
        self.picture.stretching.over.connect(self.update)
        self.pulse.stepped.connect(repaints.area)
        theme().changed.connect(self._follow_theme)
        self._gestures.tool.asked.connect(self._ask_box.ask)

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

    def frame(self) -> Frame:
        """What layers paint: the whole area as it is shown now."""
        view = self.shown
        return Frame(self.desk, view, self.devicePixelRatioF(), QRectF(0, 0, view.width, view.height))

    def set_view(self, view: View, *, gliding: bool) -> None:
        """Show another part; the desk hears of it."""
        self.motion.is_jumping = not gliding
        self.desk.set_view(view)
        self.motion.is_jumping = False

    def is_settled(self) -> bool:
        """Whether nothing moves and no tile is waited for."""
        return self.papers.is_idle and not self.motion.is_moving and not self.picture.stretching.now

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
        self.repaints.everything()

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
            self.repaints.heading()
        if ChangeKind.PREDICTION in change.kinds:
            self.papers.open_evidence()
            self.repaints.everything()
        else:
            self.repaints.overlays(change)

    def _look_for_mask(self) -> None:
        self.papers.open_evidence()
        for rows in self.papers.take_grown():
            self.repaints.rows(rows)

    def _follow_theme(self) -> None:
        self.papers.open_scan()
        self.repaints.everything()

    def _take_tool(self) -> None:
        self._gestures.take_tool()
        self.repaints.area()

    def _say_fault(self, sentence: str) -> None:
        self.desk.say(sentence, kind="error", topic="scan")

    def point_at(self, at: QPointF | None) -> None:
        """The pointer is here, or has left; ruler and status bar say what is under it."""
        now = at if at is not None and self.paper_rect.contains(at.toPoint()) else None
        old, self.picture.cursor = self.picture.cursor, now
        self.desk.cursor_moved.emit(*((math.nan, math.nan) if now is None else self.scan_at(now)))
        self.repaints.pointer(old, now)

    def _read_again(self) -> None:
        """The paper moved below a pointer that rests."""
        if self.picture.cursor is not None:
            self.point_at(self.picture.cursor)

    def cancel_gesture(self) -> bool:
        """Drop a gesture that is half done; False where there is none."""
        return self._gestures.cancel()

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is out of date, and have tiles drawn that are missing."""
        frame = self.frame()
        painter = QPainter(self)
        self.picture.paint(painter, frame, event.region())
        painter.end()
        if not self.motion.is_zooming and not self.picture.stretching.now:
            self.papers.want(frame)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The upper left corner stays."""
        super().resizeEvent(event)
        self._lay_out()

    def moveEvent(self, event: QMoveEvent) -> None:
        """A line said above pushes the canvas down, not the paper under a hand that works on it."""
        super().moveEvent(event)
        down = event.pos().y() - event.oldPos().y()
        if down and self.desk.view is not None and self.picture.cursor is not None:
            self.set_view(self.desk.view.panned(down=down), gliding=False)

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

"""The whole log as a strip: where the curves are unsure, where strokes are, and the part in sight, to drag or click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import CurveKey
from curvedesk.domain.strokes import AcceptStroke, NullStroke, rows_of
from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.lanes import GOOD, NOTHING, UNSURE, Grades, changed_lane, confidence_lane, runs_of
from curvedesk.session.view import View
from curvedesk.ui.canvas.coarse import can_be_drawn, coarse_picture
from curvedesk.ui.canvas.inks import ACCEPTED, BAD, DOUBTFUL, NULL, PAPER, TIE, faint
from curvedesk.ui.canvas.papers import tint_now
from curvedesk.ui.theme import theme

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk

PAD_PX, LANE_PX, GAP_PX, MARK_PX = 8, 6, 3, 6
LEAST_WINDOW_PX = 8.0
APART_PX = 2.0  # at 200 dpi: a curve that moved less is as it was
MOVED = QColor(TIE)
WAIT_MS = 150
STEPS = {Qt.Key.Key_Up: -0.1, Qt.Key.Key_Down: 0.1, Qt.Key.Key_PageUp: -0.9, Qt.Key.Key_PageDown: 0.9}
MATTERS = frozenset({ChangeKind.CURVES, ChangeKind.STROKES, ChangeKind.SHEET, ChangeKind.SCAN})


class Overview(QWidget):
    """Follows one desk."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._picture: QImage | None = None
        self._grades: Grades | None = None
        self.moved: Grades | None = None  # where curves are not what they were, while that is wanted
        self._drawing = 0
        self._grip: float | None = None
        self._timer = QTimer(self, interval=WAIT_MS, singleShot=True)
        self._timer.timeout.connect(self._draw)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Whole log")
        self.setAccessibleDescription(
            "The whole log; arrow keys, Page Up and Down, Home and End move the part in sight."
        )
        desk.changed.connect(self._hear)
        desk.scan_changed.connect(self._forget)
        desk.flags_changed.connect(self._compare)
        desk.view_changed.connect(self.update)
        theme().changed.connect(self._forget)
        self._timer.start()

    def sizeHint(self) -> QSize:
        """As wide as in the sketch."""
        return QSize(96, 400)

    # Geometry

    @property
    def strip_rect(self) -> QRectF:
        """Where the scan is shown."""
        lanes = LANE_PX + MARK_PX + 2 * GAP_PX
        return QRectF(PAD_PX, PAD_PX, max(1, self.width() - 2 * PAD_PX - lanes), max(1, self.height() - 2 * PAD_PX))

    def _y(self, y_px: float) -> float:
        scan = self.desk.scan
        strip = self.strip_rect
        return strip.top() + ((y_px + 0.5) / scan.height if scan is not None else 0.0) * strip.height()

    def _y_px(self, y: float) -> float:
        scan = self.desk.scan
        strip = self.strip_rect
        return (y - strip.top()) / strip.height() * (scan.height if scan is not None else 0) - 0.5

    def window_rect(self) -> QRectF:
        """The part in sight; never too small to be taken hold of."""
        if self.desk.view is None:
            return QRectF()
        top, bottom = (self._y(row) for row in self.desk.view.rows)
        short = max(0.0, LEAST_WINDOW_PX - (bottom - top)) / 2
        return QRectF(PAD_PX / 2, top - short, self.width() - PAD_PX, bottom - top + 2 * short)

    # Drawing what takes time, in a thread

    def _forget(self) -> None:
        self._timer.start()
        self.update()

    def _hear(self, change: Change) -> None:
        if change.kinds & MATTERS:
            self._timer.start()
            self.update()

    def _compare(self) -> None:
        if self.desk.flags.before != (self.moved is not None):
            self._forget()

    def _draw(self) -> None:
        scan, pyramid, tint = self.desk.scan, self.desk.pyramid, tint_now()
        self._drawing += 1
        number = self._drawing
        if scan is None:
            self._picture, self._grades, self.moved = None, None, None
            return
        ratio = self.devicePixelRatioF()
        size = (max(1, round(self.strip_rect.width() * ratio)), max(1, round(self.strip_rect.height() * ratio)))
        curves, high, with_picture = self._shown_curves(), scan.height, can_be_drawn(scan, pyramid)
        before = self.desk.before.curves if self.desk.flags.before else None
        apart_px = APART_PX * scan.dpi / 200.0

        def work() -> tuple[QImage | None, Grades, Grades | None]:
            grades = confidence_lane(curves.values(), scan_height=high, rows=size[1])
            moved = None
            if before is not None:
                moved = changed_lane(curves, before, scan_height=high, rows=size[1], apart_px=apart_px)
            picture = coarse_picture(scan, pyramid, tint, width=size[0], height=size[1]) if with_picture else None
            return picture, grades, moved

        def done(found: tuple[QImage | None, Grades, Grades | None]) -> None:
            if number == self._drawing:
                self._picture, self._grades, self.moved = found
                self.update()

        self.desk.background.run(work, done)

    def _shown_curves(self) -> dict[CurveKey, TracedCurve]:
        project = self.desk.document.project
        return {key: curve for key, curve in project.curves.items() if project.look(key).visible}

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Strip, lanes, window."""
        tokens, strip = theme().tokens, self.strip_rect
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.ground))
        if self.desk.scan is None:
            return
        painter.fillRect(strip, QColor(f"#{PAPER[tokens.name]:06x}"))
        if self._picture is not None:
            painter.drawImage(strip, self._picture)
        painter.setPen(QPen(QColor(tokens.hairline), 1))
        painter.drawRect(strip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_confidence(painter, strip)
        self._paint_moved(painter, strip)
        self._paint_strokes(painter, strip)
        self._paint_window(painter)

    def _paint_confidence(self, painter: QPainter, strip: QRectF) -> None:
        lane = QRectF(strip.right() + GAP_PX, strip.top(), LANE_PX, strip.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().tokens.hairline))
        painter.drawRoundedRect(lane, LANE_PX / 2, LANE_PX / 2)
        if self._grades is None or not (self._grades != NOTHING).any():
            return
        row_px = strip.height() / len(self._grades)
        for start, stop, grade in runs_of(self._grades):
            colour = {GOOD: theme().tokens.good, UNSURE: DOUBTFUL}.get(grade, BAD)
            high = max(2.0, (stop - start) * row_px) if grade != GOOD else (stop - start) * row_px
            painter.fillRect(QRectF(lane.left(), lane.top() + start * row_px, LANE_PX, high), QColor(colour))

    def _paint_moved(self, painter: QPainter, strip: QRectF) -> None:
        """On the border of the strip: what is not as it was before."""
        if self.moved is None:
            return
        row_px = strip.height() / len(self.moved)
        for start, stop, _grade in runs_of(self.moved):
            high = max(2.0, (stop - start) * row_px)
            painter.fillRect(QRectF(strip.left() - PAD_PX / 2, strip.top() + start * row_px, PAD_PX / 2, high), MOVED)

    def _paint_strokes(self, painter: QPainter, strip: QRectF) -> None:
        left = strip.right() + LANE_PX + 2 * GAP_PX
        painter.setPen(Qt.PenStyle.NoPen)
        for stroke in self.desk.document.project.strokes.values():
            top, bottom = (self._y(row) for row in rows_of(stroke))
            if isinstance(stroke, AcceptStroke | NullStroke):
                painter.setBrush(QColor(ACCEPTED if isinstance(stroke, AcceptStroke) else NULL))
                painter.drawRect(QRectF(left, top, MARK_PX - 2, max(2.0, bottom - top)))
            else:
                painter.setBrush(QColor(theme().tokens.accent))
                painter.drawRoundedRect(QRectF(left, (top + bottom) / 2 - MARK_PX / 2, MARK_PX, MARK_PX), 1, 1)

    def _paint_window(self, painter: QPainter) -> None:
        colour = theme().tokens.accent
        painter.setPen(QPen(QColor(colour), 2 if self.hasFocus() else 1.5))
        whole = self.window_rect().height() > 0.9 * self.strip_rect.height()  # a tint over everything tells nothing
        painter.setBrush(Qt.BrushStyle.NoBrush if whole else faint(colour, 0.12))
        painter.drawRoundedRect(self.window_rect(), 3, 3)

    # Hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the window; beside it, it comes there first."""
        window = self.window_rect()
        at = event.position()
        if not window.contains(QPointF(window.center().x(), at.y())):
            self._centre(at.y())
            window = self.window_rect()
        self._grip = at.y() - window.center().y()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the window."""
        if self._grip is not None:
            self._centre(event.position().y() - self._grip)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._grip = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Half a screen a notch."""
        self._move(-event.angleDelta().y() / 240.0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, pages, Home and End."""
        key = Qt.Key(event.key())
        if key in STEPS:
            self._move(STEPS[key])
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self._centre(self.strip_rect.top() if key == Qt.Key.Key_Home else self.strip_rect.bottom())
        else:
            super().keyPressEvent(event)

    def _move(self, screens: float) -> None:
        view = self.desk.view
        if view is not None:
            self._set(view.panned(down=screens * view.height))

    def _centre(self, y: float) -> None:
        if self.desk.view is not None:
            self._set(self.desk.view.centred_on(y_px=self._y_px(y)))

    def _set(self, view: View) -> None:
        """Within the log: dragging past an end stops there."""
        scan = self.desk.scan
        if scan is not None:
            self.desk.set_view(view.within_rows(scan.height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture is drawn anew for the size."""
        super().resizeEvent(event)
        self._timer.start()

    def changeEvent(self, event: QEvent) -> None:
        """The focus is shown."""
        super().changeEvent(event)
        self.update()

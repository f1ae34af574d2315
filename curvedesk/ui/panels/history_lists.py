"""The lists of the history panel: they read the document as it is and keep nothing."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, NullStroke, Stroke, SwapStroke, rows_of
from curvedesk.session.commands import stroke_label
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.places import depths_text
from curvedesk.ui.saving import SCAN_OPENED
from curvedesk.ui.theme import font, icon, theme

ROW_PX = 32
Index = QModelIndex | QPersistentModelIndex
ASIDE, ICON, DIM, NOW = (Qt.ItemDataRole.UserRole + n for n in range(4))
ICONS = {
    CurveStroke: "pen",
    NotCurveStroke: "not-curve",
    NullStroke: "null",
    AcceptStroke: "accept",
    SwapStroke: "swap",
}


class DoneList(QAbstractListModel):
    """The start, then every step; newest last, those taken back dimmed."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._rows = 0
        self._first = 0

    def refresh(self) -> None:
        """Read the document anew."""
        entries = self._desk.document.history.entries
        self._first = int(bool(entries) and entries[0].label == SCAN_OPENED)  # before it there was nothing to show
        rows = len(entries) + 1 - self._first
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0), self.index(rows - 1))

    def rowCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Steps and the start."""
        return self._rows

    def now_row(self) -> int:
        """Where the document stands."""
        return max(0, self._desk.document.history.position - self._first)

    def position_at(self, row: int) -> int:
        """The position that a click on a row goes to."""
        return row + self._first

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Label, time, whether taken back, whether the document stands here."""
        history, row = self._desk.document.history, index.row() + self._first
        if row > len(history.entries):
            return None
        entry = history.entries[row - 1] if row else None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return entry.label if entry else "The start"
        if role == Qt.ItemDataRole.ToolTipRole:
            return "The document stands here" if row == history.position else "Go back or forth to here"
        if role == ASIDE:
            return f"{entry.at.replace(tzinfo=entry.at.tzinfo or UTC).astimezone():%H:%M:%S}" if entry else ""
        return {DIM: row > history.position, NOW: row == history.position, ICON: ""}.get(role)


class StrokeList(QAbstractListModel):
    """Every stroke in the order drawn, with its kind and depths."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ids: tuple[str, ...] = ()

    def refresh(self) -> None:
        """Read the document anew."""
        ids = tuple(self._desk.document.project.strokes)
        if ids != self._ids:
            self.beginResetModel()
            self._ids = ids
            self.endResetModel()
        elif ids:
            self.dataChanged.emit(self.index(0), self.index(len(ids) - 1))

    def rowCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many strokes."""
        return len(self._ids)

    def id_at(self, row: int) -> str:
        """The stroke's id."""
        return self._ids[row]

    def rows_at(self, row: int) -> tuple[float, float] | None:
        """First and last y_px of a stroke, None where it is gone."""
        stroke = self._stroke(row)
        return None if stroke is None else rows_of(stroke)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What it says, its depths, its icon."""
        stroke = self._stroke(index.row())
        if stroke is None:
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return stroke_label(stroke)
        if role == ASIDE:
            return self._depths(stroke)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "Click goes there, Delete takes it away"
        return {ICON: ICONS[type(stroke)], DIM: False, NOW: False}.get(role)

    def _stroke(self, row: int) -> Stroke | None:
        return self._desk.document.project.strokes.get(self._ids[row]) if row < len(self._ids) else None

    def _depths(self, stroke: Stroke) -> str:
        sheet, (first, last) = self._desk.document.project.sheet, rows_of(stroke)
        if sheet is None:
            return f"rows {first:,.0f}–{last:,.0f}"
        top, bottom = (float(sheet.depth_at(sheet.column_at(y), y)) for y in (first, last))
        return depths_text(top, bottom)


class TwoEnds(QStyledItemDelegate):
    """A row: icon, text at the left, something muted at the right; a bar where the document stands."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Rows of the grid."""
        return QSize(200, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """By hand, so that times and depths stand in one column."""
        tokens, box = theme().tokens, QRectF(option.rect)
        state = option.state
        now, dim = bool(index.data(NOW)), bool(index.data(DIM))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = now or bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft if chosen else tokens.hover))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 6, 6)
        aside = str(index.data(ASIDE) or "")
        painter.setFont(font())
        painter.setPen(QColor(tokens.muted))
        painter.drawText(box.adjusted(0, 0, -8, 0), _RIGHT, aside)
        left = self._paint_icon(painter, box, str(index.data(ICON) or ""))
        room = box.right() - 16 - QFontMetricsF(painter.font()).horizontalAdvance(aside) - left
        painter.setFont(font(strong=now))
        painter.setPen(QColor(tokens.muted if dim else tokens.text))
        text = QFontMetricsF(painter.font()).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, box.top(), room + 1, box.height()), Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_icon(self, painter: QPainter, box: QRectF, name: str) -> float:
        if not name:
            return box.left() + 8
        icon(name, "muted").paint(painter, QRectF(box.left() + 8, box.top() + 8, 16, 16).toRect())
        return box.left() + 32


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

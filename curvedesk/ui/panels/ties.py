"""The depth ties as a table: depth and row to type, how far each is off, and a key to take one out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.sheet import Sheet
from curvedesk.session import depth_edits
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.fields import number_of, number_text
from curvedesk.ui.theme import font, icon, theme

ROW_PX, BIN_PX = 32, 28
DEPTH, ROW, OFF_PX, OFF_DEPTH, REMOVE = range(5)
FAIR_PX, BAD_PX = 2.0, 5.0  # 200 dpi pixels
Index = QModelIndex | QPersistentModelIndex
Edit = Callable[[Callable[[Sheet], Sheet], str], CurveDeskError | None]
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TiesModel(QAbstractTableModel):
    """Reads the ties of the document as it is; a typed cell becomes an edit of the sheet."""

    def __init__(self, desk: Desk, edit: Edit, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._edit = desk, edit
        self._rows = 0
        self._off: FloatArray = np.empty((0, 2))

    @property
    def sheet(self) -> Sheet | None:
        """The sheet as it is."""
        return self._desk.document.project.sheet

    def refresh(self) -> None:
        """Read the document anew; the chosen cell stays chosen."""
        sheet = self.sheet
        rows = len(sheet.depth.ties) if sheet else 0
        self._off = depth_edits.residuals(sheet.depth) if sheet else np.empty((0, 2))
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, REMOVE))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, REMOVE)

    def rowCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Ties."""
        return self._rows

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Depth, row, off in px and in depth, and the bin."""
        return REMOVE + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Depth and row may be typed."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in {DEPTH, ROW} else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What the columns are, the depth unit among them."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT)
        if role == Qt.ItemDataRole.ToolTipRole and section in {OFF_PX, OFF_DEPTH}:
            return "How far the tie lies from the straight line through its neighbours"
        unit = self.sheet.depth.unit.lower() if self.sheet else "ft"
        return ("Depth", "Row", "Off px", f"Off {unit}", "")[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Numbers as text, what is off in colour."""
        sheet = self.sheet
        if sheet is None or index.row() >= len(sheet.depth.ties):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == REMOVE:
            return icon("trash", "muted")
        if role == Qt.ItemDataRole.ForegroundRole and index.column() in {OFF_PX, OFF_DEPTH}:
            return QColor(getattr(theme().tokens, _off_token(self._off[index.row(), 0], sheet.dpi)))
        if role == Qt.ItemDataRole.EditRole:
            return number_text(float(sheet.depth.ties[index.row(), 1 if index.column() == DEPTH else 0]))
        return self._text(sheet, index) if role == Qt.ItemDataRole.DisplayRole else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A typed depth or row."""
        number = number_of(str(value))
        if number is None or role != Qt.ItemDataRole.EditRole:
            return False
        place = index.row()
        if index.column() == DEPTH:
            return self._edit(lambda s: depth_edits.move_tie(s, place, depth=number), f"Tie at {number:,g}") is None
        return self._edit(lambda s: depth_edits.move_tie(s, place, y_px=number), f"Tie in row {number:,.0f}") is None

    def remove(self, place: int) -> None:
        """Take a tie out."""
        sheet = self.sheet
        if sheet is not None and place < len(sheet.depth.ties):
            depth = float(sheet.depth.ties[place, 1])
            self._edit(lambda s: depth_edits.remove_tie(s, place), f"Tie at {depth:,g} taken out")

    def _text(self, sheet: Sheet, index: Index) -> str:
        tie, off = sheet.depth.ties[index.row()], self._off[index.row()]
        match index.column():
            case 0:
                return f"{tie[1]:,.2f}".rstrip("0").rstrip(".")
            case 1:
                return f"{tie[0]:,.0f}"
            case 2:
                return _signed(off[0], 1)
            case 3:
                return _signed(off[1], 2)
        return ""


class TiesView(QTableView):
    """As tall as its ties up to ten; Delete or the bin takes one out, a click on it goes there."""

    wanted = Signal(int)
    MOST = 10

    def __init__(self, model: TiesModel) -> None:
        super().__init__()
        self._ties = model
        self.setModel(model)
        self.setAccessibleName("Depth ties")
        self.setFont(font())
        self.setShowGrid(False)
        self.setProperty("role", "dense")  # five columns of numbers, none of which may be cut
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(DEPTH, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(REMOVE, QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(24)
        header.resizeSection(REMOVE, BIN_PX)
        header.setHighlightSections(False)
        header.setFont(font("small"))
        self.clicked.connect(self._click)

    def fit(self) -> None:
        """As tall as there are ties."""
        rows = min(max(self._ties.rowCount(), 2), self.MOST)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows * ROW_PX + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the chosen tie out."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and self.currentIndex().isValid():
            self._ties.remove(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def _click(self, index: QModelIndex) -> None:
        if index.column() == REMOVE:
            self._ties.remove(index.row())
        else:
            self.wanted.emit(index.row())


def _signed(value: float, places: int) -> str:
    if np.isnan(value):
        return "–"
    return "0" if abs(value) < 0.5 * 10**-places else f"{value:+.{places}f}".replace("-", "−")


def _off_token(off_px: float, dpi: float | None) -> str:
    off = abs(off_px) * 200.0 / (dpi or 200.0)
    return "muted" if np.isnan(off) or off < FAIR_PX else "warn" if off < BAD_PX else "bad"

"""The export dialog's right side: the table as it will be written, and what to look at before it leaves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from curvedesk.interchange.preview import Notice, Preview
from curvedesk.ui.parts import button, head, label, tight
from curvedesk.ui.theme import font

ROW_PX = 24
MORE = "⋮"


class PreviewTable(QTableWidget):
    """First rows, a mark for those left out, last rows."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)
        self.setAccessibleName("The table as it will be written")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.verticalHeader().setMinimumSectionSize(ROW_PX)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(84)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_preview(self, preview: Preview) -> None:
        """This table."""
        left_out = preview.rows > len(preview.first) + len(preview.last)
        rows = [*preview.first, *([(MORE,) * len(preview.header)] if left_out else []), *preview.last]
        self.setColumnCount(len(preview.header))
        self.setHorizontalHeaderLabels(list(preview.header))
        self.setRowCount(len(rows))
        for y, row in enumerate(rows):
            for x, text in enumerate(row):
                item = QTableWidgetItem(text)
                item.setFont(font("small"))
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(y, x, item)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + ROW_PX * max(1, len(rows)) + 14)


class NoticeRow(QWidget):
    """One sentence, and a way to its place on the paper."""

    wanted = Signal(float, float)

    def __init__(self, notice: Notice) -> None:
        super().__init__()
        self._notice = notice
        row = tight(QHBoxLayout(self))
        role = "warn" if notice.kind in {"unreviewed", "gap", "empty", "untraced"} else "muted"
        row.addWidget(label(notice.sentence, role, wrap=True), 1)
        if notice.place is not None:
            show = button("Show", self._show, kind="link", tip="Go there on the paper")
            row.addWidget(show, 0, Qt.AlignmentFlag.AlignTop)

    def _show(self) -> None:
        if self._notice.place is not None:
            self.wanted.emit(*self._notice.place)


class PreviewSide(QWidget):
    """Table above, notices below."""

    wanted = Signal(float, float)  # depths to show on the paper

    def __init__(self) -> None:
        super().__init__()
        self.aside = label("", "muted")
        self.table = PreviewTable()
        self.reviewed = label("", "muted")
        self._notices = tight(QVBoxLayout(), gap=2)
        column = tight(QVBoxLayout(self), gap=8)
        column.setContentsMargins(24, 16, 24, 16)
        column.addWidget(head("As it will be written", self.aside))
        column.addWidget(self.table)
        column.addSpacing(8)
        column.addWidget(head("Before it leaves", self.reviewed))
        column.addLayout(self._notices)
        column.addStretch(1)

    def show_preview(self, preview: Preview) -> None:
        """This table and these notices."""
        self.table.setVisible(bool(preview.header))
        if preview.header:
            self.table.show_preview(preview)
        columns = len(preview.header)
        self.aside.setText(f"{preview.rows:,} depths, {columns - 1} curves" if columns else "")
        share = preview.unreviewed
        self.reviewed.setText(f"{100 * share:.1f} % doubtful and not looked at" if share else "")
        self._show_notices(preview)

    def _show_notices(self, preview: Preview) -> None:
        while (item := self._notices.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for notice in preview.notices:
            row = NoticeRow(notice)
            row.wanted.connect(self.wanted)
            self._notices.addWidget(row)
        if not preview.notices:
            fine = "Nothing to look at: every reading is there and sure."
            self._notices.addWidget(label(fine if preview.header else "Shown when the fields are right.", "muted"))

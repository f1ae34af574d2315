"""Help in the window (F1): short pages that came with the program; nothing is fetched."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QWidget

from curvedesk.store.locations import bundled_resources_dir
from curvedesk.ui.overlay import Overlay
from curvedesk.ui.parts import hairline, tight
from curvedesk.ui.theme import theme

LIST_PX = 232
ROW_PX = 32
LINE_PERCENT = 140


def pages() -> tuple[Path, ...]:
    """The pages in reading order: their names begin with a number."""
    return tuple(sorted((bundled_resources_dir() / "help").glob("*.md")))


def title_of(page: Path) -> str:
    """The first heading."""
    return page.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ").strip()


class HelpSheet(Overlay):
    """Titles at the left, the page at the right."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host, "Help", width_px=960, height_px=680)
        row = tight(QHBoxLayout(), gap=0)
        row.setContentsMargins(12, 0, 0, 12)
        self.list, self.text = QListWidget(), QTextBrowser()
        self.list.setFixedWidth(LIST_PX)
        self.list.setAccessibleName("Pages")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._follow)
        for page in pages():
            item = QListWidgetItem(title_of(page))
            item.setData(0x0100, str(page))
            item.setSizeHint(QSize(0, ROW_PX))
            self.list.addItem(item)
        self.list.currentRowChanged.connect(self._show)
        row.addWidget(self.list)
        row.addWidget(hairline(upright=True))
        row.addWidget(self.text, 1)
        self.column.addLayout(row, 1)
        theme().changed.connect(self._again)
        self.list.setCurrentRow(0)

    def open_sheet(self) -> None:
        """Ready for the arrow keys."""
        super().open_sheet()
        self.list.setFocus()

    def open_page(self, name: str) -> None:
        """The page whose file name ends so, as links within the help have it."""
        for row in range(self.list.count()):
            if str(self.list.item(row).data(0x0100)).endswith(name):
                self.list.setCurrentRow(row)

    def _show(self, row: int) -> None:
        if row < 0:
            return
        text = Path(str(self.list.item(row).data(0x0100))).read_text(encoding="utf-8")
        document = self.text.document()
        tokens = theme().tokens
        document.setDefaultStyleSheet(f"a {{ color: {tokens.accent}; }}")
        document.setMarkdown(text)
        document.setDocumentMargin(24)
        _air(self.text)
        _real_weights(self.text.document())
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _again(self) -> None:
        self._show(self.list.currentRow())

    def _follow(self, link: QUrl) -> None:
        self.open_page(link.toString())


def _real_weights(document: QTextDocument) -> None:
    """Bold of Markdown is bolder than the font has it, and would be smeared."""
    block = document.begin()
    while block.isValid():
        for part in block.textFormats():
            if part.format.fontWeight() > QFont.Weight.DemiBold:
                cursor = QTextCursor(document)
                cursor.setPosition(block.position() + part.start)
                cursor.setPosition(block.position() + part.start + part.length, QTextCursor.MoveMode.KeepAnchor)
                semibold = QTextCharFormat()
                semibold.setFontWeight(QFont.Weight.DemiBold)
                cursor.mergeCharFormat(semibold)
        block = block.next()


def _air(text: QTextBrowser) -> None:
    """Lines apart as far as one reads them easily."""
    cursor = QTextCursor(text.document())
    cursor.select(QTextCursor.SelectionType.Document)
    spaced = QTextBlockFormat()
    spaced.setLineHeight(LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    cursor.mergeBlockFormat(spaced)

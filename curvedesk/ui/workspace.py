"""One open document in the window: tools, overview, canvas, panels, and the messages over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from curvedesk.ui.action_list import TOOL_GROUPS
from curvedesk.ui.banner import Banners
from curvedesk.ui.canvas import Canvas
from curvedesk.ui.depth_field import DepthField
from curvedesk.ui.docks import Docks
from curvedesk.ui.glimpse_mark import GlimpseMark
from curvedesk.ui.messages import Message
from curvedesk.ui.overview import Overview
from curvedesk.ui.parts import hairline, tight
from curvedesk.ui.toast import Toast
from curvedesk.ui.tool_bar import ToolColumn

if TYPE_CHECKING:
    from curvedesk.ui.action_book import ActionBook
    from curvedesk.ui.desk import Desk


class Workspace(QMainWindow):
    """The desk's own part of the window; the window shows the one whose tab is in front."""

    def __init__(self, desk: Desk, book: ActionBook) -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.Widget)
        self.desk = desk
        desk.setParent(self)
        self.canvas, self.overview = Canvas(desk), Overview(desk)
        self.banners, self.toast = Banners(), Toast(self.canvas)
        self.glimpse_mark = GlimpseMark(desk, self.canvas)
        self.depth_field = DepthField(desk, self.canvas)
        self.setCentralWidget(self._middle(book))
        self.docks = Docks(self, desk)
        book.attach(self.canvas)
        desk.message.connect(self.say)
        desk.panel_wanted.connect(self.docks.show)

    def _middle(self, book: ActionBook) -> QWidget:
        middle, paper = QWidget(), QWidget()
        column = tight(QVBoxLayout(paper), gap=0)
        column.addWidget(self.banners)
        column.addWidget(self.canvas, 1)
        row = tight(QHBoxLayout(middle), gap=0)
        row.addWidget(ToolColumn(book, TOOL_GROUPS))
        row.addWidget(hairline(upright=True))
        row.addWidget(self.overview)
        row.addWidget(hairline(upright=True))
        row.addWidget(paper, 1)
        return middle

    def say(self, message: Message) -> None:
        """Information fades, what needs an answer stays."""
        if message.kind == "info":
            self.toast.say(message)
        else:
            self.banners.say(message)

    def let_go(self) -> bool:
        """Close the field or the line that lies over the canvas; False where there was none."""
        for part in (self.depth_field, self.toast):
            if part.isVisible():
                part.hide()
                self.canvas.setFocus()
                return True
        return False

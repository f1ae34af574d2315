"""First start: an inviting empty window. Drop a scan, open one, go on with a recent one, or try the sample."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from curvedesk.ui.parts import button, label, tight
from curvedesk.ui.theme import icon, pixmap, theme
from curvedesk.ui.thumbnails import sample_picture

if TYPE_CHECKING:
    from curvedesk.ui.action_book import ActionBook

WIDTH_PX = 720
MOST_RECENT = 5
PICTURE_PX = (144, 136)
LEFT = Qt.AlignmentFlag.AlignLeft
PROMISE = "Turn a scanned paper log into LAS. Everything stays on this computer."


@dataclass(frozen=True, slots=True)
class OpenPath:
    """Opens one path when its row is clicked."""

    open: Callable[[Path], object]
    path: Path

    def __call__(self) -> None:
        self.open(self.path)


class StartPage(QWidget):
    """``show_recent`` fills the list; ``set_hot`` lights the drop place while something is dragged over."""

    def __init__(self, book: ActionBook, open_path: Callable[[Path], object]) -> None:
        super().__init__()
        self.setProperty("role", "sunken")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._book, self._open = book, open_path
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that nothing is marked before a key is used
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        middle = QWidget()
        middle.setMaximumWidth(WIDTH_PX)
        column = tight(QVBoxLayout(middle), gap=8)
        column.addWidget(label("Digitise a log", "title"))
        column.addWidget(label(PROMISE, "muted"))
        column.addSpacing(16)
        self.drop = self._drop_place()
        column.addWidget(self.drop)
        column.addSpacing(16)
        column.addLayout(self._below())
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(3)
        theme().changed.connect(self._tint)
        self._tint()

    def _drop_place(self) -> QFrame:
        made = QFrame()
        made.setProperty("role", "drop")
        made.setFixedHeight(200)
        column = tight(QVBoxLayout(made), gap=8)
        column.addStretch(1)
        self._mark = QLabel()
        column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(label("Drop a scan here", "strong"), 0, Qt.AlignmentFlag.AlignHCenter)
        kinds = label("TIFF, PDF, PNG or JPEG of any length; a project; a sheet", "muted")
        column.addWidget(kinds, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        self.open_button = button("Choose a file...", self._book.actions["open"].trigger)
        column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return made

    def _below(self) -> QHBoxLayout:
        row = tight(QHBoxLayout(), gap=32)
        self._recent = tight(QVBoxLayout(), gap=8)
        self._recent.setAlignment(Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._recent, 1)
        row.addLayout(self._try(), 1)
        return row

    def _try(self) -> QVBoxLayout:
        column = tight(QVBoxLayout(), gap=8)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(label("New here?", "strong"))
        line = tight(QHBoxLayout(), gap=16)
        self._picture = QLabel()
        line.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        words = tight(QVBoxLayout(), gap=8)
        words.addWidget(label("A sample log with every step of the work, in five minutes.", "muted", wrap=True))
        self.sample_button = button("Open the sample log", self._book.actions["open_sample"].trigger)
        words.addWidget(self.sample_button, 0, LEFT)
        words.addWidget(self._links(), 0, LEFT)
        words.addStretch(1)
        line.addLayout(words, 1)
        column.addLayout(line)
        return column

    def _links(self) -> QWidget:
        made = QWidget()
        row = tight(QHBoxLayout(made), gap=8)
        for name, text in (("help", "Help"), ("shortcuts", "Keys")):
            link = button(text, self._book.actions[name].trigger, kind="link")
            link.setProperty("flush", True)  # its letters, not its rim, stand below those above
            row.addWidget(link)
        return made

    def show_recent(self, paths: Sequence[Path]) -> None:
        """The files opened last, newest first; those that are gone are not offered."""
        while self._recent.count():
            item = self._recent.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        here = [path for path in paths if path.exists()][:MOST_RECENT]
        self._recent.addWidget(label("Recent", "strong"))
        if not here:
            self._recent.addWidget(label("What you open appears here.", "muted"))
        for path in here:
            self._recent.addWidget(self._recent_row(path))

    def _recent_row(self, path: Path) -> QPushButton:
        text = f"{path.name}   ·   {path.parent.name}"
        made = button(text, OpenPath(self._open, path), kind="row", tip=str(path))
        made.setIcon(icon("log" if path.suffix == ".curvedesk" else "scan", "muted"))
        made.setIconSize(QSize(20, 20))
        return made

    def set_hot(self, hot: bool) -> None:
        """Something that can be opened is held over the window."""
        self.drop.setProperty("hot", hot)
        self.drop.style().unpolish(self.drop)
        self.drop.style().polish(self.drop)

    def _tint(self) -> None:
        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(pixmap("scan", 40, "accent", ratio=ratio))
        picture: QPixmap = sample_picture(*PICTURE_PX, ratio)
        self._picture.setPixmap(picture)

"""The few parts everything in the window is made of, so that labels, buttons and lines look alike everywhere."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from curvedesk.ui.theme import TARGET_PX, icon

L = TypeVar("L", bound=QLayout)


def label(text: str = "", role: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """A text; ``role``: "" body, strong, title, muted, small (muted and smaller), good, warn, bad."""
    made = QLabel(text)
    made.setProperty("role", role)  # its font is the style sheet's, as its colour
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def set_role(widget: QWidget, role: str) -> None:
    """Change the role of a widget that is shown already."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def set_kind(button: QPushButton, kind: str) -> None:
    """Change the kind of a button that is shown already: primary, plain, quiet, link."""
    if button.property("kind") != kind:
        button.setProperty("kind", kind)
        button.style().unpolish(button)
        button.style().polish(button)


def button(text: str, run: Callable[[], object] | None = None, *, kind: str = "plain", tip: str = "") -> QPushButton:
    """A push button; ``kind`` primary (one in view), plain, quiet or link. ``run`` must not be a lambda over self."""
    made = QPushButton(text)
    made.setProperty("kind", kind)
    made.setToolTip(tip)
    made.setCursor(Qt.CursorShape.PointingHandCursor if kind == "link" else Qt.CursorShape.ArrowCursor)
    if run is not None:
        made.clicked.connect(_without_arguments(run))
    return made


def _without_arguments(run: Callable[[], object]) -> Callable[[bool], None]:
    def clicked(_checked: bool = False) -> None:
        run()

    return clicked


def icon_button(
    name: str, tip: str, run: Callable[[], object] | None = None, *, checkable: bool = False
) -> QToolButton:
    """A square button with an icon of resources/icons; its tip is its accessible name."""
    made = QToolButton()
    made.setIcon(icon(name))
    made.setIconSize(QSize(20, 20))
    made.setFixedSize(TARGET_PX, TARGET_PX)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setCheckable(checkable)
    made.setAutoRaise(True)
    if run is not None:
        made.clicked.connect(_without_arguments(run))
    return made


def hairline(*, upright: bool = False) -> QFrame:
    """A line of one pixel between parts; boxes are not drawn."""
    made = QFrame()
    made.setProperty("role", "upright" if upright else "hairline")
    return made


def head(title: str, aside: str | QWidget = "") -> QWidget:
    """The first line of a section: its title in strong, something muted or a widget at the right end."""
    made = QWidget()
    row = tight(QHBoxLayout(made))
    row.addWidget(label(title, "strong"), 1)
    row.addWidget(label(aside, "muted") if isinstance(aside, str) else aside)
    return made


def tight(layout: L, *, margin: int = 0, gap: int = 8) -> L:
    """No margins, gaps of the grid."""
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(gap)
    return layout


def float_over(widget: QWidget) -> None:
    """A soft shadow under what lies over the paper, so that it parts from it without a heavy border."""
    shadow = QGraphicsDropShadowEffect(widget)
    shadow.setBlurRadius(24)
    shadow.setOffset(0, 4)
    shadow.setColor(QColor(0, 0, 0, 48))
    widget.setGraphicsEffect(shadow)


def stretch() -> QWidget:
    """Takes the room that is left."""
    made = QWidget()
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    return made

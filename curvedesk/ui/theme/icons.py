"""One family of line icons: 24 x 24 drawings in one colour, tinted by the theme when they are painted."""

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from curvedesk.store.locations import bundled_resources_dir
from curvedesk.ui.theme.keeper import theme

INK = b"#000000"  # the colour the files are drawn in


@cache
def _drawing(name: str) -> bytes:
    path = bundled_resources_dir() / "icons" / f"{name}.svg"
    return path.read_bytes() if path.is_file() else b""


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace(INK, colour.encode())))


class _Tinted(QIconEngine):
    """Asks the theme at every painting, so icons follow it without being set again."""

    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self._name, self._colour = name, colour

    def clone(self) -> QIconEngine:
        return _Tinted(self._name, self._colour)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        renderer = _renderer(self._name, self._tint(mode, state))
        if renderer.isValid():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if mode == QIcon.Mode.Disabled:
                painter.setOpacity(0.45)
            renderer.render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return made

    def _tint(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        tokens = theme().tokens
        if self._colour:
            return str(getattr(tokens, self._colour))
        return tokens.accent if state == QIcon.State.On and mode != QIcon.Mode.Disabled else tokens.text


def icon(name: str, colour: str = "") -> QIcon:
    """The drawing ``resources/icons/<name>.svg`` in the theme's text colour (accent while checked), or in the colour
    token ``colour``."""
    return QIcon(_Tinted(name, colour))


def pixmap(name: str, size_px: int, colour: str = "", *, ratio: float = 1.0) -> QPixmap:
    """The same as a picture of ``size_px``, for labels; ``ratio`` is the screen's device pixel ratio."""
    return icon(name, colour).pixmap(QSize(size_px, size_px), ratio)

"""The painted paper, kept: when it moves, what is there is shifted and only the rim that came into sight is painted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPixmap, QRegion

from curvedesk.session.view import View
from curvedesk.ui.canvas.frame import MARGIN_PX, Frame

MakeFrame = Callable[[View, float, QRectF], Frame]
Paint = Callable[[QPainter, Frame], None]


LEAST, MOST = 0.6, 2.0  # a picture shown so much smaller or larger for a moment is still a good one


class Backing:
    """A picture of the area in device pixels. Damage is collected and mended at the next `mended`."""

    def __init__(self) -> None:
        self._picture = QPixmap()
        self._view = View()
        self._ratio = 1.0
        self._damage = QRegion()

    def show(self, view: View, ratio: float) -> None:
        """What is to be seen now; `view` is snapped."""
        size = QSize(round(view.width * ratio), round(view.height * ratio))
        if size != self._picture.size() or ratio != self._ratio or view.zoom != self._view.zoom:
            if size != self._picture.size():
                self._picture = QPixmap(size)
            self._damage = QRegion(self._picture.rect())
        elif view != self._view:
            self._shift(view)
        self._view, self._ratio = view, ratio

    def stretched(self, view: View, ratio: float) -> QRectF | None:
        """Where the kept picture lies in a `view` of another size, in device pixels; None where it shows too little of
        it, or is too coarse for it."""
        factor = view.zoom / self._view.zoom
        size = QSize(round(view.width * ratio), round(view.height * ratio))
        if factor == 1.0 or not LEAST <= factor <= MOST or ratio != self._ratio or size != self._picture.size():
            return None
        (left, right), (top, bottom) = self._view.columns, self._view.rows
        (x0, x1), (y0, y1) = view.to_screen([left, right], [top, bottom])
        return QRectF(x0 * ratio, y0 * ratio, (x1 - x0) * ratio, (y1 - y0) * ratio)

    @property
    def picture(self) -> QPixmap:
        """As it was when it was last mended."""
        return self._picture

    def damage(self, rows: tuple[float, float] | None = None) -> None:
        """These scan rows are out of date; everything without `rows`."""
        if rows is None:
            self._damage = QRegion(self._picture.rect())
            return
        _, (top, bottom) = self._view.to_screen(0.0, [min(rows), max(rows)])
        self.damage_rect(QRectF(0, top - MARGIN_PX, self._view.width, bottom - top + 2 * MARGIN_PX))

    def damage_rect(self, rect: QRectF) -> None:
        """This part, in screen pixels of the area, is out of date."""
        device = QRectF(rect.topLeft() * self._ratio, rect.size() * self._ratio).toAlignedRect()
        self._damage += device.intersected(self._picture.rect())

    def mended(self, frame_of: MakeFrame, paint: Paint, ground: str) -> QPixmap:
        """The picture, whole and up to date; `paint` gets a painter in device pixels, clipped."""
        if not self._damage.isEmpty():
            painter = QPainter(self._picture)
            for device in _few(self._damage):
                painter.save()
                painter.setClipRect(device)
                painter.fillRect(device, QColor(ground))
                part = QRectF(device.x(), device.y(), device.width(), device.height())
                part = QRectF(part.topLeft() / self._ratio, part.size() / self._ratio)
                paint(painter, frame_of(self._view, self._ratio, part))
                painter.restore()
            painter.end()
            self._damage = QRegion()
        return self._picture

    def _shift(self, view: View) -> None:
        old, new = self._view.origin(self._ratio), view.origin(self._ratio)
        dx, dy = old[0] - new[0], old[1] - new[1]
        self._damage.translate(dx, dy)
        whole = self._picture.rect()
        if abs(dx) >= whole.width() or abs(dy) >= whole.height():
            self._damage = QRegion(whole)
            return
        self._picture.scroll(dx, dy, whole)
        self._damage += QRegion(whole) - QRegion(whole.translated(dx, dy))
        self._damage &= QRegion(whole)


def _few(region: QRegion) -> list[QRect]:
    """The region's rectangles; their hull where there are so many that painting each would cost more."""
    parts = list(cast(Iterable[QRect], region))
    return parts if len(parts) <= 3 else [region.boundingRect()]

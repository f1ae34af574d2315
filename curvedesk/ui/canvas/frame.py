"""What a layer needs to know to paint: which part of the scan, at which size, into which part of the area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from numpy.typing import ArrayLike
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from curvedesk.domain.polyline import FloatArray
from curvedesk.session.view import View
from curvedesk.ui.canvas.tile_grid import Box

if TYPE_CHECKING:
    from curvedesk.domain.project import Project
    from curvedesk.ui.desk import Desk

MARGIN_PX = 12.0  # a line beside the painted part may still reach into it


@dataclass(frozen=True, slots=True)
class Frame:
    """`view` is snapped to device pixels; `part`: what is to be painted, in screen pixels of the area."""

    desk: Desk
    view: View
    ratio: float
    part: QRectF

    @property
    def project(self) -> Project:
        """The document's current value."""
        return self.desk.document.project

    @property
    def scale(self) -> float:
        """Device pixels a scan pixel."""
        return self.view.zoom * self.ratio

    @property
    def rows(self) -> tuple[float, float]:
        """Scan rows that may show in the part."""
        _, (top, bottom) = self.view.to_scan(0.0, [self.part.top() - MARGIN_PX, self.part.bottom() + MARGIN_PX])
        return float(top), float(bottom)

    @property
    def columns(self) -> tuple[float, float]:
        """Scan columns that may show in the part."""
        (left, right), _ = self.view.to_scan([self.part.left() - MARGIN_PX, self.part.right() + MARGIN_PX], 0.0)
        return float(left), float(right)

    @property
    def box(self) -> Box:
        """The part in device pixels from the scan's corner."""
        x, y = self.view.origin(self.ratio)
        left, top = round(self.part.left() * self.ratio), round(self.part.top() * self.ratio)
        right, bottom = round(self.part.right() * self.ratio), round(self.part.bottom() * self.ratio)
        return Box(x + left, y + top, x + right, y + bottom)

    def place(self, x_px: ArrayLike, y_px: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Screen coordinates of scan points."""
        return self.view.to_screen(x_px, y_px)


class Layer(Protocol):
    """Paints one kind of thing; keeps nothing but caches."""

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint what shows in ``frame.part``."""

"""What the network in training finds in the part in sight, as the engine shows it every few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, Signal, SignalInstance
from PySide6.QtGui import QImage

from curvedesk.protocol.messages import Preview
from curvedesk.ui.canvas.inks import TIE
from curvedesk.ui.canvas.paper_source import image_of

if TYPE_CHECKING:
    from curvedesk.session.jobs import JobState
    from curvedesk.ui.desk import Desk

WHAT = "glimpse"
FAINTEST = 40  # of 255: less is the network's noise, not ink


@dataclass(frozen=True, slots=True)
class Glimpse:
    """An image of ink over `place`, in edges of scan pixels; after so many steps."""

    image: QImage
    place: QRectF
    step: int


class Glimpses(QObject):
    """Follows one desk; ``now`` is the latest glimpse while a training runs, and None as soon as it is over."""

    changed = Signal()

    def __init__(self, desk: Desk, told: SignalInstance) -> None:
        super().__init__(desk)
        self._desk = desk
        self.now: Glimpse | None = None
        told.connect(self.hear)
        desk.job_changed.connect(self._follow)

    def hear(self, event: object) -> None:
        """A sentence of the engine."""
        job = self._desk.job
        if isinstance(event, Preview) and event.what == WHAT and job is not None and event.job == job.id:
            self._desk.background.run(partial(read_glimpse, event.data), partial(self._show, job))

    def _show(self, job: JobState, glimpse: Glimpse) -> None:
        now = self._desk.job
        if now is not None and now.id == job.id:
            self.now = glimpse
            self.changed.emit()

    def _follow(self) -> None:
        job = self._desk.job
        if self.now is not None and (job is None or job.kind != "finetune"):
            self.now = None
            self.changed.emit()


def read_glimpse(data: Any) -> Glimpse:
    """What the engine wrote: a file of (2, H, W) bytes over a box of the scan. Raises OSError, ValueError."""
    found = np.load(Path(str(data["file"])), allow_pickle=False)
    if found.ndim != 3 or found.dtype != np.uint8:
        raise ValueError("no glimpse")
    x0, y0, x1, y1 = (float(side) for side in data["box"])
    return Glimpse(tinted(found.max(axis=0)), QRectF(x0, y0, x1 - x0, y1 - y0), int(data["step"]))


def tinted(ink: NDArray[np.uint8]) -> QImage:
    """Ink (H, W) of 0 to 255 in the colour of what is new, premultiplied."""
    colour = int(TIE[1:], 16)
    alpha = np.where(ink >= FAINTEST, ink, 0).astype(np.uint32)
    red, green, blue = ((colour >> shift & 255) * alpha // 255 for shift in (16, 8, 0))
    pixels = (alpha << 24 | red << 16 | green << 8 | blue).astype(np.uint32)
    return image_of(pixels, QImage.Format.Format_ARGB32_Premultiplied)

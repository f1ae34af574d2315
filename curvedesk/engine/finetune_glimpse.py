"""What the network in training finds in the part in sight, every few seconds, for as long as that costs little."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.sheet import Sheet
from curvedesk.engine.work import Work
from curvedesk.imaging import Scan
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.net import CurveNet
from curvedesk.learn.predict import predict
from curvedesk.pipeline import as_bytes
from curvedesk.protocol.jobs import FinetuneJob
from curvedesk.protocol.messages import Preview
from curvedesk.store.atomic import replacing
from curvedesk.tracing.region import Box, logged_box
from curvedesk.tracing.strip import ANALYSIS_DPI

EVERY_S = 3.0
SHARE = 0.15  # of the time, at most: the strokes are to be learnt from, not looked at
MOST_PX = 900_000  # at 200 dpi
WHAT = "glimpse"


class Glimpses:
    """Writes each into the job's folder, in turn into one of two files, and says so."""

    def __init__(self, job: FinetuneJob, work: Work, scan: Scan, sheet: Sheet, base: Model) -> None:
        self._job, self._work, self._scan, self._base = job, work, scan, base
        self._dpi = sheet.dpi or scan.dpi
        self._box = logged_box(sheet, dpi=self._dpi, width=scan.width, height=scan.height)
        self._next = time.monotonic() + EVERY_S / 2
        self._count = 0
        self.device = job.device

    def show(self, net: CurveNet, step: int) -> None:
        """Look, if it is time and the window said where."""
        rows = self._work.look() or self._job.look
        if rows is None or time.monotonic() < self._next:
            return
        box = part_in_sight(self._box, rows, scale=ANALYSIS_DPI / self._dpi)
        if box is None:
            return
        began = time.monotonic()
        self._write(self._found(net, box), box, step)
        took = time.monotonic() - began
        self._next = time.monotonic() + max(EVERY_S, took / SHARE)

    def _found(self, net: CurveNet, box: Box) -> NDArray[np.uint8]:
        gray = self._scan.read(*box, scale=ANALYSIS_DPI / self._dpi)
        known = replace(self._base, net=net)
        return as_bytes(predict(known, gray, device=self.device, cancelled=self._work.is_cancelled))

    def _write(self, found: NDArray[np.uint8], box: Box, step: int) -> None:
        self._count += 1
        path = Path(self._job.out) / f"{WHAT}-{self._count % 2}.npy"
        with replacing(path) as part, part.open("wb") as file:
            np.save(file, found, allow_pickle=False)
        data = {"file": str(path), "box": list(box), "step": step}
        self._work.say(Preview(self._work.job, WHAT, data))


def part_in_sight(box: Box, rows: tuple[float, float], *, scale: float) -> Box | None:
    """The part of the box (x0, y0, x1, y1) of scan pixels in these rows, its middle where it would be too large."""
    x0, y0, x1, y1 = box
    top, bottom = max(float(y0), min(rows)), min(float(y1), max(rows))
    most = MOST_PX / scale**2 / (x1 - x0)
    if bottom - top > most:
        middle = (top + bottom) / 2
        top, bottom = middle - most / 2, middle + most / 2
    found = x0, int(np.floor(top)), x1, int(np.ceil(bottom))
    return found if found[3] - found[1] >= 16 / scale else None

"""The open scan's pixels: headers at once, the tile pyramid from a thread, quick tiles as soon as they are there."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from curvedesk.domain.errors import ScanError
from curvedesk.domain.project import ScanRef
from curvedesk.imaging import Scan, open_scan
from curvedesk.imaging.pyramid import Pyramid, TileCache

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk


HEAD_START_S = 0.3  # what is in sight is asked for first, for one strip of a scan may keep its decoder busy for long


def scan_ref(scan: Scan) -> ScanRef:
    """What the project remembers of a scan. Reads the whole file for its digest: not for the window's thread."""
    return ScanRef(str(scan.info.path), scan.sha256, scan.info.page, scan.width, scan.height, scan.dpi)


def read_scan(path: Path, page: int = 0) -> tuple[Scan, ScanRef]:
    """Open a scan and digest it. Raises ScanError."""
    scan = open_scan(path, page=page)
    return scan, scan_ref(scan)


class PyramidBuild:
    """Builds the pyramid of the desk's scan; ``share`` is how far it is, 1 when ready."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stop = threading.Event()
        self.share = 0.0

    def start(self, scan: Scan) -> None:
        """Find it in the cache, or build it in a thread."""
        self.cancel()
        self._stop = stop = threading.Event()
        self.share = 0.0

        def progress(share: float) -> None:
            self.share = share

        def work() -> Pyramid | None:
            stop.wait(HEAD_START_S)
            try:
                return TileCache().build(scan, progress=progress, cancelled=stop.is_set)
            except ScanError:
                if stop.is_set():
                    return None
                raise

        def done(pyramid: Pyramid | None) -> None:
            if pyramid is not None and scan is self._desk.scan:
                self.share = 1.0
                self._desk.pyramid = pyramid
                self._desk.scan_changed.emit()

        self._desk.background.run(work, done, self._failed)

    def cancel(self) -> None:
        """Stop; nothing is left behind."""
        self._stop.set()

    def _failed(self, error: Exception) -> None:
        if not self._stop.is_set():
            self._desk.say(str(error), kind="error", topic="pyramid")

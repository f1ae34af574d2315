"""A scripted walk over a scan of 241,000 rows in a process of its own: `python canvas_minute.py FOLDER [SECONDS]`.

Prints JSON: frame times (CPU of the window's thread, ms) while panning and zooming, the same frames painted the plain
way, brush to paint, and the memory of the process zoomed out.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PIL import Image
from PySide6.QtCore import QEventLoop, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import Project, curve_keys
from curvedesk.domain.sheet import Sheet, parse_sheet
from curvedesk.imaging import open_scan
from curvedesk.imaging.pyramid import TileCache
from curvedesk.session.document import Document
from curvedesk.session.view import View
from curvedesk.ui.canvas import Canvas
from curvedesk.ui.canvas.coarse import coarse_picture
from curvedesk.ui.canvas.papers import tint_now
from curvedesk.ui.canvas.polyline import polygon
from curvedesk.ui.desk import Desk

HEIGHT, WIDTH = 241_000, 2_400
SIZE = (1100, 800)


def make_scan(path: Path) -> None:
    """A grid with a wandering pen, 1 bit, Group 4, 400 dpi."""
    if path.exists():
        return
    Image.MAX_IMAGE_PIXELS = None
    y, x = np.mgrid[:2000, :WIDTH].astype(np.float32)
    block = (x % 40 == 3) | (y % 50 == 7) | (np.abs(x - 500 - 300 * np.sin(y / 60) - 90 * np.sin(y / 7)) < 2)
    image = Image.new("1", (WIDTH, HEIGHT), 1)
    part = Image.fromarray(np.where(block, 0, 255).astype(np.uint8)).convert("1")
    for top in range(0, HEIGHT, 2000):
        image.paste(part, (0, top))
    image.save(path, compression="group4", dpi=(400, 400), tiffinfo={278: 4096})


def make_sheet() -> Sheet:
    """Two tracks, five pens."""
    ties = [[1000 + i * 1000, 1000 + i * 50, 0.003] for i in range(239)]

    def curve(name: str, style: str) -> dict[str, object]:
        return {"mnemonic": name, "unit": "GAPI", "left": 0, "right": 150, "scale": "linear", "style": style}

    def track(name: str, left: int, right: int, *curves: dict[str, object]) -> dict[str, object]:
        edges = {"left": [[left, 900], [left + 5, 240000]], "right": [[right, 900], [right + 5, 240000]]}
        return {"name": name, "edges": edges, "curves": curves}

    first = track("1", 100, 900, curve("GR", "solid"), curve("CALI", "dashed"))
    second = track("2", 1100, 2300, curve("ILD", "solid"), curve("ILM", "dashed"), curve("SFL", "dotted"))
    depth = {"unit": "FT", "ties": ties, "top": 1000, "bottom": 12800, "step": 0.5}
    kind = {"format": "curvedesk-sheet", "version": 1}
    return parse_sheet({**kind, "scan": "tall.tif", "dpi": 400, "depth": depth, "tracks": [first, second]})


def make_curves(sheet: Sheet) -> dict[str, TracedCurve]:
    """A point a row for each pen."""
    rng, made = np.random.default_rng(0), {}
    y = np.arange(1000.0, 238_000.0)
    for i, (key, (track, spec)) in enumerate(curve_keys(sheet).items()):
        fraction = 0.5 + 0.35 * np.sin(np.cumsum(rng.normal(0, 0.02, len(y))) + np.sin(y / 150) + i)
        sure = np.clip(0.9 - 0.6 * (np.sin(y / 700 + i) > 0.95), 0, 1).astype(np.float32)
        made[key] = TracedCurve(spec, track.name, track.x_at(fraction, y), y, np.zeros(len(y), np.int32), sure)
    return made


class Walk:
    """Opens the scan and walks."""

    def __init__(self, folder: Path) -> None:
        self.app = QApplication.instance() or QApplication([])
        make_scan(folder / "tall.tif")
        self.scan = open_scan(folder / "tall.tif")
        sheet = make_sheet()
        self.desk = Desk(Document(Project(sheet=sheet, curves=make_curves(sheet))))
        self.desk.scan = self.scan
        self.desk.pyramid = TileCache(folder / "tiles").build(self.scan)
        self.canvas = Canvas(self.desk)
        self.canvas.motion.is_animated = False
        self.canvas.resize(*SIZE)
        self.canvas.show()
        self.settle()

    def settle(self, seconds: float = 3.0) -> None:
        """Let tiles come."""
        until = time.monotonic() + seconds
        self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        while time.monotonic() < until and not self.canvas.is_settled():
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def views(self, count: int) -> list[View]:
        """Where the walk goes: down at fit width, zoomed in, out to the whole log, and in again."""
        view = self.desk.view
        assert view is not None
        far = view.fit_all(self.scan.width, self.scan.height)
        pan = [view.panned(down=41.0 * i) for i in range(count)]
        near = [pan[-1].zoomed_at(400, 300, 3.0).panned(down=29.0 * i, right=3.0 * i) for i in range(count)]
        out = [near[-1].zoomed_at(400, 300, 0.93**i) for i in range(count)]
        back = [far.zoomed_at(500, 300, 1.07**i) for i in range(count)]
        return [*pan, *near, *out, far, *back]

    def frames(self, views: list[View]) -> list[float]:
        """CPU of the window's thread for each view, from the event to the last pixel."""
        return [timed(lambda view=view: self._show(view), self.app) for view in views]

    def _show(self, view: View) -> None:
        self.desk.set_view(view)
        self.canvas.repaint()

    def plain_frames(self, views: list[View]) -> list[float]:
        """The plain way: a whole level as one image, scaled; every curve as one polyline."""
        level = coarse_picture(self.scan, self.desk.pyramid, tint_now(), width=300, height=30_000)
        curves = [polygon(c.x_px, c.y_px) for c in self.desk.document.project.curves.values()]
        picture = QPixmap(*SIZE)
        return [timed(lambda view=view: paint_plainly(picture, level, curves, view), self.app) for view in views]

    def brush(self, moves: int = 40) -> list[float]:
        """From a move of the pen to the painted stroke."""
        self.desk.set_tool("not_curve")
        button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mousePress(self.canvas, button, keys, QPoint(400, 200))
        way = [QPoint(400 + i % 7, 200 + 5 * i) for i in range(moves)]
        found = [timed(lambda at=at: self._move(at), self.app) for at in way]
        QTest.mouseRelease(self.canvas, button, keys, way[-1])
        return found

    def _move(self, at: QPoint) -> None:
        QTest.mouseMove(self.canvas, at)
        self.app.processEvents()


def timed(work: Callable[[], object], app: QApplication) -> float:
    """CPU of this thread in ms; tiles may come in between."""
    start = time.thread_time()
    work()
    took = time.thread_time() - start
    app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 4)
    return 1000 * took


def paint_plainly(picture: QPixmap, level: QImage, curves: list[Any], view: View) -> None:
    """See ``Walk.plain_frames``."""
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    (left, right), (top, bottom) = view.columns, view.rows
    across, down = level.width() / WIDTH, level.height() / HEIGHT
    source = QRectF(left * across, top * down, (right - left) * across, (bottom - top) * down)
    painter.drawImage(QRectF(picture.rect()), level, source)
    painter.scale(view.zoom, view.zoom)
    painter.translate(-view.x0_px, -view.y0_px)
    for curve in curves:
        painter.setPen(QPen(QColor("#D55E00"), 1.5 / view.zoom))
        painter.drawPolyline(curve)
    painter.end()


def main(folder: Path, count: int) -> None:
    """Walk, and say what it took."""
    walk = Walk(folder)
    views = walk.views(count)
    ours, worst = walk.frames(views), walk.frames(views[:count])
    brush = walk.brush()
    walk.desk.set_view(walk.desk.view.fit_all(WIDTH, HEIGHT))
    walk.settle()
    memory = psutil.Process().memory_info().rss / 1e6
    plain = walk.plain_frames(views[:: max(1, len(views) // 12)])
    walk.canvas.close_threads()
    walk.desk.close()
    found = {"median_ms": np.median(ours), "worst_ms": max(ours), "pan_ms": np.median(worst)}
    found |= {"plain_ms": np.median(plain), "plain_worst_ms": max(plain)}
    found |= {"brush_ms": np.median(brush), "brush_worst_ms": max(brush), "memory_mb": memory, "frames": len(ours)}
    sys.stdout.write(json.dumps({name: round(float(value), 3) for name, value in found.items()}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 30)

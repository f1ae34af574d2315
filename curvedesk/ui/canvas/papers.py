"""What lies under everything: the scan's tiles and the mask's, drawn in the background for whatever is in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from curvedesk.store.evidence import EvidenceFolder
from curvedesk.store.evidence_cache import EvidenceCache
from curvedesk.tracing.strip import Window
from curvedesk.tracing.track import Evidence
from curvedesk.ui.canvas.coarse import can_be_drawn, coarse_picture
from curvedesk.ui.canvas.frame import Frame
from curvedesk.ui.canvas.inks import INK, PAPER
from curvedesk.ui.canvas.mask_source import MaskSource
from curvedesk.ui.canvas.paper_source import PaperSource, Tint, tint_between
from curvedesk.ui.canvas.resampling import U8
from curvedesk.ui.canvas.tile_grid import TileKey, box_of
from curvedesk.ui.canvas.tile_layer import TileLayer
from curvedesk.ui.canvas.tile_loader import TileLoader
from curvedesk.ui.theme import theme

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk
    from curvedesk.ui.glimpses import Glimpse

STRIP_ROWS, STRIP_COLUMNS = 6000, 300
FAINT_MASK = 0.25  # of its opacity while what the model in training finds is shown over it
UNDER_CURVES = 0.4  # of its opacity where curves lie over it: their colours must not be muddied
FARTHEST_MASK = 0.04  # device pixels a scan pixel below which a mask cannot be told from noise


def mask_share(desk: Desk, *, glimpsed: bool) -> float:
    """How opaque the mask is, 0 to 1: `glimpsed` while what the model in training finds is shown over it."""
    if glimpsed:
        return desk.flags.mask_opacity * FAINT_MASK
    covered = desk.flags.curves and bool(desk.document.project.curves)
    return desk.flags.mask_opacity * (UNDER_CURVES if covered else 1.0)


class Papers(QObject):
    """Follows the desk's scan, pyramid, prediction and theme. `arrived` says which tile is there to be painted."""

    arrived = Signal(object)  # TileKey
    prepared = Signal()  # the coarse picture of the whole scan is there
    failed = Signal(str)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._loader = TileLoader(self)
        self._paper: TileLayer | None = None
        self._mask: TileLayer | None = None
        self._evidence: EvidenceFolder | None = None
        self._runs: list[tuple[int, int]] = []
        self._number = 0
        self._loader.drawn.connect(self._keep)
        self._loader.failed.connect(self.failed)
        desk.jobs.glimpses.changed.connect(self.prepared)
        desk.jobs.proposals.changed.connect(self.prepared)

    def open_scan(self) -> None:
        """Another scan, or its pyramid is ready, or the theme changed."""
        scan = self._desk.scan
        if scan is None:
            self._paper = None
            return
        tint = tint_now()
        source = self._paper.source if self._paper is not None else None
        if isinstance(source, PaperSource) and source.shows(scan, tint):
            source.pyramid = self._desk.pyramid  # tiles drawn from the scan itself are as good
            if self._paper is not None:
                self._prepare_strip(self._paper)
            return
        self._number += 1
        extent = (0.0, 0.0, float(scan.width), float(scan.height))
        self._paper = TileLayer(
            PaperSource(scan, self._desk.pyramid, tint), self._number, extent=extent,
            ground=f"#{PAPER[theme().tokens.name]:06x}",
        )  # fmt: skip
        self._prepare_strip(self._paper)

    def open_evidence(self) -> None:
        """Another prediction, or more of the one that is shown."""
        prediction, job = self._desk.document.project.prediction, self._desk.job
        name = prediction.evidence if prediction is not None else ""
        if job is not None and job.evidence:  # what is found is shown while it is found
            name = job.evidence
        if self._evidence is None or name != self._evidence.name:  # progress comes often; the folder stays the same
            self.show_evidence(EvidenceCache().find(name) if name else None)

    def show_evidence(self, evidence: EvidenceFolder | None) -> None:
        """Show this evidence; what is there of it already keeps its tiles."""
        if evidence is None:
            self._evidence, self._mask, self._runs = None, None, []
        elif self._evidence is None or evidence.folder != self._evidence.folder:
            self._number += 1
            key = evidence.key
            source = MaskSource(evidence.probability, left_px=key.box[0], top_px=key.box[1], scale=key.scale)
            self._mask = TileLayer(source, self._number, extent=source.extent)
            self._evidence, self._runs = evidence, evidence.runs()

    def take_grown(self) -> list[tuple[float, float]]:
        """Scan rows of the mask that came since the last call; their tiles are drawn anew."""
        if self._evidence is None or self._mask is None:
            return []
        runs = self._evidence.runs()
        fresh = [run for run in runs if run not in self._runs]
        self._runs = runs
        rows = [(self._evidence.y_px(start), self._evidence.y_px(stop)) for start, stop in fresh]
        for part in rows:
            self._mask.forget(part)
        return rows

    def _prepare_strip(self, layer: TileLayer) -> None:
        """The whole scan, coarse, drawn in a thread, for where no tile is yet."""
        scan, pyramid, tint = self._desk.scan, self._desk.pyramid, tint_now()
        if scan is None or layer.strip is not None or not can_be_drawn(scan, pyramid):
            return
        height = min(STRIP_ROWS, scan.height)
        width = max(1, min(STRIP_COLUMNS, scan.width * height // scan.height))

        def keep(strip: QImage) -> None:
            layer.strip = strip
            self.prepared.emit()

        self._desk.background.run(lambda: coarse_picture(scan, pyramid, tint, width=width, height=height), keep)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paper and mask, in device pixels."""
        if self._paper is not None:
            self._paper.paint(painter, frame)
        glimpse = frame.desk.jobs.glimpses.now
        if self._mask is not None and self._mask_shows(frame):
            painter.save()
            painter.setOpacity(mask_share(frame.desk, glimpsed=glimpse is not None))
            self._mask.paint(painter, frame)
            painter.restore()
        if glimpse is not None and not frame.desk.flags.mask_held_off:
            _paint_glimpse(painter, frame, glimpse)

    def paint_coarse(self, painter: QPainter, frame: Frame) -> None:
        """The paper for a moment, in device pixels."""
        if self._paper is not None:
            self._paper.paint_coarse(painter, frame)

    def want(self, frame: Frame) -> None:
        """Draw what is missing in this frame."""
        wanted = list(self._paper.wanted(frame)) if self._paper is not None else []
        if self._mask is not None and self._mask_shows(frame):
            wanted += self._mask.wanted(frame)
        self._loader.want(wanted)

    def evidence(self) -> Evidence | None:
        """The network's answer, for tools that snap to ink."""
        if self._evidence is None:
            return None
        x0, y0, _, _ = self._evidence.key.box
        window = Window(x0, y0, self._evidence.key.scale)
        return Evidence(self._evidence.probability, self._evidence.gray, window)

    def pixels(self, x0: int, y0: int, x1: int, y1: int) -> U8 | None:
        """Gray of the scan itself; None until the pyramid is there, for a scan may take long to read."""
        pyramid = self._desk.pyramid
        return pyramid.read(0, x0, y0, x1, y1) if pyramid is not None else None

    def rect_of(self, key: TileKey, frame: Frame) -> QRectF:
        """Where a tile lies in the area, in screen pixels."""
        box, (x, y) = box_of(key, frame.scale), frame.view.origin(frame.ratio)
        k = 1.0 / frame.ratio
        return QRectF((box.left - x) * k, (box.top - y) * k, (box.right - box.left) * k, (box.bottom - box.top) * k)

    @property
    def is_idle(self) -> bool:
        """Whether no tile is waited for."""
        return self._loader.is_idle

    @property
    def bytes(self) -> int:
        """Memory of the tiles."""
        return sum(layer.bytes for layer in (self._paper, self._mask) if layer is not None)

    def close(self) -> None:
        """End the threads."""
        self._loader.close()

    def _mask_shows(self, frame: Frame) -> bool:
        return frame.desk.flags.mask_shown and frame.scale >= FARTHEST_MASK

    def _keep(self, key: TileKey, image: QImage) -> None:
        for layer in (self._paper, self._mask):
            if layer is not None and layer.number == key.source:
                layer.put(key, image)
                self.arrived.emit(key)


def _paint_glimpse(painter: QPainter, frame: Frame, glimpse: Glimpse) -> None:
    """The ink that the model in training finds, over the part it was shown."""
    (x, y), scale, place = frame.view.origin(frame.ratio), frame.scale, glimpse.place
    at = QRectF(place.left() * scale - x, place.top() * scale - y, place.width() * scale, place.height() * scale)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(at, glimpse.image)
    painter.restore()


def tint_now() -> Tint:
    """Ink and paper as the theme shows them."""
    return tint_between(INK, PAPER[theme().tokens.name])

"""The page at the resolution it is read at: ink on even paper, with exact maps to the scan's own pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from curvedesk.domain.errors import Cancelled
from curvedesk.imaging import Scan

U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
IsCancelled = Callable[[], bool]
Report = Callable[[float], None]

ANALYSIS_DPI = 200.0
LEAST_WIDTH_PX = 1600  # reduced copies carry a high dpi tag and half the letter size: width decides then
COARSE_DPI, MOST_ENLARGED = 150.0, 3.0
MOST_PIXELS = 420_000_000
BAND_ROWS = 2048
_SHADE = 8  # the paper's shade is measured on a picture so many times smaller


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """Ink of a whole scan, uint8 (H, W), 0 bare paper and 255 full ink, at `scale` pixels per scan pixel."""

    ink: U8
    scale: float

    @property
    def height(self) -> int:
        """Rows at the analysis resolution."""
        return int(self.ink.shape[0])

    @property
    def width(self) -> int:
        """Columns at the analysis resolution."""
        return int(self.ink.shape[1])

    def to_scan(self, at_px: ArrayLike) -> F64:
        """Analysis pixels to scan pixels, either axis."""
        return (np.asarray(at_px, np.float64) + 0.5) / self.scale - 0.5

    def from_scan(self, at_px: ArrayLike) -> F64:
        """Scan pixels to analysis pixels, either axis."""
        return (np.asarray(at_px, np.float64) + 0.5) * self.scale - 0.5

    def box_to_scan(self, box: tuple[float, float, float, float]) -> list[float]:
        """A box [x0, y0, x1, y1] in scan pixels, for the person who confirms."""
        return [round(float(v), 1) for v in self.to_scan(np.array(box))]


def analysis_scale(scan: Scan, dpi: float) -> float:
    """Analysis pixels per scan pixel: 200 dpi, more where the page is narrow, within memory.

    Only coarse plots are enlarged: depth columns and numbers are looked for in the sizes they have at 200 dpi.
    """
    wanted = min(1.0, max(ANALYSIS_DPI / dpi, LEAST_WIDTH_PX / scan.width))
    if dpi < COARSE_DPI:
        wanted = min(MOST_ENLARGED, ANALYSIS_DPI / dpi)
    return float(min(wanted, (MOST_PIXELS / (scan.width * scan.height)) ** 0.5))


def read_page(scan: Scan, *, dpi: float, progress: Report | None = None, cancelled: IsCancelled | None = None) -> Page:
    """Decode the whole scan once, in bands. Raises ScanError, Cancelled."""
    scale = analysis_scale(scan, dpi)
    height, width = round(scan.height * scale), round(scan.width * scale)
    ink = np.zeros((height, width), np.uint8)
    even = scan.info.bits == 1
    step = _exact_step(scale)
    for y in range(0, scan.height, step):
        check_cancelled(cancelled)
        gray = scan.read(0, y, scan.width, min(y + step, scan.height), scale=scale)
        top = round(y * scale)
        rows = gray[: height - top, :width]
        ink[top : top + len(rows), : rows.shape[1]] = 255 - rows if even else ink_of(rows)
        if progress is not None:
            progress(min(1.0, (y + step) / scan.height))
    return Page(ink, scale)


def _exact_step(scale: float) -> int:
    """Scan rows a band whose size at the analysis scale is (nearly) whole, so that bands do not drift apart."""
    rows = np.arange(4096, 12288)
    return int(rows[np.argmin(np.abs(rows * scale - np.round(rows * scale)))])


def check_cancelled(cancelled: IsCancelled | None) -> None:
    """Raise Cancelled where the user asked to stop."""
    if cancelled is not None and cancelled():
        raise Cancelled("The reading of the paper was stopped; nothing was changed.")


def ink_of(gray: U8) -> U8:
    """How much darker than the paper around it each pixel of gray (h, w) is, stretched so that the darkest is 255."""
    size = tuple(max(1, n // _SHADE) for n in gray.shape[::-1])
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    shade = cv2.GaussianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (0, 0), 4)
    paper = cv2.resize(shade, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    dark = cv2.subtract(paper, gray)
    full = float(np.percentile(dark[::4, ::4], 99.5))
    return np.asarray(cv2.convertScaleAbs(dark, alpha=255.0 / max(full, 48.0)), np.uint8)

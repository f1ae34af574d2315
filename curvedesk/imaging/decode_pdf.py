"""PDF pages, each at the resolution of the scan it carries; runs in the decoder child only.

A page is rendered band by band at the pixel size of its largest image, so turned, cut and composed pages look as a
viewer shows them, and a page that is one scan keeps that scan's pixels. A page without an image is drawn at 200 dpi.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from curvedesk.imaging.info import ASSUMED_DPI, Colour, HeaderError, PageInfo, Polarity, check_size, sane_dpi
from curvedesk.imaging.pixels import U8

POINTS_PER_INCH = 72.0
MAX_PDF_PAGES = 2000
LEAST_COVER = 0.05  # of the page's area: below it an image is a logo, not the scan


def open_pdf(path: Path) -> Any:
    """The document.

    Raises:
        HeaderError: damaged, or locked with a password.
    """
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise HeaderError("it is a PDF locked with a password", "save a copy without the password") from error
        raise HeaderError("it is a PDF that cannot be read, perhaps damaged", "export it again") from error


def pdf_pages(path: Path) -> list[PageInfo]:
    """Size and resolution of every page, nothing rendered."""
    document = open_pdf(path)
    try:
        if not 0 < len(document) <= MAX_PDF_PAGES:
            raise HeaderError(f"it is a PDF of {len(document)} pages", "split it into single logs")
        return [_page_info(document[index]) for index in range(len(document))]
    except pdfium.PdfiumError as error:
        raise HeaderError("it is a PDF with a damaged page", "export it again") from error
    finally:
        document.close()


def _page_info(page: Any) -> PageInfo:
    width_pt, height_pt = page.get_size()
    best = _scan_of(page, width_pt * height_pt)
    dpi, bits, compression = best or (ASSUMED_DPI, 8, "vector")
    width, height = round(width_pt * dpi / POINTS_PER_INCH), round(height_pt * dpi / POINTS_PER_INCH)
    check_size(width, height)
    sane = sane_dpi(dpi, dpi) if best else None
    colour = Colour.GRAY if bits == 1 else Colour.RGB
    return PageInfo(width, height, bits, 1 if bits == 1 else 3, compression, colour, Polarity.MIN_IS_BLACK, sane)


def _scan_of(page: Any, page_area: float) -> tuple[float, int, str] | None:
    """Resolution, bits a pixel and filter of the page's largest image, None where it has none."""
    best: tuple[float, Any] | None = None
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        area = max(0.0, right - left) * max(0.0, top - bottom)
        if area >= LEAST_COVER * page_area and (best is None or area > best[0]):
            best = (area, item)
    if best is None:
        return None
    area, item = best
    width_px, height_px = item.get_px_size()
    if width_px <= 0 or height_px <= 0 or area <= 0:
        return None
    dpi = POINTS_PER_INCH * (width_px * height_px / area) ** 0.5
    bits = item.get_metadata().bits_per_pixel
    filters = [str(name) for name in item.get_filters()]
    return dpi, 1 if bits == 1 else 8, (filters[-1].removesuffix("Decode").lower() if filters else "none")


class PdfDocument:
    """One page of a PDF; bands are rendered on demand."""

    bilevel = False

    def __init__(self, path: Path, page: int) -> None:
        self._document = open_pdf(path)
        self._page = self._document[page]
        self.info = _page_info(self._page)

    def close(self) -> None:
        """Forget the document."""
        self._document.close()

    def rows(self, y0: int, y1: int) -> U8:
        """Rows as gray (n, W) for a 1 bit scan, else RGB (n, W, 3)."""
        gray = self.info.bits == 1
        shape = (y1 - y0, self.info.width) if gray else (y1 - y0, self.info.width, 3)
        pixels = np.full(shape, 255, np.uint8)
        form = pdfium_c.FPDFBitmap_Gray if gray else pdfium_c.FPDFBitmap_BGR
        stride = pixels.strides[0]
        bitmap = pdfium_c.FPDFBitmap_CreateEx(self.info.width, y1 - y0, form, pixels.ctypes.data, stride)
        if not bitmap:
            raise HeaderError("a page of this PDF is too large to draw", "export it as TIFF")
        flags = pdfium_c.FPDF_ANNOT | (0 if gray else pdfium_c.FPDF_REVERSE_BYTE_ORDER)
        pdfium_c.FPDF_RenderPageBitmap(bitmap, self._page, 0, -y0, self.info.width, self.info.height, 0, flags)
        pdfium_c.FPDFBitmap_Destroy(bitmap)
        return pixels

"""PDF pages, each at the resolution of the scan it carries; runs in the decoder child only.

A page is rendered band by band at the pixel size of its largest image, so turned, cut and composed pages look as a
viewer shows them, and a page that is one scan keeps that scan's pixels. A page without an image is drawn at 200 dpi.
PDFium draws nothing, without a word, for fax images taller than 65,535 rows; their stream is decoded here instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from curvedesk.imaging.g4 import packed_g4
from curvedesk.imaging.info import ASSUMED_DPI, Colour, HeaderError, PageInfo, Polarity, check_size, sane_dpi
from curvedesk.imaging.pixels import U8

POINTS_PER_INCH = 72.0
MAX_PDF_PAGES = 2000
FILTERS = {
    "CCITTFaxDecode": "ccitt",
    "JBIG2Decode": "jbig2",
    "DCTDecode": "jpeg",
    "JPXDecode": "jpeg2000",
    "FlateDecode": "deflate",
    "LZWDecode": "lzw",
    "RunLengthDecode": "packbits",
}
MOST_DRAWN_PX = 65_535
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
    """Size and resolution of every page, nothing rendered. Raises HeaderError where there is no page to read."""
    document = open_pdf(path)
    try:
        if not 0 < len(document) <= MAX_PDF_PAGES:
            raise HeaderError(f"it is a PDF of {len(document)} pages", "split it into single logs")
        return [_page_info(document[index]) for index in range(len(document))]
    except pdfium.PdfiumError as error:
        raise HeaderError("it is a PDF with a damaged page", "export it again") from error
    finally:
        document.close()


@dataclass(frozen=True, slots=True)
class _Picture:
    """The page's largest image."""

    item: Any
    width: int
    height: int
    dpi: float
    bits: int
    filter: str

    @property
    def too_tall(self) -> bool:
        return self.filter in ("ccitt", "jbig2") and max(self.width, self.height) > MOST_DRAWN_PX


def _page_info(page: Any) -> PageInfo:
    width_pt, height_pt = page.get_size()
    picture = _largest_picture(page, width_pt * height_pt)
    if picture is None:
        width, height = (round(side * ASSUMED_DPI / POINTS_PER_INCH) for side in (width_pt, height_pt))
        check_size(width, height)
        return PageInfo(width, height, 8, 3, "vector", Colour.RGB, Polarity.MIN_IS_BLACK, None)
    dpi = sane_dpi(picture.dpi, picture.dpi)
    if picture.too_tall:
        _check_fax(page, picture)
        size = (picture.width, picture.height)
        return PageInfo(*size, 1, 1, picture.filter, Colour.BILEVEL, Polarity.MIN_IS_BLACK, dpi)
    width, height = (round(side * picture.dpi / POINTS_PER_INCH) for side in (width_pt, height_pt))
    check_size(width, height)
    colour, samples = (Colour.GRAY, 1) if picture.bits == 1 else (Colour.RGB, 3)
    return PageInfo(width, height, picture.bits, samples, picture.filter, colour, Polarity.MIN_IS_BLACK, dpi)


def _largest_picture(page: Any, page_area: float) -> _Picture | None:
    best: tuple[float, Any] | None = None
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        area = max(0.0, right - left) * max(0.0, top - bottom)
        if area >= LEAST_COVER * page_area and area > 0 and (best is None or area > best[0]):
            best = (area, item)
    if best is None:
        return None
    area, item = best
    width, height = item.get_px_size()
    if width <= 0 or height <= 0:
        return None
    last = str(([None, *item.get_filters()])[-1])
    bits = 1 if item.get_metadata().bits_per_pixel == 1 else 8
    dpi = POINTS_PER_INCH * (width * height / area) ** 0.5
    return _Picture(item, width, height, dpi, bits, FILTERS.get(last, "none"))


def _check_fax(page: Any, picture: _Picture) -> None:
    check_size(picture.width, picture.height)
    if picture.filter != "ccitt" or page.get_rotation() != 0:
        raise HeaderError(
            f"it is a PDF with an image of {picture.width:,} x {picture.height:,} pixels, too tall to draw",
            "export it as TIFF",
        )


def fax_rows(path: Path, picture: _Picture) -> U8:
    """A whole fax image as packed rows, 1 = ink, from its stored stream.

    Raises:
        HeaderError: its parameters are not found beside the stream, or it is not Group 4.
    """
    stream = bytes(picture.item.get_data(decode_simple=False))
    content = path.read_bytes()
    at = content.find(stream)
    words = content[content.rfind(b"obj", 0, max(at, 0)) : max(at, 0)]
    coding = re.search(rb"/K\s+(-?\d+)", words)
    if at < 0 or coding is None or int(coding[1]) >= 0:
        raise HeaderError("it is a PDF with a fax image too tall to draw", "export it as TIFF")
    packed = packed_g4(stream, picture.height, picture.width)
    turned = bool(re.search(rb"/BlackIs1\s+true", words)) != bool(re.search(rb"/Decode\s*\[\s*1", words))
    return ~packed if turned else packed


class PdfDocument:
    """One page of a PDF; bands are rendered on demand, only a fax image too tall for that is decoded at once."""

    def __init__(self, path: Path, page: int) -> None:
        self._document = open_pdf(path)
        self._page = self._document[page]
        self.info = _page_info(self._page)
        self.bilevel = self.info.colour is Colour.BILEVEL
        self._fax: U8 | None = None
        if self.bilevel:
            picture = _largest_picture(self._page, 0.0)
            self._fax = fax_rows(path, picture) if picture else None

    def close(self) -> None:
        """Forget the document."""
        self._document.close()

    def rows(self, y0: int, y1: int) -> U8:
        """Rows as packed ink bits (tall fax), gray (n, W) for other 1 bit scans, else RGB (n, W, 3)."""
        if self._fax is not None:
            return self._fax[y0:y1]
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

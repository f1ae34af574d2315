"""One opened scan: its header at once, any region of its pixels on demand.

Coordinates are pixels of the page as stored on disk after the TIFF or EXIF orientation is honoured: (0, 0) is the
centre of the top left pixel as a viewer shows it, x grows right, y grows down. Pixels are 8 bit, 0 ink and 255 paper,
whatever the file's bits, polarity, palette or alpha.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from curvedesk.imaging.client import DecoderProcess, shared_decoder
from curvedesk.imaging.info import ASSUMED_DPI, ScanInfo, fault, sane_dpi
from curvedesk.imaging.pixels import U8, to_gray, to_rgb, unpacked
from curvedesk.imaging.probe import Identity, identity, read_pages, scan_info
from curvedesk.imaging.resample import resampled, resampled_bands

HASH_CHUNK_BYTES = 1 << 20
BAND_BYTES = 32 << 20


class Scan:
    """A page of a scan; nothing is decoded until ``read``. Threads may share it."""

    def __init__(self, info: ScanInfo, *, stamp: Identity, decoder: DecoderProcess) -> None:
        self.info = info
        self._stamp = stamp
        self._decoder = decoder
        self._sha256: str | None = None

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.info.width

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.info.height

    @property
    def dpi(self) -> float:
        """Dots per inch across; 200 where neither the caller nor the file says (``info.dpi_assumed``)."""
        return self.info.dpi[0] if self.info.dpi else ASSUMED_DPI

    @property
    def sha256(self) -> str:
        """Hash of the file's bytes, hexadecimal; computed once, on the first call.

        Raises:
            ScanError: the file went away, or is not the one that was opened.
        """
        if self._sha256 is None:
            digest = file_sha256(self.info.path)
            if identity(self.info.path) != self._stamp:
                raise fault(self.info.path, "it changed while it was open", "open it again")
            self._sha256 = digest
        return self._sha256

    def read(self, x0: int, y0: int, x1: int, y1: int, *, scale: float = 1.0) -> U8:
        """Gray of the box [x0, x1) x [y0, y1), white outside: (round((y1 - y0) scale), round((x1 - x0) scale)).

        Result pixel i covers source pixels [x0 + i / scale, x0 + (i + 1) / scale): an area average when ``scale`` < 1
        (so 1 bit scans become gray), cubic when > 1.

        Raises:
            ScanError: the pixels are damaged or cannot be decoded.
            ValueError: the box is turned over, or the scale is not between 0.0001 and 64.
        """
        return self._read((x0, y0, x1, y1), scale=scale, rgb=False)

    def bands(
        self, x0: int, y0: int, x1: int, y1: int, *, scale: float = 1.0, rgb: bool = False
    ) -> Iterator[tuple[int, U8]]:
        """What ``read`` or ``read_rgb`` gives, the same pixels, in bands from the top: first row and (rows, w[, 3]).

        Errors as ``read``, when their band is reached.
        """
        if x1 < x0 or y1 < y0:
            raise ValueError(f"the box {(x0, y0, x1, y1)} is turned over")
        yield from resampled_bands(partial(self._padded, rgb=rgb), (x0, y0, x1, y1), scale=scale)

    def read_rgb(self, x0: int, y0: int, x1: int, y1: int, *, scale: float = 1.0) -> U8:
        """The same in colour, (h, w, 3), red first; a gray scan repeats its gray. Errors as ``read``."""
        if not self.info.colour.has_hue:
            return to_rgb(self.read(x0, y0, x1, y1, scale=scale))
        return self._read((x0, y0, x1, y1), scale=scale, rgb=True)

    def close(self) -> None:
        """Let go of the file and of decoded pixels; reading again opens it again."""
        self._decoder.forget(self.info.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, box: tuple[int, int, int, int], *, scale: float, rgb: bool) -> U8:
        x0, y0, x1, y1 = (int(value) for value in box)
        if x1 < x0 or y1 < y0:
            raise ValueError(f"the box {box} is turned over")

        def pixels(left: int, top: int, right: int, bottom: int) -> U8:
            return self._padded(left, top, right, bottom, rgb=rgb)

        return resampled(pixels, (x0, y0, x1, y1), scale=scale, channels=3 if rgb else 1)

    def _padded(self, x0: int, y0: int, x1: int, y1: int, *, rgb: bool) -> U8:
        """Full-resolution pixels, white outside, fetched in bands that bound the memory of both processes."""
        result = np.full((y1 - y0, x1 - x0, 3) if rgb else (y1 - y0, x1 - x0), 255, np.uint8)
        left, right = max(x0, 0), min(x1, self.width)
        top, bottom = max(y0, 0), min(y1, self.height)
        if left >= right:
            return result
        step = max(64, BAND_BYTES // (self.width * (3 if rgb else 1)))
        for y in range(top, bottom, step):
            band = self._band(left, y, right, min(y + step, bottom), rgb=rgb)
            result[y - y0 : y - y0 + len(band), left - x0 : right - x0] = band
        return result

    def _band(self, x0: int, y0: int, x1: int, y1: int, *, rgb: bool) -> U8:
        request: dict[str, Any] = {
            "format": self.info.file_format,
            "page": self.info.page,
            "size": [self.width, self.height],
            "stamp": [self._stamp.file_bytes, self._stamp.modified_ns],
            "rgb": rgb,
            "x0": x0,
            "x1": x1,
            "y0": y0,
            "y1": y1,
        }
        rows, packed = self._decoder.rows(self.info.path, request)
        if not packed:
            return rows
        gray = unpacked(rows, x1)[:, x0:]
        return to_rgb(gray) if rgb else to_gray(gray)


def open_scan(
    path: Path | str, *, dpi: float | None = None, page: int = 0, decoder: DecoderProcess | None = None
) -> Scan:
    """Open any scan: TIFF, PNG, JPEG, BMP or PDF; only headers are read (a PDF's in the decoder child).

    ``dpi`` of the caller wins over the file's tag; where neither says (or says less than 50 or more than 1200),
    ``Scan.dpi`` is 200 and ``info.dpi_assumed`` is true.

    Raises:
        ScanError: one sentence: not there, not readable, not a scan, damaged, too large, or no such page.
    """
    path = Path(path).absolute()
    if dpi is not None and sane_dpi(dpi, dpi) is None:
        raise fault(path, f"{dpi:g} dpi is not a resolution of a scan", "give 50 to 1200")
    stamp = identity(path)
    file_format, pages = read_pages(path)
    info = scan_info(path, page=page, file_format=file_format, pages=pages, dpi=dpi)
    return Scan(info, stamp=stamp, decoder=decoder or shared_decoder())


def describe(path: Path | str) -> dict[str, Any]:
    """What ``curvedesk info`` prints: one JSON-able object, headers only.

    Raises:
        ScanError: as ``open_scan``.
    """
    path = Path(path)
    file_format, pages = read_pages(path)
    first = scan_info(path, page=0, file_format=file_format, pages=pages, dpi=None)
    return {
        "file": path.name,
        "format": file_format,
        "bytes": first.file_bytes,
        "pages": len(pages),
        "width": first.width,
        "height": first.height,
        "bits": first.bits,
        "samples": first.samples,
        "compression": first.compression,
        "dpi": list(first.dpi) if first.dpi else None,
        "dpi_used": first.dpi[0] if first.dpi else ASSUMED_DPI,
        "dpi_assumed": first.dpi_assumed,
        "polarity": first.polarity.value,
        "colour": first.colour.value,
        "orientation": first.orientation,
        "sheets": [
            {"width": page.width, "height": page.height, "dpi": list(page.dpi) if page.dpi else None} for page in pages
        ],
        "sha256": file_sha256(path) if first.file_bytes <= CHEAP_HASH_BYTES else None,
    }


CHEAP_HASH_BYTES = 64 << 20


def file_sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file, read in chunks.

    Raises:
        ScanError: the file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(HASH_CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise fault(path, f"it cannot be read ({error.strerror})", "check the disk") from error
    return digest.hexdigest()

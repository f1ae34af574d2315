"""TIFF pixels, strip by strip; runs in the decoder child only.

Source: TIFF 6.0; fill order of compressed data as libtiff writes it (the stored bytes are reversed).
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from curvedesk.imaging.g4 import packed_g4
from curvedesk.imaging.info import Colour, HeaderError
from curvedesk.imaging.pixels import U8, cmyk_rgb, eight_bits, oriented, over_white, palette_rgb, unpacked
from curvedesk.imaging.probe import tiff_pages
from curvedesk.imaging.tiff_page import CCITT, TiffPage

HEAD_ROWS = 4096  # of one giant fax strip: its top is there long before the whole of it
GIANT_PIXELS = 64_000_000
REVERSED = bytes(int(f"{n:08b}"[::-1], 2) for n in range(256))
DAMAGED = "copy or scan it again"


class TiffDocument:
    """One page of a TIFF; keeps the last band of strips, 1 bit scans packed, so one giant strip is decoded once."""

    def __init__(self, path: Path, page: int) -> None:
        self._file = path.open("rb")
        self._page = tiff_pages(self._file, path.stat().st_size)[page]
        self.info = self._page.info
        self.bilevel = self.info.colour is Colour.BILEVEL and self.info.samples == 1
        self._band: tuple[int, NDArray[Any]] | None = None
        self._head: U8 | None = None
        self._turned: U8 | None = None

    def close(self) -> None:
        """Forget the file and the pixels."""
        self._file.close()
        self._band = self._head = self._turned = None

    def rows(self, y0: int, y1: int) -> U8:
        """Rows as packed ink bits (bilevel), gray (n, W) or RGB (n, W, 3).

        Raises:
            HeaderError: a strip is damaged.
        """
        if self.info.orientation != 1:
            return self._turned_rows(y0, y1)
        return self._stored_rows(y0, y1)

    def _turned_rows(self, y0: int, y1: int) -> U8:
        if self._turned is None:
            stored = self._stored_rows(0, self._page.stored_height)
            if self.bilevel:
                turned = oriented(unpacked(stored, self._page.stored_width), self.info.orientation)
                self._turned = np.packbits(turned == 0, axis=1)
            else:
                self._turned = oriented(stored, self.info.orientation)
        return self._turned[y0:y1]

    def _stored_rows(self, y0: int, y1: int) -> U8:
        if y1 <= HEAD_ROWS and self._has_head():
            return self._head_rows()[y0:y1]
        step = self._page.segment_height
        parts = []
        for index in range(y0 // step, -(-y1 // step)):
            band = self._decoded_band(index)
            top = index * step
            part = band[max(0, y0 - top) : y1 - top]
            parts.append(part if self.bilevel else finished(self._page, part))
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _has_head(self) -> bool:
        """Whether the top of the page can be had, and is worth having, without the rest of its strip."""
        page = self._page
        giant = page.segment_width * min(page.segment_height, page.stored_height) > GIANT_PIXELS
        plain = self.bilevel and page.info.compression == "ccitt-g4" and page.across == 1
        return self._band is None and plain and giant

    def _head_rows(self) -> U8:
        if self._head is None:
            try:
                head = self._bilevel_band(0, min(HEAD_ROWS, self._page.stored_height))
            except (ValueError, RuntimeError, TypeError, IndexError) as error:
                raise HeaderError("its pixels are damaged below row 0", DAMAGED) from error
            self._head = head
        return self._head

    def _decoded_band(self, index: int) -> NDArray[Any]:
        """All segments of one row of strips or tiles, cut to the page: packed ink bits, or samples as stored."""
        if self._band is not None and self._band[0] == index:
            return self._band[1]
        page = self._page
        rows = min(page.segment_height, page.stored_height - index * page.segment_height)
        try:
            band = self._bilevel_band(index, rows) if self.bilevel else self._sample_band(index, rows)
        except (ValueError, RuntimeError, zlib.error, TypeError, IndexError) as error:
            row = index * page.segment_height
            raise HeaderError(f"its pixels are damaged below row {row:,}", DAMAGED) from error
        self._band = (index, band)
        return band

    def _bilevel_band(self, index: int, rows: int) -> U8:
        page = self._page
        parts = [self._packed(index * page.across + x, rows) for x in range(page.across)]
        band = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
        band = band[:rows, : -(-page.stored_width // 8)]
        return band if page.photometric == 0 else ~band

    def _packed(self, segment: int, rows: int) -> U8:
        page = self._page
        if page.info.compression in CCITT:
            return packed_fax(page, self._stored(segment), rows)
        data = self._bytes(segment, rows * page.row_bytes)
        return np.frombuffer(data, np.uint8, rows * page.row_bytes).reshape(rows, page.row_bytes)

    def _sample_band(self, index: int, rows: int) -> NDArray[Any]:
        page = self._page
        planes = page.info.samples if page.planar else 1
        per_plane = page.across * page.down
        stacks = []
        for plane in range(planes):
            first = plane * per_plane + index * page.across
            parts = [self._samples(first + x, rows) for x in range(page.across)]
            stacks.append(np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0])
        samples = np.concatenate(stacks, axis=2) if planes > 1 else stacks[0]
        return samples[:, : page.stored_width]

    def _samples(self, segment: int, rows: int) -> NDArray[Any]:
        """One strip or tile as (rows, segment width, samples), predictor undone."""
        page = self._page
        channels = page.segment_samples
        if page.info.compression == "jpeg":
            image = decoded_jpeg(page, self._stored(segment))
            return image.reshape(image.shape[0], page.segment_width, channels)[:rows]
        data = self._bytes(segment, rows * page.row_bytes)
        raw = np.frombuffer(data, np.uint8, rows * page.row_bytes).reshape(rows, page.row_bytes)
        if page.info.bits < 8:
            return narrow_samples(raw, page.info.bits, page.segment_width * channels).reshape(rows, -1, channels)
        kind = np.dtype(np.uint8 if page.info.bits == 8 else np.uint16).newbyteorder("<" if page.little else ">")
        samples = raw.view(kind).reshape(rows, page.segment_width, channels)
        if page.predictor == 2:
            return np.cumsum(samples, axis=1, dtype=np.uint8 if page.info.bits == 8 else np.uint16)
        return samples

    def _stored(self, segment: int) -> bytes:
        page = self._page
        self._file.seek(page.offsets[segment])
        data = self._file.read(page.counts[segment])
        return data.translate(REVERSED) if page.reversed_bits and _is_reversed(page, data) else data

    def _bytes(self, segment: int, wanted: int) -> bytes:
        data = decompressed(self._page.info.compression, self._stored(segment), wanted)
        if len(data) < wanted:
            raise ValueError("short strip")
        return data


def _is_reversed(page: TiffPage, data: bytes) -> bool:
    """Fax, raw and run-length data is reversed as the tag says; LZW and deflate show it in their first byte."""
    compression = page.info.compression
    if compression == "lzw":
        return data[0] == 0x01
    if compression == "deflate":
        return data[0] & 15 != 8
    return compression != "jpeg" and page.info.bits < 8


def decompressed(compression: str, data: bytes, wanted: int) -> bytes:
    """About ``wanted`` bytes, whatever the data claims (run lengths cannot grow more than 64 times)."""
    if compression == "none":
        return data[:wanted]
    if compression == "deflate":
        return zlib.decompressobj().decompress(data, wanted)
    if compression == "lzw":
        return bytes(imagecodecs.lzw_decode(data, out=wanted))
    return bytes(imagecodecs.packbits_decode(data))


def packed_fax(page: TiffPage, data: bytes, rows: int) -> U8:
    """One fax strip as packed rows, 1 = the run the coder calls black."""
    width = page.segment_width
    if page.info.compression == "ccitt-g4":
        return packed_g4(data, rows, width)
    if page.info.compression == "ccitt-g3":
        bits = imagecodecs.ccittfax3_decode(data, rows, width, t4options=page.t4_options)
    else:
        bits = imagecodecs.ccittrle_decode(data, rows, width)
    return np.packbits(bits, axis=1)


def narrow_samples(raw: U8, bits: int, count: int) -> U8:
    """Rows of 1, 2 or 4 bit samples -> one sample a cell, (rows, count)."""
    shifts = np.arange(8 - bits, -1, -bits, dtype=np.uint8)
    cells = (raw[:, :, None] >> shifts) & np.uint8((1 << bits) - 1)
    return cells.reshape(len(raw), -1)[:, :count]


def decoded_jpeg(page: TiffPage, data: bytes) -> U8:
    """One JPEG strip or tile, (h, w) or (h, w, c) uint8; YCbCr becomes RGB, everything else stays as stored."""
    spaces = {6: ("YCBCR", "RGB"), 2: ("RGB", "RGB"), 5: ("CMYK", "CMYK")}
    space, out_space = spaces.get(page.photometric, ("GRAYSCALE", "GRAYSCALE"))
    if page.planar:
        space = out_space = "GRAYSCALE"
    image: U8 = imagecodecs.jpeg8_decode(
        data, tables=page.jpeg_tables or None, colorspace=space, outcolorspace=out_space
    )
    return image


def finished(page: TiffPage, samples: NDArray[Any]) -> U8:
    """Stored samples (rows, W, S) -> gray or RGB on white paper."""
    colour, bits = page.info.colour, page.info.bits
    if colour is Colour.PALETTE:
        return palette_rgb(samples[:, :, 0].astype(np.uint8), page.colormap, bits)
    if colour in (Colour.GRAY, Colour.BILEVEL):
        gray = eight_bits(samples[:, :, 0], bits)
        return 255 - gray if page.photometric == 0 else gray
    eight = eight_bits(samples, bits)
    if colour is Colour.CMYK:
        return cmyk_rgb(eight)
    if page.alpha:
        return over_white(eight[:, :, :3], eight[:, :, 3], premultiplied=page.alpha == 1)
    return np.ascontiguousarray(eight[:, :, :3])

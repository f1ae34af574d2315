"""Headers of PNG, JPEG and BMP files, walked from end to end but never decoded, so that a cut file is found here."""

from __future__ import annotations

import struct
from typing import BinaryIO

from curvedesk.imaging.info import Colour, HeaderError, PageInfo, Polarity, check_size, sane_dpi
from curvedesk.imaging.tiff_header import Directory, read_directories

CUT = "it is truncated or damaged"
AGAIN = "copy or scan it again"
INCH_M = 0.0254
EXIF_BYTES = 65536
JPEG_FRAMES = {0xC0: "jpeg", 0xC1: "jpeg", 0xC2: "jpeg-progressive"}
JPEG_STANDALONE = {0x01, *range(0xD0, 0xD8)}


def png_page(file: BinaryIO, size: int) -> PageInfo:
    """Header of a PNG file of ``size`` bytes; every chunk must lie inside the file up to IEND.

    Raises HeaderError.
    """
    dpi: tuple[float, float] | None = None
    header = b""
    at, data_bytes = 8, 0
    while True:
        length, kind = _png_chunk(file, at, size)
        if kind == b"IHDR" and at == 8 and length == 13:
            header = file.read(13)
        elif not header:
            raise HeaderError(CUT, AGAIN)
        elif kind == b"pHYs" and length == 9:
            x, y, unit = struct.unpack(">IIB", file.read(9))
            dpi = sane_dpi(x * INCH_M, y * INCH_M) if unit == 1 else None
        elif kind == b"IDAT":
            data_bytes += length
        elif kind == b"IEND":
            return _png_info(header, data_bytes, dpi)
        at += 12 + length


def _png_chunk(file: BinaryIO, at: int, size: int) -> tuple[int, bytes]:
    file.seek(at)
    head = file.read(8)
    if len(head) < 8:
        raise HeaderError(CUT, AGAIN)
    length, kind = struct.unpack(">I4s", head)
    if at + 12 + length > size:
        raise HeaderError(CUT, AGAIN)
    return length, kind


def _png_info(header: bytes, data_bytes: int, dpi: tuple[float, float] | None) -> PageInfo:
    width, height, bits, kind, method, filtering, interlace = struct.unpack(">IIBBBBB", header)
    shapes = {0: (Colour.GRAY, 1), 2: (Colour.RGB, 3), 3: (Colour.PALETTE, 1), 4: (Colour.GRAY, 2), 6: (Colour.RGBA, 4)}
    if kind not in shapes or bits not in (1, 2, 4, 8, 16) or method or filtering or interlace > 1:
        raise HeaderError("its PNG header is not valid", AGAIN)
    colour, samples = shapes[kind]
    colour = Colour.BILEVEL if colour is Colour.GRAY and bits == 1 else colour
    check_size(width, height, whole_bytes_per_pixel=3 if colour.has_hue else 1)
    if data_bytes * 1040 < width * height * bits * samples // 8:
        raise HeaderError(f"it claims {width:,} x {height:,} pixels but holds only {data_bytes:,} bytes", AGAIN)
    return PageInfo(width, height, bits, samples, "deflate", colour, Polarity.MIN_IS_BLACK, dpi)


def jpeg_page(file: BinaryIO, size: int) -> PageInfo:
    """Header of a JPEG file of ``size`` bytes, EXIF orientation honoured; its end marker must be there."""
    exif: Directory | None = None
    dpi: tuple[float, float] | None = None
    at = 2
    while True:
        marker, length = _jpeg_segment(file, at, size)
        if marker in JPEG_FRAMES:
            frame = file.read(min(length - 2, 6))
            break
        body = file.read(length - 2) if marker in (0xE0, 0xE1) else b""
        if marker == 0xE0 and body[:5] == b"JFIF\0" and len(body) >= 12:
            dpi = _jfif_dpi(body)
        if marker == 0xE1 and body[:6] == b"Exif\0\0":
            exif = exif or _exif(body[6:])
        at += 2 + length
    _check_jpeg_end(file, size)
    return _jpeg_info(frame, JPEG_FRAMES[marker], dpi, exif, size)


def _jpeg_segment(file: BinaryIO, at: int, size: int) -> tuple[int, int]:
    """Marker and length of the segment at ``at``; the file is left at its body."""
    file.seek(at)
    head = file.read(4)
    if len(head) < 4 or head[0] != 0xFF or head[1] in JPEG_STANDALONE:
        raise HeaderError(CUT, AGAIN)
    marker, length = head[1], struct.unpack(">H", head[2:])[0]
    if marker in (0xD9, 0xDA) or length < 2 or at + 2 + length > size:
        raise HeaderError(CUT, AGAIN)
    if 0xC3 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
        raise HeaderError("it is a lossless or arithmetic JPEG, which is not supported")
    return marker, length


def _jfif_dpi(body: bytes) -> tuple[float, float] | None:
    unit, x, y = struct.unpack(">BHH", body[7:12])
    factor = {1: 1.0, 2: 2.54}.get(unit)
    return sane_dpi(x * factor, y * factor) if factor else None


def _exif(body: bytes) -> Directory | None:
    from io import BytesIO

    try:
        return read_directories(BytesIO(body), len(body))[0]
    except HeaderError:
        return None


def _check_jpeg_end(file: BinaryIO, size: int) -> None:
    """Cameras append data after the end marker, so it is looked for in the last part, not at the very end."""
    file.seek(max(0, size - EXIF_BYTES))
    if b"\xff\xd9" not in file.read():
        raise HeaderError(CUT, AGAIN)


def _jpeg_info(
    frame: bytes, compression: str, dpi: tuple[float, float] | None, exif: Directory | None, size: int
) -> PageInfo:
    if len(frame) < 6:
        raise HeaderError(CUT, AGAIN)
    bits, height, width, samples = struct.unpack(">BHHB", frame)
    colours = {1: Colour.GRAY, 3: Colour.RGB, 4: Colour.CMYK}
    if bits != 8 or samples not in colours:
        raise HeaderError(f"it is a JPEG of {samples} samples of {bits} bits, which is not supported")
    check_size(width, height, whole_bytes_per_pixel=1 if samples == 1 else 3)
    if size < width * height / 4096:
        raise HeaderError(f"it claims {width:,} x {height:,} pixels but holds only {size:,} bytes", AGAIN)
    orientation = exif.first(274, 1) if exif else 1
    orientation = orientation if 1 <= orientation <= 8 else 1
    if exif and dpi is None:
        factor = {2: 1.0, 3: 2.54}.get(exif.first(296, 2), 0.0)
        x, y = exif.number(282), exif.number(283)
        dpi = sane_dpi(x * factor, y * factor) if x is not None and y is not None else None
    if orientation >= 5:
        width, height, dpi = height, width, dpi and (dpi[1], dpi[0])
    return PageInfo(
        width, height, bits, samples, compression, colours[samples], Polarity.MIN_IS_BLACK, dpi, orientation
    )


def bmp_page(file: BinaryIO, size: int) -> PageInfo:
    """Header of a BMP file of ``size`` bytes (uncompressed, bit fields or run lengths).

    Raises HeaderError.
    """
    file.seek(0)
    head = file.read(54)
    if len(head) < 54 or struct.unpack_from("<I", head, 14)[0] < 40:
        raise HeaderError("its BMP header is not supported", AGAIN)
    start, width, height, bits, method = (*struct.unpack_from("<I", head, 10), *struct.unpack_from("<ii2xHI", head, 18))
    height = abs(height)
    if bits not in (1, 4, 8, 16, 24, 32) or method not in (0, 1, 2, 3):
        raise HeaderError("its BMP header is not supported")
    check_size(width, height, whole_bytes_per_pixel=3)
    if method in (0, 3) and start + -(-width * bits // 32) * 4 * height > size:
        raise HeaderError(CUT, AGAIN)
    if start >= size or width * height * bits // 8 > 1024 * size:
        raise HeaderError(CUT, AGAIN)
    dpi = sane_dpi(*(value * INCH_M for value in struct.unpack_from("<ii", head, 38)))
    samples = {16: 3, 24: 3, 32: 3}.get(bits, 1)
    compression = {0: "none", 3: "none"}.get(method, "rle")
    colour = Colour.RGB if samples == 3 else Colour.PALETTE
    depth = bits // samples if bits != 16 else 5
    return PageInfo(width, height, min(depth, 8), samples, compression, colour, Polarity.MIN_IS_BLACK, dpi)

"""From stored samples to 8 bit paper: polarity, palettes, 16 bits, alpha, CMYK, orientation. 0 is ink, 255 paper."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]


def to_gray(image: U8) -> U8:
    """(H, W) or (H, W, 3) -> (H, W) gray by BT.601."""
    if image.ndim == 2:
        return image
    red, green, blue = (image[:, :, channel].astype(np.uint16) for channel in range(3))
    gray = (red * 77 + green * 150 + blue * 29 + 128) >> 8  # the largest sum still fits 16 bits
    return gray.astype(np.uint8)


def to_rgb(image: U8) -> U8:
    """(H, W) or (H, W, 3) -> (H, W, 3)."""
    return image if image.ndim == 3 else np.repeat(image[:, :, None], 3, axis=2)


def unpacked(packed: U8, width: int) -> U8:
    """Rows of bits, 1 = ink, (H, ceil(W / 8)) -> gray (H, W) of 0 and 255."""
    bits = np.unpackbits(packed, axis=1, count=width)
    bits -= 1
    return bits


def eight_bits(samples: NDArray[np.uint8 | np.uint16], bits: int) -> U8:
    """Samples of 1, 2, 4, 8 or 16 bits (one a cell) scaled to 0-255, the shape unchanged."""
    if bits == 16:
        return (samples >> 8).astype(np.uint8)
    factor = 255 // ((1 << bits) - 1)
    return (samples * np.uint8(factor)).astype(np.uint8) if factor > 1 else samples.astype(np.uint8)


def palette_rgb(indices: U8, colormap: Sequence[int], bits: int) -> U8:
    """Indices (H, W) -> RGB. Colour maps are 16 bit, but some writers store 0-255, which naive readers show black."""
    table = np.array(colormap[: 3 << bits], np.uint32).reshape(3, 1 << bits).T
    if table.max(initial=0) > 255:
        table >>= np.uint32(8)
    rgb: U8 = table.astype(np.uint8)[np.minimum(indices, (1 << bits) - 1)]
    return rgb


def over_white(rgb: U8, alpha: U8, *, premultiplied: bool) -> U8:
    """Colour (H, W, C) laid over white paper by its alpha (H, W)."""
    cover = alpha[:, :, None].astype(np.uint16)
    colour = rgb.astype(np.uint16) if premultiplied else (rgb.astype(np.uint16) * cover + 127) // 255
    laid: U8 = np.minimum(colour + 255 - cover, 255).astype(np.uint8)
    return laid


def cmyk_rgb(cmyk: U8) -> U8:
    """Plain CMYK inks (h, w, 4), 0 = none -> RGB (h, w, 3)."""
    paper = 255 - cmyk[:, :, :4].astype(np.uint16)
    return ((paper[:, :, :3] * paper[:, :, 3:] + 127) // 255).astype(np.uint8)


def oriented(image: U8, orientation: int) -> U8:
    """A whole stored image (h, w[, c]) turned as TIFF / EXIF orientation 1-8 asks, so that row 0 is the top as seen."""
    if orientation in (2, 3):
        image = image[:, ::-1]
    if orientation in (3, 4):
        image = image[::-1]
    if orientation in (5, 6, 7, 8):
        image = image.swapaxes(0, 1)
    if orientation in (6, 7):
        image = image[:, ::-1]
    if orientation in (7, 8):
        image = image[::-1]
    return np.ascontiguousarray(image)

"""CCITT Group 4 (ITU-T T.6) encoding of 1-bit scans: what most paper logs are stored in, and what no library at hand
writes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from curvedesk.store.atomic import replacing

# T.4 table 2: runs of 0 to 63; table 3: runs of 64, 128, ... 1728; and the longer ones both colours share.
_WHITE = (
    "00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 101010 101011 "
    "0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000 00000010 00000011 00011010"
    " 00011011 00010010 00010011 00010100 00010101 00010110 00010111 00101000 00101001 00101010 00101011 00101100 "
    "00101101 00000100 00000101 00001010 00001011 01010010 01010011 01010100 01010101 00100100 00100101 01011000 "
    "01011001 01011010 01011011 01001010 01001011 00110010 00110011 00110100"
)
_WHITE_LONG = (
    "11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 011001101 011010010 "
    "011010011 011010100 011010101 011010110 011010111 011011000 011011001 011011010 011011011 010011000 010011001 "
    "010011010 011000 010011011"
)
_BLACK = (
    "0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111 000011000 "
    "0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 00000101000 00000010111 "
    "00000011000 000011001010 000011001011 000011001100 000011001101 000001101000 000001101001 000001101010 "
    "000001101011 000011010010 000011010011 000011010100 000011010101 000011010110 000011010111 000001101100 "
    "000001101101 000011011010 000011011011 000001010100 000001010101 000001010110 000001010111 000001100100 "
    "000001100101 000001010010 000001010011 000000100100 000000110111 000000111000 000000100111 000000101000 "
    "000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 000001100111"
)
_BLACK_LONG = (
    "0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100 "
    "0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011 0000001110100 "
    "0000001110101 0000001110110 0000001110111 0000001010010 0000001010011 0000001010100 0000001010101 0000001011010 "
    "0000001011011 0000001100100 0000001100101"
)
_LONGER = (
    "00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 000000010110 000000010111 "
    "000000011100 000000011101 000000011110 000000011111"
)
_SHORT = tuple(table.split() for table in (_WHITE, _BLACK))
_LONG = tuple((table + " " + _LONGER).split() for table in (_WHITE_LONG, _BLACK_LONG))
_VERTICAL = {0: "1", 1: "011", 2: "000011", 3: "0000011", -1: "010", -2: "000010", -3: "0000010"}
_PASS, _LEVEL, _END = "0001", "001", "000000000001" * 2
_LONGEST = 2560
_SHORT_TYPE, _LONG_TYPE, _RATIO_TYPE = 3, 4, 5


def _run(length: int, colour: int) -> str:
    parts = []
    while length > _LONGEST:
        parts.append(_LONG[colour][-1])
        length -= _LONGEST
    if length >= 64:
        parts.append(_LONG[colour][length // 64 - 1])
    return "".join(parts) + _SHORT[colour][length % 64]


def _line(now: list[int], before: list[int], width: int) -> Iterator[str]:
    """Codes of one line; `now` and `before` are the columns where the colour changes, starting from white."""
    now, before = [*now, width, width, width], [*before, width, width, width]
    at, colour, i, j = -1, 0, 0, 0
    while at < width:
        a1, a2 = now[i], now[i + 1]
        while j > 0 and before[j - 1] > at:
            j -= 1
        while before[j] < width and (before[j] <= at or j % 2 != colour):
            j += 1
        b1 = before[j]
        b2 = before[j + 1] if b1 < width else width
        if b2 < a1:
            yield _PASS
            at = b2
        elif -3 <= a1 - b1 <= 3:
            yield _VERTICAL[a1 - b1]
            at, colour, i = a1, 1 - colour, i + 1
        else:
            yield _LEVEL + _run(a1 - max(at, 0), colour) + _run(a2 - a1, 1 - colour)
            at, i = a2, i + 2
        i = min(i, len(now) - 2)


def encode(black: NDArray[np.bool_]) -> bytes:
    """Group 4 data of a (H, W) picture, True for black; most significant bit first."""
    width = black.shape[1]
    edges = np.diff(black.astype(np.int8), axis=1, prepend=0) != 0
    rows, columns = np.nonzero(edges)
    cuts = np.searchsorted(rows, np.arange(black.shape[0] + 1)).tolist()
    changes = columns.tolist()
    before: list[int] = []
    codes: list[str] = []
    for start, stop in pairwise(cuts):
        now = changes[start:stop]
        codes.extend(_line(now, before, width))
        before = now
    bits = np.frombuffer("".join([*codes, _END]).encode(), np.uint8) - ord("0")
    return np.packbits(bits).tobytes()


def tiff(black: NDArray[np.bool_], *, dpi: float) -> bytes:
    """A whole classic TIFF file of one strip, with its resolution tag."""
    data = encode(black)
    height, width = black.shape
    start = 8 + len(data) + len(data) % 2
    tags = (
        (256, _LONG_TYPE, width), (257, _LONG_TYPE, height), (258, _SHORT_TYPE, 1), (259, _SHORT_TYPE, 4),
        (262, _SHORT_TYPE, 0), (273, _LONG_TYPE, 8), (277, _SHORT_TYPE, 1), (278, _LONG_TYPE, height),
        (279, _LONG_TYPE, len(data)), (282, _RATIO_TYPE, start), (283, _RATIO_TYPE, start), (296, _SHORT_TYPE, 2),
    )  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    ratio = struct.pack("<II", round(dpi * 100), 100)
    head = struct.pack("<2sHI", b"II", 42, start + len(ratio))
    return head + data.ljust(start - 8, b"\0") + ratio + struct.pack("<H", len(tags)) + entries + bytes(4)


def write_group4(path: Path, image: NDArray[np.uint8], *, dpi: float) -> None:
    """A 1-bit TIFF from gray, black below 128. Raises ExportError."""
    with replacing(path) as part:
        part.write_bytes(tiff(image < 128, dpi=dpi))

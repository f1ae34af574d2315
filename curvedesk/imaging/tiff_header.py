"""TIFF and BigTIFF structure, read and checked without any decoder.

Source: TIFF 6.0 (Adobe 1992), Technical Note 2 (JPEG in TIFF), the BigTIFF design. Own parser on purpose: it is
bounded, silent, and every fault is one ``HeaderError``; general readers log, guess, or allocate what a header claims.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from curvedesk.imaging.info import HeaderError

TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
TYPE_CODE = {1: "B", 3: "H", 4: "I", 5: "II", 6: "b", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d", 13: "I"}
TYPE_CODE |= {16: "Q", 17: "q", 18: "Q", 2: "B", 7: "B"}
MAX_PAGES = 4096
MAX_TAGS = 1024
MAX_VALUES = 4_000_000  # strips of one page
WANTED = {254, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 282, 283, 284, 292, 296, 317}
WANTED |= {320, 322, 323, 324, 325, 338, 339, 347, 530}

Value = tuple[int | float, ...]


@dataclass(frozen=True, slots=True)
class Directory:
    """One page's tags, number -> values; rationals are already quotients (NaN where the denominator is 0)."""

    tags: Mapping[int, Value]
    little: bool

    def ints(self, tag: int) -> tuple[int, ...]:
        """All values of a tag as integers, empty where absent."""
        return tuple(int(v) for v in self.tags.get(tag, ()) if math.isfinite(v) and abs(v) < 2**63)

    def first(self, tag: int, default: int) -> int:
        """The first value of a tag, or ``default``."""
        return next(iter(self.ints(tag)), default)

    def number(self, tag: int) -> float | None:
        """The first value of a tag as a float, None where absent."""
        values = self.tags.get(tag, ())
        return float(values[0]) if values else None


@dataclass(frozen=True, slots=True)
class _Layout:
    order: str
    big: bool

    @property
    def word(self) -> str:
        return "Q" if self.big else "I"

    @property
    def word_bytes(self) -> int:
        return 8 if self.big else 4


def read_directories(file: BinaryIO, size: int) -> list[Directory]:
    """Every page's tags; a chain that breaks after the first page ends there.

    Raises:
        HeaderError: no TIFF signature, or the first directory is not readable.
    """
    layout, offset = _start(file)
    directories: list[Directory] = []
    seen: set[int] = set()
    while offset and offset not in seen and len(directories) < MAX_PAGES:
        seen.add(offset)
        try:
            directory, offset = _directory(file, size, layout, offset)
        except HeaderError:
            if not directories:
                raise
            break
        directories.append(directory)
    if not directories:
        raise HeaderError("it is a TIFF without a page")
    return directories


def _start(file: BinaryIO) -> tuple[_Layout, int]:
    file.seek(0)
    head = file.read(16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 8:
        raise HeaderError("it is not a TIFF")
    (magic,) = struct.unpack(order + "H", head[2:4])
    if magic == 42:
        return _Layout(order, big=False), struct.unpack(order + "I", head[4:8])[0]
    if magic == 43 and len(head) == 16:
        return _Layout(order, big=True), struct.unpack(order + "Q", head[8:16])[0]
    raise HeaderError("it is not a TIFF")


def _take(file: BinaryIO, size: int, offset: int, count: int) -> bytes:
    if offset < 0 or count < 0 or offset + count > size:
        raise HeaderError(
            "its directory points outside the file, which is truncated or damaged", "copy or scan it again"
        )
    file.seek(offset)
    data = file.read(count)
    if len(data) != count:
        raise HeaderError("it ends in the middle of its directory", "copy or scan it again")
    return data


def _directory(file: BinaryIO, size: int, layout: _Layout, offset: int) -> tuple[Directory, int]:
    head = 8 if layout.big else 2
    (count,) = struct.unpack(layout.order + ("Q" if layout.big else "H"), _take(file, size, offset, head))
    if not 0 < count <= MAX_TAGS:
        raise HeaderError(f"its directory claims {count} tags")
    entry_bytes = 20 if layout.big else 12
    body = _take(file, size, offset + head, count * entry_bytes + layout.word_bytes)
    tags: dict[int, Value] = {}
    for at in range(0, count * entry_bytes, entry_bytes):
        tag, kind = struct.unpack_from(layout.order + "HH", body, at)
        if tag in WANTED and tag not in tags and kind in TYPE_BYTES:
            tags[tag] = _values(file, size, layout, body[at + 4 : at + entry_bytes], kind)
    (following,) = struct.unpack_from(layout.order + layout.word, body, count * entry_bytes)
    return Directory(tags, little=layout.order == "<"), following


def _values(file: BinaryIO, size: int, layout: _Layout, cell: bytes, kind: int) -> Value:
    (count,) = struct.unpack_from(layout.order + layout.word, cell)
    if count > MAX_VALUES:
        raise HeaderError(f"one of its tags claims {count:,} values")
    total = count * TYPE_BYTES[kind]
    inline = cell[layout.word_bytes :]
    if total <= len(inline):
        data = inline[:total]
    else:
        data = _take(file, size, struct.unpack(layout.order + layout.word, inline)[0], total)
    code = TYPE_CODE[kind]
    flat: Value = struct.unpack(f"{layout.order}{count * len(code)}{code[0]}", data)
    if len(code) == 1:
        return flat
    return tuple(n / d if d else float("nan") for n, d in zip(flat[::2], flat[1::2], strict=True))

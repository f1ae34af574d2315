"""One giant Group 4 strip, decoded in pieces, so that 600 megapixels never stand in memory a byte each.

The decoder at hand can only start at the top of a strip, with a white line above. A piece in the middle is made to look
like that: the row above it is written as a first row in plain horizontal codes, the strip's own bits follow. Where a
row starts in the bit stream nobody says; it is found by trying the bits before the end of the last piece until the rows
known to follow come out. Source of the codes: ITU-T T.4 (run lengths) and T.6 (modes).
"""

from __future__ import annotations

from dataclasses import dataclass

import imagecodecs
import numpy as np

from curvedesk.imaging.pixels import U8

AT_ONCE_PIXELS = 200_000_000
PIECE_PIXELS = 48_000_000
PROOF_ROWS = 8
PROOF_BITS = 60_000
ROW_BITS = 8_000
SEARCH_BYTES = 50_000
HORIZONTAL = "001"
WHITE = ("00110101", "000111", "0111", "1000", "1011", "1100", "1110", "1111")  # runs of 0-7
BLACK = ("0000110111", "010", "11", "10", "011", "0011", "0010", "00011")
WHITE_64, BLACK_64 = "11011" + WHITE[0], "0000001111" + BLACK[0]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row starts in the strip, and the row above it as 0 and 1, None above the first."""

    row: int
    bit: int
    above: U8 | None


def packed_g4(
    data: bytes, rows: int, width: int, *, at_once_pixels: int = AT_ONCE_PIXELS, piece_pixels: int = PIECE_PIXELS
) -> U8:
    """A Group 4 strip as packed rows (rows, ceil(width / 8)), 1 = black; above ``at_once_pixels`` in pieces.

    Peak memory of pieces is about twice ``piece_pixels`` bytes above the result; only a strip in which no row can be
    told from the next is decoded at once whatever its size.

    Raises:
        RuntimeError: the first codes are no Group 4 at all; later damage shows as white rows, as fax decoders do.
    """
    if rows * width <= at_once_pixels:
        return np.packbits(_fax(data, rows, width), axis=1)
    most = max(8 * PROOF_ROWS, piece_pixels // width)
    result = np.zeros((rows, -(-width // 8)), np.uint8)
    place = _Place(0, 0, None)
    take = max(64, len(data) * most // (2 * rows)) if rows > most else len(data)
    while True:
        last = place.bit // 8 + take >= len(data)
        piece = _decoded_from(data, place, take, rows - place.row if last else min(most, rows - place.row), width)
        if last:
            result[place.row :] = np.packbits(piece, axis=1)
            return result
        following = None if piece[-1].any() else _row_start(data, place, take, piece)
        if following is None:
            take = take // 2 if piece[-1].any() and take > 64 else len(data)
            continue
        result[place.row : following.row] = np.packbits(piece[: following.row - place.row], axis=1)
        place = following


def _decoded_from(data: bytes, place: _Place, take: int, rows: int, width: int) -> U8:
    """``rows`` rows (0 and 1) from a place on, using ``take`` bytes; what they do not reach is white."""
    part = data[place.bit // 8 : place.bit // 8 + take]
    if place.above is None:
        return _fax(part, rows, width)
    bits = np.unpackbits(np.frombuffer(part, np.uint8))[place.bit % 8 :]
    return _fax_bits(np.concatenate([row_codes(place.above), bits]), rows + 1, width)[1:]


def _fax_bits(bits: U8, rows: int, width: int) -> U8:
    return _fax(np.packbits(bits).tobytes(), rows, width)


def _fax(data: bytes, rows: int, width: int) -> U8:
    decoded: U8 = imagecodecs.ccittfax4_decode(data, rows, width)
    return decoded


def _row_start(data: bytes, place: _Place, take: int, piece: U8) -> _Place | None:
    """The start of a row near the end of a piece that ran out of bits, None where none can be proved.

    The row must differ from the one above it: among equal rows a start one row off would prove itself as well.
    """
    inked = np.flatnonzero(piece.any(axis=1))
    safe = int(inked[-1]) - PROOF_ROWS - 2 if len(inked) else 0
    changed = np.flatnonzero((piece[1:safe] != piece[: safe - 1]).any(axis=1)) if safe > 1 else inked[:0]
    if not len(changed):
        return None
    row = int(changed[-1]) + 1
    end = place.bit // 8 + take
    start = max(place.bit // 8, end - SEARCH_BYTES)
    bits = np.unpackbits(np.frombuffer(data, np.uint8, end - start, start))
    codes, proof = row_codes(piece[row - 1]), piece[row : row + PROOF_ROWS]
    for at in range(len(bits) - PROOF_ROWS, max(0, place.bit - start * 8), -1):
        if _proves(bits[at : at + PROOF_BITS], codes, proof):
            return _Place(place.row + row, start * 8 + at, piece[row - 1].copy())
    return None


def _proves(bits: U8, codes: U8, proof: U8) -> bool:
    """Whether these bits, below the row of ``codes``, give the rows of ``proof``; one row first, as most fail there."""
    width = proof.shape[1]
    one = _fax_bits(np.concatenate([codes, bits[:ROW_BITS]]), 2, width)[1]
    if not np.array_equal(one, proof[0]):
        return False
    return np.array_equal(_fax_bits(np.concatenate([codes, bits]), len(proof) + 1, width)[1:], proof)


def row_codes(row: U8) -> U8:
    """A row (w,) of 0 and 1 as the first row of a Group 4 strip, bits one a cell, in horizontal mode throughout."""
    edges = np.flatnonzero(np.diff(row, prepend=0)).tolist()
    codes = []
    for index, (start, end) in enumerate(zip([0, *edges], [*edges, len(row)], strict=True)):
        for part in _parts(end - start):
            white, black = (part, 0) if index % 2 == 0 else (0, part)
            codes.append(HORIZONTAL + _run(white, WHITE, WHITE_64) + _run(black, BLACK, BLACK_64))
    return np.frombuffer("".join(codes).encode(), np.uint8) - np.uint8(ord("0"))


def _run(length: int, short: tuple[str, ...], long: str) -> str:
    return long if length == 64 else short[length]


def _parts(length: int) -> list[int]:
    """A run as runs of 64, 7 and less; the other colour is given no length between them."""
    left = length % 64
    return [64] * (length // 64) + [7] * (left // 7) + ([left % 7] if left % 7 else [])

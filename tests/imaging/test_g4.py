"""Group 4 in pieces: the same rows as the decoder gives at once, wherever the pieces end."""

from __future__ import annotations

import contextlib
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from curvedesk.imaging import decode_tiff, g4
from curvedesk.imaging.decode_tiff import TiffDocument
from tests.imaging.makers import U8, MakeFax, drawn, ink_only


def strip(path: Path) -> bytes:
    with tifffile.TiffFile(path) as tiff:
        page = tiff.pages.first
        return path.read_bytes()[page.dataoffsets[0] :][: page.databytecounts[0]]


@given(hnp.arrays(np.uint8, st.integers(1, 300), elements=st.integers(0, 1)))
@settings(deadline=None)
def test_any_row_survives_being_written_in_horizontal_codes(row: U8) -> None:
    bits = np.packbits(g4.row_codes(row)).tobytes()
    np.testing.assert_array_equal(imagecodecs.ccittfax4_decode(bits, 1, len(row))[0], row)


@pytest.mark.parametrize("piece_rows", [64, 100, 333])
@pytest.mark.parametrize("blank", [0, 400])
def test_pieces_give_the_rows_of_the_whole_strip(fax: MakeFax, piece_rows: int, blank: int) -> None:
    image = ink_only(drawn(2000, 120))
    image[700 : 700 + blank] = 255
    data = strip(fax(image, "group4", rows=len(image)))
    bits = imagecodecs.ccittfax4_decode(data, 2000, 120)
    packed = g4.packed_g4(data, 2000, 120, at_once_pixels=0, piece_pixels=piece_rows * 120)
    np.testing.assert_array_equal(packed, np.packbits(bits, axis=1))


def test_pieces_are_small_where_rows_can_be_told_apart(fax: MakeFax, monkeypatch: pytest.MonkeyPatch) -> None:
    image = ink_only(drawn(2000, 120))
    data = strip(fax(image, "group4", rows=len(image)))
    asked: list[int] = []
    decode = imagecodecs.ccittfax4_decode

    def counted(stream: bytes, rows: int, width: int) -> U8:
        asked.append(rows)
        decoded: U8 = decode(stream, rows, width)
        return decoded

    monkeypatch.setattr(imagecodecs, "ccittfax4_decode", counted)
    g4.packed_g4(data, 2000, 120, at_once_pixels=0, piece_pixels=200 * 120)
    assert max(asked) <= 201


@pytest.mark.parametrize("row", [[0] * 50, [1] * 50, [0, 1] * 25])
def test_a_strip_of_equal_rows_is_still_decoded(fax: MakeFax, row: list[int]) -> None:
    image = np.tile(255 * (1 - np.array(row, np.uint8)), (1000, 1)).astype(np.uint8)
    data = strip(fax(image, "group4", rows=1000))
    bits = imagecodecs.ccittfax4_decode(data, 1000, 50)
    np.testing.assert_array_equal(
        g4.packed_g4(data, 1000, 50, at_once_pixels=0, piece_pixels=50 * 100), np.packbits(bits, axis=1)
    )


@given(st.binary(min_size=1, max_size=400), st.integers(1, 200))
@settings(deadline=None, max_examples=60)
def test_noise_in_place_of_a_strip_is_refused_or_gives_some_picture(data: bytes, width: int) -> None:
    with contextlib.suppress(imagecodecs.Ccittfax4Error):
        assert g4.packed_g4(data, 500, width, at_once_pixels=0, piece_pixels=64 * width).shape == (500, -(-width // 8))


def test_the_top_of_a_giant_strip_is_there_without_the_rest_of_it(
    fax: MakeFax, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = fax(ink_only(drawn(2000, 120)), "group4", rows=2000)
    with contextlib.closing(TiffDocument(path, 0)) as plain:
        whole = plain.rows(0, 2000)
    decoded: list[int] = []

    def decode(data: bytes, rows: int, width: int) -> U8:
        decoded.append(rows)
        return g4.packed_g4(data, rows, width)

    monkeypatch.setattr(decode_tiff, "packed_g4", decode)
    monkeypatch.setattr(decode_tiff, "GIANT_PIXELS", 1000)
    monkeypatch.setattr(decode_tiff, "HEAD_ROWS", 300)
    with contextlib.closing(TiffDocument(path, 0)) as document:
        for top, bottom in ((0, 100), (50, 300)):
            np.testing.assert_array_equal(document.rows(top, bottom), whole[top:bottom])
        assert decoded == [300]
        for top, bottom in ((250, 1500), (0, 100)):
            np.testing.assert_array_equal(document.rows(top, bottom), whole[top:bottom])
        assert decoded == [300, 2000]

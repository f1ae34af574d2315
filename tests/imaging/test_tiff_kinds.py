"""Every kind of TIFF that drawers of paper logs and plotting programs leave behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image

from curvedesk.imaging import Colour, Polarity, Scan, open_scan
from tests.imaging.makers import U8, MakeFax, coloured, drawn, gray_of, ink_only, write_packed


def whole(scan: Scan) -> U8:
    return scan.read(0, 0, scan.width, scan.height)


@pytest.mark.parametrize("fill_order", [1, 2])
@pytest.mark.parametrize(
    "coder",
    [("group4", None, "ccitt-g4"), ("group3", 0, "ccitt-g3"), ("group3", 1, "ccitt-g3"), ("group3", 5, "ccitt-g3"),
     ("tiff_ccitt", None, "ccitt-rle"), ("packbits", None, "packbits"), ("tiff_lzw", None, "lzw"),
     ("tiff_adobe_deflate", None, "deflate")],
)  # fmt: skip
@pytest.mark.parametrize("rows", [None, 16])
def test_one_bit_scan_of_any_compression_and_fill_order_reads_as_drawn(
    fax: MakeFax, bilevel: U8, coder: tuple[str, int | None, str], fill_order: int, rows: int | None
) -> None:
    compression, t4_options, named = coder
    path = fax(bilevel, compression, fill_order=fill_order, t4_options=t4_options, rows=rows)
    with open_scan(path) as scan:
        assert (scan.info.compression, scan.info.bits, scan.info.colour) == (named, 1, Colour.BILEVEL)
        np.testing.assert_array_equal(whole(scan), bilevel)


def test_uncompressed_bits_in_reversed_order_read_as_drawn(fax: MakeFax) -> None:
    image = ink_only(drawn(40, 64))
    mirrored_bytes = image.reshape(40, 8, 8)[:, :, ::-1].reshape(40, 64)
    with open_scan(fax(mirrored_bytes, "raw", fill_order=2)) as scan:
        np.testing.assert_array_equal(whole(scan), image)


@pytest.mark.parametrize("photometric", ["miniswhite", "minisblack"])
@pytest.mark.parametrize("options", [{}, {"tile": (64, 48)}, {"rowsperstrip": 7}, {"bigtiff": True}])
@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_black_stays_black_in_both_polarities(
    tmp_path: Path, bilevel: U8, photometric: str, options: dict[str, Any], byteorder: Any
) -> None:
    path = write_packed(tmp_path / "a.tif", bilevel, photometric=photometric, byteorder=byteorder, **options)
    with open_scan(path) as scan:
        assert scan.info.polarity is (Polarity.MIN_IS_WHITE if photometric == "miniswhite" else Polarity.MIN_IS_BLACK)
        np.testing.assert_array_equal(whole(scan), bilevel)


@pytest.mark.parametrize("compression", [None, "lzw", "zlib", "packbits"])
@pytest.mark.parametrize("options", [{}, {"tile": (64, 48)}, {"rowsperstrip": 7}, {"bigtiff": True}])
@pytest.mark.parametrize("photometric", ["miniswhite", "minisblack"])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_gray_of_8_and_16_bits_reads_as_drawn(
    tmp_path: Path, compression: str | None, options: dict[str, Any], photometric: str, kind: type[np.integer[Any]]
) -> None:
    image = drawn()
    stored = (image.astype(np.uint16) * 257 if kind is np.uint16 else image).astype(kind)
    stored = stored if photometric == "minisblack" else np.iinfo(kind).max - stored
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, stored, compression=compression, photometric=photometric, **options)
    with open_scan(path) as scan:
        np.testing.assert_array_equal(whole(scan), image)


@pytest.mark.parametrize("bits", [2, 4])
def test_gray_of_two_and_four_bits_reads_from_black_to_white(tmp_path: Path, bits: int) -> None:
    steps = (np.indices((30, 41)).sum(0) % (1 << bits)).astype(np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", steps, bitspersample=bits, photometric="minisblack")
    with open_scan(tmp_path / "a.tif") as scan:
        assert scan.info.bits == bits
        np.testing.assert_array_equal(whole(scan), steps * (255 // ((1 << bits) - 1)))


@pytest.mark.parametrize("predictor", [False, True])
@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_rgb_reads_in_its_colours(
    tmp_path: Path, predictor: bool, byteorder: Any, kind: type[np.integer[Any]], planar: Any
) -> None:
    rgb = coloured()
    stored = (rgb.astype(np.uint16) * 257 if kind is np.uint16 else rgb).astype(kind)
    stored = stored if planar == "contig" else np.moveaxis(stored, 2, 0)
    path = tmp_path / "a.tif"
    tifffile.imwrite(
        path,
        stored,
        compression="lzw",
        predictor=predictor,
        byteorder=byteorder,
        photometric="rgb",
        planarconfig=planar,
    )
    with open_scan(path) as scan:
        np.testing.assert_array_equal(scan.read_rgb(0, 0, scan.width, scan.height), rgb)
        assert np.abs(whole(scan) - gray_of(rgb)).max() <= 1


@pytest.mark.parametrize("largest", [255, 65535])
def test_palette_of_16_bits_and_of_0_to_255_show_the_same_colours(tmp_path: Path, largest: int) -> None:
    indices = (coloured()[:, :, 0] // 2).astype(np.uint8)
    colours = np.random.default_rng(3).integers(0, 256, (3, 256)).astype(np.uint16)
    path = tmp_path / "palette.tif"
    tifffile.imwrite(path, indices, photometric="palette", colormap=colours * (largest // 255))
    with open_scan(path) as scan:
        assert scan.info.colour is Colour.PALETTE
        np.testing.assert_array_equal(scan.read_rgb(0, 0, scan.width, scan.height), colours.T[indices])


def test_transparent_pixels_are_white_paper(tmp_path: Path) -> None:
    rgba = np.zeros((40, 50, 4), np.uint8)
    rgba[:20, :, 3] = 255
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, rgba, photometric="rgb", extrasamples=["unassalpha"])
    with open_scan(path) as scan:
        gray = whole(scan)
    assert scan.info.colour is Colour.RGBA
    assert (gray[:20] == 0).all()
    assert (gray[20:] == 255).all()


def test_cmyk_ink_is_dark_and_no_ink_is_paper(tmp_path: Path) -> None:
    inks = np.zeros((40, 50, 4), np.uint8)
    inks[:10, :, 3] = 255
    inks[10:20, :, 0] = 255
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, inks, photometric="separated")
    with open_scan(path) as scan:
        rgb = scan.read_rgb(0, 0, 50, 40)
    assert (rgb[:10] == 0).all()
    assert (rgb[10:20] == [0, 255, 255]).all()
    assert (rgb[20:] == 255).all()


@pytest.mark.parametrize("options", [{}, {"tile": (64, 48)}, {"rowsperstrip": 16}])
@pytest.mark.parametrize("photometric", ["rgb", "minisblack"])
def test_jpeg_in_tiff_reads_as_an_independent_reader_does(
    tmp_path: Path, options: dict[str, Any], photometric: str
) -> None:
    image = coloured() if photometric == "rgb" else coloured()[:, :, 0]
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, image, photometric=photometric, compression="jpeg", **options)
    with open_scan(path) as scan:
        assert scan.info.compression == "jpeg"
        rgb = scan.read_rgb(0, 0, scan.width, scan.height)
    expected = np.asarray(Image.open(path).convert("RGB"), int)
    assert np.abs(rgb - expected).max() <= 1


def test_jpeg_in_tiff_with_shared_tables_reads_as_drawn(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    Image.fromarray(coloured()).save(path, compression="jpeg", quality=95)
    with open_scan(path) as scan:
        np.testing.assert_array_equal(
            scan.read_rgb(0, 0, scan.width, scan.height), np.asarray(Image.open(path).convert("RGB"))
        )


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("one_bit", [True, False])
def test_orientation_tag_is_honoured(tmp_path: Path, orientation: int, one_bit: bool) -> None:
    upright = ink_only(drawn(90, 61))
    turns = {2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1], 5: upright.T, 6: np.rot90(upright, 1)}
    turns |= {1: upright, 7: upright[::-1, ::-1].T, 8: np.rot90(upright, -1)}
    stored = np.ascontiguousarray(turns[orientation])
    path = tmp_path / "a.tif"
    extra = [(274, "H", 1, orientation, True)]
    if one_bit:
        write_packed(path, stored, extratags=extra, photometric="miniswhite", resolution=(300, 200))
    else:
        tifffile.imwrite(path, stored, photometric="minisblack", extratags=extra, resolution=(300, 200))
    with open_scan(path) as scan:
        assert (scan.width, scan.height) == (61, 90)
        assert scan.info.dpi == ((300, 200) if orientation < 5 else (200, 300))
        np.testing.assert_array_equal(whole(scan), upright)


def test_every_page_opens_at_its_own_size_and_resolution(tmp_path: Path) -> None:
    path = tmp_path / "pages.tif"
    with tifffile.TiffWriter(path) as writer:
        for size, dpi in ((60, 200), (90, 300), (30, 400)):
            writer.write(drawn(size, size + 5), resolution=(dpi, dpi), photometric="minisblack")
    for page, (size, dpi) in enumerate(((60, 200), (90, 300), (30, 400))):
        with open_scan(path, page=page) as scan:
            assert (scan.info.pages, scan.width, scan.height, scan.dpi) == (3, size + 5, size, dpi)
            np.testing.assert_array_equal(whole(scan), drawn(size, size + 5))


@pytest.mark.parametrize(
    ("resolution", "unit", "dpi"),
    [((300, 300), 2, (300, 300)), ((118.11, 118.11), 3, (300, 300)), ((200, 100), 2, (200, 100)),
     ((1, 1), 2, None), ((72000, 72000), 2, None), ((300, 300), 1, None), ((0, 0), 2, None)],
)  # fmt: skip
def test_resolution_is_taken_where_sane_else_200_and_said_so(
    tmp_path: Path, resolution: tuple[float, float], unit: int, dpi: tuple[float, float] | None
) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, drawn(), photometric="minisblack", resolution=resolution, resolutionunit=unit)
    with open_scan(path) as scan:
        assert scan.info.dpi == (None if dpi is None else pytest.approx(dpi, abs=0.01))
        assert scan.info.dpi_assumed == (dpi is None)
        assert scan.dpi == pytest.approx(dpi[0] if dpi else 200, abs=0.01)
    with open_scan(path, dpi=400) as scan:
        assert (scan.dpi, scan.info.dpi_assumed) == (400, False)

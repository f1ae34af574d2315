"""PNG, JPEG, BMP and PDF scans."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from curvedesk.imaging import Colour, Scan, open_scan
from tests.imaging.makers import U8, coloured, drawn, gray_of


def whole(scan: Scan) -> U8:
    return scan.read(0, 0, scan.width, scan.height)


@pytest.mark.parametrize("suffix", ["png", "bmp"])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_png_and_bmp_read_as_drawn(tmp_path: Path, suffix: str, mode: str, bilevel: U8) -> None:
    image = {"1": bilevel, "L": drawn(), "P": drawn(), "RGB": coloured()}[mode]
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(image).convert(mode).save(path, dpi=(300, 300))
    with open_scan(path) as scan:
        assert scan.info.dpi == pytest.approx((300, 300), abs=0.1)
        rgb = scan.read_rgb(0, 0, scan.width, scan.height)
        np.testing.assert_array_equal(rgb, image if image.ndim == 3 else np.repeat(image[:, :, None], 3, 2))
        assert np.abs(whole(scan) - gray_of(rgb)).max() <= 1


def test_sixteen_bit_png_reads_as_drawn(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), drawn().astype(np.uint16) * 257)
    with open_scan(tmp_path / "a.png") as scan:
        assert scan.info.bits == 16
        np.testing.assert_array_equal(whole(scan), drawn())


def test_transparent_png_is_laid_on_white(tmp_path: Path) -> None:
    rgba = np.zeros((20, 30, 4), np.uint8)
    rgba[:10, :, 3] = 255
    Image.fromarray(rgba).save(tmp_path / "a.png")
    with open_scan(tmp_path / "a.png") as scan:
        gray = whole(scan)
    assert (gray[:10] == 0).all()
    assert (gray[10:] == 255).all()


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg_reads_within_its_loss(tmp_path: Path, mode: str, progressive: bool) -> None:
    y, x = np.mgrid[:160, :120]
    smooth = np.stack([x + 40, y + 60, 200 - x // 2], axis=2).astype(np.uint8)
    path = tmp_path / "a.jpg"
    Image.fromarray(smooth).convert(mode).save(path, quality=95, dpi=(250, 250), progressive=progressive)
    with open_scan(path) as scan:
        assert scan.info.dpi == (250, 250)
        assert scan.info.colour is {"L": Colour.GRAY, "RGB": Colour.RGB, "CMYK": Colour.CMYK}[mode]
        assert np.abs(whole(scan) - gray_of(smooth)).max() <= 8


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_honoured(tmp_path: Path, orientation: int) -> None:
    upright = Image.fromarray(cv2.GaussianBlur(drawn(96, 64), (0, 0), 3))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # PIL transposes that undo each orientation
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(back[orientation]))
    exif = Image.Exif()
    exif[274] = orientation
    stored.save(tmp_path / "a.jpg", exif=exif, quality=98)
    with open_scan(tmp_path / "a.jpg") as scan:
        assert (scan.width, scan.height) == (64, 96)
        assert np.abs(whole(scan).astype(int) - np.asarray(upright, int)).max() <= 10


def test_each_pdf_page_opens_at_the_resolution_of_its_own_scan(tmp_path: Path, bilevel: U8) -> None:
    pages = [Image.fromarray(bilevel).convert("1"), Image.fromarray(coloured())]
    path = tmp_path / "a.pdf"
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=300)
    with open_scan(path) as scan:
        assert (scan.info.pages, scan.width, scan.height) == (2, 171, 230)
        assert scan.dpi == pytest.approx(300, abs=0.5)
        np.testing.assert_array_equal(whole(scan) < 128, bilevel < 128)
    with open_scan(path, page=1) as scan:
        assert scan.info.colour is Colour.RGB
        assert np.abs(scan.read_rgb(0, 0, 171, 230).astype(int) - coloured()).mean() < 6


def test_turned_pdf_page_opens_as_a_viewer_shows_it(tmp_path: Path, bilevel: U8) -> None:
    import pypdfium2 as pdfium

    Image.fromarray(bilevel).convert("1").save(tmp_path / "a.pdf", resolution=200)
    document = pdfium.PdfDocument(tmp_path / "a.pdf")
    document[0].set_rotation(90)
    document.save(tmp_path / "turned.pdf")
    document.close()
    with open_scan(tmp_path / "turned.pdf") as scan:
        assert (scan.width, scan.height) == (230, 171)
        assert np.mean((whole(scan) < 128) != (np.rot90(bilevel, -1) < 128)) < 0.01


def test_pdf_without_an_image_is_drawn_at_200_dpi(tmp_path: Path) -> None:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument.new()
    document.new_page(72, 144)
    document.save(tmp_path / "a.pdf")
    document.close()
    with open_scan(tmp_path / "a.pdf") as scan:
        assert (scan.width, scan.height, scan.dpi, scan.info.dpi_assumed) == (200, 400, 200, True)
        assert (whole(scan) == 255).all()


def test_fax_pdf_taller_than_a_pdf_library_draws_still_shows_its_ink(tmp_path: Path, bilevel: U8) -> None:
    tall = np.tile(bilevel[:, :40], (300, 1))
    Image.fromarray(tall).convert("1").save(tmp_path / "a.pdf", resolution=200)
    with open_scan(tmp_path / "a.pdf") as scan:
        assert (scan.width, scan.height, scan.info.bits) == (40, 69_000, 1)
        np.testing.assert_array_equal(scan.read(0, 66_000, 40, 69_000), tall[66_000:])

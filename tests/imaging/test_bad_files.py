"""Files that are not what they claim: one sentence that names the file, never a crash, whatever is wrong."""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from curvedesk.domain.errors import ScanError
from curvedesk.imaging import client, describe, open_scan
from curvedesk.imaging.client import DecoderProcess
from tests.imaging.makers import U8, MakeFax, coloured, drawn, ink_only

LOCKED_PDF = b"""%%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>> endobj
4 0 obj <</Filter/Standard/V 1/R 2/Length 40/P -4/O<%s>/U<%s>>> endobj
trailer <</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>
%%%%EOF
""" % (b"41" * 32, b"42" * 32)


def tiff_bytes(path: Path, **options: object) -> bytes:
    tifffile.imwrite(path, drawn(), photometric="minisblack", **options)
    return path.read_bytes()


def lying(path: Path, tag: int, value: int) -> bytes:
    """A small good TIFF with one tag's value changed."""
    data = bytearray(tiff_bytes(path))
    with tifffile.TiffFile(path) as tiff:
        at = tiff.pages.first.tags[tag].valueoffset
        kind = tiff.pages.first.tags[tag].dtype
    struct.pack_into("<H" if kind == 3 else "<I", data, at, value)
    return bytes(data)


def fails(path: Path, data: bytes | None = None) -> str:
    """The one sentence that opening and then reading the file ends in."""
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ScanError) as caught, open_scan(path) as scan:
        scan.read(0, 0, min(scan.width, 500), min(scan.height, 500))
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(path.name + ": ")
    assert "; " in text
    return text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"well log of STATE 12-3\n" * 30, "not a TIFF"),
        (b"II*\0", "TIFF"),
        (b"II*\0\xff\xff\xff\x7f", "truncated"),
        (b"\x89PNG\r\n\x1a\n", "truncated"),
        (b"\xff\xd8\xff\xe0", "truncated"),
        (b"BM" + bytes(60), "BMP"),
        (b"%PDF-1.7\nnothing", "PDF"),
        (LOCKED_PDF, "password"),
        (bytes(5000), "not a TIFF"),
        (b"GIF89a" + bytes(100), "not a TIFF"),
    ],
)
@pytest.mark.parametrize("name", ["scan.tif", "a scan #3 [copy].pdf"])
def test_what_is_no_scan_is_refused_whatever_its_name(tmp_path: Path, content: bytes, says: str, name: str) -> None:
    assert says in fails(tmp_path / name, content)


def test_missing_file_and_folder_are_named(tmp_path: Path) -> None:
    assert "no such file" in fails(tmp_path / "nothing.tif")
    assert "folder" in fails(tmp_path)


@pytest.mark.parametrize("name", ["two\nlines.tif", "null\0byte.tif", "x" * 300, "caf\udce9.tif"])
def test_name_that_is_no_name_ends_in_one_printable_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScanError) as caught:
        open_scan(tmp_path / name)
    assert "\n" not in str(caught.value)
    str(caught.value).encode()


def test_decoder_that_cannot_be_started_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tifffile.imwrite(tmp_path / "a.tif", drawn(), photometric="minisblack")
    monkeypatch.setattr(client, "COMMAND", (str(tmp_path / "no-python"),))
    with (
        open_scan(tmp_path / "a.tif", decoder=DecoderProcess()) as scan,
        pytest.raises(ScanError, match="cannot be started"),
    ):
        scan.read(0, 0, 10, 10)


def test_file_without_permission_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(b"II*\0")

    def refused(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(ScanError, match="may not be read"):
        open_scan(path)


@pytest.mark.parametrize(("tag", "value"), [(256, 0), (257, 0)])
def test_zero_sized_scan_is_refused(tmp_path: Path, tag: int, value: int) -> None:
    assert "no image" in fails(tmp_path / "a.tif", lying(tmp_path / "a.tif", tag, value))


def test_claim_of_100_000_by_100_000_pixels_is_refused_in_every_format(tmp_path: Path, fax: MakeFax) -> None:
    image = ink_only(drawn())
    path = fax(image, "group4")
    data = path.read_bytes()
    with tifffile.TiffFile(path) as tiff:
        offsets = [tiff.pages.first.tags[tag].offset for tag in (256, 257, 278)]
    patched = bytearray(data)
    for offset in offsets:
        struct.pack_into("<HHII", patched, offset, *struct.unpack_from("<H", data, offset), 4, 1, 100_000)
    assert "100,000 x 100,000" in fails(tmp_path / "bomb.tif", bytes(patched))
    for suffix, at, code in (("png", 16, ">II"), ("bmp", 18, "<II")):
        Image.fromarray(image).save(tmp_path / f"a.{suffix}")
        bomb = bytearray((tmp_path / f"a.{suffix}").read_bytes())
        struct.pack_into(code, bomb, at, 100_000, 100_000)
        assert "100,000 x 100,000" in fails(tmp_path / f"bomb.{suffix}", bytes(bomb))


@pytest.mark.parametrize("compression", [None, "lzw", "zlib", "jpeg"])
def test_header_that_claims_more_rows_than_the_file_holds_is_refused(tmp_path: Path, compression: str | None) -> None:
    path = tmp_path / "a.tif"
    data = bytearray(tiff_bytes(path, compression=compression, rowsperstrip=4096))
    with tifffile.TiffFile(path) as tiff:
        length = tiff.pages.first.tags[257].valueoffset
    struct.pack_into("<H", data, length, 60_000)
    fails(path, bytes(data))


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("kind", ["tif", "tif-end", "png", "jpg", "bmp"])
def test_truncated_file_is_refused(tmp_path: Path, kind: str, keep: float) -> None:
    path = tmp_path / f"a.{kind[:3]}"
    if kind == "tif-end":  # directory at the end, as libtiff writes it
        Image.fromarray(drawn()).save(path, compression="tiff_lzw")
    elif kind == "tif":
        tifffile.imwrite(path, drawn(), photometric="minisblack")
    else:
        Image.fromarray(drawn()).save(path)
    data = path.read_bytes()
    fails(path, data[: int(len(data) * keep)])


@pytest.mark.parametrize("compression", ["lzw", "zlib", "packbits", "jpeg"])
def test_overwritten_pixels_are_refused_or_read(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, coloured(), photometric="rgb", compression=compression)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = b"\xa5" * (len(data) - len(data) // 2)
    path.write_bytes(data)
    try:
        with open_scan(path) as scan:
            assert scan.read(0, 0, scan.width, scan.height).shape == (230, 171)
    except ScanError as error:
        assert "damaged" in str(error)


def test_deflate_bomb_is_cut_at_the_size_of_its_strip(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.zeros((60_000, 4000), np.uint8), compression="zlib", rowsperstrip=60_000)
    data = bytearray(path.read_bytes())
    with tifffile.TiffFile(path) as tiff:
        tags = tiff.pages.first.tags
        places = [tags[number].valueoffset for number in (257, 278)]
    for place in places:
        struct.pack_into("<H", data, place, 100)
    path.write_bytes(data)
    with open_scan(path) as scan:
        assert scan.read(0, 0, 4000, 100).shape == (100, 4000)


@pytest.mark.parametrize("number", [6, 34712, 50002])
def test_compression_that_is_not_supported_is_named(tmp_path: Path, number: int) -> None:
    assert f"compression {number}" in fails(tmp_path / "a.tif", lying(tmp_path / "a.tif", 259, number))


def test_page_that_does_not_exist_and_absurd_dpi_are_refused(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", drawn(), photometric="minisblack")
    with pytest.raises(ScanError, match="no page 3"):
        open_scan(tmp_path / "a.tif", page=3)
    with pytest.raises(ScanError, match="7 dpi"):
        open_scan(tmp_path / "a.tif", dpi=7)


@pytest.mark.parametrize("size", [(230, 171), (500, 400)])
def test_scan_that_is_replaced_while_open_is_noticed(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, drawn(), photometric="minisblack")
    with open_scan(path) as scan:
        tifffile.imwrite(path, 255 - drawn(*size), photometric="minisblack")
        os.utime(path, (1, 1))
        with pytest.raises(ScanError, match="changed"):
            scan.read(0, 0, 10, 10)
        with pytest.raises(ScanError, match="changed"):
            _ = scan.sha256


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, float], DecoderProcess]]:
    """A decoder whose child runs the given Python line instead."""
    made: list[DecoderProcess] = []

    def make(code: str, timeout_s: float) -> DecoderProcess:
        monkeypatch.setattr(client, "COMMAND", (sys.executable, "-c", code))
        made.append(DecoderProcess(timeout_s=timeout_s))
        return made[-1]

    yield make
    for decoder in made:
        decoder.close()


@pytest.mark.parametrize(
    "fate",
    [
        ("import os; input(); os.abort()", 60, "crashed"),
        ("import time; time.sleep(60)", 0.5, "too long"),
        ("input(); print('hello')", 60, "crashed"),
        ("input(); print('{\"nbytes\": 99}')", 60, "crashed"),
    ],
)
def test_decoder_that_dies_hangs_or_babbles_is_one_sentence_and_the_next_scan_reads(
    tmp_path: Path,
    child: Callable[[str, float], DecoderProcess],
    monkeypatch: pytest.MonkeyPatch,
    fate: tuple[str, float, str],
) -> None:
    code, timeout_s, says = fate
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, drawn(), photometric="minisblack")
    command = client.COMMAND
    decoder = child(code, timeout_s)
    with open_scan(path, decoder=decoder) as scan:
        with pytest.raises(ScanError, match=says):
            scan.read(0, 0, 10, 10)
        monkeypatch.setattr(client, "COMMAND", command)
        monkeypatch.setattr(decoder, "_timeout_s", 60.0)
        np.testing.assert_array_equal(scan.read(0, 0, 50, 50), drawn()[:50, :50])


def test_describe_is_json_of_the_header_alone(tmp_path: Path, bilevel: U8, fax: MakeFax) -> None:
    import json

    said = json.loads(json.dumps(describe(fax(bilevel, "group4", dpi=400))))
    assert said | {"sha256": "", "bytes": 0} == {
        "file": "fax.tif",
        "format": "tiff",
        "bytes": 0,
        "pages": 1,
        "width": 171,
        "height": 230,
        "bits": 1,
        "samples": 1,
        "compression": "ccitt-g4",
        "dpi": [400, 400],
        "dpi_used": 400,
        "dpi_assumed": False,
        "polarity": "min-is-black",
        "colour": "bilevel",
        "orientation": 1,
        "sheets": [{"width": 171, "height": 230, "dpi": [400, 400]}],
        "sha256": "",
    }

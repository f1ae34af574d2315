"""Thousands of small scans with mutated headers: each opens and reads, or ends in one sentence; silently and soon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from curvedesk.domain.errors import ScanError
from curvedesk.imaging import open_scan
from curvedesk.imaging.client import DecoderProcess
from tests.imaging.makers import MakeFax, coloured, drawn, ink_only, write_packed

MUTANTS = 3000
DECODED_EVERY = 6
HEADER_BYTES = 600


@pytest.fixture
def seeds(tmp_path: Path, fax: MakeFax) -> list[bytes]:
    """One small scan of every kind."""
    small, bits = drawn(40, 50), ink_only(drawn(40, 50))
    files = [fax(bits, kind, name=f"{kind}.tif") for kind in ("group4", "group3", "packbits", "tiff_lzw")]
    for number, options in enumerate(
        ({"compression": "lzw", "predictor": True}, {"compression": "zlib", "tile": (16, 16)}, {"bigtiff": True},
         {"compression": "jpeg"}, {"byteorder": ">", "rowsperstrip": 8}),
    ):  # fmt: skip
        files.append(tmp_path / f"{number}.tif")
        tifffile.imwrite(files[-1], coloured(40, 50), photometric="rgb", **options)
    files.append(write_packed(tmp_path / "tiles.tif", bits, tile=(16, 16), photometric="miniswhite"))
    files.append(tmp_path / "palette.tif")
    tifffile.imwrite(files[-1], small, photometric="palette", colormap=np.zeros((3, 256), np.uint16))
    for suffix, options in (("png", {}), ("bmp", {}), ("jpg", {"quality": 60}), ("pdf", {"resolution": 200})):
        files.append(tmp_path / f"a.{suffix}")
        Image.fromarray(coloured(40, 50)).save(files[-1], **options)
    return [path.read_bytes() for path in files]


@pytest.fixture
def decoder() -> Iterator[DecoderProcess]:
    """A child of this test's own, so that a mutant that kills it kills nobody else's."""
    decoder = DecoderProcess(timeout_s=20)
    yield decoder
    decoder.close()


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """A few bytes or words changed, most of them in the header or in a directory at the end; some cut short."""
    changed = bytearray(data)
    for _ in range(int(rng.integers(1, 6))):
        front = int(rng.integers(0, min(HEADER_BYTES, len(changed))))
        at = front if rng.random() < 0.6 else max(0, len(changed) - 1 - front)
        word = int(rng.choice([0, 1, 2, 4, 0x7F, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, int(rng.integers(2**32))]))
        size = int(rng.choice([1, 2, 4]))
        changed[at : at + size] = (word & (256**size - 1)).to_bytes(size, "little" if rng.random() < 0.7 else "big")
    if rng.random() < 0.1:
        del changed[int(rng.integers(1, len(changed))) :]
    return bytes(changed)


def test_three_thousand_mutants_open_or_end_in_one_sentence(
    tmp_path: Path, seeds: list[bytes], decoder: DecoderProcess, capfd: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(20)
    path = tmp_path / "mutant.tif"
    opened, refused = 0, 0
    for number in range(MUTANTS):
        seed = seeds[number % len(seeds)]
        if seed.startswith(b"%PDF") and number % 40:
            continue
        path.write_bytes(mutated(seed, rng))
        try:
            with open_scan(path, decoder=decoder) as scan:
                if number % DECODED_EVERY == 0:
                    box = scan.read(0, 0, min(scan.width, 300), min(scan.height, 300))
                    assert box.shape == (min(scan.height, 300), min(scan.width, 300))
            opened += 1
        except ScanError as error:
            refused += 1
            assert str(error).startswith("mutant.tif: "), number
            assert "\n" not in str(error), number
    assert opened > MUTANTS // 20
    assert refused > MUTANTS // 20
    assert capfd.readouterr() == ("", "")

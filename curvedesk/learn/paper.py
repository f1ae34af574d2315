"""Windows on real, unlabelled scans at 200 dpi: read when they are first wanted, kept on disk, and drawn by number.

A scan in one giant strip takes many seconds to decode, so of each scan a few bands of rows are read at once and kept
as small images in the cache; windows are cut from those.
"""

import hashlib
import itertools
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.errors import ScanError
from curvedesk.imaging import open_scan
from curvedesk.store.atomic import replacing
from curvedesk.store.locations import cache_dir

Gray = NDArray[np.uint8]

DPI = 200
SUFFIXES = frozenset({".tif", ".tiff", ".png", ".jpg", ".jpeg", ".bmp", ".pdf"})
BAND_ROWS, LEAST_ROWS, BANDS = 1024, 256, 24  # of a scan, at 200 dpi
INK_SHARE = (0.004, 0.5)  # a window with less is blank, one with more is film
_INK_LEVELS = 60  # darker than the paper around
_TRIES = 40
_IN_MEMORY = 16


@dataclass(frozen=True, slots=True)
class Source:
    """A scan that opened: size at 200 dpi, and the name its bands have in the cache."""

    path: str
    scale: float  # 200 dpi pixels per scan pixel
    width: int
    rows: int
    key: str


@dataclass(frozen=True, slots=True)
class Band:
    """Rows y0 to y1 of a source at 200 dpi."""

    source: Source
    y0: int
    y1: int

    @property
    def file(self) -> Path:
        """Where its pixels are kept."""
        return cache_dir() / "paper" / self.source.key / f"{self.y0:07d}.png"


def find_scans(paths: Iterable[Path]) -> list[Path]:
    """Files as given, folders as the scans in and below them, each once, in a settled order."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = (
            (p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file()) if path.is_dir() else [path]
        )
        found |= dict.fromkeys(sorted(inside))
    return list(found)


def look(paths: Iterable[Path], *, dpi: float | None = None) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """The scans that open, and a sentence for each that does not. Reads headers only.

    Raises ScanError where none opens.
    """
    sources, faults = list[Source](), list[str]()
    for path in find_scans(paths):
        try:
            sources.append(_source(path, dpi))
        except ScanError as error:
            faults.append(str(error))
    if not sources:
        raise ScanError(faults[0] if len(faults) == 1 else "None of the files given is a scan that can be read.")
    return tuple(sources), tuple(faults)


def _source(path: Path, dpi: float | None) -> Source:
    with open_scan(path, dpi=dpi) as scan:
        scale = DPI / scan.dpi
        stat = path.stat()
        name = f"{path.absolute()}|{stat.st_size}|{stat.st_mtime_ns}|{scale:.6f}"
        key = hashlib.sha256(name.encode()).hexdigest()[:24]
        return Source(str(path), scale, round(scan.width * scale), round(scan.height * scale), key)


def bands(source: Source) -> tuple[Band, ...]:
    """At most 24 bands, spread evenly from top to bottom; a short scan is cut into eighths."""
    height = min(source.rows, int(np.clip(source.rows // 8, LEAST_ROWS, BAND_ROWS)))
    count = max(1, min(BANDS, source.rows // max(height, 1)))
    tops = np.linspace(0, source.rows - height, count).astype(int).tolist()
    return tuple(Band(source, top, top + height) for top in tops)


def split(sources: Sequence[Source]) -> tuple[tuple[tuple[Band, ...], ...], tuple[tuple[Band, ...], ...]]:
    """Bands to learn from and bands held out, both by scan.

    Of four scans or more every eighth is held out whole; of fewer, every fifth band of each. A single scan too short
    for two bands is on both sides.
    """
    whole = [bands(source) for source in sources]
    if len(whole) >= 4:
        return tuple(b for i, b in enumerate(whole) if i % 8 != 3), tuple(b for i, b in enumerate(whole) if i % 8 == 3)
    held = tuple(b[4::5] or b[-1:] for b in whole)
    return tuple(tuple(x for x in b if x not in h) or b for b, h in zip(whole, held, strict=True)), held


def fingerprint(sources: Sequence[Source]) -> str:
    """One short name for so many scans: a training goes on only with the same."""
    parts = sorted(f"{Path(s.path).name}|{s.width}|{s.rows}" for s in sources)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@dataclass(slots=True)
class Windows:
    """Draws windows; every process has its own. `faults` tells of scans that turned out damaged, each once."""

    by_scan: tuple[tuple[Band, ...], ...]
    faults: dict[str, str] = field(default_factory=dict)  # by the path of the scan
    _near: OrderedDict[Path, Gray] = field(default_factory=OrderedDict)

    def __getstate__(self) -> tuple[Any, ...]:
        return (self.by_scan,)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.by_scan, self.faults, self._near = state[0], {}, OrderedDict()

    def draw(self, rng: np.random.Generator, size: int) -> Gray:
        """A window (size, size) that holds ink, each scan as likely as any; the emptiest is taken as a last resort.

        Raises ScanError where no scan can be decoded.
        """
        window: Gray | None = None
        for _ in range(_TRIES):
            sound = [b for b in self.by_scan if b[0].source.path not in self.faults]
            if not sound:
                raise ScanError(next(iter(self.faults.values())))
            of_scan = sound[int(rng.integers(len(sound)))]
            pixels = self._pixels(of_scan[int(rng.integers(len(of_scan)))])
            if pixels is None:
                continue
            window = _cut(rng, pixels, size)
            if holds_ink(window):
                break
        return np.full((size, size), 255, np.uint8) if window is None else window

    def _pixels(self, band: Band) -> Gray | None:
        """The band's pixels from memory, the cache or the scan; None where the scan is damaged."""
        path = band.file
        pixels = self._near.get(path)
        if pixels is None:
            pixels = self._kept(band)
            if pixels is None:
                return None
            self._near[path] = pixels
            if len(self._near) > _IN_MEMORY:
                self._near.popitem(last=False)
        return pixels

    def _kept(self, band: Band) -> Gray | None:
        if not band.file.exists():
            try:
                self._read(next(b for b in self.by_scan if b[0].source == band.source))
            except ScanError as error:
                self.faults[band.source.path] = str(error)
                return None
        return np.asarray(cv2.imdecode(np.fromfile(band.file, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)

    @staticmethod
    def _read(of_scan: tuple[Band, ...]) -> None:
        """All bands of one scan into the cache, in one go."""
        source = of_scan[0].source
        of_scan[0].file.parent.mkdir(parents=True, exist_ok=True)
        with open_scan(source.path, dpi=DPI / source.scale) as scan:
            for band in itertools.filterfalse(lambda b: b.file.exists(), of_scan):
                y0, y1 = (round(y / source.scale) for y in (band.y0, band.y1))
                pixels = scan.read(0, y0, scan.width, y1, scale=source.scale)
                with replacing(band.file) as part:
                    part.write_bytes(cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes())


def _cut(rng: np.random.Generator, pixels: Gray, size: int) -> Gray:
    """A window anywhere; a smaller image is filled up with its own border."""
    short = [max(0, size - length) for length in pixels.shape]
    if any(short):
        pixels = np.pad(pixels, ((0, short[0]), (0, short[1])), mode="edge")
    y, x = (int(rng.integers(0, length - size + 1)) for length in pixels.shape)
    return np.ascontiguousarray(pixels[y : y + size, x : x + size])


def holds_ink(gray: Gray) -> bool:
    """Whether there is something to learn: some ink on much paper."""
    share = float((gray < float(np.median(gray)) - _INK_LEVELS).mean())
    return INK_SHARE[0] <= share <= INK_SHARE[1]

"""Tile pyramids of scans in the user's cache: built once, found again by content, bounded, safe to share and to lose.

A pyramid is a folder named by the hash of the scan's bytes and the page. It is built under another name and renamed
when complete, so a half-built one is never read, and of two processes that build the same one the second to finish
throws its own away. A damaged one is dropped, its tiles come from the scan, and the next ``build`` makes it again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
import uuid
from pathlib import Path

import numpy as np
import platformdirs

from curvedesk.imaging.info import fault
from curvedesk.imaging.pixels import U8, to_gray
from curvedesk.imaging.pyramid_build import IsCancelled, Progress, build_into, layout_of
from curvedesk.imaging.scan import Scan
from curvedesk.imaging.tile_file import TILE_PX, DamagedTilesError, TileFile

MAX_BYTES = 4 << 30
STALE_S = 24 * 3600.0
UNFINISHED, GONE = ".build-", ".gone-"


def default_folder() -> Path:
    """Where pyramids lie unless the caller says: the user's cache, or under CURVEDESK_HOME."""
    home = os.environ.get("CURVEDESK_HOME")
    cache = Path(home).expanduser() / "cache" if home else platformdirs.user_cache_path("CurveDesk", appauthor=False)
    return cache / "tiles"


class Pyramid:
    """Tiles of one scan at every level; level k is the scan at 1 / 2**k. Threads may share it."""

    def __init__(self, folder: Path, scan: Scan) -> None:
        self._folder = folder
        self._scan = scan
        self._tiles: TileFile | None = TileFile(folder)
        self.layout = self._tiles.layout
        if self.layout != layout_of(scan):
            raise DamagedTilesError

    @property
    def levels(self) -> int:
        """Number of levels."""
        return self.layout.levels

    def tile(self, level: int, row: int, column: int) -> U8:
        """One tile, at most 512 x 512, gray or RGB, cut at the edge of its level.

        Raises:
            ScanError: the cache is damaged and the scan cannot be decoded either.
        """
        try:
            if self._tiles is not None:
                return self._tiles.tile(level, row, column)
        except DamagedTilesError:
            self._tiles = None
            _remove(self._folder)
        return self._from_scan(level, row, column)

    def read(self, level: int, x0: int, y0: int, x1: int, y1: int) -> U8:
        """Gray of a box in pixels of the level, white outside: (y1 - y0, x1 - x0)."""
        result = np.full((y1 - y0, x1 - x0), 255, np.uint8)
        columns, rows = self.layout.grid(level)
        for row in range(max(0, y0 // TILE_PX), min(rows, -(-y1 // TILE_PX))):
            for column in range(max(0, x0 // TILE_PX), min(columns, -(-x1 // TILE_PX))):
                tile = to_gray(self.tile(level, row, column))
                top, left = row * TILE_PX - y0, column * TILE_PX - x0
                cut = tile[max(0, -top) : y1 - y0 - top, max(0, -left) : x1 - x0 - left]
                y, x = max(0, top), max(0, left)
                result[y : y + cut.shape[0], x : x + cut.shape[1]] = cut
        return result

    def _from_scan(self, level: int, row: int, column: int) -> U8:
        shape = self.layout.tile_shape(level, row, column)
        scale = 0.5**level
        x, y = column * TILE_PX << level, row * TILE_PX << level
        read = self._scan.read_rgb if self.layout.channels == 3 else self._scan.read
        return read(x, y, x + (shape[1] << level), y + (shape[0] << level), scale=scale)


class TileCache:
    """The folder of pyramids, at most ``max_bytes`` large: the least recently used go first."""

    def __init__(self, folder: Path | None = None, *, max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder or default_folder()
        self._max_bytes = max_bytes

    def find(self, scan: Scan) -> Pyramid | None:
        """The scan's pyramid where it is built and sound, else None; a damaged one is removed."""
        folder = self._of(scan)
        if not folder.is_dir():
            return None
        try:
            pyramid = Pyramid(folder, scan)
        except DamagedTilesError:
            _remove(folder)
            return None
        with contextlib.suppress(OSError):
            os.utime(folder)
        return pyramid

    def build(self, scan: Scan, *, progress: Progress | None = None, cancelled: IsCancelled | None = None) -> Pyramid:
        """The scan's pyramid, built now if need be; ``progress`` gets 0 to 1, ``cancelled`` is asked between bands.

        Raises:
            Cancelled: nothing was left behind.
            ScanError: the scan cannot be decoded, or the cache folder cannot be written.
        """
        found = self.find(scan)
        if found is not None:
            return found
        try:
            return self._built(scan, progress, cancelled)
        except (OSError, DamagedTilesError) as error:
            reason = getattr(error, "strerror", None) or "its files changed"
            what = f"its view could not be prepared in {self._folder} ({reason})"
            raise fault(scan.info.path, what, "make room on the disk or check the folder") from error

    def _built(self, scan: Scan, progress: Progress | None, cancelled: IsCancelled | None) -> Pyramid:
        final = self._of(scan)
        self._folder.mkdir(parents=True, exist_ok=True)
        working = self._folder / f"{UNFINISHED}{uuid.uuid4().hex}"
        working.mkdir()
        try:
            build_into(working, scan, progress=progress, cancelled=cancelled)
            with contextlib.suppress(OSError):  # another process was first; its pyramid is as good
                working.rename(final)
        finally:
            shutil.rmtree(working, ignore_errors=True)
        pyramid = Pyramid(final, scan)
        self.trim(keep=final)
        return pyramid

    def used_bytes(self) -> int:
        """Bytes of all finished pyramids."""
        return sum(_folder_bytes(folder) for folder in self._finished())

    def trim(self, *, keep: Path | None = None) -> None:
        """Remove the least recently used until the rest fits, and what crashed builds left behind."""
        for folder in self._hidden():
            if time.time() - _used_at(folder) > STALE_S:
                shutil.rmtree(folder, ignore_errors=True)
        used = self.used_bytes()
        for folder in sorted(self._finished(), key=_used_at):
            if used <= self._max_bytes:
                return
            if folder != keep:
                used -= _folder_bytes(folder)
                _remove(folder)

    def clear(self) -> None:
        """Remove everything, builds under way included (they then fail to finish, and say so)."""
        for folder in [*self._finished(), *self._hidden()]:
            _remove(folder)

    def _of(self, scan: Scan) -> Path:
        return self._folder / f"{scan.sha256}-{scan.info.page}"

    def _finished(self) -> list[Path]:
        return [path for path in self._entries() if not path.name.startswith(".")]

    def _hidden(self) -> list[Path]:
        return [path for path in self._entries() if path.name.startswith((UNFINISHED, GONE))]

    def _entries(self) -> list[Path]:
        return [path for path in self._folder.iterdir() if path.is_dir()] if self._folder.is_dir() else []


def _remove(folder: Path) -> None:
    """Out of sight in one step, then deleted, so that nobody opens half a pyramid."""
    gone = folder.with_name(f"{GONE}{uuid.uuid4().hex}")
    with contextlib.suppress(OSError):
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def _used_at(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


def _folder_bytes(folder: Path) -> int:
    total = 0
    with contextlib.suppress(OSError):
        total = sum(path.stat().st_size for path in folder.iterdir())
    return total

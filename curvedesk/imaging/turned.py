"""A scan turned by quarters, as a file of its own: places are pixels of the file on disk, so nothing turns inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.errors import Cancelled, ExportError
from curvedesk.imaging.scan import Scan

TILE_PX = 512
_BLACK_BELOW = 128

Pixels = NDArray[np.generic]


def write_turned(scan: Scan, path: Path, degrees: int, *, cancelled: Callable[[], bool] = lambda: False) -> None:
    """Write `scan` turned clockwise by 90, 180 or 270 degrees as a TIFF, black and white or gray as it is.

    `path` must not be there yet; it is removed again where the writing fails. Raises ScanError, ExportError, Cancelled.
    """
    import tifffile

    quarters = degrees // 90 % 4
    shape = (scan.width, scan.height) if quarters % 2 else (scan.height, scan.width)
    bilevel = scan.info.bits == 1
    try:
        with path.open("xb") as file:
            tifffile.imwrite(
                file,
                _tiles(scan, quarters, shape, bilevel, cancelled),
                shape=shape,
                dtype=np.bool_ if bilevel else np.uint8,
                photometric="minisblack",
                compression="deflate",
                tile=(TILE_PX, TILE_PX),
                resolution=(scan.dpi, scan.dpi),
                resolutionunit="INCH",
                metadata=None,
                software=False,
            )
    except FileExistsError as error:
        raise ExportError(f"{path} is there already; move it away first") from error
    except OSError as error:
        path.unlink(missing_ok=True)
        raise ExportError(f"cannot write {path}: {error.strerror or error}; is the disk full?") from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _tiles(
    scan: Scan, quarters: int, shape: tuple[int, int], bilevel: bool, cancelled: Callable[[], bool]
) -> Iterator[Pixels]:
    for top in range(0, shape[0], TILE_PX):
        if cancelled():
            raise Cancelled("The turning was stopped; the scan is as it was.")
        gray = np.rot90(scan.read(*_box(scan, quarters, top, min(top + TILE_PX, shape[0]))), -quarters)
        below, beside = TILE_PX - gray.shape[0], -gray.shape[1] % TILE_PX
        whole = np.pad(gray >= _BLACK_BELOW if bilevel else gray, ((0, below), (0, beside)))
        for left in range(0, whole.shape[1], TILE_PX):
            yield np.ascontiguousarray(whole[:, left : left + TILE_PX])


def _box(scan: Scan, quarters: int, top: int, bottom: int) -> tuple[int, int, int, int]:
    """Where rows `top` to `bottom` of the turned picture lie on the scan."""
    if quarters == 0:
        return 0, top, scan.width, bottom
    if quarters == 1:  # its first row is the scan's first column
        return top, 0, bottom, scan.height
    if quarters == 2:
        return 0, scan.height - bottom, scan.width, scan.height - top
    return scan.width - bottom, 0, scan.width - top, scan.height

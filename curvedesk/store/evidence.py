"""The network's answer over a scan, on disk: written by an engine, read by the window while it grows.

Files are plain arrays that are mapped into memory, never copied: what was found (2, H, W), the paper (H, W), and one
byte a row that says how far it is. A row counts once its byte does, which is written last; so a writer may be killed
at any moment, and the next one goes on where it was. The writer writes and never maps, because a full disk is an error
to a write and the end of the process to a map.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.errors import ExportError
from curvedesk.store.atomic import replacing

Bytes = NDArray[np.uint8]
META, PROBABILITY, GRAY, ROWS, LOCK = "evidence.json", "probability.bin", "gray.bin", "rows.bin", "writer.lock"
PAPER_THERE, INK_THERE, COLOUR_HEARD = 1, 2, 3  # what the byte of a row says


class DamagedEvidenceError(Exception):
    """The folder holds no evidence that can be read; it is to be made again."""


@dataclass(frozen=True, slots=True)
class EvidenceKey:
    """All that the network's answer depends on. `box` in scan pixels, read at `scale` (200 / `dpi`)."""

    sha256: str
    page: int
    model_id: str
    weights_sha256: str
    box: tuple[int, int, int, int]
    dpi: float
    scale: float

    @property
    def name(self) -> str:
        """The folder's name in the cache."""
        digest = hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()
        return f"{self.sha256[:16] or 'scan'}-{digest[:24]}"

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns at 200 dpi, as ``Scan.read`` rounds them."""
        x0, y0, x1, y1 = self.box
        return round((y1 - y0) * self.scale), round((x1 - x0) * self.scale)


class EvidenceFolder:
    """Evidence to be read; arrays are maps of files and show what a writer adds."""

    def __init__(self, folder: Path) -> None:
        """Raises DamagedEvidenceError where the folder holds none."""
        self.folder = folder
        self.key = _read_key(folder)
        height, width = self.key.shape
        self.probability = _mapped(folder / PROBABILITY, (2, height, width))
        self.gray = _mapped(folder / GRAY, (height, width))
        self._rows = _mapped(folder / ROWS, (height,))

    @property
    def name(self) -> str:
        """What a project remembers of it."""
        return self.folder.name

    @property
    def height(self) -> int:
        """Rows at 200 dpi."""
        return len(self._rows)

    @property
    def is_complete(self) -> bool:
        """Whether every row is there."""
        return self.has_rows(0, self.height)

    @property
    def has_paper(self) -> bool:
        """Whether the paper of every row is there."""
        return bool((self._rows >= PAPER_THERE).all())

    def has_rows(self, start: int, stop: int) -> bool:
        """Whether rows start to stop (exclusive, at 200 dpi) are there."""
        return bool((self._rows[start:stop] >= INK_THERE).all())

    @property
    def has_heard_colour(self) -> bool:
        """Whether the scan's colours had their say on every row."""
        return bool((self._rows == COLOUR_HEARD).all())

    def runs(self) -> list[tuple[int, int]]:
        """Rows that are there, as start and stop."""
        there = np.diff((self._rows >= INK_THERE).astype(np.int8), prepend=0, append=0)
        starts, stops = (np.flatnonzero(there == step).tolist() for step in (1, -1))
        return list(zip(starts, stops, strict=True))

    def rows_at(self, y0_px: float, y1_px: float) -> tuple[int, int]:
        """Rows at 200 dpi of rows of the scan, cut to what there is."""
        start, stop = ((y - self.key.box[1]) * self.key.scale for y in (y0_px, y1_px))
        return max(0, min(self.height, int(start))), max(0, min(self.height, int(np.ceil(stop))))

    def y_px(self, row: float) -> float:
        """Row of the scan of a row at 200 dpi; its upper edge for a whole number."""
        return self.key.box[1] + row / self.key.scale


def create(folder: Path, key: EvidenceKey) -> None:
    """Fill a folder with evidence of no row yet; the caller holds its lock. Raises ExportError.

    New files are made, so that whoever still reads old ones reads on. The description comes last: without it the
    rest is nothing.
    """
    height, width = key.shape
    with telling(folder):
        (folder / META).unlink(missing_ok=True)
        for name, size in ((PROBABILITY, 2 * height * width), (GRAY, height * width), (ROWS, height)):
            (folder / name).unlink(missing_ok=True)
            with (folder / name).open("xb") as file:
                file.truncate(size)
        with replacing(folder / META) as part:
            part.write_text(json.dumps({"format": "curvedesk-evidence", "version": 1, **asdict(key)}), "utf-8")


class EvidenceWriter:
    """Adds rows to a folder; whoever has it holds its lock."""

    def __init__(self, folder: Path, key: EvidenceKey) -> None:
        self._folder = folder
        self._height, self._width = key.shape
        with telling(folder), contextlib.ExitStack() as stack:
            names = (PROBABILITY, GRAY, ROWS)
            files = [stack.enter_context((folder / name).open("r+b", buffering=0)) for name in names]
            self._files = stack.pop_all()
        self._probability, self._gray, self._rows = files

    def add_paper(self, top: int, gray: Bytes) -> None:
        """The paper (rows, W) from row `top` on. Raises ExportError."""
        with telling(self._folder):
            _put(self._gray, top * self._width, gray)
            _put(self._rows, top, np.full(len(gray), PAPER_THERE, np.uint8))

    def add_ink(self, top: int, probability: Bytes, *, state: int = INK_THERE) -> None:
        """What the network found (2, rows, W) from row `top` on, or what it became. Raises ExportError."""
        with telling(self._folder):
            for curve, rows in enumerate(probability):
                _put(self._probability, (curve * self._height + top) * self._width, rows)
            os.fsync(self._probability.fileno())  # before its rows count
            _put(self._rows, top, np.full(probability.shape[1], state, np.uint8))

    def close(self) -> None:
        """Close the files."""
        self._files.close()


@contextmanager
def telling(folder: Path) -> Iterator[None]:
    """Turn a fault of the disk into one sentence."""
    try:
        yield
    except OSError as fault:
        raise ExportError(
            f"{folder}: what was found on the scan cannot be kept there ({fault.strerror or fault}); "
            "make room on that disk or check the folder"
        ) from fault


def _put(file: BinaryIO, at: int, values: Bytes) -> None:
    file.seek(at)
    left = np.ascontiguousarray(values).data.cast("B")
    while left:
        left = left[file.write(left) :]


def _read_key(folder: Path) -> EvidenceKey:
    try:
        body: dict[str, Any] = json.loads((folder / META).read_text(encoding="utf-8"))
        if (body.pop("format"), body.pop("version")) != ("curvedesk-evidence", 1):
            raise DamagedEvidenceError
        x0, y0, x1, y1 = body.pop("box")
        return EvidenceKey(box=(int(x0), int(y0), int(x1), int(y1)), **body)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedEvidenceError from error


def _mapped(path: Path, shape: tuple[int, ...]) -> Bytes:
    try:
        if path.stat().st_size != int(np.prod(shape)):
            raise DamagedEvidenceError
        return np.memmap(path, np.uint8, "r", shape=shape)
    except (OSError, ValueError) as error:
        raise DamagedEvidenceError from error

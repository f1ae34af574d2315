"""What an analyst said, with small crops of the paper around it and nothing else of the scan, as one file.

No name of a well, curve, scan or person and no date is in it, and no place of a crop on the scan.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.errors import StrokesError
from curvedesk.store.carried import read_members, write_members

FORMAT, VERSION, DPI = "curvedesk-pack", 1, 200
HEAD = "pack.json"
PICTURES = ("paper", "curve", "known", "rivals")
_MEMBER = re.compile(r"(?:paper|curve|known|rivals)/\d{6}\.png")
_SIZES = range(32, 1025)
_MOST = 5000
_HEAD_LIMIT, _PICTURE_LIMIT = 64 << 20, 4 << 20
_OTHERWISE = "is no CurveDesk pack; choose a file that 'curvedesk pack' wrote"
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class PackCrop:
    """A square of paper at 200 dpi and what was said in it; plane 0 is solid, 1 dashed or dotted.

    paper (S, S), 0 is black; curve, known (2, S, S): 0..255, how much of it is a pen and how much that is to be
    believed; rivals (2, S, S): 255 where that row's pen is said not to be; centre (2, S): x of the pen, NaN where
    nobody said.
    """

    paper: Bytes
    curve: Bytes
    known: Bytes
    rivals: Bytes
    centre: NDArray[np.float32]


def write_pack(path: Path, crops: Sequence[PackCrop]) -> None:
    """Replace the file whole. Raises StrokesError where there is nothing to write, ExportError."""
    if not crops:
        raise StrokesError("there is nothing to pack yet: draw where a curve runs, or accept a stretch that is right")
    head = {
        "format": FORMAT,
        "version": VERSION,
        "dpi": DPI,
        "size": crops[0].paper.shape[0],
        "centre": [[_row_centres(plane) for plane in crop.centre] for crop in crops],
    }
    members = {HEAD: (json.dumps(head, allow_nan=False) + "\n").encode()}
    for number, crop in enumerate(crops, 1):
        for name in PICTURES:
            members[f"{name}/{number:06d}.png"] = _png(getattr(crop, name))
    write_members(path, members)


def read_pack(path: Path) -> tuple[PackCrop, ...]:
    """The crops of a file. Raises StrokesError, one sentence, where it is damaged or of another kind."""
    members = read_members(path, _limit_of, otherwise=_OTHERWISE, error=StrokesError)
    try:
        return _parsed(members)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError, cv2.error) as fault:
        raise StrokesError(f"{path}: is damaged, or {_OTHERWISE}") from fault


def _limit_of(name: str) -> int:
    if name == HEAD:
        return _HEAD_LIMIT
    return _PICTURE_LIMIT if _MEMBER.fullmatch(name) else 0


def _parsed(members: dict[str, bytes]) -> tuple[PackCrop, ...]:
    head = json.loads(members[HEAD])
    size, rows = head["size"], head["centre"]
    if (head["format"], head["version"], head["dpi"]) != (FORMAT, VERSION, DPI):
        raise ValueError("another format")
    if type(size) is not int or size not in _SIZES or not 0 < len(rows) <= _MOST:
        raise ValueError("sizes that no pack has")
    if len(members) != 1 + len(PICTURES) * len(rows):
        raise ValueError("more pictures than it says")
    return tuple(_crop(members, number, size, centre) for number, centre in enumerate(rows, 1))


def _crop(members: dict[str, bytes], number: int, size: int, centre: Any) -> PackCrop:
    paper, *planes = (
        _picture(members[f"{name}/{number:06d}.png"], size, size if name == "paper" else 2 * size) for name in PICTURES
    )
    curve, known, rivals = (plane.reshape(2, size, size) for plane in planes)
    at = np.array([[np.nan if x is None else float(x) for x in plane] for plane in centre], np.float32)
    there = at[np.isfinite(at)]
    if at.shape != (2, size) or np.isinf(at).any() or ((there < 0) | (there > size - 1)).any():
        raise ValueError("a pen outside its crop")
    return PackCrop(paper, curve, known, rivals, at)


def _row_centres(plane: NDArray[np.float32]) -> list[float | None]:
    return [round(float(x), 2) if np.isfinite(x) else None for x in plane]


def _png(picture: Bytes) -> bytes:
    """Planes one below the other."""
    _, png = cv2.imencode(".png", np.ascontiguousarray(picture.reshape(-1, picture.shape[-1])))
    return png.tobytes()


def _picture(data: bytes, width: int, height: int) -> Bytes:
    """A gray PNG of this size and no other, looked at before it is decoded."""
    wanted = _PNG + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00"
    if not data.startswith(wanted):
        raise ValueError("a picture of another kind or size")
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None or picture.shape != (height, width) or picture.dtype != np.uint8:
        raise ValueError("a damaged picture")
    return np.asarray(picture, np.uint8)

"""Logs whose registration is known: trusted sheets beside their scans, and prints measured by hand."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.sheet import FORMAT, Sheet, parse_sheet

_PAPER = frozenset((".tif", ".tiff", ".jpg", ".jpeg", ".png", ".pdf"))


@dataclass(frozen=True, slots=True, eq=False)
class KnownLog:
    """A scan with its truth. `drawn`: rendered, so that the sheet is exact. `other`: the same log again on the print,
    at another scale: either will do. `printed`: the two numbers of every scale line, of a log measured by hand."""

    name: str
    scan: Path
    sheet: Sheet
    drawn: bool
    other: Sheet | None = None
    printed: tuple[tuple[float, float], ...] = ()


def known_logs(folder: Path) -> list[KnownLog]:
    """Every log below `folder` whose truth and whose scan lie there. Raises CurveDeskError where there is none."""
    files = sorted(Path(at) / name for at, _, names in os.walk(folder, followlinks=True) for name in names)
    scans = {path.name: path for path in files if path.suffix.lower() in _PAPER}
    told = [path for path in files if path.suffix == ".json"]
    found = [log for path in told if (log := _known_log(path, scans)) is not None]
    if not found:
        raise CurveDeskError(
            f"{folder} holds no logs with a known registration (NAME/scan.* with sheet.json, or a scan and its "
            "measured ties): give another --data."
        )
    return found


def _known_log(path: Path, scans: Mapping[str, Path]) -> KnownLog | None:
    try:
        obj = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):  # any other file that calls itself so
        return None
    if not isinstance(obj, dict):
        return None
    if obj.get("format") == FORMAT:
        beside = sorted(p for p in path.parent.glob("scan.*") if p.suffix.lower() in _PAPER)
        scan = beside[0] if path.name == "sheet.json" and beside else scans.get(Path(str(obj.get("scan"))).name)
        name = path.parent.name if path.name == "sheet.json" else path.name.removesuffix(".sheet.json")
        return None if scan is None else KnownLog(name, scan, parse_sheet(obj, source=path.name), drawn=True)
    if isinstance(obj.get("depth"), dict) and str(obj.get("file")) in scans:
        return _measured(path, obj, scans[str(obj["file"])])
    return None


def _measured(path: Path, obj: Mapping[str, Any], scan: Path) -> KnownLog:
    other = obj.get("alt_pass")
    printed = [
        (float(line["left"]), float(line["right"]))
        for line in obj.get("scales", ())
        if line.get("left") is not None and line.get("right") is not None
    ]
    return KnownLog(
        path.stem,
        scan,
        _as_sheet(obj, path),
        drawn=False,
        other=_as_sheet({**obj, **other}, path) if other else None,
        printed=tuple(printed),
    )


def _as_sheet(obj: Mapping[str, Any], path: Path) -> Sheet:
    """Ties and whole borders measured by hand, as a sheet."""
    depth = dict(obj["depth"])
    ends = sorted(float(tie[1]) for tie in depth["ties"])
    depth = {"top": ends[0], "bottom": ends[-1], "step": 0.5, **depth}
    return parse_sheet(
        {"format": FORMAT, "version": 1, "depth": depth, "tracks": list(_whole(obj.get("tracks", ())))},
        source=path.name,
    )


def _whole(tracks: Any) -> Iterator[dict[str, Any]]:
    for track in tracks:
        edges = {side: track.get(side) or [] for side in ("left", "right")}
        if all(len(edge) >= 2 for edge in edges.values()):
            yield {"name": str(track.get("name", "")), "edges": edges, "curves": []}

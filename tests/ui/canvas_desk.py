"""A small log with a sheet, curves and a scan, and the desk it lies on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import Project, ScanRef, curve_keys
from curvedesk.domain.sheet import Sheet, parse_sheet
from curvedesk.domain.strokes import Stroke
from curvedesk.imaging import open_scan
from curvedesk.imaging.pyramid import TileCache
from curvedesk.session.document import Document
from curvedesk.ui.desk import Desk

WIDTH, HEIGHT = 600, 2400


def sheet() -> Sheet:
    """Two tracks, 1000 to 1100 ft on rows 200 to 2200, without tilt; 20 rows a foot."""
    curve = {"mnemonic": "GR", "unit": "GAPI", "left": 0, "right": 150, "scale": "linear", "style": "solid"}
    log = {"mnemonic": "ILD", "unit": "OHMM", "left": 0.2, "right": 2000, "scale": "log", "style": "dashed"}
    tracks = [
        {"name": n, "edges": {"left": [[a, 0], [a, HEIGHT]], "right": [[b, 0], [b, HEIGHT]]}, "curves": [c]}
        for n, a, b, c in (("1", 50, 250, curve), ("2", 300, 550, log))
    ]
    depth = {"unit": "FT", "ties": [[200, 1000], [1200, 1050], [2200, 1100]], "top": 1000, "bottom": 1100, "step": 0.5}
    return parse_sheet(
        {"format": "curvedesk-sheet", "version": 1, "scan": "s.png", "dpi": 200, "depth": depth, "tracks": tracks}
    )


def curves(of: Sheet) -> dict[str, TracedCurve]:
    """Straight lines down the middle of each track, surely seen but for rows 1000 to 1100 of the first."""
    made = {}
    y = np.arange(200.0, 2201.0)
    for key, (track, spec) in curve_keys(of).items():
        sure = np.full(len(y), 0.95, np.float32)
        if track.name == "1":
            sure[800:900] = 0.1
        made[key] = TracedCurve(spec, track.name, track.x_at(0.5, y), y, np.zeros(len(y), np.int32), sure)
    return made


def paper(folder: Path) -> Path:
    """White paper with a black bar over rows 1196 to 1203 and nothing else."""
    image = np.full((HEIGHT, WIDTH), 255, np.uint8)
    image[1196:1204, 60:540] = 0
    path = folder / "scan.png"
    Image.fromarray(image).save(path, dpi=(200, 200))
    return path


def make_desk(
    folder: Path, *, with_curves: bool = True, with_sheet: bool = True, strokes: dict[str, Stroke] | None = None
) -> Desk:
    """The log opened, its pyramid built."""
    scan = open_scan(paper(folder))
    known = sheet() if with_sheet else None
    lines = curves(known) if known is not None and with_curves else {}
    ref = ScanRef(str(scan.info.path), "0" * 64, 0, WIDTH, HEIGHT, 200.0)
    desk = Desk(Document(Project(scan=ref, sheet=known, curves=lines, strokes=strokes or {})))
    desk.scan = scan
    desk.pyramid = TileCache(folder / "tiles").build(scan)
    return desk

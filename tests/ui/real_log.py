"""A tall narrow log for the real engine, and a network of random weights: everything works, nothing is found well."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from curvedesk.child import child_environment
from curvedesk.domain.sheet import dump_sheet, load_sheet
from curvedesk.domain.strokes import CurveStroke
from curvedesk.store.locations import user_models_dir
from tests.tracing.makers import gr, ideal, make_sheet, pen_line

MODEL = "toy"
_WEIGHTS = """
import sys, torch
from pathlib import Path
from curvedesk.learn.checkpoints import save_model
from curvedesk.learn.net import CurveNet
torch.manual_seed(3)
save_model(Path(sys.argv[1]), CurveNet(), {})
"""


@dataclass(frozen=True, slots=True)
class SmallLog:
    """A scan and its sheet, which does not lie under the scan's name: it has to be opened."""

    scan: Path
    sheet: Path


def make_weights(folder: Path) -> Path:
    """Random weights, made in a process of its own: the window's stays without torch, as it does for users."""
    made = folder / MODEL
    code = [sys.executable, "-c", _WEIGHTS, str(made)]
    subprocess.run(code, env=child_environment(OMP_NUM_THREADS="1"), check=True, timeout=600)
    return made


def make_log(folder: Path, weights: Path, *, feet: int) -> SmallLog:
    """One narrow track with one pen, and the toy model among the user's own."""
    sheet = make_sheet([gr()], feet=feet, width_px=60)
    gray = ideal(sheet, [pen_line(sheet, "GR", _value)]).gray
    log = SmallLog(folder / "scan.png", folder / "known.sheet.json")
    Image.fromarray(gray).save(log.scan, dpi=(200, 200))
    log.sheet.write_text(json.dumps({**dump_sheet(sheet), "scan": "scan.png"}), encoding="utf-8")
    shutil.copytree(weights, user_models_dir() / MODEL)
    return log


def drawn_on(log: SmallLog, *tops: float) -> list[CurveStroke]:
    """Two feet of its pen from each of these depths, drawn along the ink."""
    sheet = load_sheet(log.sheet)
    track, spec = next(iter(sheet.curves()))
    strokes = []
    for top in tops:
        depth = np.linspace(top, top + 2, 9)
        x, y = sheet.pixel_at(track, spec.scale.place_of(_value(depth))[0], depth)
        strokes.append(CurveStroke(spec.mnemonic, tuple(zip(x.tolist(), y.tolist(), strict=True))))
    return strokes


def _value(depth: NDArray[np.float64]) -> NDArray[np.float64]:
    return 50 + 30 * np.sin(depth / 3)

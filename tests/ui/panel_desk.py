"""A desk over a small log with every kind of stroke, for tests of panels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.polyline import FloatArray
from curvedesk.domain.project import Prediction, Project, ScanRef, curve_keys
from curvedesk.domain.sheet import Sheet, parse_sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, NullStroke, Stroke, SwapStroke
from curvedesk.session.document import Document
from curvedesk.session.view import View
from curvedesk.ui.desk import Desk

ROWS = np.arange(0.0, 4000.0)
LOG = {"unit": "OHMM", "left": 0.2, "right": 2000, "scale": "log"}


def sheet(**more: Any) -> Sheet:
    """GR and CALI in a linear track, ILD, ILM and SFL in four decades, and a tension pen; five ties, one off."""
    ties = [[100, 14100], [1100, 14150], [2104, 14200], [3100, 14250], [3900, 14290]]
    return parse_sheet(
        {
            "format": "curvedesk-sheet",
            "version": 1,
            "scan": "phillips.tif",
            "dpi": 200,
            "well": {"WELL": "Phillips 42-1", "COMP": "Northfork Oil Company", "CNTY": "Lea"},
            "depth": {"unit": "FT", "ties": ties, "top": 14100, "bottom": 14290, "step": 0.5},
            "tracks": [
                {
                    "name": "1",
                    "edges": {"left": [[100, 0], [104, 4000]], "right": [[600, 0], [604, 4000]]},
                    "curves": [
                        {"mnemonic": "GR", "unit": "GAPI", "left": 0, "right": 150, "wrap": True},
                        {"mnemonic": "CALI", "unit": "IN", "left": 6, "right": 16, "style": "dashed"},
                    ],
                },
                {
                    "name": "2",
                    "edges": {"left": [[800, 0], [804, 4000]], "right": [[1600, 0], [1604, 4000]]},
                    "curves": [
                        {"mnemonic": "ILD", "style": "dashed", **LOG},
                        {"mnemonic": "ILM", "style": "dotted", **LOG},
                        {"mnemonic": "SFL", **LOG},
                        {"mnemonic": "TENS", "unit": "LB", "left": 10000, "right": 0, "digitize": False},
                    ],
                },
            ],
        }
        | more
    )


def proposed() -> Sheet:
    """The same as registration would propose it, unsure of some parts."""
    made = sheet(
        well_confidence={"WELL": 0.97, "COMP": 0.62},
        evidence={"well.COMP": {"box": [300, 100, 900, 150], "text": "Northfork Oil Company"}},
    )
    from dataclasses import replace

    return replace(made, depth=replace(made.depth, confidence=0.81))


def curve(on: Sheet, key: str, *, sure: FloatArray | float) -> TracedCurve:
    """A pen with one point a row, swinging across the middle of its track."""
    track, spec = curve_keys(on)[key]
    share = 0.5 + 0.15 * np.sin(ROWS / 90 + hash(spec.mnemonic) % 7) + 0.02 * np.sin(ROWS / 7)
    confidence = np.broadcast_to(sure, ROWS.shape).astype(np.float32)
    return TracedCurve(spec, track.name, track.x_at(share, ROWS), ROWS, np.zeros(len(ROWS), np.int32), confidence)


def curves(on: Sheet) -> Mapping[str, TracedCurve]:
    """Every curve but the tension; ILM is unsure and has two faint stretches."""
    faint = np.where((ROWS > 2200) & (ROWS < 2400), 0.35, np.where((ROWS > 3300) & (ROWS < 3380), 0.1, 0.86))
    sure = {"1/GR": 0.96, "1/CALI": 0.99, "2/ILD": 0.94, "2/ILM": faint, "2/SFL": 0.97}
    return {key: curve(on, key, sure=share) for key, share in sure.items() if key in curve_keys(on)}


STROKES: Mapping[str, Stroke] = {
    "s1": CurveStroke("GR", ((300.0, 700.0), (320.0, 760.0))),
    "s2": NotCurveStroke(((400.0, 900.0), (460.0, 905.0)), 9.0),
    "s3": NullStroke("CALI", (1200.0, 1300.0)),
    "s4": AcceptStroke("GR", (1500.0, 1900.0)),
    "s5": SwapStroke(("ILD", "ILM"), 2600.0),
}


def project(on: Sheet | None) -> Project:
    """A log half corrected."""
    scan = ScanRef("phillips.tif", "0" * 64, 0, 1700, 4000, 200.0)
    if on is None:
        return Project(scan=scan)
    found = Prediction("evidence-1", "curvenet-4", "print")
    return Project(scan, on, STROKES, curves(on), model_id="curvenet-4", prediction=found)


def desk_over(on: Project | None = None) -> Desk:
    """A desk with a view, without a scan's pixels."""
    made = Desk(Document(on if on is not None else project(sheet())))
    made.view = View(0.0, 0.0, 1.0, 800, 600)
    made.places.look()
    return made

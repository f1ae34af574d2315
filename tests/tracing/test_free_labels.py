"""The logic of junctions and gaps on the shapes of real curves: hand-traced lines drawn as a perfect network would."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest

from curvedesk.tracing.free import trace_free


def _scores(label: Path, tool: ModuleType, folder: Path) -> dict[str, float]:
    """`any@3` F1 and `identity@3` of the lines traced from the label's own 3 px strokes."""
    crop = json.loads(label.read_text())
    strokes = np.zeros((2, crop["height"], crop["width"]), np.uint8)
    for curve in crop["curves"]:
        line = np.rint(np.array(curve.get("path") or curve["points"]) * 16).astype(np.int32)
        cv2.polylines(strokes[int(curve["style"] != "solid")], [line], False, 255, 3, cv2.LINE_AA, 4)
    found = [
        {"style": str(curve.style), "points": curve.points.tolist(), "confidence": curve.confidence}
        for curve in trace_free(*strokes)
    ]
    path = folder / f"{label.stem}.curves.json"
    path.write_text(json.dumps({"curves": found}))
    result = tool.score_trace(path, label)
    return {"any@3": result["any@3"]["f1"], "identity@3": result.get("identity@3", 1.0)}


@pytest.fixture(scope="module")
def scores(
    shared_dir: Path, scorer: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, float]]:
    """Of every crop of real paper that holds curves, by name."""
    folder = tmp_path_factory.mktemp("traced")
    labels = [p for p in sorted((shared_dir / "data" / "labels").glob("*.json")) if json.loads(p.read_text())["curves"]]
    return {path.stem: _scores(path, scorer, folder) for path in labels}


def test_perfect_strokes_of_real_curves_come_back_nearly_whole(scores: dict[str, dict[str, float]]) -> None:
    any_curve = [score["any@3"] for score in scores.values()]
    assert np.mean(any_curve) > 0.97
    assert min(any_curve) > 0.92


def test_most_of_each_pen_is_one_curve(scores: dict[str, dict[str, float]]) -> None:
    assert np.mean([score["identity@3"] for score in scores.values()]) > 0.85

"""A small paper log drawn for the tests: two tracks with grids, GR solid on the left, RES dashed on a log scale."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

HEIGHT, LEFT, RIGHT = 1000, (40, 340), (440, 740)


@dataclass(frozen=True, slots=True)
class PaperLog:
    """Paths of the log's scan and sheet, and what its pens drew."""

    scan: Path
    sheet: Path

    def gr(self, depth: NDArray[np.float64]) -> NDArray[np.float64]:
        """GAPI."""
        return 75 + 40 * np.sin(depth / 4)

    def sheet_with(self, **changes: Any) -> Path:
        """The sheet file again, with top-level keys replaced."""
        content = {**json.loads(self.sheet.read_text(encoding="utf-8")), **changes}
        path = self.sheet.with_name("changed.sheet.json")
        path.write_text(json.dumps(content), encoding="utf-8")
        return path


@pytest.fixture
def paper_log(tmp_path: Path) -> PaperLog:
    """1,000 rows at 200 dpi, 10 px a foot from 1000 ft at row 0."""
    log = PaperLog(tmp_path / "log.png", tmp_path / "log.sheet.json")
    gray = np.full((HEIGHT, 780), 255, np.uint8)
    for left, right in (LEFT, RIGHT):
        for x in np.linspace(left, right, 11).astype(int).tolist():
            cv2.line(gray, (x, 0), (x, HEIGHT), 0 if x in {left, right} else 150, 1)
        for y in range(0, HEIGHT, 100):
            cv2.line(gray, (left, y), (right, y), 100, 1)
    y = np.arange(HEIGHT)
    depth = 1000 + y / 10
    _draw(gray, LEFT[0] + log.gr(depth) / 150 * 300, y)
    for start in range(0, HEIGHT, 20):
        _draw(gray, (RIGHT[0] + 150 + 60 * np.cos(depth / 5))[start : start + 12], y[start : start + 12])
    assert cv2.imwrite(str(log.scan), gray)
    log.sheet.write_text(json.dumps(sheet_content()), encoding="utf-8")
    return log


def _draw(gray: NDArray[np.uint8], x: NDArray[np.float64], y: NDArray[np.int64]) -> None:
    points = np.stack([x, y], axis=1).round().astype(np.int32)
    cv2.polylines(gray, [points], isClosed=False, color=0, thickness=2)


def sheet_content() -> dict[str, Any]:
    """The decoded sheet file of the paper log."""
    return {
        "format": "curvedesk-sheet",
        "version": 1,
        "scan": "log.png",
        "dpi": 200,
        "well": {"WELL": "PAPER 1"},
        "depth": {
            "unit": "FT",
            "x_px": 390,
            "ties": [[0, 1000], [900, 1090]],
            "top": 1005,
            "bottom": 1095,
            "step": 0.5,
        },
        "tracks": [
            _track("1", LEFT, {"mnemonic": "GR", "unit": "GAPI", "left": 0, "right": 150, "style": "solid"}),
            _track("2", RIGHT, {"mnemonic": "RES", "unit": "OHMM", "left": 1, "right": 1000, "style": "dashed"}),
        ],
    }


def _track(name: str, edges: tuple[int, int], curve: dict[str, Any]) -> dict[str, Any]:
    left, right = ([[x, 0], [x, HEIGHT - 1]] for x in edges)
    scale = "log" if curve["mnemonic"] == "RES" else "linear"
    return {"name": name, "edges": {"left": left, "right": right}, "curves": [{**curve, "scale": scale}]}

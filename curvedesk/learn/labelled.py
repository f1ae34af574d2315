"""Crops with their truth by class: synthetic ones, and hand-traced ones of real paper."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from curvedesk import synth
from curvedesk.domain.errors import CurveDeskError
from curvedesk.learn.metrics import Box, outside, skeleton, walk
from curvedesk.store.manifest import LABEL_WIDTH_PX

Bool = NDArray[np.bool_]
RING_PX = 2  # ignored pixels so near to known ones may be the ring around a stroke, which a centreline may well cross


@dataclass(frozen=True, slots=True)
class Labelled:
    """One crop with its truth, by class: centrelines (n, 2), strokes of 3 px, and where nobody can tell."""

    gray: NDArray[np.uint8]
    lines: Mapping[str, NDArray[np.float64]]
    strokes: Mapping[str, Bool]
    known: Bool
    boxes: tuple[Box, ...] = ()


def where_known(points: NDArray[np.float64], known: Bool) -> NDArray[np.float64]:
    """Points (n, 2) but those on ignored paper, the ring around strokes aside."""
    side = 2 * RING_PX + 1
    near = cv2.dilate(known.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
    x, y = np.round(points).astype(int).T
    kept: NDArray[np.float64] = points[near[y, x]]
    return kept


def plot(points: NDArray[np.float64], shape: tuple[int, ...]) -> Bool:
    """Points (n, 2), x and y, as pixels of an image of that shape; those off it are left out."""
    result = np.zeros(shape, bool)
    x, y = np.round(points).astype(int).T
    inside = (x >= 0) & (y >= 0) & (x < shape[1]) & (y < shape[0])
    result[y[inside], x[inside]] = True
    return result


def of_crop(crop: synth.Crop) -> Labelled:
    """A synthetic crop with the truth it was drawn from."""
    solid, dashed = crop.solid > 127, crop.dashed > 127
    strokes = {"any": solid | dashed, "solid": solid, "dashed": dashed}
    lines = {name: where_known(skeleton(mask), ~crop.ignore) for name, mask in strokes.items()}
    return Labelled(crop.gray, lines, strokes, ~crop.ignore)


def read_label(path: Path) -> Labelled:
    """NAME.json beside NAME.png. Raises CurveDeskError."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        gray: Any = cv2.imdecode(np.fromfile(path.with_suffix(".png"), np.uint8), cv2.IMREAD_GRAYSCALE)
        curves = [(c["style"] == "solid", np.asarray(c.get("path") or c["points"], float)) for c in content["curves"]]
        boxes = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in content.get("ignore", []))
    except (OSError, ValueError, KeyError, TypeError, cv2.error) as error:
        raise CurveDeskError(f"{path} is not a hand-traced crop: {' '.join(str(error).split())}; mend it.") from error
    if gray is None or gray.shape != (content["height"], content["width"]):
        raise CurveDeskError(f"{path.with_suffix('.png')} has not the size {path.name} says: export the pair again.")
    lines, strokes = {}, {}
    for name, wanted in (("any", (True, False)), ("solid", (True,)), ("dashed", (False,))):
        chosen = [points for solid, points in curves if solid in wanted]
        lines[name] = outside(np.concatenate([np.zeros((0, 2)), *map(walk, chosen)]), boxes)
        strokes[name] = _draw(chosen, gray.shape)
    return Labelled(gray, lines, strokes, _known(boxes, gray.shape), boxes)


def _draw(lines: list[NDArray[np.float64]], shape: tuple[int, ...]) -> Bool:
    """Strokes 3 px wide along polylines, as a training label has them."""
    points = np.concatenate([np.zeros((0, 2)), *(walk(line, 0.25) for line in lines)])
    if not len(points):
        return np.zeros(shape, bool)
    y, x = np.nonzero(cv2.dilate(plot(points, shape).astype(np.uint8), np.ones((5, 5), np.uint8)))
    result = np.zeros(shape, bool)
    result[y, x] = cKDTree(points).query(np.stack([x, y], 1))[0] < LABEL_WIDTH_PX / 2
    return result


def _known(boxes: tuple[Box, ...], shape: tuple[int, ...]) -> Bool:
    y, x = np.mgrid[: shape[0], : shape[1]]
    points = np.stack([x.ravel(), y.ravel()], 1).astype(float)
    return plot(outside(points, boxes), shape)

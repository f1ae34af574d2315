"""Erasing runs along curves, as if the pen had never been there: the paper log's own riddle."""

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.morphology import skeletonize

Gray = NDArray[np.uint8]
Mask = NDArray[np.bool_]

RUN_PX = (8, 48)  # length of an erased run along its curve
ERASED_SHARE = (0.15, 0.45)  # of all curve there is
_TRIES = 200
_DARK = 0.5  # of the way from paper to ink: where a pen's stroke ends
_WIDEST_PX = 6  # half a stroke at most
_STEPS = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if dy or dx]


def erased(rng: np.random.Generator, gray: Gray, lines: Mask) -> tuple[Gray, Mask]:
    """`gray` with runs of 8 to 48 px along `lines` filled by the paper and grid beside them, and where that was.

    `lines` marks curves, strokes or skeletons, bool (H, W). Nothing is touched where they hold no run of 8 px.
    """
    thin = skeleton(lines)
    hole = _holes(rng, gray, thin)
    if not hole.any():
        return gray, hole
    result = gray.copy()
    result[hole] = _paper_under(rng, gray, lines)[hole]
    return result, hole


def skeleton(mask: Mask) -> Mask:
    """Strokes thinned to one pixel, bool (H, W)."""
    return np.asarray(skeletonize(mask), np.bool_)  # type: ignore[no-untyped-call]


def _holes(rng: np.random.Generator, gray: Gray, thin: Mask) -> Mask:
    """Strokes of the chosen runs in their whole width."""
    hole = np.zeros(gray.shape, np.uint8)
    left = thin.copy()
    goal = rng.uniform(*ERASED_SHARE) * int(thin.sum())
    half = _half_width(gray)
    done = 0
    for _ in range(_TRIES):
        if done >= goal or not left.any():
            break
        path = walk(rng, left, length=int(rng.integers(RUN_PX[0], RUN_PX[1] + 1)))
        left[path[:, 0], path[:, 1]] = False
        if len(path) >= RUN_PX[0]:
            _stamp(hole, path, half)
            done += len(path)
    return hole > 0


def walk(rng: np.random.Generator, thin: Mask, *, length: int) -> NDArray[np.int64]:
    """Up to `length` neighbouring pixels (y, x) of a skeleton from a random one on, going straight where it forks."""
    ys, xs = np.nonzero(thin)
    pick = int(rng.integers(ys.size))
    path = [(int(ys[pick]), int(xs[pick]))]
    seen = set(path)
    for _way in range(2):  # on from the start, then back from it
        heading = (0, 0)
        while len(path) < length:
            step = _next(thin, path[-1], heading, seen)
            if step is None:
                break
            path.append((path[-1][0] + step[0], path[-1][1] + step[1]))
            seen.add(path[-1])
            heading = (
                (heading[0] + 2 * step[0], heading[1] + 2 * step[1]) if heading == (0, 0) else _turned(heading, step)
            )
        path.reverse()
    return np.array(path, np.int64)


def _turned(heading: tuple[int, int], step: tuple[int, int]) -> tuple[int, int]:
    """The heading follows the steps slowly: one pixel aside is no change of course."""
    return (round(0.7 * heading[0]) + step[0], round(0.7 * heading[1]) + step[1])


def _next(
    thin: Mask, at: tuple[int, int], heading: tuple[int, int], seen: set[tuple[int, int]]
) -> tuple[int, int] | None:
    best, score = None, -np.inf
    for dy, dx in _STEPS:
        y, x = at[0] + dy, at[1] + dx
        if 0 <= y < thin.shape[0] and 0 <= x < thin.shape[1] and thin[y, x] and (y, x) not in seen:
            along = (dy * heading[0] + dx * heading[1]) / np.hypot(dy, dx)
            if along > score:
                best, score = (dy, dx), along
    return best


def _half_width(gray: Gray) -> NDArray[np.float32]:
    """Distance of every pixel of ink to the paper, (H, W)."""
    paper, ink = np.percentile(gray, (75, 1))
    dark = gray < paper - _DARK * max(float(paper - ink), 32.0)
    return np.asarray(cv2.distanceTransform(dark.astype(np.uint8), cv2.DIST_L2, 3), np.float32)


def _stamp(hole: Gray, path: NDArray[np.int64], half: NDArray[np.float32]) -> None:
    """The run in the width of its pen and a rim for its blur, in place; its middle half, where other ink widens it."""
    width = float(np.median(half[path[:, 0], path[:, 1]]))
    thick = 2 * int(np.clip(np.ceil(width), 1, _WIDEST_PX)) + 3
    cv2.polylines(hole, [path[:, ::-1].astype(np.int32)], False, 255, thick)


def _paper_under(rng: np.random.Generator, gray: Gray, lines: Mask) -> Gray:
    """The image without any of its curves, in the grain of its paper."""
    half = float(np.median(_half_width(gray)[lines])) if lines.any() else 1.0
    side = 2 * int(np.clip(np.ceil(half), 1, _WIDEST_PX)) + 3
    broad = cv2.dilate(lines.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    filled = cv2.inpaint(gray, broad, 3, cv2.INPAINT_TELEA)
    fine = gray.astype(np.float32) - cv2.GaussianBlur(gray, (0, 0), 1.5)
    grain = np.median(np.abs(fine[broad == 0])) * 1.48 if (broad == 0).any() else 0.0
    noise = rng.standard_normal(gray.shape, np.float32) * np.float32(min(grain, 12.0))
    return np.asarray(np.clip(filled + noise, 0, 255), np.uint8)

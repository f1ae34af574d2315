"""Two small pictures of a long page: where vertical lines stand, and where level lines lie.

A vertical line survives an opening along the column, a level one along the row, letters and most of a pen do not. The
atlases hold the mean of what survives, over bands of rows or blocks of columns: all geometry is found on them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from curvedesk.registration.page import F32, U8, IsCancelled, Page, check_cancelled

BAND_PX = 64  # rows a band of the column atlas
BLOCK_PX = 16  # columns a block of the row atlas
RUN_PX = 17  # a line is longer than this
_GAP_PX = 3  # breaks shorter than this are bridged
_CHUNK = 4096
_AROUND = 64


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """`columns` (bands, W): share of each band's rows that a vertical line inks there, 0 to 1.

    `rows` (H, blocks): share of each block's columns that a level line inks. `ink` (bands, W): share of all ink.
    """

    columns: F32
    rows: F32
    ink: F32


def survey(page: Page, *, cancelled: IsCancelled | None = None) -> Atlas:
    """Both atlases of a page; one pass in chunks."""
    bands, blocks = -(-page.height // BAND_PX), -(-page.width // BLOCK_PX)
    columns = np.zeros((bands, page.width), np.float32)
    ink = np.zeros((bands, page.width), np.float32)
    rows = np.zeros((page.height, blocks), np.float32)
    for top in range(0, page.height, _CHUNK):
        check_cancelled(cancelled)
        y0, y1 = max(0, top - _AROUND), min(page.height, top + _CHUNK + _AROUND)
        chunk = page.ink[y0:y1]
        inner = slice(top - y0, min(top + _CHUNK, page.height) - y0)
        first = top // BAND_PX
        for target, picture in ((columns, opened(chunk, vertical=True)), (ink, chunk)):
            means = _mean_rows(picture[inner])
            target[first : first + len(means)] = means
        rows[top : top + _CHUNK] = _mean_columns(opened(chunk, vertical=False)[inner], blocks)
    return Atlas(columns, rows, ink)


def opened(ink: U8, *, vertical: bool, run_px: int = RUN_PX, gap_px: int = _GAP_PX) -> U8:
    """What of ink (h, w) lies on runs of at least `run_px` along one axis, short breaks bridged; of the same shape."""
    shape = (1, gap_px) if vertical else (gap_px, 1)
    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((shape[1], shape[0]), np.uint8))
    kernel = np.ones((run_px, 1) if vertical else (1, run_px), np.uint8)
    return np.asarray(cv2.morphologyEx(bridged, cv2.MORPH_OPEN, kernel), np.uint8)


def _mean_rows(picture: U8) -> F32:
    """(ceil(h / BAND_PX), w) means of bands of rows, 0 to 1."""
    whole = len(picture) // BAND_PX
    if not whole:
        return np.asarray(picture.mean(axis=0, keepdims=True, dtype=np.float32) / np.float32(255), np.float32)
    means = picture[: whole * BAND_PX].reshape(whole, BAND_PX, -1).mean(axis=1, dtype=np.float32)
    if whole * BAND_PX < len(picture):
        rest = picture[whole * BAND_PX :].mean(axis=0, keepdims=True, dtype=np.float32)
        means = np.concatenate([means, rest])
    return np.asarray(means / np.float32(255), np.float32)


def _mean_columns(picture: U8, blocks: int) -> F32:
    """(h, blocks) means of blocks of columns, 0 to 1."""
    wide = np.zeros((len(picture), blocks * BLOCK_PX), np.uint8)
    wide[:, : picture.shape[1]] = picture
    means = wide.reshape(len(picture), blocks, BLOCK_PX).mean(axis=2, dtype=np.float32)
    return np.asarray(means / np.float32(255), np.float32)

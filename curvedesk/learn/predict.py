"""Paper to probabilities: the network over overlapping tiles, blended, in bands so that no scan is too tall."""

import copy
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from curvedesk.domain.errors import Cancelled
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.compiled import Compiled
from curvedesk.learn.device import autocast_dtype, autocast_for, pick_device
from curvedesk.learn.net import CurveNet, Mode
from curvedesk.learn.seams import Seams, nearest
from curvedesk.learn.steady import hold_statistics, sample_windows
from curvedesk.learn.tiles import GrayRows, Span, is_blank, padded, round_up, spans

Gray = NDArray[np.uint8]
Probability = NDArray[np.float16]
GPU_BATCH = 8  # on the CPU one tile at a time is fastest, it stays in the cache
SPECK_PX = 16  # 2 mm at 200 dpi
CREST_PX, CREST_SHARE = 2, 0.9  # real paper: F1 at 2 px 0.833 instead of 0.820; all shares from 0.8 to 0.97 gain
_STRIP_ROWS = 4096
TILE_PX = 448  # at 512 the widest features pass 32 MB, where memory is fetched anew for every layer: a third slower


class _Runner:
    """The network on its device; gives way when memory runs out: half the tiles at once, at last the CPU."""

    def __init__(self, net: CurveNet, device: torch.device) -> None:
        self.device = device
        self.batch = 1 if device.type == "cpu" else GPU_BATCH
        self.first = 0 if net.mode is Mode.BINARY else 1  # the background channel is of no use here
        self.curves = net.mode.channels - self.first
        # A copy, because moving a network moves it for everybody who holds it.
        self.net = copy.deepcopy(net).eval().to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.compiled: Compiled | None = None

    def hold_statistics(self, gray: GrayRows) -> None:
        """Normalise every tile as the whole image would be, see ``steady``; from then on a CPU may compile."""
        sample = sample_windows(gray)
        if sample is None:
            return
        hold_statistics(self.net, self._ink(sample))
        if type(self.net) is CurveNet and self.device.type == "cpu" and autocast_dtype(self.device) is None:
            self.compiled = Compiled(self.net)

    def __call__(self, tiles: Gray) -> NDArray[np.float32]:
        """(N, H, W) gray, sides multiples of 16, to (N, C, H, W) probabilities."""
        done: list[NDArray[np.float32]] = []
        while (at := sum(len(part) for part in done)) < len(tiles):
            try:
                done.append(self._forward(tiles[at : at + self.batch]))
            except torch.OutOfMemoryError:
                if self.device.type == "cpu":
                    raise
                self._give_way()
        return np.concatenate(done)

    @torch.inference_mode()
    def _forward(self, tiles: Gray) -> NDArray[np.float32]:
        if self.compiled is not None:
            return self.compiled(tiles)
        with autocast_for(self.device):
            logits: Tensor = self.net(self._ink(tiles))
        result: NDArray[np.float32] = logits[:, self.first :].float().sigmoid().cpu().numpy()
        return result

    def _ink(self, tiles: Gray) -> Tensor:
        paper = torch.from_numpy(np.ascontiguousarray(tiles[:, None])).to(self.device).float()
        return (1 - paper / 255).contiguous(memory_format=torch.channels_last)

    def _give_way(self) -> None:
        torch.cuda.empty_cache()
        if self.batch > 1:
            self.batch //= 2
        else:
            self.device = torch.device("cpu")
            self.net.to(self.device)


class _Watch:
    """Counts tiles for the progress bar and stops when asked to."""

    def __init__(
        self, total: int, progress: Callable[[int, int], None] | None, cancelled: Callable[[], bool] | None
    ) -> None:
        self.done, self.total = 0, total
        self.progress, self.cancelled = progress, cancelled

    def check(self) -> None:
        if self.cancelled is not None and self.cancelled():
            raise Cancelled("The prediction was stopped; nothing was written.")

    def add(self, tiles: int) -> None:
        self.done += tiles
        if tiles and self.progress is not None:
            self.progress(self.done, self.total)


def _strip(runner: _Runner, strip: Gray, columns: tuple[Span, ...], watch: _Watch) -> NDArray[np.float32]:
    """One row of tiles: (h, W) gray to (C, h, W) probabilities."""
    result = np.zeros((runner.curves, *strip.shape), np.float32)
    inked = [c for c in columns if not is_blank(strip[:, c.start : c.stop])]
    watch.add(len(columns) - len(inked))
    while inked:
        watch.check()
        now, inked = inked[: runner.batch], inked[runner.batch :]
        found = runner(np.stack([strip[:, c.start : c.stop] for c in now]))
        for column, p in zip(now, found, strict=True):
            result[:, :, column.start : column.stop] += p * column.share
        watch.add(len(now))
    return result


def predict_bands(
    model: Model,
    gray: GrayRows,
    *,
    device: str = "auto",
    tile: int = TILE_PX,
    overlap: int = 64,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    look: Callable[[], tuple[int, int] | None] | None = None,
    have: Callable[[int, int], bool] | None = None,
) -> Iterator[tuple[int, Probability]]:
    """Like ``predict``, as pairs of first row and (C, rows, W) from top to bottom; holds one row of tiles at a time.

    ``look`` is asked before each row of tiles for the rows that are wanted first (None: from the top); the rest follows
    outwards from there. ``have`` says of rows start to stop that their result is known already; they are left out.
    Neither changes the result of any row by a single bit.
    """
    height, width = gray.shape
    columns, rows = (spans(round_up(n), tile=tile, overlap=overlap) for n in (width, height))
    runner, watch = _Runner(model.net, pick_device(device)), _Watch(len(rows) * len(columns), progress, cancelled)
    watch.check()
    if len(rows) * len(columns) > 1:
        runner.hold_statistics(gray)
    seams = Seams(rows, height)
    wanted = seams.needed(have)
    watch.add((len(rows) - len(wanted)) * len(columns))
    while wanted:
        watch.check()
        number = nearest(rows, wanted, look() if look else None)
        wanted.remove(number)
        row = rows[number]
        strip = padded(gray[row.start : min(row.stop, height)], height=row.stop - row.start, width=columns[-1].stop)
        band = _strip(runner, strip, columns, watch) * row.share[:, None]
        for top, joined in seams.add(number, band):
            yield top, joined[:, :, :width].astype(np.float16)


def predict(
    model: Model,
    gray: Gray,
    *,
    device: str = "auto",
    tile: int = TILE_PX,
    overlap: int = 64,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Probability:
    """Probability of each kind of pen stroke at each pixel of a 200 dpi image.

    (H, W) gray, 0 ink, 255 paper, of any size, to (2, H, W): solid, dashed, each a sigmoid of its own (a crossing may
    be both); (1, H, W), any curve, with a binary network. ``tile`` is a multiple of 16, ``overlap`` at most half of it;
    neither changes the result by more than the overlap leaves. Blank tiles are skipped and 0. ``progress`` takes tiles
    done and tiles in all.

    Raises Cancelled where ``cancelled`` said so, CurveDeskError where the device is absent.
    """
    channels = 1 if model.net.mode is Mode.BINARY else 2
    result = np.zeros((channels, *gray.shape), np.float16)
    for top, band in predict_bands(
        model, gray, device=device, tile=tile, overlap=overlap, progress=progress, cancelled=cancelled
    ):
        result[:, top : top + band.shape[1]] = band
    return result


def class_mask(probability: Probability, *, threshold: float = 0.5, speck_px: int = SPECK_PX) -> NDArray[np.uint8]:
    """(2, H, W) probabilities to 0 background, 1 solid, 2 dashed: the likelier one where either is over the threshold.

    (1, H, W) gives 0 and 1. Ink that reaches less than ``speck_px`` in both directions is dirt, not pen; what lies
    between the legs of a fast swing is neither leg, see ``on_crests``.
    """
    ink = probability.max(0)
    kept = without_specks((ink > threshold) & on_crests(ink), speck_px)
    return np.where(kept, probability.argmax(0) + 1, 0).astype(np.uint8)


def on_crests(ink: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Where a probability (H, W) is nearly as high as the highest within 2 px; in strips, to bound memory."""
    kept = np.zeros(ink.shape, np.bool_)
    for top in range(0, len(ink), _STRIP_ROWS):
        first = max(0, top - CREST_PX)
        strip = ink[first : top + _STRIP_ROWS + CREST_PX].astype(np.float32)
        highest = cv2.dilate(strip, np.ones((2 * CREST_PX + 1, 2 * CREST_PX + 1), np.uint8))
        kept[top : top + _STRIP_ROWS] = (strip >= CREST_SHARE * highest)[top - first :][:_STRIP_ROWS]
    return kept


def without_specks(ink: NDArray[np.bool_], speck_px: int) -> NDArray[np.bool_]:
    """(H, W) without the connected parts that are smaller both across and down; in strips, to bound memory."""
    kept = np.zeros_like(ink)
    for top in range(0, len(ink), _STRIP_ROWS):
        first, last = max(0, top - speck_px), top + _STRIP_ROWS
        # A part that reaches beyond the margin shows at least the margin's height in it.
        strip = ink[first : last + speck_px].astype(np.uint8)
        _, parts, sizes, _ = cv2.connectedComponentsWithStats(strip, connectivity=8)
        large = np.maximum(sizes[:, cv2.CC_STAT_WIDTH], sizes[:, cv2.CC_STAT_HEIGHT]) >= speck_px
        large[0] = False  # the paper
        kept[top:last] = large[parts][top - first :][:_STRIP_ROWS]
    return kept

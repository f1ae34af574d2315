"""Paper to probabilities: the network over overlapping tiles, blended, in bands so that no scan is too tall."""

import copy
from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from curvedesk.domain.errors import Cancelled
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.device import autocast_for, pick_device
from curvedesk.learn.net import CurveNet, Mode
from curvedesk.learn.tiles import Span, round_up, spans

Gray = NDArray[np.uint8]
Probability = NDArray[np.float16]
FLAT_LEVELS = 24  # a tile whose gray levels span less holds no pen stroke: blank paper, or film without an image
GPU_BATCH = 8  # on the CPU one tile at a time is fastest, it stays in the cache


class GrayRows(Protocol):
    """An image that need not be in memory: an array, a memory map, a scan read strip by strip."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""

    def __getitem__(self, rows: slice, /) -> Gray:
        """Rows start to stop, all columns."""


class _Runner:
    """The network on its device; gives way when memory runs out: half the tiles at once, at last the CPU."""

    def __init__(self, net: CurveNet, device: torch.device) -> None:
        self.device = device
        self.batch = 1 if device.type == "cpu" else GPU_BATCH
        self.first = 0 if net.mode is Mode.BINARY else 1  # the background channel is of no use here
        self.curves = net.mode.channels - self.first
        # A copy, because moving a network moves it for everybody who holds it.
        self.net = copy.deepcopy(net).eval().to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]

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
        paper = torch.from_numpy(np.ascontiguousarray(tiles[:, None])).to(self.device).float()
        ink = (1 - paper / 255).contiguous(memory_format=torch.channels_last)
        with autocast_for(self.device):
            logits: Tensor = self.net(ink)
        result: NDArray[np.float32] = logits[:, self.first :].float().sigmoid().cpu().numpy()
        return result

    def _give_way(self) -> None:
        torch.cuda.empty_cache()
        if self.batch > 1:
            self.batch //= 2
        else:
            self.device = torch.device("cpu")
            self.net.to(self.device)


def _padded(strip: Gray, *, height: int, width: int) -> Gray:
    """The strip with its last row and column repeated: pens that leave the image are not cut to look like ends."""
    h, w = strip.shape
    return np.pad(strip, ((0, height - h), (0, width - w)), mode="edge")


def _is_blank(tile: Gray) -> bool:
    return int(tile.max()) - int(tile.min()) < FLAT_LEVELS


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
    inked = [c for c in columns if not _is_blank(strip[:, c.start : c.stop])]
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
    tile: int = 512,
    overlap: int = 64,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[tuple[int, Probability]]:
    """Like ``predict``, as pairs of first row and (C, rows, W) from top to bottom; holds one row of tiles at a time."""
    height, width = gray.shape
    columns, rows = (spans(round_up(n), tile=tile, overlap=overlap) for n in (width, height))
    runner, watch = _Runner(model.net, pick_device(device)), _Watch(len(rows) * len(columns), progress, cancelled)
    ends = [*(row.start for row in rows[1:]), height]  # where each strip's rows need no further share
    open_rows = np.zeros((runner.curves, 0, columns[-1].stop), np.float32)
    for row, end in zip(rows, ends, strict=True):
        watch.check()
        strip = _padded(gray[row.start : min(row.stop, height)], height=row.stop - row.start, width=columns[-1].stop)
        band = _strip(runner, strip, columns, watch) * row.share[:, None]
        band[:, : open_rows.shape[1]] += open_rows
        yield row.start, band[:, : end - row.start, :width].astype(np.float16)
        open_rows = band[:, end - row.start :]


def predict(
    model: Model,
    gray: Gray,
    *,
    device: str = "auto",
    tile: int = 512,
    overlap: int = 64,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Probability:
    """Probability of each kind of pen stroke at each pixel of a 200 dpi image.

    (H, W) gray, 0 ink, 255 paper, of any size, to (2, H, W): solid, dashed, each a sigmoid of its own (a crossing may
    be both); (1, H, W), any curve, with a binary network. ``tile`` is a multiple of 16, ``overlap`` at most half of it.
    Blank tiles are skipped and 0. ``progress`` takes tiles done and tiles in all.

    Raises Cancelled where ``cancelled`` said so, CurveDeskError where the device is absent.
    """
    channels = 1 if model.net.mode is Mode.BINARY else 2
    result = np.zeros((channels, *gray.shape), np.float16)
    for top, band in predict_bands(
        model, gray, device=device, tile=tile, overlap=overlap, progress=progress, cancelled=cancelled
    ):
        result[:, top : top + band.shape[1]] = band
    return result


def class_mask(probability: Probability, *, threshold: float = 0.5) -> NDArray[np.uint8]:
    """(2, H, W) probabilities to 0 background, 1 solid, 2 dashed: the likelier one where either is over the threshold.

    (1, H, W) gives 0 and 1.
    """
    over = probability.max(0) > threshold
    return np.where(over, probability.argmax(0) + 1, 0).astype(np.uint8)

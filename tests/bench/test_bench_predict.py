"""Prediction beside a bare loop of the network over the same paper."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import torch
from numpy.typing import NDArray

from curvedesk.learn.checkpoints import Model
from curvedesk.learn.compiled import Compiled
from curvedesk.learn.net import CurveNet
from curvedesk.learn.predict import TILE_PX, predict
from curvedesk.learn.steady import hold_statistics
from curvedesk.store.manifest import Manifest
from tests.bench.conftest import BenchReport

Gray = NDArray[np.uint8]


def _paper(height: int, width: int) -> Gray:
    """Grid and a pen over the whole height, so that no tile is blank."""
    gray = np.full((height, width), 245, np.uint8)
    gray[:, ::20] = gray[::20] = 190
    rows = np.arange(height)
    x = (width / 2 + width / 3 * np.sin(rows / 40)).astype(int)
    for shift in range(3):
        gray[rows, x + shift] = 20
    return gray


def _model() -> Model:
    torch.manual_seed(0)
    net = CurveNet().eval()
    created = datetime.now(UTC).isoformat()
    return Model("random", net, Manifest("random", net.mode, net.rule, "-", "-", 0, created))


def _mpixels_per_second(run: Callable[[], object], pixels: int) -> float:
    run()
    began = time.perf_counter()
    run()
    return pixels / (time.perf_counter() - began) / 1e6


@torch.inference_mode()
def _bare_loop(net: CurveNet, gray: Gray) -> None:
    """Tiles side by side: no overlap, no blending, no held statistics, no copy out."""
    for top in range(0, gray.shape[0], TILE_PX):
        for left in range(0, gray.shape[1], TILE_PX):
            net(1 - torch.from_numpy(gray[top : top + TILE_PX, left : left + TILE_PX]).float()[None, None] / 255)


def test_prediction_beside_a_bare_loop_over_tiles(bench_report: BenchReport) -> None:
    gray, model = _paper(3 * TILE_PX, 3 * TILE_PX), _model()
    ours = _mpixels_per_second(lambda: predict(model, gray, device="cpu"), gray.size)
    bare = _mpixels_per_second(lambda: _bare_loop(model.net, gray), gray.size)
    bench_report("predict, inked paper", ours, bare, unit="Mpixel/s")


def test_prediction_of_a_log_with_blank_margins_beside_a_bare_loop(bench_report: BenchReport) -> None:
    model = _model()
    gray = np.full((3 * TILE_PX, 4 * TILE_PX), 255, np.uint8)
    gray[:, : TILE_PX + 100] = _paper(3 * TILE_PX, TILE_PX + 100)
    ours = _mpixels_per_second(lambda: predict(model, gray, device="cpu"), gray.size)
    bare = _mpixels_per_second(lambda: _bare_loop(model.net, gray), gray.size)
    bench_report("predict, two thirds blank", ours, bare, unit="Mpixel/s")


@torch.inference_mode()
def test_a_tile_in_onnx_runtime_beside_torch(bench_report: BenchReport) -> None:
    net = _model().net
    hold_statistics(net, torch.rand(1, 1, 256, 256))
    tiles = _paper(TILE_PX, TILE_PX)[None]
    compiled, laid = Compiled(net), net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    ink = (1 - torch.from_numpy(tiles)[:, None].float() / 255).contiguous(memory_format=torch.channels_last)
    pairs = [
        (_mpixels_per_second(lambda: compiled(tiles), tiles.size), _mpixels_per_second(lambda: laid(ink), tiles.size))
        for _ in range(5)
    ]
    ours, torchs = np.median(pairs, axis=0)
    bench_report("one tile in ONNX Runtime beside torch", float(ours), float(torchs), unit="Mpixel/s")

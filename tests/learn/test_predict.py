"""Predicting in tiles gives what the whole image would, tells how far it is, and stops when asked."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from curvedesk.domain.errors import Cancelled
from curvedesk.learn import predict as room
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.compiled import Compiled
from curvedesk.learn.net import CurveNet
from curvedesk.learn.predict import class_mask, predict, predict_bands

Gray = NDArray[np.uint8]


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The shapes that really went through the network, in order."""
    seen: list[tuple[int, ...]] = []
    original, compiled = CurveNet.forward, Compiled.__call__

    def forward(self: CurveNet, x: torch.Tensor) -> torch.Tensor:
        seen.append(tuple(x.shape))
        return original(self, x)

    def call(self: Compiled, tiles: Gray) -> NDArray[np.float32]:
        seen.append((len(tiles), 1, *tiles.shape[1:]))
        return compiled(self, tiles)

    monkeypatch.setattr(CurveNet, "forward", forward)
    monkeypatch.setattr(Compiled, "__call__", call)
    return seen


@pytest.fixture
def deaf_model(model: Model) -> Model:
    """A network that looks at 3 x 3 pixels only, so that where its tiles lie cannot matter inside."""

    class Near(CurveNet):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            near = torch.nn.functional.avg_pool2d(x, 3, stride=1, padding=1)
            return torch.cat((-near, 4 * near - 1, near - 0.5), 1)

    return Model("near", Near(), model.manifest)


@pytest.mark.parametrize("shape", [(1, 1), (15, 17), (16, 16), (37, 100), (64, 3)])
def test_any_size_comes_back_in_its_own_size(model: Model, binary_model: Model, shape: tuple[int, int]) -> None:
    gray = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    assert predict(model, gray).shape == (2, *shape)
    assert predict(binary_model, gray).shape == (1, *shape)


def test_probabilities_are_half_floats_between_0_and_1(model: Model, paper: Gray) -> None:
    p = predict(model, paper)
    assert p.dtype == np.float16
    assert p.min() >= 0
    assert p.max() <= 1


def test_whole_image_prediction_is_the_bare_network_with_ink_as_1_and_paper_as_0(model: Model, paper: Gray) -> None:
    gray = paper[:144, :224]
    with torch.inference_mode():
        logits = model.net(torch.from_numpy(1 - gray.astype(np.float32) / 255)[None, None])
    np.testing.assert_allclose(predict(model, gray), logits[0, 1:].sigmoid().numpy(), atol=2e-3)


@pytest.mark.parametrize(("tile", "overlap"), [(64, 8), (64, 32), (80, 16), (160, 40)])
def test_tiles_of_any_size_are_joined_without_a_seam(deaf_model: Model, paper: Gray, tile: int, overlap: int) -> None:
    whole = predict(deaf_model, paper, tile=512)
    tiled = predict(deaf_model, paper, tile=tile, overlap=overlap)
    # A tile's own border sees beyond it blank paper; blending leaves little of that, and nothing elsewhere.
    off = np.abs(whole.astype(np.float32) - tiled)
    assert off.max() < 0.2
    assert np.median(off) < 1e-3


@pytest.mark.parametrize(("tile", "overlap", "mean"), [(128, 32, 0.01), (256, 64, 0.004), (384, 64, 0.004)])
def test_the_full_network_gives_the_whole_images_result_for_any_tile(
    model: Model, paper: Gray, tile: int, overlap: int, mean: float
) -> None:
    gray = np.tile(paper, (3, 2))
    off = np.abs(predict(model, gray, tile=512).astype(np.float32) - predict(model, gray, tile=tile, overlap=overlap))
    assert off.mean() < mean
    assert off.max() < 0.2


def test_bands_put_together_are_the_whole_prediction(model: Model, paper: Gray) -> None:
    gray = np.tile(paper, (2, 1))
    bands = list(predict_bands(model, gray, tile=64, overlap=16))
    assert [top for top, _ in bands] == list(np.cumsum([0] + [b.shape[1] for _, b in bands[:-1]]))
    np.testing.assert_array_equal(np.concatenate([b for _, b in bands], 1), predict(model, gray, tile=64, overlap=16))


def test_bands_read_the_scan_strip_by_strip_from_top_to_bottom(deaf_model: Model) -> None:
    class Tall:
        shape = (60_000, 64)

        def __init__(self) -> None:
            self.read: list[slice] = []

        def __getitem__(self, rows: slice) -> Gray:
            self.read.append(rows)
            return np.full((rows.stop - rows.start, 64), 255, np.uint8)

    tall = Tall()
    bands = predict_bands(deaf_model, tall, tile=512)
    first = next(bands)[1].shape[1]
    assert first <= 512
    assert len(tall.read) < 12
    assert sum(band.shape[1] for _top, band in bands) == 60_000 - first
    assert max(rows.stop - rows.start for rows in tall.read) <= 512


def test_blank_tiles_never_reach_the_network(model: Model, sizes: list[tuple[int, ...]]) -> None:
    gray = np.full((256, 256), 240, np.uint8)
    gray[10:200, 30] = 0
    p = predict(model, gray, tile=128, overlap=0)
    assert sizes.count((1, 1, 128, 128)) == 2
    assert (p[:, :, 128:] == 0).all()
    assert (p[:, :, :128] > 0).any()


@pytest.mark.parametrize("level", [0, 128, 255])
def test_paper_of_one_level_is_blank_whatever_the_level(model: Model, sizes: list[tuple[int, ...]], level: int) -> None:
    assert (predict(model, np.full((40, 40), level, np.uint8)) == 0).all()
    assert sizes == []


def test_progress_only_grows_and_ends_at_all_tiles(model: Model, paper: Gray) -> None:
    gray = np.concatenate([paper, np.full((200, 230), 255, np.uint8)])
    seen: list[tuple[int, int]] = []
    predict(model, gray, tile=64, overlap=16, progress=lambda done, total: seen.append((done, total)))
    done = [d for d, _ in seen]
    assert done == sorted(set(done))
    assert len({total for _, total in seen}) == 1
    assert seen[-1][0] == seen[-1][1]


def test_a_cancelled_prediction_stops_before_the_next_tile(
    model: Model, paper: Gray, sizes: list[tuple[int, ...]]
) -> None:
    with pytest.raises(Cancelled):
        predict(model, paper, tile=64, overlap=16, cancelled=lambda: (1, 1, 64, 64) in sizes)
    assert sizes.count((1, 1, 64, 64)) == 1


def test_predicting_leaves_the_model_as_it_was(model: Model, paper: Gray) -> None:
    before = {n: t.clone() for n, t in model.net.state_dict().items()}
    predict(model, paper[:64, :64])
    assert not model.net.training
    assert all(torch.equal(t, before[n]) and t.is_contiguous() for n, t in model.net.state_dict().items())


def test_running_out_of_gpu_memory_halves_the_batch_and_then_takes_the_cpu(
    model: Model, paper: Gray, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = room._Runner(model.net, torch.device("cpu"))
    tiles = np.stack([paper[:64, :64]] * 5)
    expected = runner(tiles)
    tried: list[tuple[str, int]] = []
    forward = room._Runner._forward

    def short_of_memory(self: room._Runner, tiles: Gray) -> NDArray[np.float32]:
        tried.append((self.device.type, len(tiles)))
        if self.device.type != "cpu":
            raise torch.OutOfMemoryError
        return forward(self, tiles)

    monkeypatch.setattr(room._Runner, "_forward", short_of_memory)
    runner.device, runner.batch = torch.device("meta"), 4
    np.testing.assert_allclose(runner(tiles), expected, atol=1e-6)
    assert tried[:4] == [("meta", 4), ("meta", 2), ("meta", 1), ("cpu", 1)]


def test_memory_that_runs_out_on_the_cpu_is_not_tried_again(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(self: room._Runner, tiles: Gray) -> NDArray[np.float32]:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(room._Runner, "_forward", no_memory)
    with pytest.raises(torch.OutOfMemoryError):
        predict(model, np.eye(32, dtype=np.uint8) * 255)


def test_class_mask_takes_the_likelier_class_where_either_is_over_the_threshold() -> None:
    apart = np.zeros((2, 1, 16), np.float16)
    apart[:, 0, ::5] = [[0.2, 0.6, 0.7, 0.5], [0.4, 0.1, 0.9, 0.5]]
    assert class_mask(apart, speck_px=0)[0, ::5].tolist() == [0, 1, 2, 0]
    assert class_mask(apart, threshold=0.3, speck_px=0)[0, ::5].tolist() == [2, 1, 2, 1]
    assert class_mask(apart[:1], speck_px=0)[0, ::5].tolist() == [0, 1, 1, 0]
    assert class_mask(apart).dtype == np.uint8


def test_two_pens_run_together_in_the_probability_stay_two_in_the_mask() -> None:
    p = np.zeros((1, 5000, 20), np.float16)
    p[0, :, 8:13] = [0.95, 1.0, 0.8, 1.0, 0.95]
    mask = class_mask(p)
    assert (mask[:, 8:13] == [1, 1, 0, 1, 1]).all()
    assert mask.sum() == 4 * 5000  # across the seams of strips too


def test_class_mask_leaves_out_specks_but_no_part_of_a_line_that_crosses_a_strip() -> None:
    p = np.zeros((2, 4200, 40), np.float16)
    p[0, 4090:4110, 10:13] = 1  # across the seam of two strips
    p[0, 4095:4098, 30:33] = 1  # a speck on it
    p[1, 20:22, 3:30] = 1
    p[1, 300:312, 5:9] = 1  # short, and of the other class
    mask = class_mask(p, speck_px=16)
    assert mask.sum() == 20 * 3 + 2 * (2 * 27)
    assert (mask[4090:4110, 10:13] == 1).all()
    assert (mask[20:22, 3:30] == 2).all()

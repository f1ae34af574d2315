"""Scans marked by the network: what its looks agree on is taught, what they do not is left open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from curvedesk.learn import looks
from curvedesk.learn.data import CropDataset
from curvedesk.learn.net import CurveNet, Mode
from curvedesk.learn.paper import Windows, bands, look
from curvedesk.synth import Crop


@pytest.fixture(scope="module")
def net() -> CurveNet:
    torch.manual_seed(3)
    return CurveNet().eval()


@pytest.fixture
def windows(tmp_path: Path) -> Windows:
    """A scan with a wandering pen."""
    gray, y = np.full((600, 300), 250, np.uint8), np.arange(600)
    points = np.stack([150 + 90 * np.sin(y / 25), y], 1).round().astype(np.int32)
    cv2.polylines(gray, [points], False, 0, 3)
    assert cv2.imwrite(str(tmp_path / "log.png"), gray)
    (source,), _ = look([tmp_path / "log.png"], dpi=200)
    return Windows((bands(source),))


def _one_look(net: CurveNet, gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    paper = 1 - torch.from_numpy(np.ascontiguousarray(gray))[None, None].float() / 255
    seen: NDArray[np.float32] = torch.sigmoid(net(paper))[0, 1:].detach().numpy()
    return seen


def _line(size: int = 128) -> Crop:
    """A pen down the middle of a window, its right half in doubt."""
    gray, ignore = np.full((size, size), 255, np.uint8), np.zeros((size, size), bool)
    gray[:, 60:63] = 0
    ignore[:, 100:] = True
    solid = np.where(gray == 0, 255, 0).astype(np.uint8)
    return Crop(gray, solid, np.zeros_like(solid), ignore)


def test_several_looks_hang_less_on_how_the_paper_lies_than_one_does(net: CurveNet) -> None:
    gray = np.random.default_rng(1).integers(0, 256, (64, 64), dtype=np.uint8)

    def moved(seen: Callable[[NDArray[np.uint8]], NDArray[np.float32]]) -> float:
        return float(np.abs(seen(gray[:, ::-1])[..., ::-1] - seen(gray)).mean())

    assert looks.several_looks(net, gray).shape == (2, 64, 64)
    assert moved(lambda paper: looks.several_looks(net, paper)) < 0.5 * moved(lambda paper: _one_look(net, paper))


def test_a_binary_network_looks_too() -> None:
    seen = looks.several_looks(CurveNet(Mode.BINARY).eval(), np.full((32, 32), 200, np.uint8))
    assert seen.shape == (1, 32, 32)


def test_only_what_is_sure_is_taught_and_the_class_in_the_share_the_looks_gave_it() -> None:
    seen = np.zeros((2, 64, 64), np.float32)
    seen[0, :, 10], seen[0, :, 30], seen[:, :, 50] = 0.9, 0.4, [[0.75], [0.25]]
    seen[0, 5, 20] = 0.95  # a speck
    crop = looks.as_taught(np.full((64, 64), 255, np.uint8), seen)
    assert (crop.solid[0, 10], crop.dashed[0, 10], crop.ignore[0, 10]) == (255, 0, False)
    assert (crop.solid[0, 30], crop.ignore[0, 30]) == (0, True)
    assert (crop.solid[0, 50], crop.dashed[0, 50]) == (191, 64)
    assert (crop.solid[5, 20], crop.ignore[5, 20]) == (0, True)
    assert not crop.ignore[0, 0]


def test_windows_are_marked_once_and_then_read_again(net: CurveNet, windows: Windows, tmp_path: Path) -> None:
    kept, seen = tmp_path / "cache" / "marks.npz", list[int]()

    def marked() -> list[Crop]:
        return looks.look_at(
            net, windows, count=2, size=32, seed=5, kept=kept, device="cpu", progress=lambda n, _of: seen.append(n)
        )

    first, again = marked(), marked()
    assert seen == [1, 2]
    assert first[0].gray.shape == (96, 96)
    assert not np.array_equal(first[0].gray, first[1].gray)
    for one, other in zip(first, again, strict=True):
        assert all(np.array_equal(getattr(one, n), getattr(other, n)) for n in Crop.__slots__)
    kept.write_bytes(b"no archive")
    assert np.array_equal(marked()[1].solid, first[1].solid)
    assert seen == [1, 2, 1, 2]


def test_a_spoiled_cut_keeps_its_labels_over_its_ink() -> None:
    for seed in range(40):
        crop = looks.spoiled(np.random.default_rng(seed), _line(), 64)
        assert crop.gray.shape == crop.solid.shape == crop.ignore.shape == (64, 64)
        if not (crop.solid > 200).any():
            continue
        ink = cv2.GaussianBlur(crop.gray, (5, 5), 0).astype(float)
        assert ink[crop.solid > 200].mean() < ink[(crop.solid == 0) & ~crop.ignore].mean() - 20


def test_a_share_of_the_crops_comes_from_scans_and_the_same_seed_draws_the_same() -> None:
    drawn = CropDataset(4, 60, 64)
    data = looks.ScannedDataset(drawn, [_line()], 0.25)
    crops = [data[i] for i in range(len(data))]
    plain = [np.array_equal(crop.gray, drawn[i].gray) for i, crop in enumerate(crops)]
    assert 0.6 < np.mean(plain) < 0.9
    assert all(np.array_equal(crop.gray, data[i].gray) for i, crop in enumerate(crops[:20]))


class _Nearsighted(CurveNet):
    """Takes whatever is black for a pen: solid at the size it lies there, dashed where it is looked at closely."""

    def forward(self, paper: torch.Tensor) -> torch.Tensor:
        ink, close = 12 * (paper - 0.5), paper.shape[-1] > 64
        none = torch.full_like(paper, -6.0)
        return torch.cat((-ink, none, ink) if close else (-ink, ink, none), 1)


def test_that_there_is_a_pen_all_looks_say_and_of_which_class_the_closest() -> None:
    gray = np.full((64, 64), 255, np.uint8)
    gray[:, 28:36] = 0
    solid, dashed = looks.several_looks(_Nearsighted(), gray)
    assert dashed[:, 30:34].min() > 0.95
    assert solid.max() < 0.05
    crop = looks.as_taught(gray, np.stack([solid, dashed]))
    assert (crop.dashed[:, 31:33] > 240).all()
    assert not crop.ignore[:, 31:33].any()

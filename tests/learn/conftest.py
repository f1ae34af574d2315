"""Networks that need no training: random weights from a fixed seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from curvedesk.learn.checkpoints import Model, load_model, save_model
from curvedesk.learn.net import CurveNet, Mode


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Small inputs gain nothing from threads, and sums come out the same every time."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def net() -> CurveNet:
    """A multiclass network, eval mode."""
    torch.manual_seed(7)
    return CurveNet().eval()


@pytest.fixture(scope="session")
def model(net: CurveNet, tmp_path_factory: pytest.TempPathFactory) -> Model:
    """The same network as a model that was saved and loaded."""
    folder = tmp_path_factory.mktemp("models") / "random"
    save_model(folder, net, {})
    return load_model(folder)


@pytest.fixture(scope="session")
def binary_model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """A binary network."""
    torch.manual_seed(8)
    folder = tmp_path_factory.mktemp("models") / "random-binary"
    save_model(folder, CurveNet(Mode.BINARY), {})
    return load_model(folder)


@pytest.fixture
def model_folder(net: CurveNet, tmp_path: Path) -> Path:
    """A saved model that a test may damage."""
    save_model(tmp_path / "mine", net, {"training": {"steps": 3}})
    return tmp_path / "mine"


@pytest.fixture(scope="session")
def paper() -> NDArray[np.uint8]:
    """(150, 230) paper with a grid and a wandering pen, sides no multiples of 16."""
    gray = np.full((150, 230), 245, np.uint8)
    gray[:, ::20] = 190
    gray[::20] = 190
    rows = np.arange(150)
    x = (110 + 60 * np.sin(rows / 17)).astype(int)
    for shift in range(3):
        gray[rows, x + shift] = 20
    return gray

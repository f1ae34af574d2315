"""A small synthetic log on disk and a network of random weights: plumbing needs no good answer, only one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from curvedesk.domain.sheet import Sheet
from curvedesk.learn.checkpoints import Model, load_model, save_model
from curvedesk.learn.net import CurveNet
from tests.tracing.makers import gr, ideal, make_sheet, pen_line, sp


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """Random weights, saved and loaded."""
    torch.manual_seed(3)
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("models") / "toy"
    save_model(folder, CurveNet(), {})
    return load_model(folder)


@pytest.fixture
def sheet() -> Sheet:
    """Two tracks of 200 px over 30 ft."""
    return make_sheet([gr()], [sp()], feet=30)


@pytest.fixture
def paper(sheet: Sheet, tmp_path: Path) -> Callable[[float], Path]:
    """Writes the sheet's scan, black pens on white, as it looks at a resolution."""

    def write(dpi: float) -> Path:
        lines = [pen_line(sheet, name, lambda depth: 50 + 20 * np.sin(depth)) for name in ("GR", "SP")]
        gray = ideal(sheet, lines).gray
        size = round(gray.shape[1] * dpi / 200), round(gray.shape[0] * dpi / 200)
        path = tmp_path / f"scan{dpi:g}.png"
        cv2.imwrite(str(path), cv2.resize(gray, size, interpolation=cv2.INTER_AREA))
        return path

    return write

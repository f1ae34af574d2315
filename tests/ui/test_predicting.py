"""A prediction through the real window and engine: rows appear while it works, curves come, one undo takes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from curvedesk.domain.sheet import dump_sheet
from curvedesk.session.commands import ActivateModel
from curvedesk.store.evidence_cache import EvidenceCache
from curvedesk.store.locations import user_models_dir
from curvedesk.ui.desk import Desk
from curvedesk.ui.window import Window
from tests.tracing.makers import gr, ideal, make_sheet, pen_line

Wait = Callable[..., None]
PATIENCE_S = 300.0  # a busy machine is slow, not wrong


@pytest.fixture(scope="session")
def toy_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights; the window's own process stays without torch, as it does for users."""
    import subprocess
    import sys

    from curvedesk.child import child_environment

    folder = tmp_path_factory.mktemp("models") / "toy"
    code = (
        "import sys, torch; from pathlib import Path; from curvedesk.learn.net import CurveNet;"
        "from curvedesk.learn.checkpoints import save_model; torch.manual_seed(3);"
        "save_model(Path(sys.argv[1]), CurveNet(), {})"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], env=child_environment(), check=True, timeout=300)
    return folder


@pytest.fixture
def log(tmp_path: Path, toy_weights: Path) -> Path:
    """A tall narrow scan with its sheet beside it, and the toy model registered."""
    import shutil

    sheet = make_sheet([gr()], feet=110, width_px=60)
    gray = ideal(sheet, [pen_line(sheet, "GR", lambda depth: 50 + 30 * np.sin(depth / 3))]).gray
    cv2.imwrite(str(tmp_path / "scan.png"), gray)
    text = json.dumps({**dump_sheet(sheet), "scan": "scan.png"})
    (tmp_path / "scan.sheet.json").write_text(text, encoding="utf-8")
    shutil.copytree(toy_weights, user_models_dir() / "toy")
    return tmp_path / "scan.png"


@pytest.fixture
def window(app: object) -> Iterator[Window]:
    """A window with its real engine."""
    window = Window()
    window.resize(1200, 800)
    window.show()
    yield window
    window.documents.opening.close()
    for space in list(window.documents.spaces):
        window.documents.discard(space)
    window.close()


@pytest.fixture
def desk(window: Window, log: Path, wait_until: Wait) -> Desk:
    """The scan in front, with its sheet and the toy model."""
    window.open_path(log)
    wait_until(lambda: window.desk is not None and window.desk.sheet is not None and window.desk.view is not None)
    assert window.desk is not None
    window.desk.execute(ActivateModel("toy"))
    window.start_engine()
    return window.desk


def test_rows_appear_while_it_works_then_the_curves_and_one_undo_takes_them_back(
    window: Window, desk: Desk, wait_until: Wait
) -> None:
    growing: list[int] = []

    def watch() -> None:
        if desk.job is not None and desk.job.evidence:
            found = EvidenceCache().find(desk.job.evidence)
            growing.append(sum(stop - start for start, stop in found.runs()) if found else 0)

    desk.job_changed.connect(watch)
    desk.jobs.predict()
    wait_until(lambda: desk.document.project.prediction is not None, PATIENCE_S)
    assert growing == sorted(growing)
    assert len(set(growing)) > 2
    assert desk.job is None
    project = desk.document.project
    assert list(project.curves) == ["1/GR"]
    assert project.prediction is not None
    assert project.prediction.model_id == "toy"
    assert EvidenceCache().find(project.prediction.evidence) is not None
    desk.undo()
    assert desk.document.project.prediction is None
    assert not desk.document.project.curves
    desk.redo()
    assert list(desk.document.project.curves) == ["1/GR"]

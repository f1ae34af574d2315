"""curvedesk doctor and demo."""

from __future__ import annotations

import json
from pathlib import Path

import lasio
import numpy as np

from tests.conftest import RunCli


def test_a_sound_installation_is_called_sound(run_cli: RunCli) -> None:
    result = run_cli("doctor")
    assert (result.status, result.stderr) == (0, "")
    assert result.stdout.count("ok    ") == result.stdout.count("\n")
    assert "torch" in result.stdout
    assert "checksums match" in result.stdout


def test_doctor_tells_programs_the_same(run_cli: RunCli) -> None:
    result = run_cli("doctor", "--json")
    content = json.loads(result.stdout)
    assert content["ok"] is True
    assert {finding["name"] for finding in content["findings"]} >= {"versions", "device", "models"}


def test_changed_weights_are_broken_and_named(run_cli: RunCli, curvedesk_home: Path) -> None:
    from curvedesk.learn.checkpoints import save_model
    from curvedesk.learn.net import CurveNet, Mode, NormRule

    folder = curvedesk_home / "data" / "models" / "mine"
    save_model(folder, CurveNet(Mode.MULTICLASS, NormRule.HALF_OR_16), {})
    (weights,) = folder.glob("*.safetensors")
    weights.write_bytes(weights.read_bytes()[:-1] + b"\xff")
    result = run_cli("doctor")
    assert result.status == 1
    assert "BROKEN  models" in result.stdout
    assert str(weights) in result.stdout
    assert result.stderr.startswith("curvedesk: error: broken here: models")
    assert result.stderr.count("\n") == 1


def test_demo_writes_las_csv_overlay_and_report_and_says_where(run_cli: RunCli, tmp_path: Path) -> None:
    result = run_cli("demo", "--headless", "deep/out")
    assert result.status == 0, result.stderr
    out = tmp_path / "deep" / "out"
    assert {path.suffix for path in out.iterdir()} == {".las", ".csv", ".png", ".json"}
    assert all(path.name in result.stdout for path in out.iterdir())
    las = lasio.read(out / "sample.las")
    assert len(las.curves) >= 4
    assert all(np.isfinite(las[name]).mean() > 0.5 for name in las.keys())  # noqa: SIM118 - not a dict


def test_demo_into_a_file_is_one_line(run_cli: RunCli, tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    result = run_cli("demo", "--headless", "out")
    assert result.status == 1
    assert "out is a file" in result.stderr

"""``curvedesk templates``: save a confirmed sheet's form, see it listed, meet it again, forget it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from curvedesk.store.locations import bundled_resources_dir
from tests.conftest import RunCli

SAMPLE = bundled_resources_dir() / "sample"


def test_that_a_saved_form_is_listed_used_on_the_next_log_and_forgotten(run_cli: RunCli, tmp_path: Path) -> None:
    for name in ("scan.tif", "scan.sheet.json"):
        shutil.copy(SAMPLE / name, tmp_path / name)
    saved = run_cli("templates", "save", "County form", "scan.sheet.json")
    assert saved.status == 0, saved.stderr
    listed = run_cli("templates").stdout.splitlines()
    assert listed[0].startswith("County form  yours  ")
    assert any("bundled" in line for line in listed[1:])
    assert run_cli("register", "scan.tif", "-o", "next.sheet.json").status == 0
    sheet = json.loads((tmp_path / "next.sheet.json").read_text())
    curves = [curve for track in sheet["tracks"] for curve in track["curves"]]
    assert curves
    assert all(curve["from_template"] == "County form" for curve in curves)
    assert run_cli("templates", "delete", "County form").status == 0
    assert "County form" not in run_cli("templates").stdout


def test_that_a_form_that_is_not_there_is_one_sentence(run_cli: RunCli) -> None:
    done = run_cli("templates", "delete", "Nowhere")
    assert done.status == 1
    assert done.stderr.startswith("curvedesk: error:")
    assert done.stderr.count("\n") == 1

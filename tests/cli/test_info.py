"""curvedesk info."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import PaperLog
from tests.conftest import RunCli


def test_info_prints_one_json_object(run_cli: RunCli, paper_log: PaperLog) -> None:
    result = run_cli("info", paper_log.scan)
    assert (result.status, result.stderr) == (0, "")
    described = json.loads(result.stdout)
    assert {"pages", "width", "height", "bits", "compression", "dpi", "polarity", "colour"} <= set(described)
    assert (described["width"], described["height"], described["pages"]) == (780, 1000, 1)


@pytest.mark.parametrize("verb", ["info", "predict", "trace", "digitize"])
def test_a_file_that_is_no_scan_is_one_line(run_cli: RunCli, tmp_path: Path, verb: str, paper_log: PaperLog) -> None:
    (tmp_path / "notes.tif").write_text("These are my notes.\n", encoding="utf-8")
    (tmp_path / "empty.png").touch()
    options: dict[str, list[str | Path]] = {"info": [], "digitize": ["-o", "x.las", "--sheet", paper_log.sheet]}
    for name in ("notes.tif", "empty.png", "missing.tif", "."):
        result = run_cli(verb, name, *options.get(verb, ["-o", "x.out"]))
        assert result.status == 1
        assert result.stderr.startswith("curvedesk: error: ")
        assert result.stderr.count("\n") == 1
        assert Path(name).name in result.stderr
        assert "has a fault" not in result.stderr
        assert not list(tmp_path.glob("x.*"))

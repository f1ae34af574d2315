"""curvedesk predict and trace."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile

from tests.cli.conftest import PaperLog
from tests.conftest import RunCli


def test_predict_writes_classes_as_large_as_the_scan(run_cli: RunCli, paper_log: PaperLog, tmp_path: Path) -> None:
    result = run_cli("predict", paper_log.scan, "-o", "m.tif")
    assert (result.status, result.stderr) == (0, "")
    mask = tifffile.imread(tmp_path / "m.tif")
    assert (mask.shape, mask.dtype) == ((1000, 780), np.uint8)
    assert {0} < set(np.unique(mask)) <= {0, 1, 2}
    rows = np.arange(20, 980)
    pen = np.round(40 + 2 * paper_log.gr(1000 + rows / 10)).astype(int)
    assert (mask[rows, pen] > 0).mean() > 0.9
    assert (mask > 0).mean() < 0.05


def test_predict_of_a_region_is_as_large_as_the_region_and_like_that_part_of_the_whole(
    run_cli: RunCli, paper_log: PaperLog, tmp_path: Path
) -> None:
    for name, options in (("whole.tif", []), ("part.tif", ["--region", "0", "200", "400", "700"])):
        assert run_cli("predict", paper_log.scan, "-o", name, "--binary", *options).status == 0
    whole, part = (tifffile.imread(tmp_path / name) for name in ("whole.tif", "part.tif"))
    assert part.shape == (500, 400)
    assert set(np.unique(part)) == {0, 1}
    assert (part == whole[200:700, :400])[50:-50, :-50].mean() > 0.99


def test_predict_keeps_the_size_of_a_scan_of_another_resolution(
    run_cli: RunCli, paper_log: PaperLog, tmp_path: Path
) -> None:
    assert run_cli("predict", paper_log.scan, "-o", "m.tif", "--dpi", "310").status == 0
    assert tifffile.imread(tmp_path / "m.tif").shape == (1000, 780)


def test_trace_finds_both_pens_without_a_sheet(run_cli: RunCli, paper_log: PaperLog, tmp_path: Path) -> None:
    result = run_cli("trace", paper_log.scan, "-o", "x.curves.json", "--region", "30", "100", "780", "900")
    assert (result.status, result.stderr) == (0, "")
    curves = json.loads((tmp_path / "x.curves.json").read_text(encoding="utf-8"))["curves"]
    assert all(set(curve) == {"style", "points", "confidence"} for curve in curves)
    assert {curve["style"] for curve in curves} >= {"solid"}
    longest = max(curves, key=lambda curve: len(curve["points"]))
    x, y = np.array(longest["points"]).T
    assert y.min() >= -0.5
    assert y.max() <= 800
    drawn = 40 + paper_log.gr(1000 + (y + 100) / 10) * 2
    assert np.median(np.abs(x + 30 - drawn)) < 3


@pytest.mark.parametrize("verb", ["predict", "trace"])
@pytest.mark.parametrize("region", [("0", "0", "0", "10"), ("10", "10", "5", "20"), ("5000", "0", "6000", "10")])
def test_a_region_that_holds_nothing_is_one_line(
    run_cli: RunCli, paper_log: PaperLog, tmp_path: Path, verb: str, region: tuple[str, ...]
) -> None:
    result = run_cli(verb, paper_log.scan, "-o", "o.out", "--region", *region)
    assert result.status == 1
    assert "region" in result.stderr
    assert result.stderr.count("\n") == 1
    assert "has a fault" not in result.stderr
    assert not (tmp_path / "o.out").exists()


@pytest.mark.parametrize("verb", ["predict", "trace"])
@pytest.mark.parametrize(
    "options", [["--dpi", "-3"], ["--dpi", "nan"], ["--model", "unheard-of"], ["--model", "."], ["--device", "mps"]]
)
def test_an_impossible_option_is_one_line(run_cli: RunCli, paper_log: PaperLog, verb: str, options: list[str]) -> None:
    result = run_cli(verb, paper_log.scan, "-o", "o.out", *options)
    assert result.status in {1, 2}
    assert result.stderr.splitlines()[-1].split(": ")[0] in {"curvedesk", "Error"}
    assert "has a fault" not in result.stderr

"""How long the parts of a registration take on a drawn page of 12,000 rows."""

from __future__ import annotations

import time
from pathlib import Path

from pytest_benchmark.fixture import BenchmarkFixture

from curvedesk.imaging import open_scan
from curvedesk.registration import propose_sheet
from curvedesk.registration.atlas import survey
from curvedesk.registration.drift import stretches
from curvedesk.registration.levels import read_levels
from curvedesk.registration.page import read_page
from curvedesk.synth.fax import write_group4
from tests.bench.conftest import BenchReport
from tests.registration.makers import draw_grid


def test_survey_of_a_page(benchmark: BenchmarkFixture) -> None:
    drawn = draw_grid(wave_px=8.0, height=12_000)
    assert benchmark(survey, drawn.page).columns.max() > 0


def test_level_lines_of_a_stretch(benchmark: BenchmarkFixture) -> None:
    drawn = draw_grid(slope=0.006, height=12_000)
    atlas = survey(drawn.page)
    stretch = max(stretches(atlas.columns), key=lambda s: s.last - s.first)
    assert benchmark(read_levels, atlas.rows, stretch).rows.max() > 0


def test_a_whole_sheet_off_20000_rows_beside_decoding_them(bench_report: BenchReport, tmp_path: Path) -> None:
    """Of one core; the baseline is what no reading can do without: decoding each row of the scan once."""
    drawn = draw_grid(slope=0.002, wave_px=5.0, numbers=(1000.0, 50.0), height=20_000)
    path = tmp_path / "tall.tif"
    write_group4(path, 255 - (drawn.page.ink > 128).astype("uint8") * 255, dpi=200)
    with open_scan(path) as scan:
        started = time.process_time()
        read_page(scan, dpi=200)
        decoded = time.process_time()
        sheet = propose_sheet(scan)
        done = time.process_time()
    assert len(sheet.depth.ties) > 100
    bench_report("whole sheet / decoding, 20,000 rows", done - decoded, decoded - started, unit="s")

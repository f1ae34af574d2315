"""How long the parts of a registration take on a drawn page of 12,000 rows."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from curvedesk.registration.atlas import survey
from curvedesk.registration.drift import stretches
from curvedesk.registration.levels import read_levels
from tests.registration.makers import draw_grid


def test_survey_of_a_page(benchmark: BenchmarkFixture) -> None:
    drawn = draw_grid(wave_px=8.0, height=12_000)
    assert benchmark(survey, drawn.page).columns.max() > 0


def test_level_lines_of_a_stretch(benchmark: BenchmarkFixture) -> None:
    drawn = draw_grid(slope=0.006, height=12_000)
    atlas = survey(drawn.page)
    stretch = max(stretches(atlas.columns), key=lambda s: s.last - s.first)
    assert benchmark(read_levels, atlas.rows, stretch).rows.max() > 0

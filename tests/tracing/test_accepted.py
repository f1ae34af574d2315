"""What was accepted stays as it was, whatever a later network says."""

import numpy as np

from curvedesk.domain.strokes import AcceptStroke, CurveStroke, dump_strokes, parse_strokes
from curvedesk.tracing.accepted import spelled_out
from curvedesk.tracing.strip import Window
from curvedesk.tracing.track import Evidence, trace_track
from tests.tracing.makers import gr, make_sheet

LINE = ((60.0, 100.0), (70.0, 200.0), (60.0, 300.0))


def test_an_accepted_line_survives_its_file():
    strokes = (AcceptStroke("GR", (100.0, 300.0), (LINE,)), AcceptStroke("GR", (1.0, 2.0)))
    assert parse_strokes(dump_strokes(strokes)) == strokes


def test_only_what_lies_in_the_rows_binds_and_a_stroke_over_it_comes_last():
    drawn = CurveStroke("GR", ((50.0, 150.0), (50.0, 160.0)))
    said = spelled_out((AcceptStroke("GR", (150.0, 300.0), (LINE,)), drawn))
    assert [s.points for s in said if isinstance(s, CurveStroke)] == [((70.0, 200.0), (60.0, 300.0)), drawn.points]
    assert said[-1] is drawn


def test_a_trace_runs_along_what_was_accepted_where_the_ink_says_otherwise():
    sheet = make_sheet([gr()])
    probability = np.zeros((2, 500, 300), np.uint8)
    probability[0, :, 198:201] = 255
    evidence = Evidence(probability, np.full((500, 300), 255, np.uint8), Window(0, 0, 1.0))
    (free,) = trace_track(sheet, sheet.tracks[0], evidence, dpi=200)
    accepted = AcceptStroke("GR", (100.0, 300.0), (LINE,))
    (bound,) = trace_track(sheet, sheet.tracks[0], evidence, dpi=200, strokes=[accepted])
    middle = np.abs(free.y_px - 200) < 0.6
    assert abs(np.nanmean(free.x_px[middle]) - 199) < 1
    middle = np.abs(bound.y_px - 200) < 0.6
    assert abs(np.nanmean(bound.x_px[middle]) - 70) < 1.5

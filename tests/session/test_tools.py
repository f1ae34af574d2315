"""Tools in a hand that needs no window: press, move, release in; previews, commands and questions out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvedesk.domain.errors import SheetError
from curvedesk.domain.project import Look, Project, ScanRef, curve_keys
from curvedesk.domain.sheet import Sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, NullStroke, Stroke, SwapStroke
from curvedesk.session.commands import AddStroke, ReplaceStroke, SetSheet
from curvedesk.session.document import Document
from curvedesk.session.tools import TOOLS, EraseStrokes, Situation, Tool, ToolEvent, ToolResult, make_tool
from curvedesk.session.tools.lines import simplified, to_line
from tests.tracing.makers import cali, gr, ideal, make_sheet, pen_line, sp

SHEET = make_sheet([gr(), cali()], [sp()], feet=40)
PENS = [
    pen_line(SHEET, "GR", lambda d: np.full(np.shape(d), 30.0)),
    pen_line(SHEET, "CALI", lambda d: d * 0 + 70),
    pen_line(SHEET, "SP", lambda d: d * 0 + 50),
]
CURVES = dict(zip(curve_keys(SHEET), PENS, strict=True))
PROJECT = Project(ScanRef("a.tif", "0" * 64, 0, 560, 560, 200.0), SHEET, curves=CURVES)
GR_PX, CALI_PX = 100.0, 180.0  # columns of the two pens: 40 + 30 % and 70 % of 200


class Hand:
    """A tool in hand of somebody who does what it answers."""

    def __init__(self, tool: str, *, project: Project = PROJECT, active: str | None = "1/GR", **more: object) -> None:
        self.document = Document(project)
        self.situation = Situation(project, active, **more)  # type: ignore[arg-type]
        self.tool: Tool = make_tool(tool, self.look)
        self.zoom = 1.0

    def look(self) -> Situation:
        return replace(self.situation, project=self.document.project)

    def at(self, x: float, y: float, **keys: bool) -> ToolEvent:
        return ToolEvent(x, y, self.zoom, **keys)

    def click(self, x: float, y: float, **keys: bool) -> ToolResult:
        pressed = self.done(self.tool.press(self.at(x, y, **keys)))
        return pressed if pressed.say else self.done(self.tool.release(self.at(x, y, **keys)))

    def drag(self, points: Iterable[tuple[float, float]], **keys: bool) -> ToolResult:
        way = [self.at(*point, **keys) for point in points]
        pressed = self.done(self.tool.press(way[0]))
        if pressed.say:
            return pressed
        for event in way[1:]:
            self.done(self.tool.move(event))
        return self.done(self.tool.release(way[-1]))

    def key(self, name: str) -> ToolResult | None:
        result = self.tool.key(name)
        return None if result is None else self.done(result)

    def done(self, result: ToolResult) -> ToolResult:
        entry = None
        for command in result.commands:
            entry = self.document.execute(command, joins=entry).entry
        return result

    @property
    def strokes(self) -> list[Stroke]:
        return list(self.document.project.strokes.values())


def _down(x: float, first: float, last: float, step: float = 4) -> list[tuple[float, float]]:
    return [(x, float(y)) for y in np.arange(first, last + 0.1, step)]


def _with(*strokes: Stroke) -> Project:
    return replace(PROJECT, strokes={f"s{i}": stroke for i, stroke in enumerate(strokes, 1)})


@pytest.mark.parametrize("spec", TOOLS, ids=lambda spec: spec.id)
def test_every_tool_says_what_it_is_and_never_fails_on_an_empty_desk(spec: object) -> None:
    assert spec in TOOLS
    hand = Hand(getattr(spec, "id", ""), project=Project(), active=None)
    hand.drag([(5, 5), (9, 30), (-20, 9000)])
    hand.click(3, 3)
    assert [hand.key(name) for name in ("Return", "Backspace", "Delete")] == [None] * 3 or hand.strokes
    hand.tool.cancel()
    assert not hand.tool.cancel()
    assert all((getattr(spec, field, "")) for field in ("id", "name", "key", "icon", "tip", "cursor"))


def test_no_two_tools_share_a_key_or_an_id() -> None:
    assert len({spec.key for spec in TOOLS}) == len({spec.id for spec in TOOLS}) == len(TOOLS)


def test_an_unknown_tool_does_nothing() -> None:
    assert not Hand("hammer").drag([(1, 1), (50, 50)]).commands


def test_the_pen_writes_one_stroke_of_the_active_curve() -> None:
    hand = Hand("pen", active="1/CALI")
    hand.drag(_down(120, 200, 260))
    (stroke,) = hand.strokes
    assert isinstance(stroke, CurveStroke)
    assert stroke.curve == "CALI"
    assert stroke.points == ((120.0, 200.0), (120.0, 260.0)), "a straight line needs two points"
    assert hand.document.history.undo_label == "CALI runs here"


def test_the_pen_is_drawn_to_the_ink_and_alt_lets_it_be() -> None:
    hand = Hand("pen", evidence=ideal(SHEET, PENS))
    hand.drag(_down(GR_PX + 4, 200, 260))
    hand.drag(_down(GR_PX + 4, 300, 360), alt=True)
    snapped, free = (np.array(stroke.points) for stroke in hand.strokes if isinstance(stroke, CurveStroke))
    assert np.abs(snapped[:, 0] - GR_PX).max() < 0.5
    assert np.abs(free[:, 0] - GR_PX - 4).max() < 0.01


def test_the_pen_far_from_ink_stays_with_the_hand() -> None:
    hand = Hand("pen", evidence=ideal(SHEET, PENS))
    hand.drag(_down(GR_PX + 30, 200, 260))
    assert hand.strokes == [CurveStroke("GR", ((GR_PX + 30, 200.0), (GR_PX + 30, 260.0)))]


def test_corners_are_clicked_and_enter_ends_the_line() -> None:
    hand = Hand("pen")
    for corner in ((110, 200), (130, 230), (115, 260)):
        hand.click(*corner)
    preview = hand.tool.move(hand.at(140, 280)).preview
    assert preview is not None
    assert len(preview.marks) == 3
    assert preview.drawn[0].points[-1] == (140.0, 280.0)
    hand.key("Return")
    assert hand.strokes == [CurveStroke("GR", ((110.0, 200.0), (130.0, 230.0), (115.0, 260.0)))]


def test_backspace_takes_the_last_corner_back_and_escape_all_of_them() -> None:
    hand = Hand("pen")
    for corner in ((110, 200), (130, 230), (115, 260)):
        hand.click(*corner)
    hand.key("Backspace")
    hand.key("Return")
    assert hand.strokes == [CurveStroke("GR", ((110.0, 200.0), (130.0, 230.0)))]
    hand.click(110, 300)
    assert hand.tool.cancel()
    assert hand.key("Return") is None
    assert len(hand.strokes) == 1


def test_escape_while_drawing_draws_nothing() -> None:
    hand = Hand("pen")
    hand.tool.press(hand.at(100, 100))
    hand.tool.move(hand.at(100, 140))
    assert hand.tool.cancel()
    assert not hand.tool.release(hand.at(100, 150)).commands


@pytest.mark.parametrize("tool", ["pen", "null", "accept"])
def test_a_locked_curve_or_none_is_refused_in_words(tool: str) -> None:
    locked = replace(PROJECT, looks={"1/GR": Look("#000000", locked=True)})
    assert "GR is locked" in Hand(tool, project=locked).drag(_down(100, 200, 240)).say
    assert "Choose a curve" in Hand(tool, active=None).drag(_down(100, 200, 240)).say


def test_the_brush_is_as_wide_as_it_is_set() -> None:
    hand = Hand("not_curve", width_px=17.0)
    preview = hand.tool.press(hand.at(90, 100)).preview
    assert preview is not None
    assert preview.drawn[0].width_px == 17.0
    hand.tool.cancel()
    hand.drag([(90, 100), (120, 101), (150, 100)])
    assert hand.strokes[0] == NotCurveStroke(((90.0, 100.0), (120.0, 101.0), (150.0, 100.0)), 17.0)


@pytest.mark.parametrize(("tool", "kind"), [("null", NullStroke), ("accept", AcceptStroke)])
def test_rows_are_dragged_either_way(tool: str, kind: type[NullStroke | AcceptStroke]) -> None:
    hand = Hand(tool)
    hand.drag([(100, 300), (105, 260), (99, 240)])
    (stroke,) = hand.strokes
    assert isinstance(stroke, kind)
    assert (stroke.curve, stroke.rows) == ("GR", (240.0, 300.0))


def test_an_interval_shows_its_depths_and_a_click_alone_says_nothing() -> None:
    hand = Hand("null")
    hand.tool.press(hand.at(100, 160))
    preview = hand.tool.move(hand.at(100, 210)).preview
    assert preview is not None
    assert preview.words == "1,010.0 to 1,015.0 ft"
    assert preview.rows == (160, 210)
    hand.tool.cancel()
    assert "Drag over the rows" in hand.click(100, 160).say
    assert not hand.strokes


def test_a_swap_takes_the_two_nearest_curves_of_the_track() -> None:
    hand = Hand("swap")
    preview = hand.tool.move(hand.at(150, 300)).preview
    assert preview is not None
    assert preview.words == "CALI and GR change places from here down"
    hand.click(150, 300)
    assert hand.strokes == [SwapStroke(("CALI", "GR"), 300.0)]


def test_a_swap_without_two_curves_or_with_a_locked_one_is_refused() -> None:
    assert "Fewer than two" in Hand("swap").click(380, 300).say
    assert "inside a track" in Hand("swap").click(5, 300).say
    locked = replace(PROJECT, looks={"1/CALI": Look("#000000", locked=True)})
    assert "CALI is locked" in Hand("swap", project=locked).click(150, 300).say


def test_the_eraser_takes_a_stroke_away_or_the_part_under_it() -> None:
    long, short = CurveStroke("GR", ((100.0, 100.0), (100.0, 200.0))), CurveStroke("GR", ((100.0, 298), (100.0, 304)))
    hand = Hand("erase", project=_with(long, short), width_px=20.0)
    hand.drag([(80, 150), (120, 150)])
    assert [np.array(s.points)[:, 1].tolist() for s in hand.strokes if isinstance(s, CurveStroke)] == [
        [100.0, pytest.approx(139.5, abs=0.6)],
        [298, 304],
        [pytest.approx(160.5, abs=0.6), 200.0],
    ]
    hand.drag([(90, 301), (100, 301)])
    assert len(hand.strokes) == 2
    assert hand.document.history.undo_label == "Stroke erased"
    hand.document.undo()
    hand.document.undo()
    assert hand.strokes == [long, short], "one step back each"


def test_the_eraser_shows_what_goes_before_it_goes() -> None:
    hand = Hand("erase", project=_with(CurveStroke("GR", ((100.0, 100.0), (100.0, 200.0)))), width_px=20.0)
    preview = hand.tool.press(hand.at(105, 150)).preview
    assert preview is not None
    assert preview.hidden == {"s1"}
    assert hand.tool.cancel()
    assert len(hand.strokes) == 1


def test_the_eraser_cuts_intervals_and_takes_swaps_in_their_track_only() -> None:
    project = _with(NullStroke("GR", (100.0, 300.0)), SwapStroke(("GR", "CALI"), 250.0), NullStroke("SP", (100, 300)))
    hand = Hand("erase", project=project, width_px=10.0)
    hand.drag([(100, 200), (100, 260)])
    assert hand.strokes == [
        NullStroke("GR", (100.0, 195.0)),
        NullStroke("SP", (100, 300)),
        NullStroke("GR", (265, 300)),
    ]


def test_an_eraser_that_meets_nothing_says_so() -> None:
    result = Hand("erase").drag([(100, 100), (110, 120)])
    assert "No stroke lies there" in result.say
    assert not result.commands


def test_an_erased_stroke_that_is_gone_meanwhile_is_no_fault() -> None:
    assert EraseStrokes({"s9": ()}).apply(PROJECT).strokes == {}


def test_a_corner_of_a_stroke_is_dragged() -> None:
    hand = Hand("vertex", project=_with(CurveStroke("GR", ((100.0, 100.0), (110.0, 150.0), (100.0, 200.0)), 5.0)))
    result = hand.drag([(112, 151), (120, 155), (131, 157)])
    assert isinstance(result.commands[0], ReplaceStroke)
    assert hand.strokes == [CurveStroke("GR", ((100.0, 100.0), (131.0, 157.0), (100.0, 200.0)), 5.0)]


def test_the_line_itself_is_bent_and_its_neighbours_follow() -> None:
    hand = Hand("vertex")
    hand.drag([(GR_PX + 1, 300), (GR_PX + 10, 300), (GR_PX + 21, 300)])
    (stroke,) = hand.strokes
    assert isinstance(stroke, CurveStroke)
    x, y = np.array(stroke.points).T
    bent = np.interp([300, 290, 320, 262, 338], y, x) - GR_PX
    assert bent[0] == pytest.approx(20.5, abs=1.5)
    assert 10 < bent[2] < 12.5
    assert np.abs(bent[3:]).max() < 0.8
    assert bent[1] > bent[2]


def test_a_click_on_a_line_changes_nothing_and_a_locked_line_is_refused() -> None:
    hand = Hand("vertex")
    assert not hand.click(GR_PX, 300).commands
    locked = replace(PROJECT, looks={"1/GR": Look("#000000", locked=True)})
    assert "GR is locked" in Hand("vertex", project=locked).drag(_down(GR_PX, 300, 320)).say


def _paper(x0: int, y0: int, x1: int, y1: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """Depth lines every 10 ft (100 rows from row 63 on, 3 rows off the sheet), borders at 43 and 243."""
    rows, columns = np.arange(y0, y1)[:, None], np.arange(x0, x1)[None]
    ink = ((rows - 63) % 100 < 2) | (np.abs(columns - 43) <= 1) | (np.abs(columns - 243) <= 1)
    return np.where(ink, 0, 255).astype(np.uint8)


def _ties(project: Project) -> list[tuple[float, float]]:
    assert project.sheet is not None
    return [(float(y), float(d)) for y, d, _ in project.sheet.depth.ties]


def test_a_tie_snaps_to_the_printed_line_and_asks_for_its_depth() -> None:
    hand = Hand("tie", paper=_paper)
    result = hand.click(150, 268)
    assert result.ask is not None
    assert (result.ask.unit, result.ask.offer) == ("FT", 1020.0)
    assert result.ask.y_px == pytest.approx(263.5, abs=0.2)
    hand.document.execute(result.ask.answer(1021.0))
    assert (263.5, 1021.0) in [(pytest.approx(y, abs=0.2), d) for y, d in _ties(hand.document.project)]
    assert hand.document.history.undo_label == "Tie at 1,021 ft"


def test_with_alt_a_tie_stays_where_the_pointer_is() -> None:
    ask = Hand("tie", paper=_paper).click(150, 268, alt=True).ask
    assert ask is not None
    assert ask.y_px == 268


def test_a_depth_that_does_not_fit_is_refused_when_it_is_given() -> None:
    ask = Hand("tie", paper=_paper).click(150, 268).ask
    assert ask is not None
    with pytest.raises(SheetError, match="must grow deeper downwards"):
        ask.answer(9000.0)


def test_a_tie_is_dragged_onto_the_print_and_deleted_under_the_pointer() -> None:
    hand = Hand("tie", paper=_paper)
    before = _ties(PROJECT)
    hand.drag([(20, before[1][0] + 1), (20, before[1][0] + 9), (20, 165)])
    moved = _ties(hand.document.project)
    assert moved[1][0] == pytest.approx(163.5, abs=0.3)
    assert moved[1][1] == before[1][1]
    hand.tool.move(hand.at(20, moved[1][0]))
    hand.key("Delete")
    assert len(_ties(hand.document.project)) == len(before) - 1
    hand.tool.move(hand.at(20, before[0][0]))
    result = hand.key("Delete")
    assert result is not None
    assert "Two ties must stay" in result.say


def _edges(sheet: Sheet | None) -> tuple[int, float]:
    assert sheet is not None
    left = sheet.tracks[0].left
    return len(left), float(np.interp(300, left[:, 1], left[:, 0]))


def test_a_border_is_dragged_onto_the_print_and_gets_a_point_where_it_was_pressed() -> None:
    hand = Hand("edge", paper=_paper)
    count, at = _edges(SHEET)
    assert at == pytest.approx(40)
    hand.drag([(41, 310), (43, 310), (44, 311)])
    assert _edges(hand.document.project.sheet)[0] == count + 1
    sheet = hand.document.project.sheet
    assert sheet is not None
    near = sheet.tracks[0].left[np.argmin(np.abs(sheet.tracks[0].left[:, 1] - 311))]
    assert near.tolist() == [pytest.approx(43, abs=0.2), 311]
    hand.tool.move(hand.at(43, 311))
    hand.key("Delete")
    assert _edges(hand.document.project.sheet) == (count, pytest.approx(40))


def test_a_border_that_is_pressed_nowhere_says_what_to_do() -> None:
    assert "border of a track" in Hand("edge").drag([(150, 200), (160, 200)]).say


def test_a_point_of_a_border_cannot_pass_its_neighbours() -> None:
    hand = Hand("edge")
    left = SHEET.tracks[0].left
    hand.drag([tuple(left[2]), (left[2][0], 9000.0)])  # type: ignore[list-item]
    sheet = hand.document.project.sheet
    assert sheet is not None
    assert (np.diff(sheet.tracks[0].left[:, 1]) > 0).all()


def test_the_vertex_tool_takes_borders_and_ties_too() -> None:
    hand = Hand("vertex", paper=_paper)
    corner = SHEET.tracks[0].left[3]
    result = hand.drag([tuple(corner), (42.0, float(corner[1]))])  # type: ignore[list-item]
    assert isinstance(result.commands[0], SetSheet)
    result = hand.drag([(20, _ties(PROJECT)[1][0]), (20, _ties(PROJECT)[1][0] + 12)])
    assert isinstance(result.commands[0], SetSheet)


def test_commands_are_about_what_was_asked() -> None:
    assert isinstance(Hand("pen").drag(_down(100, 200, 240)).commands[0], AddStroke)


@given(
    st.lists(st.tuples(st.floats(0, 400), st.floats(0, 400)), min_size=2, max_size=40),
    st.floats(0.1, 5),
)
def test_fewer_points_are_never_farther_away_than_said(points: list[tuple[float, float]], tolerance: float) -> None:
    line = np.array(points)
    fewer = simplified(line, tolerance_px=tolerance)
    assert to_line(line, fewer).max() <= tolerance + 1e-6
    assert (fewer[[0, -1]] == line[[0, -1]]).all()


WRAPPING = make_sheet([gr(wrap=True), cali()], [sp(wrap={"kind": "multiply", "factor": 10})], feet=40)


def _wrapping(**more: object) -> Hand:
    lines = [replace(line, spec=spec) for line, (_, spec) in zip(PENS, WRAPPING.curves(), strict=True)]
    curves = dict(zip(curve_keys(WRAPPING), lines, strict=True))
    return Hand("back_up", project=replace(PROJECT, sheet=WRAPPING, curves=curves, **more))  # type: ignore[arg-type]


def test_a_click_says_that_a_curve_is_on_its_next_back_up_scale_and_shift_the_one_before() -> None:
    hand = _wrapping()
    preview = hand.tool.move(hand.at(GR_PX, 300)).preview
    assert preview is not None
    assert preview.words == "GR on back-up 1: 100 to 200"
    hand.click(GR_PX + 3, 300)
    (stroke,) = hand.strokes
    assert isinstance(stroke, CurveStroke)
    assert (stroke.curve, stroke.turn) == ("GR", 1)
    assert all(abs(x - GR_PX) < 0.5 and abs(y - 300) <= 31 for x, y in stroke.points)
    assert max(y for _, y in stroke.points) - min(y for _, y in stroke.points) > 50
    assert hand.document.history.entries[-1].label == "GR on back-up 1"
    before = _wrapping()
    before.click(GR_PX, 300, shift=True)
    assert [s.turn for s in before.strokes if isinstance(s, CurveStroke)] == [-1]


def test_a_second_click_at_the_same_place_changes_what_was_said_and_adds_nothing() -> None:
    hand = _wrapping()
    hand.click(GR_PX, 300)
    project = hand.document.project
    line = replace(project.curves["1/GR"], turn=np.ones_like(project.curves["1/GR"].turn))
    again = _wrapping(strokes=project.strokes)
    again.situation = replace(again.situation, project=replace(again.document.project, curves={"1/GR": line}))
    again.tool.look = lambda: again.situation  # type: ignore[attr-defined]
    again.click(GR_PX, 310)
    assert [s.turn for s in again.strokes if isinstance(s, CurveStroke)] == [2]


def test_a_scale_that_cannot_be_is_refused_in_a_sentence() -> None:
    assert "that has a back-up scale" in _wrapping().click(5, 300).say
    assert "CALI" not in _wrapping().click(CALI_PX, 300).say  # which has none: the nearest one that has is meant
    assert "that has a back-up scale" in Hand("back_up").click(GR_PX, 300).say
    sp_px = 380.0
    assert "no scale before" in _wrapping().click(sp_px, 300, shift=True).say
    left = make_sheet([gr()], [sp(wrap={"kind": "multiply", "factor": 1.5})], feet=40)
    line = replace(PENS[2], spec=next(spec for _, spec in left.curves() if spec.mnemonic == "SP"))
    hand = Hand("back_up", project=replace(PROJECT, sheet=left, curves={"2/SP": line}))
    assert "so far left" in hand.click(sp_px, 300).say
    locked = _wrapping(looks={"1/GR": Look("#000000", locked=True)})
    assert "GR is locked" in locked.click(GR_PX, 300).say

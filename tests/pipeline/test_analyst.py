"""The simulated analyst says what a person would, and measures only where it said nothing."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from curvedesk import analyst_cases
from curvedesk.analyst import simulate
from curvedesk.analyst_begin import Begin
from curvedesk.analyst_cases import cases_in, given, opened
from curvedesk.analyst_hand import Analyst, hand_seconds, said_by
from curvedesk.analyst_poison import along_the_grid, at_random, contradicting, poison
from curvedesk.analyst_rounds import rounds
from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.sheet import dump_sheet
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke, Stroke
from curvedesk.imaging import open_scan
from curvedesk.improve import Outcome
from curvedesk.interchange import write_las
from curvedesk.interchange.log import read_log, source_of
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.finetune import FinetuneConfig
from curvedesk.learn.gate import Judgement, Verdict
from curvedesk.learn.preflight import Preflight
from curvedesk.synth import HELD_OUT_STYLES
from curvedesk.tracing.strip import Window
from curvedesk.tracing.track import Evidence
from tests.tracing.makers import gr, ideal, make_sheet, pen_line, sp

LITTLE = FinetuneConfig(steps=1, batch=2, size=64)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The folder of a log with truth: two pens over 60 ft."""
    sheet, folder = make_sheet([gr()], [sp()], feet=60), tmp_path / "logs" / "one"
    folder.mkdir(parents=True)
    lines = [pen_line(sheet, name, lambda depth: 50 + 20 * np.sin(depth / 3)) for name in ("GR", "SP")]
    cv2.imwrite(str(folder / "scan.png"), ideal(sheet, lines).gray)
    (folder / "sheet.json").write_text(json.dumps(dump_sheet(sheet)))
    with open_scan(folder / "scan.png", dpi=200) as scan:
        write_las(read_log(source_of(scan), sheet, (), "truth", lines), folder / "truth.las")
    return folder.parent


def moved(line: TracedCurve, first: float, last: float, by_px: float) -> TracedCurve:
    """The same line, wrong in some rows."""
    here = (line.y_px >= first) & (line.y_px <= last)
    return replace(line, x_px=np.where(here, line.x_px + by_px, line.x_px))


def test_it_draws_where_the_overlay_lies_worst_looks_again_and_accepts_the_line_it_sees(case: Path) -> None:
    with opened(case / "one") as log:
        lines = [pen_line(log.sheet, name, lambda depth: 50 + 20 * np.sin(depth / 3)) for name in ("GR", "SP")]
        shown: list[int] = []

        def retrace(said: Sequence[Stroke]) -> list[TracedCurve]:
            shown.append(len(said))
            wrong = [(200.0, 280.0, 9.0), (450.0, 520.0, 30.0)][: 2 - len(said)]  # each stroke mends the worst
            traced = lines[0]
            for first, last, by in wrong:
                traced = moved(traced, first, last, by)
            return [traced, lines[1]]

        said = said_by(retrace, log.truth, Analyst(strokes=2, accepts=1), log.dpi)
    drawn = [stroke for stroke in said if isinstance(stroke, CurveStroke)]
    middles = [float(np.mean([y for _, y in stroke.points])) for stroke in drawn]
    assert [stroke.curve for stroke in drawn] == ["GR", "GR"]
    assert middles == [pytest.approx(485, abs=45), pytest.approx(240, abs=45)]
    assert shown == [0, 1, 2]
    (accepted,) = [stroke for stroke in said if isinstance(stroke, AcceptStroke)]
    assert accepted.lines
    assert 0.2 < hand_seconds(said, log.dpi) < 60


def test_nobody_draws_where_no_ink_is_to_be_seen(case: Path) -> None:
    with opened(case / "one") as log:
        lines = [pen_line(log.sheet, name, lambda depth: 50 + 20 * np.sin(depth / 3)) for name in ("GR", "SP")]
        wrong = moved(moved(lines[0], 200.0, 280.0, 9.0), 450.0, 520.0, 30.0)
        tracer = log.tracer(
            Evidence(
                np.zeros((2, 800, 560), np.uint8), _blotted(str(case / "one" / "scan.png"), 400), Window(0, 0, 1.0)
            )
        )
        said = said_by(
            lambda _said: [wrong, lines[1]], log.truth, Analyst(strokes=1, accepts=0), log.dpi, shows=tracer.shows
        )
        nothing = said_by(
            lambda _said: [wrong], log.truth, Analyst(strokes=1, accepts=0), log.dpi, shows=lambda _spec, _line: False
        )
    (drawn,) = said
    assert isinstance(drawn, CurveStroke)
    assert max(y for _, y in drawn.points) < 400
    assert nothing == ()


def _blotted(scan: str, first: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """A scan whose rows from `first` on are black."""
    gray = np.asarray(cv2.imread(scan, cv2.IMREAD_GRAYSCALE))
    gray[first:] = 0
    return gray


def test_only_a_hand_that_follows_pens_over_the_border_tells_a_wrong_back_up_scale(case: Path) -> None:
    sheet = make_sheet([gr(wrap=True)], feet=60)
    line = pen_line(sheet, "GR", lambda depth: np.where(depth < 1030, 50.0, 150.0))
    truth = {"GR": np.column_stack([line.x_px, line.y_px])}
    wrong = replace(line, turn=np.zeros_like(line.turn))
    (blind,) = said_by(lambda _said: [wrong], truth, Analyst(strokes=1, accepts=0), 200.0)
    assert isinstance(blind, CurveStroke)
    assert blind.turn is None

    def retrace(said: Sequence[Stroke]) -> list[TracedCurve]:
        return [wrong if not said else line]

    said = said_by(retrace, truth, Analyst(strokes=1, accepts=1), 200.0, {"GR": line.turn})
    told, accepted = said
    assert isinstance(told, CurveStroke)
    assert told.turn == 1
    assert min(y for _, y in told.points) > 350  # below 1030 ft
    assert isinstance(accepted, AcceptStroke)
    assert hand_seconds([told], 200.0) == pytest.approx(hand_seconds([replace(told, turn=None)], 200.0) + 0.5)


def test_rows_that_were_touched_and_depths_beside_the_stretch_do_not_count(case: Path) -> None:
    with opened(case / "one") as log:
        lines = [pen_line(log.sheet, name, lambda depth: 50 + 20 * np.sin(depth / 3)) for name in ("GR", "SP")]
        wrong = [moved(lines[0], 300, 340, 50.0), lines[1]]
        stroke = CurveStroke("GR", ((100.0, 290.0), (100.0, 350.0)))
        assert log.scores(lines).error_pct < 0.5 < log.scores(wrong).error_pct
        assert log.scores(wrong, [stroke]).error_pct < 0.5
        assert log.scores(wrong).score < log.scores(wrong, [stroke]).score
    with opened(case / "one", 200) as part:
        assert len(part.depth) < 0.5 * len(log.depth)
        assert part.scores(wrong).error_pct > log.scores(wrong).error_pct


def test_a_sheet_a_hand_gives_a_row_and_the_note_says_how_much_error_is_left(
    case: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Sequence[Stroke]] = []
    learn = analyst_cases.improve

    def listening(*given: object, **more: object) -> object:
        heard.append(given[2])  # type: ignore[arg-type]
        return learn(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(analyst_cases, "improve", listening)
    monkeypatch.setattr("curvedesk.improve.replay_score", lambda *_, **__: 0.5)
    report = simulate(case, model, analyst=Analyst(2, 1), config=LITTLE, rows=300, device="cpu")
    sheets, runs = report.tables
    assert [row[0] for row in sheets.rows] == ["one", "mean"]
    assert [row[0] for row in runs.rows] == ["one, 1"]
    assert {"before, error", "strokes alone, error", "and learnt, error", "adopted"} <= set(sheets.columns)
    assert [type(stroke).__name__ for stroke in heard[0]][:2] == ["CurveStroke", "CurveStroke"]
    assert "left with strokes alone" in report.note


def test_lies_lie_where_they_say(case: Path) -> None:
    with opened(case / "one") as log:
        gray = np.full((log.scan.height, log.scan.width), 255, np.uint8)
        left, right = (float(edge(np.array([300.0]))[0]) for edge in (
            log.sheet.tracks[0].left_at, log.sheet.tracks[0].right_at,
        ))  # fmt: skip
        line = round(left + 0.1 * (right - left))
        gray[:, line] = 90
        ink = Evidence(np.zeros((2, *gray.shape), np.uint8), gray, Window(0, 0, 1.0))
        rng = np.random.default_rng(1)
        grid = [s for s in along_the_grid(log, ink, rng, Analyst()) if isinstance(s, CurveStroke) and s.curve == "GR"]
        assert grid
        for stroke in grid:
            assert np.median([x for x, _ in stroke.points]) == pytest.approx(line, abs=1)
        kinds = [type(s) for s in contradicting(log, ink, rng, Analyst())]
        assert kinds == 2 * [CurveStroke, CurveStroke, NotCurveStroke]
        assert len(at_random(log, ink, rng, Analyst())) == 8


def pretended(*, adopted: bool, bases: list[Model]) -> Callable[..., Outcome]:
    """A training that changes nothing and says so or not."""

    def improve(_scan: object, _sheet: object, _said: object, base: Model, **_more: object) -> Outcome:
        bases.append(base)
        figures, net = Judgement(1.0, 0, 0.5), copy.deepcopy(base.net)
        ready = Preflight("cpu", 2, 64, 0.1, 0.1, 0.1, 1.0, "", ())
        return Outcome(net if adopted else base.net, net, Verdict(adopted, "", figures, figures), 1, 0.1, ready)

    return improve


def test_strokes_can_be_learnt_from_the_encoder_alone_or_from_nothing(
    case: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[Model | None, FinetuneConfig]] = []

    def improve(*_given: object, begin: Model | None, config: FinetuneConfig, **_more: object) -> Outcome:
        seen.append((begin, config))
        return pretended(adopted=False, bases=[])(*_given)

    monkeypatch.setattr(analyst_cases, "improve", improve)
    reports = [simulate(case, model, config=LITTLE, begin=begin, rows=300, device="cpu") for begin in Begin]
    (plain, same), (encoder, all_of_it), (cold, _) = seen
    assert (plain, same.whole, all_of_it.whole) == (None, False, True)
    assert encoder is not None and cold is not None
    assert all(map(torch.equal, encoder.net.encoder.parameters(), model.net.encoder.parameters()))
    assert not torch.equal(encoder.net.head.weight, model.net.head.weight)
    assert not all(map(torch.equal, cold.net.encoder.parameters(), model.net.encoder.parameters()))
    assert ["random weights" in report.note for report in reports] == [False, False, True]
    assert {"promised, s", "took, s"} <= set(reports[0].tables[0].columns)


def test_lies_that_are_refused_cost_nothing_and_harm_is_named(
    case: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analyst_cases, "improve", pretended(adopted=False, bases=[]))
    report = poison(case, model, config=LITTLE, rows=300, device="cpu")
    (table,) = report.tables
    assert [str(row[0]).split(",")[0] for row in table.rows] == ["one random", "one grid", "one contradiction"]
    assert "3 refused" in report.note
    assert "100.0 % refused or harmless" in report.note
    fine, poor = analyst_cases.Scores(1.0, 0.9, 0.9), analyst_cases.Scores(9.0, 0.5, 0.5)
    shown = iter([fine, poor] * 3)
    monkeypatch.setattr(analyst_cases.Case, "scores", lambda *_: next(shown))
    monkeypatch.setattr(analyst_cases, "improve", pretended(adopted=True, bases=[]))
    harmed = poison(case, model, config=LITTLE, rows=300, device="cpu")
    assert "3 harmful (one random, 1; one grid, 1; one contradiction, 1): 0.0 % refused or harmless" in harmed.note


def test_three_logs_are_learnt_in_turn_each_from_the_model_the_one_before_left(
    case: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("three", "two"):
        shutil.copytree(case / "one", case / name)
    bases: list[Model] = []
    monkeypatch.setattr(analyst_cases, "improve", pretended(adopted=True, bases=bases))
    report = rounds(case, model, config=LITTLE, rows=300, device="cpu")
    (row,) = report.tables[0].rows
    assert row[0] == "one, three, two; 1"
    assert len({id(base.net) for base in bases}) == 3
    assert "1 of 1 rounds keep it within 0.01" in report.note


def test_a_folder_without_truth_is_refused(tmp_path: Path, model: Model) -> None:
    with pytest.raises(CurveDeskError, match="no sheets with truth"):
        simulate(tmp_path, model)


def test_without_a_folder_sheets_are_drawn_in_styles_that_no_training_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analyst_cases, "_UNSEEN_FT", 60.0)
    monkeypatch.setattr(analyst_cases, "_OF_EACH", 1)
    with given(None) as folder:
        drawn = cases_in(folder)
        assert {path.name.rsplit("-", 1)[0] for path in drawn} == HELD_OUT_STYLES
        with opened(drawn[0]) as log:
            assert any(np.isfinite(pen).any() for pen in log.truth.values())
    with given(tmp_path) as folder:
        assert folder == tmp_path

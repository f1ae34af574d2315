"""curvedesk finetune: the better of two models from a few strokes, told line by line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.conftest import PaperLog
from tests.conftest import REPO, RunCli

HEARS_INTERRUPTS = (  # whoever runs the tests in the background has its children ignore them
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "runpy.run_module('curvedesk', run_name='__main__', alter_sys=True)"
)
TOY = ("--steps", "2", "--size", "64", "--device", "cpu", "--json")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A network that has learnt nothing."""
    import torch

    from curvedesk.learn.checkpoints import save_model
    from curvedesk.learn.net import CurveNet

    torch.manual_seed(5)
    save_model(tmp_path / "base", CurveNet(), {"summary": "Made for a test."})
    return tmp_path / "base"


@pytest.fixture
def strokes(paper_log: PaperLog) -> Path:
    """GR drawn twice and accepted once, and a grid line that is no curve."""
    return _said(paper_log, _drawn(paper_log, 200, 320), _drawn(paper_log, 700, 800), _accepted(500, 620), NOT)


NOT = {"kind": "not_curve", "points": [[100, 400], [130, 400]], "width_px": 9}


def _accepted(first: int, last: int) -> dict[str, Any]:
    return {"kind": "accept", "curve": "GR", "rows": [first, last]}


def _drawn(log: PaperLog, first: int, last: int) -> dict[str, Any]:
    y = np.arange(first, last, 10.0)
    x = 40 + 2 * log.gr(1000 + y / 10)
    return {"kind": "curve", "curve": "GR", "points": np.column_stack([x, y]).tolist(), "width_px": 3}


def _said(log: PaperLog, *strokes: dict[str, Any]) -> Path:
    path = log.scan.with_name("log.strokes.json")
    path.write_text(json.dumps({"format": "curvedesk-strokes", "version": 1, "strokes": strokes}), encoding="utf-8")
    return path


def _arguments(log: PaperLog, strokes: Path, base: Path, *more: str | Path) -> tuple[str | Path, ...]:
    return "finetune", log.scan, "--sheet", log.sheet, "--strokes", strokes, "--base", base, *TOY, *more


def _events(stdout: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stdout.splitlines()]


def _figures(events: Sequence[dict[str, Any]]) -> list[Any]:
    """What must not depend on the clock."""
    steps = [(e["loss"], e["held_out"]) for e in events if e["event"] == "step"]
    return [steps, *((e["before"], e["after"], e["adopted"]) for e in events if e["event"] == "verdict")]


def test_it_tells_what_it_does_line_by_line_and_the_same_seed_gives_the_same_figures(
    run_cli: RunCli, paper_log: PaperLog, strokes: Path, base: Path, tmp_path: Path
) -> None:
    first, second = (run_cli(*_arguments(paper_log, strokes, base, "-o", name)) for name in ("a", "b"))
    assert (first.status, first.stderr) == (0, "")
    events = _events(first.stdout)
    told = [e["event"] if e["event"] != "phase" else e["name"] for e in events]
    assert told == ["look", "judge", "measure", "preflight", "learn", "step", "step", "judge", "verdict"]
    assert [(e["step"], e["steps"]) for e in events if e["event"] == "step"] == [(1, 2), (2, 2)]
    assert events[told.index("preflight")]["sentence"].startswith("About ")
    verdict = events[-1]
    assert verdict["sentence"].startswith("The new model is better" if verdict["adopted"] else "The old model stays")
    assert _figures(events) == _figures(_events(second.stdout))
    _loads_the_better(tmp_path / "a", base, adopted=verdict["adopted"], strokes=4)


def _loads_the_better(folder: Path, base: Path, *, adopted: bool, strokes: int) -> None:
    import torch

    from curvedesk.learn.checkpoints import load_model

    kept, old = load_model(folder), load_model(base)
    same = all(torch.equal(a, b) for a, b in zip(kept.net.parameters(), old.net.parameters(), strict=True))
    assert same is not adopted
    assert (kept.manifest.parent, kept.manifest.training["strokes"]) == ("base", strokes)
    assert {path.name for path in folder.iterdir()} == {"manifest.json", "card.md", "weights.safetensors"}


def test_it_says_the_verdict_in_one_sentence_learns_from_packs_and_makes_fewer_steps_in_a_short_time(
    run_cli: RunCli, paper_log: PaperLog, strokes: Path, base: Path, tmp_path: Path
) -> None:
    meant = ("--sheet", paper_log.sheet, "--strokes", strokes, "--model", base)
    packed = run_cli("pack", paper_log.scan, *meant, "-o", "log.pack.zip")
    assert (packed.status, packed.stderr, packed.stdout.count("\n")) == (0, "", 1)
    arguments = [a for a in _arguments(paper_log, strokes, base, "-o", "m", "--pack", "log.pack.zip") if a != "--json"]
    result = run_cli(*arguments, "--steps", "10000", "--max-seconds", "5")
    told = _events(run_cli(*arguments, "--json", "--steps", "10000", "--max-seconds", "5", "-o", "n").stdout)
    (ready,) = (event for event in told if event["event"] == "preflight")
    assert ready["seconds"] < 60 and " s on this processor" in ready["sentence"]  # of the steps there is time for
    assert (result.status, result.stderr, result.stdout.count("\n")) == (0, "", 1)
    assert "model" in result.stdout
    made = json.loads((tmp_path / "m" / "manifest.json").read_text(encoding="utf-8"))["training"]["steps_made"]
    assert 1 <= made < 1000


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX: an interrupt from outside")
@pytest.mark.parametrize("before", [False, True])
def test_an_interrupt_leaves_no_half_model_and_the_one_that_was_there(
    paper_log: PaperLog, strokes: Path, base: Path, tmp_path: Path, before: bool
) -> None:
    output = tmp_path / "out"
    if before:
        base.rename(output)
        base = output
    was = {path.name: path.read_bytes() for path in output.glob("*")}
    arguments = _arguments(paper_log, strokes, base, "-o", output, "--steps", "10000")
    env = {**os.environ, "PYTHONPATH": str(REPO)}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", HEARS_INTERRUPTS, *map(str, arguments)], stdout=pipe, stderr=pipe, text=True, env=env
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        for line in child.stdout:
            if json.loads(line)["event"] == "step":
                child.send_signal(signal.SIGINT)
                break
        child.stdout.read()
        said = child.stderr.read()
    assert child.returncode == 1
    assert said.startswith("curvedesk: error: stopped before the end")
    assert said.count("\n") == 1
    assert {path.name: path.read_bytes() for path in output.glob("*")} == was
    assert output.exists() is before


@pytest.mark.parametrize(
    ("stroke", "said"),
    [
        ({"kind": "curve", "curve": "NPHI", "points": [[100, 200], [101, 240]]}, "NPHI"),
        (None, "nothing to learn from yet"),
    ],
)
def test_strokes_that_teach_nothing_are_one_sentence_and_leave_nothing(
    run_cli: RunCli, paper_log: PaperLog, base: Path, stroke: dict[str, Any] | None, said: str
) -> None:
    path = _said(paper_log, *([stroke] if stroke else []))
    result = run_cli(*_arguments(paper_log, path, base, "-o", "out"))
    assert (result.status, result.stderr.count("\n")) == (1, 1)
    assert said in result.stderr
    assert not (path.parent / "out").exists()


def _aside(log: PaperLog, first: int, last: int) -> dict[str, Any]:
    """The same pen drawn 60 px beside its ink."""
    drawn = _drawn(log, first, last)
    return {**drawn, "points": [[x + 60, y] for x, y in drawn["points"]]}


def test_strokes_that_contradict_each_other_or_the_paper_are_named_and_nothing_is_learnt_from_them_alone(
    run_cli: RunCli, paper_log: PaperLog, base: Path, tmp_path: Path
) -> None:
    lies = _drawn(paper_log, 200, 320), _aside(paper_log, 210, 310), _aside(paper_log, 700, 800)
    path = _said(paper_log, *lies, _drawn(paper_log, 400, 500), _accepted(550, 620))
    result = run_cli(*_arguments(paper_log, path, base, "-o", "out"))
    assert (result.status, result.stderr) == (0, "")
    events = _events(result.stdout)
    assert "step" not in {event["event"] for event in events}
    verdict = events[-1]
    assert (verdict["adopted"], verdict["steps"], verdict["before"], verdict["advice"]) == (False, 0, None, "")
    assert verdict["sentence"].startswith("The old model stays: 3 strokes are doubted")
    why = {tuple(doubt["rows"]): doubt["why"] for doubt in verdict["doubted"]}
    assert set(why) == {(200, 310), (210, 300), (700, 790)}
    assert why[200, 310] == why[210, 300] == "another stroke says otherwise"
    assert why[700, 790] == "hardly any ink below it"
    _loads_the_better(tmp_path / "out", base, adopted=False, strokes=5)
    plain = run_cli(*(a for a in _arguments(paper_log, path, base, "-o", "again") if a != "--json"))
    assert plain.stdout.count("\n") == 4
    assert "Doubted: the stroke at rows 700 to 790: hardly any ink below it." in plain.stdout


def test_one_stroke_of_many_that_is_doubted_is_named_and_the_others_are_learnt_from(
    run_cli: RunCli, paper_log: PaperLog, base: Path
) -> None:
    path = _said(
        paper_log, _aside(paper_log, 700, 800), *(_drawn(paper_log, top, top + 60) for top in (100, 200, 300, 400))
    )
    events = _events(run_cli(*_arguments(paper_log, path, base, "-o", "out")).stdout)
    assert [event["event"] for event in events].count("step") == 2
    assert [(doubt["rows"], doubt["why"]) for doubt in events[-1]["doubted"]] == [
        ([700, 790], "hardly any ink below it")
    ]


def test_what_is_no_pack_is_one_sentence_before_anything_is_done(
    run_cli: RunCli, paper_log: PaperLog, strokes: Path, base: Path
) -> None:
    result = run_cli(*_arguments(paper_log, strokes, base, "-o", "out", "--pack", paper_log.scan))
    assert (result.status, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "is no CurveDesk pack" in result.stderr


def test_an_output_that_is_a_file_and_an_odd_size_are_refused_at_once(
    run_cli: RunCli, paper_log: PaperLog, strokes: Path, base: Path
) -> None:
    result = run_cli(*_arguments(paper_log, strokes, base, "-o", strokes))
    assert (result.status, result.stdout) == (1, "")
    assert "is a file; give the name of a folder" in result.stderr
    assert run_cli(*_arguments(paper_log, strokes, base, "-o", "out", "--size", "100")).status == 2

"""The study of depth: deeper networks are what they say, runs go on after a stop, the command reaches it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from curvedesk.__main__ import main
from curvedesk.learn import depth as room
from curvedesk.learn import run_log
from curvedesk.learn.depth import BLOCKS, SEEDS, Deeper, Run, depth, todo
from curvedesk.learn.net import CurveNet, Mode, NormRule
from curvedesk.learn.steady import hold_statistics
from curvedesk.learn.study import Study
from tests.learn.test_study import labels  # noqa: F401  # a fixture


def test_one_block_a_stage_is_the_network_itself_and_more_are_more() -> None:
    counts = [sum(p.numel() for p in Deeper(Mode.BINARY, NormRule.HALF, blocks=n).parameters()) for n in BLOCKS]
    assert counts[0] == sum(p.numel() for p in CurveNet(Mode.BINARY).parameters())
    assert counts == sorted(set(counts))
    torch.manual_seed(1)
    net = Deeper(Mode.MULTICLASS, NormRule.HALF_OR_16, blocks=2).eval()
    ink = torch.rand(1, 1, 48, 64)
    with torch.inference_mode():
        plain = net(ink)
        hold_statistics(net, ink)
        assert plain.shape == (1, 3, 48, 64)
        torch.testing.assert_close(net(ink), plain, atol=1e-3, rtol=1e-3)


def test_a_run_of_each_depth_trains_and_is_judged(labels: Path) -> None:  # noqa: F811
    of = Study(None, Study.of(None, labels).wells, steps=1, size=32, device="cpu")
    found = [of.reached(room.REAL, 1, network=lambda mode, rule: Deeper(mode, rule, blocks=2)) for _ in range(2)]
    assert found[0] == found[1]
    assert 0 <= found[0] <= 1


def test_a_stopped_study_goes_on_and_says_what_depth_costs(
    labels: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []

    def reached(_self: Study, _labels: str, seed: int, *, network: object) -> float:
        if len(made) == 4:
            made.append(0)
            raise KeyboardInterrupt
        made.append(seed)
        return 0.5 + 0.01 * seed - 0.05 * (len(made) % 2)

    monkeypatch.setattr(Study, "reached", reached)
    log, of = tmp_path / "runs.jsonl", Study.of(None, labels)
    with pytest.raises(KeyboardInterrupt):
        depth(log, of)
    assert len(run_log.known(log, Run)) == 4
    found = depth(log, of)
    assert not list(todo(run_log.known(log, Run)))
    rows = [dict(zip(found.tables[0].columns, row, strict=True)) for row in found.tables[0].rows]
    assert [row["blocks a stage"] for row in rows] == list(BLOCKS)
    assert rows[0]["beside one"] == 0
    assert all(row["seeds"] == len(SEEDS) for row in rows)
    assert len(found.tables[1].rows) == len(SEEDS) * len(BLOCKS)


def test_the_command_writes_the_table_and_refuses_to_measure_without_a_place_for_it(
    labels: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(Study, "reached", lambda *_args, **_keys: 0.5)
    monkeypatch.setenv("CURVEDESK_HOME", str(tmp_path / "home"))

    def asked(*more: str) -> int:
        monkeypatch.setattr(sys, "argv", ["curvedesk", "evaluate", "--suite", "depth", "--data", str(labels), *more])
        return main()

    out = tmp_path / "depth.md"
    assert asked("-o", str(out)) == 0
    assert "## Depth" in out.read_text()
    assert asked() == 2
    assert "depth needs -o" in capsys.readouterr().err

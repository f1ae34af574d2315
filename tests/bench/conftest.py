"""Benchmarks compare with a baseline in the same process and report; they never judge wall-clock time."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

REPORT = Path(__file__).resolve().parents[2] / ".benchmarks" / "report.jsonl"
_LINES = pytest.StashKey[list[str]]()


class BenchReport(Protocol):
    """Records one comparison."""

    def __call__(self, name: str, value: float, baseline: float, *, unit: str = "") -> None:
        """``value`` of ours beside ``baseline`` of the plainest way to do it, both in ``unit``."""


@pytest.fixture
def bench_report(request: pytest.FixtureRequest) -> BenchReport:
    """Prints ``name: x / baseline y = ratio`` at the end of the run and appends it to ``.benchmarks/report.jsonl``."""

    def report(name: str, value: float, baseline: float, *, unit: str = "") -> None:
        ratio = value / baseline if baseline else float("nan")
        suffix = f" {unit}" if unit else ""
        line = f"{name}: {value:.4g}{suffix} / baseline {baseline:.4g}{suffix} = {ratio:.3g}"
        request.config.stash.setdefault(_LINES, []).append(line)
        record = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "name": name, "value": value}
        record |= {"baseline": baseline, "unit": unit, "ratio": ratio if baseline else None}
        REPORT.parent.mkdir(exist_ok=True)
        with REPORT.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")

    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The benchmark lines, above pytest's own last line."""
    lines = config.stash.get(_LINES, [])
    if lines:
        terminalreporter.section("benchmarks")
        for line in lines:
            terminalreporter.write_line(line)

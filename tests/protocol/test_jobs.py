"""A job file says all, comes back as it was written, and a wrong one is refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from curvedesk.protocol.jobs import (
    KINDS,
    FinetuneJob,
    Job,
    PackJob,
    PredictJob,
    RegisterJob,
    TraceJob,
    WrongJobError,
    read_job,
    write_job,
)

SHEET = {"format": "curvedesk-sheet", "tracks": [{"name": "1"}]}
JOBS: list[Job] = [
    PredictJob("scan ä.tif", SHEET, "out", {"strokes": []}, 1, "ab", 200.0, "curvenet-4", "cpu", (10.0, 400.5), "j1"),
    TraceJob("abc", SHEET, "out", tracks=("1", "2"), id="j2"),
    RegisterJob("scan.tif", "out", dpi=300, id="j3"),
    FinetuneJob(
        "scan.tif",
        SHEET,
        {},
        "out",
        max_seconds=60,
        settings={"front": 2},
        start="curvenet-4",
        packs={"b.pack.zip": "ab12"},
        look=(1.0, 2.0),
        id="j4",
    ),
    PackJob("scan.tif", SHEET, {}, "out", "strokes.pack.zip", model="curvenet-4", id="j5"),
]


@pytest.mark.parametrize("job", JOBS, ids=lambda job: type(job).__name__)
def test_a_job_comes_back_as_it_was_written(tmp_path: Path, job: Job) -> None:
    write_job(tmp_path / "job.json", job)
    assert read_job(tmp_path / "job.json") == job
    assert [path.name for path in tmp_path.iterdir()] == ["job.json"]


def test_every_kind_of_job_is_tested_above() -> None:
    assert {type(job) for job in JOBS} == set(KINDS.values())


def test_a_job_file_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "job.json").mkdir()
    with pytest.raises(OSError, match="job"):
        write_job(tmp_path / "job.json", JOBS[0])
    assert [path.name for path in tmp_path.iterdir()] == ["job.json"]


def _changed(tmp_path: Path, **changes: Any) -> Path:
    write_job(tmp_path / "job.json", JOBS[0])
    body = json.loads((tmp_path / "job.json").read_text(encoding="utf-8"))
    (tmp_path / "job.json").write_text(json.dumps({**body, **changes}), encoding="utf-8")
    return tmp_path / "job.json"


def test_keys_of_a_newer_version_are_let_pass(tmp_path: Path) -> None:
    assert read_job(_changed(tmp_path, mood="good")) == JOBS[0]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": 2}, "no job of this version"),
        ({"format": "curvedesk-sheet"}, "no job of this version"),
        ({"kind": "dance"}, "'dance', which this version"),
        ({"scan": None}, "PredictJob.scan"),
        ({"look": [1.0]}, "PredictJob.look has 1 values"),
        ({"dpi": "200"}, "PredictJob.dpi cannot be str"),
    ],
)
def test_a_wrong_job_is_refused_with_a_reason(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(WrongJobError, match=reason):
        read_job(_changed(tmp_path, **changes))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[1]", b"[" * 100_000])
def test_a_file_that_is_no_job_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "job.json").write_bytes(content)
    with pytest.raises(WrongJobError):
        read_job(tmp_path / "job.json")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongJobError, match="cannot be read"):
        read_job(tmp_path / "none.json")

"""How far a job is, and what becomes of a result that comes when the document has gone on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from curvedesk.domain.project import Look, Project, ScanRef
from curvedesk.domain.strokes import CurveStroke, NullStroke
from curvedesk.protocol.messages import Cancelled, EvidenceAt, Failed, Progress, Result, Rows
from curvedesk.session.jobs import Basis, JobState, Stage, Worth, advance, basis_of, stopping, time_left, worth
from tests.tracing.makers import gr, make_sheet, sp

Edit = Callable[[Project], Project]


@pytest.fixture
def project() -> Project:
    scan = ScanRef("scan.tif", "ab" * 32, 0, 600, 900, 200.0)
    return Project(scan=scan, sheet=make_sheet([gr()]), strokes={"s1": NullStroke("GR", (1, 9))}, model_id="m1")


@pytest.fixture
def job(project: Project) -> JobState:
    return JobState("predict", "j1", 7, basis_of(project))


def _other_scan(project: Project) -> Project:
    assert project.scan is not None
    return replace(project, scan=replace(project.scan, sha256="cd" * 32))


def _moved_track(project: Project) -> Project:
    assert project.sheet is not None
    track = project.sheet.tracks[0]
    return replace(project, sheet=replace(project.sheet, tracks=(replace(track, left=track.left + np.array([3, 0])),)))


def _another_curve(project: Project) -> Project:
    assert project.sheet is not None
    track = project.sheet.tracks[0]
    curves = (*track.curves, make_sheet([sp()]).tracks[0].curves[0])
    return replace(project, sheet=replace(project.sheet, tracks=(replace(track, curves=curves),)))


def _a_stroke(project: Project) -> Project:
    return replace(project, strokes={**project.strokes, "s2": CurveStroke("GR", ((1.0, 2.0), (3.0, 4.0)))})


def _other_model(project: Project) -> Project:
    return replace(project, model_id="m2")


def _a_colour(project: Project) -> Project:
    return replace(project, looks={"1/GR": Look("#ff0000")})


@pytest.mark.parametrize(
    ("kind", "edit", "expected"),
    [
        ("predict", _other_scan, Worth.NOTHING),
        ("predict", _moved_track, Worth.NOTHING),
        ("predict", _other_model, Worth.NOTHING),
        ("predict", _a_stroke, Worth.INK),
        ("predict", _another_curve, Worth.INK),
        ("predict", _a_colour, Worth.WHOLE),
        ("trace", _a_stroke, Worth.NOTHING),
        ("trace", _another_curve, Worth.NOTHING),
        ("trace", _other_model, Worth.NOTHING),
        ("trace", _a_colour, Worth.WHOLE),
        ("register", _moved_track, Worth.NOTHING),
        ("register", _a_stroke, Worth.WHOLE),
        ("register", _other_scan, Worth.NOTHING),
        ("finetune", _a_stroke, Worth.WHOLE),
        ("finetune", _other_scan, Worth.NOTHING),
    ],
)
def test_a_result_is_worth_what_its_document_still_agrees_with(
    project: Project, kind: str, edit: Edit, expected: Worth
) -> None:
    assert worth(kind, basis_of(project), basis_of(edit(project))) is expected


@pytest.mark.parametrize("kind", ["predict", "trace", "register", "finetune"])
def test_nothing_happened_and_all_of_the_result_is_wanted(project: Project, kind: str) -> None:
    assert worth(kind, basis_of(project), basis_of(replace(project))) is Worth.WHOLE


def test_a_project_without_scan_and_sheet_has_a_basis_too() -> None:
    assert basis_of(Project()) == basis_of(Project())
    assert isinstance(basis_of(Project()), Basis)


def test_a_job_follows_what_the_engine_says(job: JobState) -> None:
    assert (job.stage, job.share, job.text) == (Stage.WAITING, None, "Getting ready")
    job = advance(job, EvidenceAt("j1", "folder"))
    job = advance(job, Progress("j1", "ink", 5, 20, 42.0))
    assert (job.stage, job.share, job.evidence) == (Stage.RUNNING, 0.25, "folder")
    assert job.text == "Looking for curves, about 40 s left"
    job = advance(job, Rows("j1", 0.0, 9.0))
    job = advance(job, Result("j1", {}))
    assert job.stage is Stage.DONE
    assert job.is_over


def test_what_is_said_of_another_job_or_after_the_end_changes_nothing(job: JobState) -> None:
    assert advance(job, Progress("j2", "ink", 5, 20)) is job
    assert advance(job, object()) is job
    over = advance(job, Failed("j1", "The disk is full."))
    assert over.text == "The disk is full."
    assert advance(over, Result("j1", {})) is over
    assert stopping(over) is over


def test_a_job_that_was_asked_to_stop_says_so_until_it_has(job: JobState) -> None:
    job = stopping(advance(job, Progress("j1", "ink", 5, 20, 42.0)))
    job = advance(job, Progress("j1", "ink", 6, 20, 41.0))
    assert (job.stage, job.text) == (Stage.STOPPING, "Stopping")
    assert advance(job, Cancelled("j1")).stage is Stage.CANCELLED


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "a few seconds left"), (44, "about 40 s left"), (150, "about 2 min left"), (7200, "about 2.0 h left")],
)
def test_time_is_told_as_a_person_would(seconds: float, text: str) -> None:
    assert time_left(seconds) == text

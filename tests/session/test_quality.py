"""The quality of an open document, from what it holds and what it would export."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from curvedesk.domain.project import Project
from curvedesk.imaging import Scan
from curvedesk.interchange.plan import CurveChoice, ExportPlan
from curvedesk.session.export import settings_to_remember
from curvedesk.session.quality import Place, assess_project, step_among
from tests.session.test_export import _project, _scan


def _spoiled() -> tuple[Project, Scan]:
    """GR runs 60 px beside its ink for 100 samples."""
    project = _project()
    key = next(iter(project.curves))
    line = project.curves[key]
    x = line.x_px.copy()
    x[300:400] += 60.0
    return replace(project, curves={**project.curves, key: replace(line, x_px=x)}, strokes={}), _scan()


def _places() -> tuple[Place, ...]:
    quality = assess_project(*_spoiled())
    assert quality is not None
    return quality.places


def test_a_spoiled_stretch_is_found_and_where() -> None:
    place = _places()[0]
    assert place.curve == "GR"
    assert 4345 < place.depths[0] < 4360
    project, _ = _spoiled()
    assert project.sheet is not None
    y = [float(project.sheet.y_at(300.0, depth)) for depth in place.depths]
    assert np.allclose(place.rows, y, atol=6)


def test_only_what_is_exported_is_judged() -> None:
    project, scan = _spoiled()
    plan = ExportPlan({}, curves=(CurveChoice.of("ILD"),))
    quality = assess_project(replace(project, export=settings_to_remember(plan)), scan)
    assert quality is not None
    assert [curve.mnemonic for curve in quality.curves] == ["ILD"]
    assert quality.places == ()


def test_there_is_nothing_to_judge_without_sheet_curves_or_paper() -> None:
    project, scan = _spoiled()
    assert assess_project(replace(project, sheet=None), scan) is None
    assert assess_project(replace(project, curves={}), scan) is None
    assert assess_project(project, None) is None


def test_places_are_walked_round_and_round() -> None:
    places = (*_places(), *_places())
    assert step_among((), None, by=1) is None
    assert step_among(places, None, by=1) == 0
    assert step_among(places, None, by=-1) == len(places) - 1
    assert step_among(places, len(places) - 1, by=1) == 0

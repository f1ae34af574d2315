"""Every panel opens, empty or full, and follows the document."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from curvedesk.domain.project import Project
from curvedesk.session.commands import OpenScan
from curvedesk.ui.panels import PANELS, PanelSpec
from tests.ui.panel_desk import desk_over, project, proposed, sheet

Show = Callable[[QWidget], QWidget]
OURS = tuple(spec for spec in PANELS if spec.id != "quality")
STATES = {
    "nothing": Project(),
    "a scan alone": project(None),
    "a whole log": project(sheet()),
    "a proposed sheet": project(proposed()),
}


def _id(spec: PanelSpec) -> str:
    return spec.id


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("spec", OURS, ids=_id)
def test_every_panel_opens_in_every_state(spec: PanelSpec, state: str, show: Show, app: QApplication) -> None:
    desk = desk_over(STATES[state])
    panel = spec.make(desk)
    show(panel)
    assert panel.isVisible()
    assert spec.title and spec.icon and spec.tip
    desk.close()


@pytest.mark.parametrize("spec", OURS, ids=_id)
def test_every_panel_survives_another_scan_and_undo(spec: PanelSpec, show: Show, app: QApplication) -> None:
    desk = desk_over()
    show(spec.make(desk))
    scan = desk.document.project.scan
    assert scan is not None
    desk.execute(OpenScan(scan))
    app.processEvents()
    desk.document.undo()
    app.processEvents()
    assert desk.sheet is not None
    desk.close()


def test_ids_of_panels_are_told_apart() -> None:
    assert len({spec.id for spec in PANELS}) == len(PANELS)

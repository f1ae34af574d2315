"""The panels beside the canvas, as data: what each is called, its icon, and what makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from curvedesk.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """One panel. ``make`` imports what it needs: a panel that is never opened costs nothing."""

    id: str
    title: str
    icon: str
    make: Callable[[Desk], QWidget]
    tip: str = ""


def _curves(desk: Desk) -> QWidget:
    from curvedesk.ui.panels.curves import CurvesPanel

    return CurvesPanel(desk)


def _sheet(desk: Desk) -> QWidget:
    from curvedesk.ui.panels.sheet import SheetPanel

    return SheetPanel(desk)


def _well(desk: Desk) -> QWidget:
    from curvedesk.ui.panels.well import WellPanel

    return WellPanel(desk)


def _model(desk: Desk) -> QWidget:
    from curvedesk.ui.panels.model import ModelPanel

    return ModelPanel(desk)


def _quality(desk: Desk) -> QWidget:
    from curvedesk.ui.panels.quality import QualityPanel

    return QualityPanel(desk)


def _history(desk: Desk) -> QWidget:
    from curvedesk.ui.panels.history import HistoryPanel

    return HistoryPanel(desk)


def _log(desk: Desk) -> QWidget:
    from curvedesk.ui.panels.log import LogPanel

    return LogPanel(desk)


PANELS: tuple[PanelSpec, ...] = (
    PanelSpec("curves", "Curves", "curves", _curves, "Tracks and curves: scales, pens, where a stroke helps"),
    PanelSpec("sheet", "Sheet", "sheet", _sheet, "What the print means: depth ties, track borders, what was read"),
    PanelSpec("well", "Well", "well", _well, "The header of the exported file"),
    PanelSpec("model", "Model", "model", _model, "The model that finds the curves, and improving it"),
    PanelSpec("quality", "Quality", "quality", _quality, "The curves to be exported, redrawn over the ink"),
    PanelSpec("history", "History", "history", _history, "What was done, and every stroke"),
    PanelSpec("log", "Messages", "log", _log, "What the window said"),
)

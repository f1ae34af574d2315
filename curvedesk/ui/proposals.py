"""A sheet while it is read off the paper: the parts found so far, for the canvas and the panel to show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.sheet import Sheet, parse_sheet
from curvedesk.protocol.messages import Preview

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk

WHAT = "part"
NAMES = {"tracks": "Tracks", "depth": "Depths", "well": "Header"}


class Proposals(QObject):
    """Follows one desk. ``sheet``: borders and depths as far as they are known; ``sure`` names each part that was found
    with its confidence. Both are empty as soon as the reading is over."""

    changed = Signal()

    def __init__(self, desk: Desk, told: SignalInstance) -> None:
        super().__init__(desk)
        self._desk = desk
        self.sheet: Sheet | None = None
        self.sure: dict[str, float] = {}
        told.connect(self.hear)
        desk.job_changed.connect(self._follow)

    @property
    def text(self) -> str:
        """What was found, for a line in the window."""
        return ", ".join(f"{name} {share:.0%}" for name, share in self.sure.items())

    def hear(self, event: object) -> None:
        """A sentence of the engine."""
        job = self._desk.job
        if isinstance(event, Preview) and event.what == WHAT and job is not None and event.job == job.id:
            self._take(event.data)
            self.changed.emit()

    def _take(self, data: Mapping[str, Any]) -> None:
        name = NAMES.get(str(data.get("name")))
        if name is not None:
            self.sure[name] = float(data.get("confidence", 0.0))
        if "sheet" in data:
            try:
                self.sheet = parse_sheet(data["sheet"])
            except CurveDeskError:  # a half that does not hold together yet is not shown
                self.sheet = None

    def _follow(self) -> None:
        job = self._desk.job
        if (self.sure or self.sheet is not None) and (job is None or job.kind != "register"):
            self.sheet, self.sure = None, {}
            self.changed.emit()

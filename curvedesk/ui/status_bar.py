"""The status bar: depth and values under the cursor, the job, the model, 'Offline', and when it was saved."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from curvedesk.domain.errors import ModelError
from curvedesk.session.reading import Readings
from curvedesk.store.registry import active_model
from curvedesk.ui.parts import button, label, set_role, tight
from curvedesk.ui.readout import readout
from curvedesk.ui.saving import would_lose
from curvedesk.ui.theme.tokens import STATUS_PX

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk

OFFLINE_TIP = "CurveDesk works on this computer alone; nothing is sent anywhere"


class StatusBar(QWidget):
    """Follows the desk in front."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setFixedHeight(STATUS_PX)
        self._desk: Desk | None = None
        self._at = (math.nan, math.nan)
        self._readings = Readings()
        row = tight(QHBoxLayout(self), gap=16)
        row.setContentsMargins(16, 0, 16, 0)
        self.depth_text, self.values = label("", "strong"), label("", "muted")
        self.values.setMinimumWidth(0)
        row.addWidget(self.depth_text)
        row.addWidget(self.values, 1)
        self.job, self.bar = label("", "muted"), QProgressBar()
        self.bar.setFixedWidth(120)
        self.bar.setTextVisible(False)
        self.stop: QPushButton = button("Stop", self._stop, kind="link", tip="Stop what is running (Ctrl+.)")
        self.model, self.offline, self.saved = label("", "muted"), label("Offline", "muted"), label("", "good")
        self.offline.setToolTip(OFFLINE_TIP)
        for part in (self.job, self.bar, self.stop, self.model, self.offline, self.saved):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self.follow(None)

    def follow(self, desk: Desk | None) -> None:
        """Show this desk from now on; None shows the empty window."""
        if self._desk is not None:
            for signal, slot in self._ties(self._desk):
                signal.disconnect(slot)
        self._desk, self._readings = desk, Readings()
        if desk is not None:
            for signal, slot in self._ties(desk):
                signal.connect(slot)
        self._show_cursor(math.nan, math.nan)
        self._show_job()
        self._show_saved()

    def _ties(self, desk: Desk) -> tuple[tuple[SignalInstance, Callable[..., None]], ...]:
        return (
            (desk.cursor_moved, self._show_cursor),
            (desk.job_changed, self._show_job),
            (desk.saved_changed, self._show_saved),
            (desk.changed, self._read_again),
        )

    def _show_cursor(self, x_px: float, y_px: float) -> None:
        self._at = (x_px, y_px)
        depth, values = readout(self._desk, self._readings, x_px, y_px)
        self.depth_text.setText(depth)
        self.values.setText(values)

    def _read_again(self, _change: object) -> None:
        """The curves under a pointer that rests read otherwise now."""
        self._show_cursor(*self._at)

    def _show_job(self) -> None:
        job = self._desk.job if self._desk is not None else None
        for part in (self.job, self.bar, self.stop):
            part.setVisible(job is not None)
        if job is not None:
            self.job.setText(job.text)
            self.bar.setRange(0, max(job.total, 0))
            self.bar.setValue(job.done)

    def _show_saved(self) -> None:
        desk = self._desk
        for part in (self.model, self.saved):
            part.setVisible(desk is not None)
        if desk is not None:
            self.model.setText(f"Model: {model_name(desk)}")
            text, role = saved_words(desk)
            self.saved.setText(text)
            self.saved.setToolTip(desk.save_fault or desk.document.problem or text)
            set_role(self.saved, role)

    def _stop(self) -> None:
        if self._desk is not None:
            self._desk.jobs.cancel()


def model_name(desk: Desk) -> str:
    """The model the next prediction uses."""
    try:
        return desk.document.project.model_id or active_model() or "none"
    except ModelError:
        return "none"


def saved_words(desk: Desk) -> tuple[str, str]:
    """What is said about saving, and the role of the label."""
    document = desk.document
    if desk.save_fault or document.problem:
        return "Not saved", "warn"
    if document.path is None:
        return ("Not saved yet", "warn") if would_lose(document) else ("", "muted")
    if document.is_dirty:
        return "Not saved", "warn"
    at = document.saved_at.astimezone() if document.saved_at else None
    return (f"Saved {at:%H:%M:%S}" if at else "Saved"), "good"

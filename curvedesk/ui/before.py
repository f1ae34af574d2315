"""The curves as they were before the program last put others in their place, to be looked at beside the new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from curvedesk.session.changes import Change, ChangeKind

if TYPE_CHECKING:
    from curvedesk.domain.curve import TracedCurve
    from curvedesk.domain.project import CurveKey
    from curvedesk.session.document import Document


class Before:
    """Follows a document: ``curves`` are those that a prediction, or taking one back, replaced last."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._now: Mapping[CurveKey, TracedCurve] = document.project.curves
        self.curves: Mapping[CurveKey, TracedCurve] = {}

    def hear(self, change: Change) -> None:
        """The document changed; strokes alone do not count, their curves are seen to follow."""
        if {ChangeKind.SCAN, ChangeKind.SHEET} & change.kinds:
            self.curves = {}
        elif ChangeKind.PREDICTION in change.kinds and self._now:
            self.curves = self._now
        self._now = self._document.project.curves

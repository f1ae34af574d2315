"""Keeps a document's curves true to its strokes: what is due, and which entry of the history a result belongs to.

Each change of strokes is drafted at once. When nothing more is due, all that was drafted since is traced as well as
can be, from the curves that were there before; a stroke that comes meanwhile is drafted first.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import CurveKey, Project
from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.commands import ReplaceCurves
from curvedesk.session.document import Document
from curvedesk.session.retrace import Outcome, Snapshot, Strokes
from curvedesk.tracing.track import Evidence

EvidenceOf = Callable[[Project], Evidence | None]
Curves = Mapping[CurveKey, TracedCurve]
Rows = tuple[float, float] | None
LABEL = "Curve follows a stroke"


@dataclass(slots=True)
class _Drafted:
    """Curves that obeyed `before`; drafts since then changed those of `keys` in `rows`, the last for `entry`."""

    curves: Curves
    before: Strokes
    entry: int
    keys: set[CurveKey] = field(default_factory=set)
    rows: Rows = None


class Retracing:
    """`evidence` gives the network's answer to trace on, None where there is none (yet). `submit` starts a snapshot on
    a worker; its outcome is to come back to `take`, on the document's thread.
    """

    def __init__(self, document: Document, evidence: EvidenceOf, submit: Callable[[Snapshot], None]) -> None:
        self._document, self._evidence, self._submit = document, evidence, submit
        self._obeyed: Strokes = _strokes(document)  # what the document's curves are true to
        self._due: deque[tuple[int, Strokes]] = deque()
        self._drafted: _Drafted | None = None
        self._running: Snapshot | None = None
        self._upon: Project = document.project  # what the document was when that started
        self._taking = False
        self._forget = document.subscribe(self._hear)

    @property
    def is_busy(self) -> bool:
        """Whether a curve is still to follow a stroke, or follows it in a draft only."""
        return self._running is not None or bool(self._due) or self._drafted is not None

    def close(self) -> None:
        """Hear no more of the document; an outcome that is under way will be dropped."""
        self._forget()
        self._due.clear()
        self._running, self._drafted = None, None

    def take(self, outcome: Outcome) -> Change | None:
        """Join an outcome to the entry that asked for it; None where it came too late or changes nothing."""
        snapshot = outcome.snapshot
        if snapshot is not self._running:
            return None
        self._running = None
        change = self._take_draft(outcome) if snapshot.draft else self._take_final(outcome)
        self._next()
        return change

    def _take_draft(self, outcome: Outcome) -> Change | None:
        snapshot = outcome.snapshot
        if not self._is_of_now():  # sheet or curves moved on meanwhile: once more, on those of now
            self._due.appendleft((snapshot.entry, snapshot.after))
            return None
        change = self._joined(outcome.curves, outcome.rows, snapshot.entry)
        if change is not None or snapshot.after == _strokes(self._document):
            self._obeyed = snapshot.after
            if snapshot.evidence is not None and not outcome.sentence:
                self._remember(outcome)
        return change

    def _remember(self, outcome: Outcome) -> None:
        snapshot = outcome.snapshot
        drafted = self._drafted or _Drafted(snapshot.project.curves, snapshot.before, snapshot.entry)
        drafted.entry, drafted.rows = snapshot.entry, _hull(drafted.rows, outcome.rows)
        drafted.keys |= outcome.curves.keys()
        self._drafted = drafted

    def _take_final(self, outcome: Outcome) -> Change | None:
        drafted = self._drafted
        if drafted is None or not self._is_of_now():
            return None
        self._drafted = None
        if outcome.sentence:  # the drafts stay
            return None
        now = self._document.project.curves
        wanted = {key: drafted.curves[key] for key in drafted.keys & drafted.curves.keys()} | dict(outcome.curves)
        curves = {key: curve for key, curve in wanted.items() if key not in now or not _alike(now[key], curve)}
        return self._joined(curves, _hull(drafted.rows, outcome.rows), drafted.entry)

    def _joined(self, curves: Curves, rows: Rows, entry: int) -> Change | None:
        if not curves:
            return None
        self._taking = True
        try:
            change = self._document.execute(ReplaceCurves(curves, rows, LABEL), joins=entry)
        finally:
            self._taking = False
        return change if change.kinds else None

    def _is_of_now(self) -> bool:
        """Whether curves and sheet are still those that were traced upon."""
        now = self._document.project
        return now.curves is self._upon.curves and now.sheet is self._upon.sheet

    def _hear(self, change: Change) -> None:
        if self._taking:
            return
        if change.kinds & {ChangeKind.CURVES, ChangeKind.SCAN}:
            self._obeyed = _strokes(self._document)  # traced with them, or taken back and done again together with them
            self._due.clear()
            self._drafted = None
            self._give_up_final()
        elif ChangeKind.STROKES in change.kinds:
            self._due.append((change.entry, _strokes(self._document)))
            self._give_up_final()  # what is drafted is traced together with this stroke
            self._next()

    def _give_up_final(self) -> None:
        if self._running is not None and not self._running.draft:
            self._running = None

    def _next(self) -> None:
        while self._due and self._running is None:
            entry, after = self._due.popleft()
            if after != self._obeyed:
                self._start(self._document.project, self._obeyed, after, entry, draft=True)
        if self._running is None and self._drafted is not None:
            drafted = self._drafted
            project = replace(self._document.project, curves=drafted.curves)
            self._start(project, drafted.before, self._obeyed, drafted.entry, draft=False)

    def _start(self, project: Project, before: Strokes, after: Strokes, entry: int, *, draft: bool) -> None:
        self._upon = self._document.project
        self._running = Snapshot(project, before, after, self._evidence(project), entry, draft)
        self._submit(self._running)


def _strokes(document: Document) -> Strokes:
    return tuple(document.project.strokes.values())


def _hull(one: Rows, other: Rows) -> Rows:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def _alike(one: TracedCurve, other: TracedCurve) -> bool:
    columns = ((one.x_px, other.x_px), (one.y_px, other.y_px), (one.confidence, other.confidence))
    same = all(np.array_equal(a, b, equal_nan=True) for a, b in columns)
    return same and np.array_equal(one.turn, other.turn)

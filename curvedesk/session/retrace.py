"""After every change of strokes the curves around it are traced anew, on a thread, from an immutable snapshot.

The worker sees no document: a snapshot goes in, an outcome comes out. `Retracing` belongs to the document's own
thread; it says what is due and joins results to the entries of the history that asked for them.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.project import CurveKey, Project, curve_keys
from curvedesk.domain.sheet import CurveSpec, Sheet, Track
from curvedesk.domain.strokes import Stroke
from curvedesk.session.changes import Change, ChangeKind
from curvedesk.session.commands import ReplaceCurves
from curvedesk.session.document import Document
from curvedesk.store.evidence import EvidenceFolder
from curvedesk.tracing.local import Retraced, retrace
from curvedesk.tracing.strip import Window
from curvedesk.tracing.track import Evidence

Strokes = tuple[Stroke, ...]
EvidenceOf = Callable[[Project], Evidence | None]
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A project whose curves obey the strokes `before`, to be made to obey `after`. `entry`: of the history."""

    project: Project
    before: Strokes
    after: Strokes
    evidence: Evidence | None
    entry: int


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """New curves by key, the rows (y_px) in which they differ, how many rows were traced and how long it took.

    `sentence`: why there are none, for the user; empty where all went well.
    """

    snapshot: Snapshot
    curves: Mapping[CurveKey, TracedCurve] = field(default_factory=dict)
    rows: tuple[float, float] | None = None
    traced_rows: int = 0
    seconds: float = 0.0
    sentence: str = ""


def evidence_in(folder: EvidenceFolder) -> Evidence:
    """The network's answer in a folder of the cache, mapped and not read."""
    x0, y0, _, _ = folder.key.box
    return Evidence(folder.probability, folder.gray, Window(x0, y0, folder.key.scale))


def retraced(snapshot: Snapshot) -> Outcome:
    """Do it; never raises."""
    start = time.perf_counter()
    try:
        found = _all_tracks(snapshot)
    except CurveDeskError as fault:
        return Outcome(snapshot, sentence=str(fault))
    except Exception:  # noqa: BLE001 - a fault in tracing must not take the desk with it
        _LOG.exception("tracing around a stroke failed")
        said = "The curve could not be traced around this stroke; the stroke is kept, and the next prediction obeys it."
        return Outcome(snapshot, sentence=said)
    curves = {key: curve for one in found for key, curve in one[0].items()}
    rows = [one[1].rows for one in found if one[1].rows is not None]
    span = (min(r[0] for r in rows), max(r[1] for r in rows)) if rows else None
    seconds = time.perf_counter() - start
    return Outcome(snapshot, curves, span, sum(one[1].traced_rows for one in found), seconds)


def _all_tracks(snapshot: Snapshot) -> list[tuple[dict[CurveKey, TracedCurve], Retraced]]:
    sheet = snapshot.project.sheet
    return [] if sheet is None else [_one_track(snapshot, sheet, track) for track in sheet.tracks if track.curves]


def _one_track(snapshot: Snapshot, sheet: Sheet, track: Track) -> tuple[dict[CurveKey, TracedCurve], Retraced]:
    project = snapshot.project
    keys = [key for key, (home, _) in curve_keys(sheet).items() if home is track]
    lines = [project.curves.get(key) or _nothing(spec, track) for key, spec in zip(keys, track.curves, strict=True)]
    found = retrace(
        sheet,
        track,
        snapshot.evidence,
        lines,
        dpi=sheet.dpi or (project.scan.dpi if project.scan else 200.0),
        before=snapshot.before,
        after=snapshot.after,
        locked=[i for i, key in enumerate(keys) if project.look(key).locked],
    )
    return {keys[i]: curve for i, curve in found.curves.items()}, found


def _nothing(spec: CurveSpec, track: Track) -> TracedCurve:
    """A curve of which nothing is traced yet."""
    return TracedCurve(spec, track.name, np.zeros(0), np.zeros(0), np.zeros(0, np.int32), np.zeros(0, np.float32))


class Retracer:
    """One worker thread. A newer snapshot takes the place of one that waits; `deliver` is called on the thread."""

    def __init__(self, deliver: Callable[[Outcome], None]) -> None:
        self._deliver = deliver
        self._waiting: Snapshot | None = None
        self._closed = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="retrace", daemon=True)
        self._thread.start()

    def submit(self, snapshot: Snapshot) -> None:
        """Trace this next; returns at once."""
        with self._news:
            self._waiting = snapshot
            self._news.notify()

    def close(self) -> None:
        """End the thread once what it does is done; what waits is forgotten."""
        with self._news:
            self._waiting, self._closed = None, True
            self._news.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _work(self) -> None:
        while True:
            with self._news:
                while self._waiting is None and not self._closed:
                    self._news.wait()
                snapshot, self._waiting = self._waiting, None
            if snapshot is None:
                return
            outcome = retraced(snapshot)
            if not self._closed:
                self._deliver(outcome)


class Retracing:
    """Keeps a document's curves true to its strokes.

    `evidence` gives the network's answer to trace on, None where there is none (yet). `submit` starts a snapshot on a
    worker; its outcome is to come back to `take`, on the document's thread.
    """

    def __init__(self, document: Document, evidence: EvidenceOf, submit: Callable[[Snapshot], None]) -> None:
        self._document, self._evidence, self._submit = document, evidence, submit
        self._obeyed: Strokes = _strokes(document)  # what the document's curves are true to
        self._due: deque[tuple[int, Strokes]] = deque()
        self._running: Snapshot | None = None
        self._taking = False
        self._forget = document.subscribe(self._hear)

    @property
    def is_busy(self) -> bool:
        """Whether a curve is still to follow a stroke."""
        return self._running is not None or bool(self._due)

    def close(self) -> None:
        """Hear no more of the document; an outcome that is under way will be dropped."""
        self._forget()
        self._due.clear()
        self._running = None

    def take(self, outcome: Outcome) -> Change | None:
        """Join an outcome to the entry that asked for it; None where it came too late or changes nothing."""
        snapshot = outcome.snapshot
        if snapshot is not self._running:
            return None
        self._running = None
        change = None
        if not self._is_of_now(snapshot):  # sheet or curves moved on meanwhile: once more, on those of now
            self._due.appendleft((snapshot.entry, snapshot.after))
        else:
            change = self._joined(outcome)
            if change is not None or snapshot.after == _strokes(self._document):
                self._obeyed = snapshot.after
        self._next()
        return change

    def _joined(self, outcome: Outcome) -> Change | None:
        if not outcome.curves:
            return None
        self._taking = True
        try:
            change = self._document.execute(
                ReplaceCurves(outcome.curves, outcome.rows, "Curve follows a stroke"), joins=outcome.snapshot.entry
            )
        finally:
            self._taking = False
        return change if change.kinds else None

    def _is_of_now(self, snapshot: Snapshot) -> bool:
        """Whether curves and sheet are still those that were traced upon."""
        now = self._document.project
        return now.curves is snapshot.project.curves and now.sheet is snapshot.project.sheet

    def _hear(self, change: Change) -> None:
        if self._taking:
            return
        if change.kinds & {ChangeKind.CURVES, ChangeKind.SCAN}:
            self._obeyed = _strokes(self._document)  # traced with them, or taken back and done again together with them
            self._due.clear()
        elif ChangeKind.STROKES in change.kinds:
            self._due.append((change.entry, _strokes(self._document)))
            self._next()

    def _next(self) -> None:
        while self._due and self._running is None:
            entry, after = self._due.popleft()
            if after != self._obeyed:
                project = self._document.project
                self._running = Snapshot(project, self._obeyed, after, self._evidence(project), entry)
                self._submit(self._running)


def _strokes(document: Document) -> Strokes:
    return tuple(document.project.strokes.values())

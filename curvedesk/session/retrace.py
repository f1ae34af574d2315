"""After every change of strokes the curves around it are traced anew, on a thread, from an immutable snapshot.

The worker sees no document: a snapshot goes in, an outcome comes out.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.project import CurveKey, Project, curve_keys
from curvedesk.domain.sheet import CurveSpec, Sheet, Track
from curvedesk.domain.strokes import Stroke
from curvedesk.store.evidence import EvidenceFolder
from curvedesk.tracing.local import Retraced, retrace
from curvedesk.tracing.strip import Window
from curvedesk.tracing.track import Evidence
from curvedesk.tracing.window import AbandonedError, GoOn, always

Strokes = tuple[Stroke, ...]
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A project whose curves obey the strokes `before`, to be made to obey `after`. `entry`: of the history.

    `draft`: at once, in a small window; else as well as can be, given up when a newer snapshot waits.
    """

    project: Project
    before: Strokes
    after: Strokes
    evidence: Evidence | None
    entry: int
    draft: bool = False


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


def retraced(snapshot: Snapshot, go_on: GoOn = always) -> Outcome:
    """Do it; never raises. Where `go_on` says no, the outcome is empty."""
    start = time.perf_counter()
    try:
        found = _all_tracks(snapshot, go_on)
    except AbandonedError:
        return Outcome(snapshot)
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


def _all_tracks(snapshot: Snapshot, go_on: GoOn) -> list[tuple[dict[CurveKey, TracedCurve], Retraced]]:
    sheet = snapshot.project.sheet
    tracks = [track for track in sheet.tracks if track.curves] if sheet is not None else []
    return [_one_track(snapshot, sheet, track, go_on) for track in tracks if sheet is not None]


def _one_track(
    snapshot: Snapshot, sheet: Sheet, track: Track, go_on: GoOn
) -> tuple[dict[CurveKey, TracedCurve], Retraced]:
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
        draft=snapshot.draft,
        go_on=go_on,
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
            outcome = retraced(snapshot, always if snapshot.draft else self._is_free)
            if not self._closed:
                self._deliver(outcome)

    def _is_free(self) -> bool:
        """Whether nothing newer waits."""
        return self._waiting is None and not self._closed

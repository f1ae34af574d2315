"""The `predict` and `trace` jobs: ink and curves of a whole log, or curves alone from ink that is known."""

import time
from collections.abc import Collection, Sequence
from pathlib import Path

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.errors import CurveDeskError, ScanError
from curvedesk.domain.project import curve_keys
from curvedesk.domain.sheet import Sheet, parse_sheet
from curvedesk.domain.strokes import Stroke, check_strokes, parse_strokes
from curvedesk.engine.ink import fill
from curvedesk.engine.models import Models
from curvedesk.engine.work import Work
from curvedesk.imaging import Scan, open_scan
from curvedesk.learn.checkpoints import Model
from curvedesk.pipeline import trace_sheet
from curvedesk.protocol.jobs import PredictJob, TraceJob
from curvedesk.protocol.messages import EvidenceAt, Result
from curvedesk.store.curve_file import write_curves
from curvedesk.store.evidence import EvidenceFolder, EvidenceKey
from curvedesk.store.evidence_cache import EvidenceCache
from curvedesk.tracing.region import logged_box
from curvedesk.tracing.strip import ANALYSIS_DPI, Window
from curvedesk.tracing.track import Evidence

CURVES_FILE = "curves.npz"


def run_predict(job: PredictJob, work: Work, models: Models) -> Result:
    """Find the ink, what the user sees first, then trace every curve."""
    began = time.monotonic()
    sheet, strokes = _said(job)
    with open_scan(job.scan, dpi=sheet.dpi or job.dpi, page=job.page) as scan:
        if job.sha256 and scan.sha256 != job.sha256:
            raise ScanError(f"{job.scan}: it is not the scan that was opened; open it again")
        model, cache = models.get(job.model), EvidenceCache()
        evidence = cache.prepare(evidence_key(scan, sheet, model))
        work.say(EvidenceAt(job.id, evidence.name))
        known = evidence.is_complete
        seen = _Seen(job, work, evidence)
        fill(work, scan, model, evidence, cache, device=job.device, look=seen.rows)
    path = _trace(work, sheet, strokes, evidence, out=Path(job.out), tracks=None)
    facts = {"evidence": evidence.name, "model": model.id, "known": known, "seconds": time.monotonic() - began}
    return Result(job.id, {"curves": str(path)}, facts)


def run_trace(job: TraceJob, work: Work) -> Result:
    """Trace from evidence that is there; `exact` says whether a prediction now would use the same evidence."""
    began = time.monotonic()
    sheet, strokes = _said(job)
    evidence = EvidenceCache().find(job.evidence)
    if evidence is None or not evidence.is_complete:
        raise CurveDeskError("What the network found on this scan is no longer kept; predict once more.")
    path = _trace(work, sheet, strokes, evidence, out=Path(job.out), tracks=job.tracks)
    facts = {"evidence": evidence.name, "exact": _is_exact(job, sheet, evidence), "seconds": time.monotonic() - began}
    return Result(job.id, {"curves": str(path)}, facts)


def evidence_key(scan: Scan, sheet: Sheet, model: Model) -> EvidenceKey:
    """What the network's answer for this scan and sheet depends on. Raises SheetError, ScanError."""
    dpi = sheet.dpi or scan.dpi
    return EvidenceKey(
        sha256=scan.sha256,
        page=scan.info.page,
        model_id=model.id,
        weights_sha256=model.manifest.weights_sha256,
        box=logged_box(sheet, dpi=dpi, width=scan.width, height=scan.height),
        dpi=dpi,
        scale=ANALYSIS_DPI / dpi,
    )


def as_tracing(evidence: EvidenceFolder) -> Evidence:
    """Evidence as the tracer takes it; the arrays stay maps of files."""
    x0, y0, _x1, _y1 = evidence.key.box
    return Evidence(evidence.probability, evidence.gray, Window(x0, y0, evidence.key.scale))


def _said(job: PredictJob | TraceJob) -> tuple[Sheet, tuple[Stroke, ...]]:
    sheet = parse_sheet(job.sheet, source="the sheet")
    strokes = parse_strokes(job.strokes, source="the strokes") if job.strokes else ()
    check_strokes(strokes, sheet, source="the strokes")
    return sheet, strokes


def _trace(
    work: Work,
    sheet: Sheet,
    strokes: Sequence[Stroke],
    evidence: EvidenceFolder,
    *,
    out: Path,
    tracks: Collection[str] | None,
) -> Path:
    traced = trace_sheet(
        sheet,
        as_tracing(evidence),
        strokes,
        dpi=evidence.key.dpi,
        tracks=tracks,
        progress=work.phase("curves"),
        cancelled=work.is_cancelled,
    )
    out.mkdir(parents=True, exist_ok=True)
    write_curves(out / CURVES_FILE, _by_key(sheet, traced))
    return out / CURVES_FILE


def _by_key(sheet: Sheet, traced: dict[int, list[TracedCurve]]) -> dict[str, TracedCurve]:
    keys = iter(curve_keys(sheet))
    named = [[(next(keys)) for _spec in track.curves] for track in sheet.tracks]
    return {key: line for place, lines in traced.items() for key, line in zip(named[place], lines, strict=True)}


def _is_exact(job: TraceJob, sheet: Sheet, evidence: EvidenceFolder) -> bool:
    if job.size is None or (sheet.dpi or evidence.key.dpi) != evidence.key.dpi:
        return False
    width, height = job.size
    return logged_box(sheet, dpi=evidence.key.dpi, width=width, height=height) == evidence.key.box


class _Seen:
    """The rows the user looks at, as rows of the evidence."""

    def __init__(self, job: PredictJob, work: Work, evidence: EvidenceFolder) -> None:
        self._job, self._work, self._evidence = job, work, evidence

    def rows(self) -> tuple[int, int] | None:
        seen = self._work.look() or self._job.look
        return self._evidence.rows_at(*seen) if seen else None

"""The export itself: every file of the plan, all of them or none, each read back before it takes its name."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2

from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.errors import Cancelled, CurveDeskError, ExportError
from curvedesk.domain.sheet import dump_sheet, load_sheet
from curvedesk.domain.strokes import dump_strokes, load_strokes
from curvedesk.interchange.csv_file import put_csv
from curvedesk.interchange.faults import check_plan
from curvedesk.interchange.ink import ScanInk
from curvedesk.interchange.labels import ANNOTATIONS, put_labels
from curvedesk.interchange.las import put_las
from curvedesk.interchange.overlay import Raster, overlay_paths, put_overlay
from curvedesk.interchange.plan import ExportPlan, Output
from curvedesk.interchange.planned import Material, planned_log
from curvedesk.interchange.quality import assess
from curvedesk.interchange.report import put_report
from curvedesk.interchange.together import Parts, together

Progress = Callable[[int, int], None]
Paths = tuple[Path, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """What lies where now; `log` is what the files say."""

    files: Mapping[Output, Paths]
    log: DigitisedLog

    @property
    def folder(self) -> Path:
        """Where to look for the files."""
        return next(iter(self.files.values()))[0].parent


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """One export under way."""

    material: Material
    plan: ExportPlan
    log: DigitisedLog


def write_export(
    material: Material,
    plan: ExportPlan,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Written:
    """Write every file of the plan; they appear together, after each was read back, or not at all.

    Raises ExportError, one sentence, for what forbids the export and for faults of the disk; ScanError where the
    scan cannot be read; Cancelled. Old files then stay as they were.
    """
    check_plan(material.sheet, plan, strokes=material.strokes, scan_there=material.scan is not None)
    work = _Work(material, plan, planned_log(material, plan))
    files = {output: _paths(work, output, path) for output, path in plan.files.items()}
    singles: dict[Output, Paths] = {output: paths for output, paths in files.items() if output is not Output.LABELS}
    pack = plan.files.get(Output.LABELS)
    with together([path for paths in singles.values() for path in paths], folder=pack, marker=ANNOTATIONS) as parts:
        _fill(work, singles, parts, progress=progress, cancelled=cancelled)
    return Written(files, work.log)


def _paths(work: _Work, output: Output, path: Path) -> Paths:
    if output is Output.OVERLAY:
        return overlay_paths(_scan(work), work.log, path)
    return (path,)


def _fill(
    work: _Work,
    files: Mapping[Output, Paths],
    parts: Parts,
    *,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    rest = iter(parts.files)
    steps = [partial(_PUT[output], work, tuple(next(rest) for _ in paths), paths) for output, paths in files.items()]
    if parts.folder is not None:
        steps.append(partial(_put_labels, work, (parts.folder,), (work.plan.files[Output.LABELS],)))
    for done, step in enumerate(steps):
        if cancelled is not None and cancelled():
            raise Cancelled("The export was stopped; nothing was written.")
        step()
        if progress is not None:
            progress(done + 1, len(steps))


def _put_las(work: _Work, parts: Paths, paths: Paths) -> None:
    put_las(work.log, parts[0], named=paths[0], null=work.plan.null)


def _put_csv(work: _Work, parts: Paths, paths: Paths) -> None:
    del paths
    put_csv(work.log, parts[0], null=work.plan.null)


def _put_overlay(work: _Work, parts: Paths, paths: Paths) -> None:
    put_overlay(_scan(work), work.log, parts)
    for part, path in zip(parts, paths, strict=True):
        if cv2.imread(str(part)) is None:
            raise ExportError(f"{path}: the picture did not read back as written; nothing was kept, try again")


def _put_report(work: _Work, parts: Paths, paths: Paths) -> None:
    del paths
    scan, sheet = work.material.scan, work.material.sheet
    quality = None if scan is None else assess(work.log, ScanInk.of(scan, sheet.dpi))
    put_report(work.log, parts[0], quality)


def _put_sheet(work: _Work, parts: Paths, paths: Paths) -> None:
    _put_document(dump_sheet(work.material.sheet), parts[0], paths[0], lambda part: dump_sheet(load_sheet(part)))


def _put_strokes(work: _Work, parts: Paths, paths: Paths) -> None:
    _put_document(
        dump_strokes(work.material.strokes), parts[0], paths[0], lambda part: dump_strokes(load_strokes(part))
    )


def _put_document(document: dict[str, Any], part: Path, path: Path, read: Callable[[Path], dict[str, Any]]) -> None:
    part.write_text(json.dumps(document, indent=1, allow_nan=False) + "\n", encoding="utf-8", newline="\n")
    try:
        same = json.loads(json.dumps(read(part))) == json.loads(json.dumps(document))
    except CurveDeskError:
        same = False
    if not same:
        raise ExportError(f"{path}: the file did not read back as written; nothing was kept, please report this")


def _put_labels(work: _Work, parts: Paths, paths: Paths) -> None:
    put_labels(_scan(work), work.log, parts[0], named=paths[0], everything=work.plan.all_labels)


def _scan(work: _Work) -> Raster:
    if work.material.scan is None:
        raise ExportError("The scan is missing, so pictures of it cannot be made; find the scan first.")
    return work.material.scan


_PUT: Mapping[Output, Callable[[_Work, Paths, Paths], None]] = {
    Output.LAS: _put_las,
    Output.CSV: _put_csv,
    Output.OVERLAY: _put_overlay,
    Output.REPORT: _put_report,
    Output.SHEET: _put_sheet,
    Output.STROKES: _put_strokes,
}

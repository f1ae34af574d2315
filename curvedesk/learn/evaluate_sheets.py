"""Whole logs against truth: every sheet of a folder digitised, its values compared with those the pen drew."""

from collections.abc import Callable
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.sheet import Sheet
from curvedesk.learn.curve_scores import RIGHT, at_depths, compared, score_curve
from curvedesk.learn.report import Report, Table, means, table_of

Values = NDArray[np.float64]
Digitize = Callable[[Path, Path], DigitisedLog]  # a scan and its sheet, to the log
SURENESS = (0.0, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)  # bounds of the rows of the reliability table
MISSING = {"score": 0.0, "coverage": 0.0, "mae_pct": 100.0, "within_2pct": 0.0}  # a curve the log lacks


def sheets_report(model_id: str, folder: Path, digitize: Digitize, notify: Callable[[float], None]) -> Report:
    """Scores of every sub-folder with ``scan.*``, ``sheet.json`` and ``truth.las``."""
    cases = sorted(path.parent for path in folder.glob("*/truth.las"))
    if not cases:
        raise CurveDeskError(f"{folder} holds no sheets with truth (NAME/truth.las): give another --data.")
    curves: dict[str, dict[str, float | None]] = {}
    sheets: dict[str, dict[str, float | None]] = {}
    judged: list[tuple[Values, NDArray[np.bool_]]] = []
    for i, case in enumerate(cases):
        log = digitize(_scan(case), case / "sheet.json")
        scores = score_log(log, case / "truth.las")
        judged += judged_samples(log, case / "truth.las")
        curves |= {f"{case.name} {name}": score for name, score in scores.items()}
        sheets[case.name] = means(list(scores.values()))
        notify((i + 1) / len(cases))
    sheets["mean"] = means(list(sheets.values()))
    note = f"{len(cases)} sheets; errors in % of track width, within one row of the scan."
    tables = (table_of("Each sheet", "sheet", sheets), table_of("Each curve", "curve", curves), reliability(judged))
    return Report("sheets", model_id, note, tables)


def _scan(case: Path) -> Path:
    found = sorted(case.glob("scan.*"))
    if not found:
        raise CurveDeskError(f"{case} holds no scan (scan.tif or the like): give another --data.")
    return found[0]


def judged_samples(log: DigitisedLog, truth: Path) -> list[tuple[Values, NDArray[np.bool_]]]:
    """Confidence and rightness of the samples that the pen drew and the log has, curve by curve."""
    depth, drawn = read_las(truth)
    have = {curve.mnemonic.upper(): curve for curve in log.curves}
    found = []
    for _track, spec in log.sheet.curves():
        curve, wanted = have.get(spec.mnemonic.upper()), drawn.get(spec.mnemonic.upper())
        if curve is None or wanted is None or not spec.digitize:
            continue
        got = at_depths(curve.values, log.depth, depth)
        both, error = compared(got, wanted, depth=depth, row=row_depth(log.sheet), scale=spec.scale)
        order = np.argsort(log.depth)
        sure = np.interp(depth[both], log.depth[order], curve.confidence[order].astype(np.float64))
        found.append((sure, np.asarray(error <= RIGHT)))
    return found


def reliability(judged: list[tuple[Values, NDArray[np.bool_]]]) -> Table:
    """How often samples of each confidence are right: the two agree where confidence means what it says."""
    sure = np.concatenate([np.zeros(0), *(part for part, _ in judged)])
    right = np.concatenate([np.zeros(0, bool), *(part for _, part in judged)])
    rows: list[tuple[str, int, float | None, float | None]] = []
    for low, high in pairwise(SURENESS):
        here = (sure >= low) & ((sure < high) | (high == SURENESS[-1]))
        has = bool(here.any())
        means = (float(sure[here].mean()), float(right[here].mean())) if has else (None, None)
        rows.append((f"{low:g} to {high:g}", int(here.sum()), *means))
    return Table("Confidence", ("confidence", "samples", "mean confidence", "share right"), tuple(rows))


def score_log(log: DigitisedLog, truth: Path) -> dict[str, dict[str, float | None]]:
    """Scores of each curve of ``truth`` that the sheet asks for."""
    depth, drawn = read_las(truth)
    have = {curve.mnemonic.upper(): curve.values for curve in log.curves}
    scores: dict[str, dict[str, float | None]] = {}
    for _track, spec in log.sheet.curves():
        name = spec.mnemonic.upper()
        if not spec.digitize or name not in drawn:
            continue
        got = at_depths(have[name], log.depth, depth) if name in have else np.full_like(depth, np.nan)
        score = score_curve(got, drawn[name], depth=depth, row=row_depth(log.sheet), scale=spec.scale)
        if score is not None:
            filled = MISSING if score.mae_pct is None else {}
            scores[name] = asdict(score) | filled
    return scores


def row_depth(sheet: Sheet) -> float:
    """Depth units per row of the scan, the median between ties."""
    y_px, depth = sheet.depth.ties[:, 0], sheet.depth.ties[:, 1]
    return abs(float(np.median(np.diff(depth) / np.diff(y_px))))


def read_las(path: Path) -> tuple[Values, dict[str, Values]]:
    """Depths (n,) and the values of each mnemonic, in capitals."""
    import lasio

    las = lasio.read(path)
    curves = {curve.mnemonic.upper(): np.asarray(curve.data, float) for curve in las.curves[1:]}
    return np.asarray(las.index, float), curves

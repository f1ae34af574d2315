"""What an export would be, before it is: its table, what forbids it, and what a careful reader would look at first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from curvedesk.domain.curve import DigitisedCurve, DigitisedLog
from curvedesk.domain.presets import unit_shown
from curvedesk.interchange.faults import Fault, faults_of
from curvedesk.interchange.header_checks import check_header
from curvedesk.interchange.log import UNSURE
from curvedesk.interchange.plan import ExportPlan
from curvedesk.interchange.planned import Material, planned_log
from curvedesk.interchange.review import Flags, nulled_at, reviewed_at, runs
from curvedesk.interchange.table import columns_of, null_text, specs_of

SHOWN_ROWS = 6
_WORTH_SAYING = 0.002


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to look at before the file leaves; `place` are depths to go to, `share` of the curve's depths."""

    kind: str
    sentence: str
    curve: str = ""
    share: float = 0.0
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """The table's head and tail as it will be written, `rows` in all; `faults` forbid it, `notices` do not.

    `unreviewed` is the share of all readings that are doubtful and that no person has looked at.
    """

    header: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]
    last: tuple[tuple[str, ...], ...]
    rows: int
    notices: tuple[Notice, ...] = ()
    faults: tuple[Fault, ...] = ()
    unreviewed: float = 0.0
    log: DigitisedLog | None = None


def preview(material: Material, plan: ExportPlan) -> Preview:
    """What `write_export` would write, from the same table."""
    faults = faults_of(material.sheet, plan, strokes=material.strokes, scan_there=material.scan is not None)
    if any(fault.of_table for fault in faults):
        return Preview((), (), (), 0, faults=faults)
    log = planned_log(material, plan)
    columns = columns_of(log, null=plan.null)
    header = tuple(f"{column.mnemonic} [{column.unit}]" if column.unit else column.mnemonic for column in columns)
    cells = list(zip(*(_ends(column.texts(null_text(plan.null))) for column in columns), strict=True))
    rows = len(log.depth)
    first = tuple(cells[: min(SHOWN_ROWS, rows)])
    last = tuple(cells[len(first) :])
    notices = tuple(_notices(material, plan, log))
    return Preview(header, first, last, rows, notices, faults, unreviewed_share(log), log)


def _ends(texts: list[str]) -> list[str]:
    return texts if len(texts) <= 2 * SHOWN_ROWS else texts[:SHOWN_ROWS] + texts[-SHOWN_ROWS:]


def unreviewed_share(log: DigitisedLog) -> float:
    """Share of all readings that are doubtful and not reviewed."""
    read = sum(int(np.isfinite(curve.values).sum()) for curve in log.curves)
    doubtful = sum(int(unreviewed_at(log, curve).sum()) for curve in log.curves)
    return doubtful / read if read else 0.0


def unreviewed_at(log: DigitisedLog, curve: DigitisedCurve) -> Flags:
    """Which readings of a curve are doubtful, and under no stroke and in no accepted interval."""
    doubtful = np.isfinite(curve.values) & (curve.confidence < UNSURE)
    return doubtful & ~reviewed_at(log.sheet, curve.mnemonic, log.strokes, log.depth)


def _notices(material: Material, plan: ExportPlan, log: DigitisedLog) -> Iterator[Notice]:
    yield from _range_notices(material, log)
    for curve in log.curves:
        yield from _curve_notices(log, curve)
    traced = {curve.mnemonic for curve in log.curves}
    for choice in plan.choices(material.sheet):
        if choice.name not in traced:
            yield Notice("untraced", f"{choice.name} has not been traced yet and is left out.", choice.name)
    yield from _header_notices(log)


def _header_notices(log: DigitisedLog) -> Iterator[Notice]:
    findings = check_header(log.sheet.well)
    missing = [finding.key for finding in findings if finding.missing]
    if missing:
        yield Notice("header", f"The header has no {_listed(missing)}.")
    yield from (Notice("header", finding.sentence) for finding in findings if not finding.missing)


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _range_notices(material: Material, log: DigitisedLog) -> Iterator[Notice]:
    axis, printed = log.sheet.depth, material.sheet.depth
    last = float(log.depth[-1])
    if abs(last - axis.bottom) > 1e-9:
        yield Notice("step", f"The step of {axis.step:g} does not divide the range: the last depth is {last:,.10g}.")
    if axis.top < printed.top or axis.bottom > printed.bottom:
        unit = unit_shown(printed.unit)
        yield Notice("range", f"The log was read from {printed.top:,.10g} to {printed.bottom:,.10g} {unit} only.")


def _curve_notices(log: DigitisedLog, curve: DigitisedCurve) -> Iterator[Notice]:
    asked = np.any([spec.covers(log.depth) for spec in specs_of(log, curve)], axis=0)
    there, unit = np.isfinite(curve.values), unit_shown(log.sheet.depth.unit)
    if not there.any():
        yield Notice("empty", f"{curve.mnemonic} has no reading at all.", curve.mnemonic, 1.0)
        return
    unseen = unreviewed_at(log, curve)
    if unseen.sum() > _WORTH_SAYING * there.sum():
        share, place = unseen.sum() / there.sum(), _longest(log, unseen)
        sentence = f"{curve.mnemonic}: {_percent(share)} of the readings are doubtful and nobody has looked at them"
        yield Notice("unreviewed", f"{sentence}, most around {place[0]:,.6g} {unit}.", curve.mnemonic, share, place)
    gap = asked & ~there & ~nulled_at(log.sheet, curve.mnemonic, log.strokes, log.depth)
    if gap.sum() > _WORTH_SAYING * asked.sum():
        share, place = gap.sum() / asked.sum(), _longest(log, gap)
        sentence = f"{curve.mnemonic}: no reading at {_percent(share)} of the depths; the longest gap is"
        yield Notice("gap", f"{sentence} {place[0]:,.6g} to {place[1]:,.6g} {unit}.", curve.mnemonic, share, place)


def _longest(log: DigitisedLog, flags: Flags) -> tuple[float, float]:
    """Depths of the longest run."""
    found = runs(flags)
    first, last = found[int(np.argmax(found[:, 1] - found[:, 0]))].tolist()
    return float(log.depth[first]), float(log.depth[last])


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "under 1 %"

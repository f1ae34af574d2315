"""The header of a LAS file: what the log is, where it came from, and how its curves were printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import lasio

from curvedesk import __version__
from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.scales import ScaleKind, WrapKind
from curvedesk.domain.sheet import CurveSpec
from curvedesk.interchange.table import NULL, Column, null_text, plain, specs_of, unique_names, word

WELL_ITEMS = {
    "COMP": "COMPANY", "WELL": "WELL", "FLD": "FIELD", "LOC": "LOCATION", "CNTY": "COUNTY", "STAT": "STATE",
    "CTRY": "COUNTRY", "SRVC": "SERVICE COMPANY", "DATE": "LOG DATE", "UWI": "UNIQUE WELL ID", "API": "API NUMBER",
}  # fmt: skip
PARAMETERS = {
    "PDAT": "PERMANENT DATUM", "EGL": "ELEVATION OF GROUND LEVEL", "EKB": "ELEVATION OF KELLY BUSHING",
    "EDF": "ELEVATION OF DERRICK FLOOR", "LMF": "LOG MEASURED FROM", "DMF": "DRILLING MEASURED FROM",
    "RUN": "RUN NUMBER", "TDD": "TOTAL DEPTH DRILLER", "TDL": "TOTAL DEPTH LOGGER", "BS": "BIT SIZE",
    "BHT": "MAXIMUM RECORDED TEMPERATURE", "DFT": "DRILLING FLUID TYPE", "DFD": "DRILLING FLUID DENSITY",
    "DFV": "DRILLING FLUID VISCOSITY", "RM": "RESISTIVITY OF MUD", "RMF": "RESISTIVITY OF MUD FILTRATE",
    "RMC": "RESISTIVITY OF MUD CAKE",
}  # fmt: skip
_OURS = ("STRT", "STOP", "STEP", "NULL")


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """MNEM.UNIT VALUE : DESCRIPTION, of characters that a strict reader takes."""

    mnemonic: str
    value: str
    description: str
    unit: str = ""


def fill_header(las: lasio.LASFile, log: DigitisedLog, columns: Sequence[Column], *, null: float = NULL) -> None:
    """Put every header section and empty curves into `las`."""
    las.sections["Well"] = _section([*_range_lines(columns[0], log, null), *well_lines(log.sheet.well)])
    las.sections["Parameter"] = _section(parameter_lines(log))
    las.sections["Curves"] = lasio.SectionItems()
    sources = ["depth", *(curve.source for curve in log.curves)]
    for column, source in zip(columns, sources, strict=True):
        las.append_curve(column.mnemonic, [], unit=column.unit, descr=_description(source))
    las.other = "\n".join(map(other_line, log.warnings))


def _section(lines: Sequence[HeaderLine]) -> lasio.SectionItems:
    return lasio.SectionItems([lasio.HeaderItem(i.mnemonic, i.unit, i.value, i.description) for i in lines])


def _range_lines(depth: Column, log: DigitisedLog, null: float) -> list[HeaderLine]:
    first, *_, last = depth.texts("") if len(depth.values) > 1 else depth.texts("") * 2
    step = f"{log.sheet.depth.step:.{depth.decimals}f}"
    return [
        HeaderLine("STRT", first, "START DEPTH", depth.unit),
        HeaderLine("STOP", last, "STOP DEPTH", depth.unit),
        HeaderLine("STEP", step, "STEP", depth.unit),
        HeaderLine("NULL", null_text(null), "NULL VALUE"),
    ]


def well_lines(well: Mapping[str, str]) -> list[HeaderLine]:
    """The items every LAS has, empty where the sheet does not know them, then whatever else the sheet has of the well
    itself; what it has of elevations, run and mud is `PARAMETERS`, and stands in ~P."""
    known = _by_mnemonic(well)
    usual = [HeaderLine(key, known.get(key, ""), text) for key, text in WELL_ITEMS.items()]
    others = [key for key in known if key and key not in WELL_ITEMS and key not in PARAMETERS and key not in _OURS]
    return usual + [HeaderLine(key, known[key], key) for key in others]


def _by_mnemonic(well: Mapping[str, str]) -> dict[str, str]:
    return {word(key).upper(): _value(value) for key, value in well.items()}


def parameter_lines(log: DigitisedLog) -> list[HeaderLine]:
    """Scan, its hash, model and program, what the header says of elevations, run and mud, the scale of every curve."""
    lines = [
        HeaderLine("SCAN", _value(log.scan), "SCANNED PAPER LOG"),
        HeaderLine("SHA256", _value(log.sha256), "SHA-256 OF THE SCAN FILE"),
        HeaderLine("MODEL", _value(log.model_id), "MODEL THAT READ THE INK"),
        HeaderLine("PROG", f"CurveDesk {__version__}", "PROGRAM"),
    ]
    known = _by_mnemonic(log.sheet.well)
    lines += [HeaderLine(key, known[key], text) for key, text in PARAMETERS.items() if known.get(key)]
    specs = [(curve, spec) for curve in log.curves for spec in specs_of(log, curve)]
    names = unique_names([f"{curve.mnemonic}_SCALE" for curve, _ in specs], taken=[line.mnemonic for line in lines])
    for name, (curve, spec) in zip(names, specs, strict=True):
        lines.append(HeaderLine(name, _value(scale_text(spec)), _description(f"PRINTED SCALE OF {curve.mnemonic}")))
    return lines


def scale_text(spec: CurveSpec) -> str:
    """A curve's printed scale in words, such as `0 to 150 GAPI, linear, back-up scales add`."""
    scale = spec.scale
    parts = [f"{scale.left:.10g} to {scale.right:.10g} {spec.unit}".strip(), scale.kind.value]
    if scale.kind is ScaleKind.TABLE:
        parts += [f"{value:.10g} at {fraction:.10g}" for fraction, value in scale.table]
    if scale.wrap.kind is WrapKind.ADD:
        parts.append("back-up scales add")
    if scale.wrap.kind is WrapKind.MULTIPLY:
        parts.append(f"back-up scales multiply by {scale.wrap.factor:g}")
    if spec.depth_from is not None:
        parts.append(f"from {spec.depth_from:.10g}")
    if spec.depth_to is not None:
        parts.append(f"to {spec.depth_to:.10g}")
    return ", ".join(parts)


def _value(text: str) -> str:
    """A value field; the last colon of a line is where readers look for the description."""
    return plain(text).replace(":", ";")


def _description(text: str) -> str:
    return plain(text).replace(":", ";")


def other_line(text: str) -> str:
    """A line of ~O that no reader takes for a section or a comment."""
    return plain(text).lstrip("~# ")

"""Fields of a well header: the standard ones of LAS with what they mean, and what a strict reader would not take."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

OTHER = "Other"


@dataclass(frozen=True, slots=True)
class WellField:
    """One field: its mnemonic in the ~W section, what it means, and an example of how it is written."""

    name: str
    title: str
    group: str
    example: str = ""


FIELDS: tuple[WellField, ...] = (
    WellField("WELL", "Well", "Well", "State 12-3"),
    WellField("COMP", "Company", "Well", "Northfork Oil Company"),
    WellField("UWI", "Unique well identifier", "Well", "100/06-02-072-20W4/00"),
    WellField("API", "API number", "Well", "42-103-30012-00"),
    WellField("FLD", "Field", "Place", "Cotton Draw"),
    WellField("LOC", "Location", "Place", "660' FNL & 1980' FEL, Sec. 12"),
    WellField("CNTY", "County", "Place", "Lea"),
    WellField("STAT", "State", "Place", "New Mexico"),
    WellField("PROV", "Province", "Place", "Alberta"),
    WellField("CTRY", "Country", "Place", "USA"),
    WellField("LATI", "Latitude", "Place", "32.0512"),
    WellField("LONG", "Longitude", "Place", "-103.5512"),
    WellField("EKB", "Elevation of kelly bushing", "Elevations", "3214.0"),
    WellField("EDF", "Elevation of derrick floor", "Elevations", "3213.0"),
    WellField("EGL", "Elevation of ground level", "Elevations", "3200.0"),
    WellField("PDAT", "Permanent datum", "Elevations", "Ground level"),
    WellField("DMF", "Drilling measured from", "Elevations", "Kelly bushing"),
    WellField("LMF", "Log measured from", "Elevations", "Kelly bushing"),
    WellField("SRVC", "Service company", "Log", "Schlumberger"),
    WellField("DATE", "Date logged", "Log", "12-MAR-1978"),
    WellField("RUN", "Run number", "Log", "1"),
    WellField("TDD", "Depth by driller", "Log", "10250"),
    WellField("TDL", "Depth by logger", "Log", "10246"),
)
NUMBERS = frozenset({"EKB", "EDF", "EGL", "LATI", "LONG", "TDD", "TDL"})
MADE_BY_EXPORT = frozenset({"STRT", "STOP", "STEP", "NULL"})
_DATES = ("%d-%m-%Y", "%m-%d-%Y", "%Y-%m-%d", "%d-%b-%Y", "%d-%b-%y", "%d-%m-%y", "%m-%d-%y", "%d-%B-%Y", "%b-%d-%Y")


def fields_of(well: Mapping[str, str]) -> tuple[WellField, ...]:
    """The standard fields, then the sheet's own in its order."""
    known = {field.name for field in FIELDS}
    return (*FIELDS, *(WellField(name, name, OTHER) for name in well if name not in known))


def doubt_of(name: str, value: str) -> str:
    """What is odd about a value, in one sentence; empty where nothing is. Nothing is forbidden but a line's end."""
    text = value.strip()
    if not text:
        return ""
    if name in MADE_BY_EXPORT:
        return f"{name} is written by the export itself; this value would be lost."
    if "\n" in value or "\r" in value:
        return "One line only: a LAS file has no place for more."
    if not text.isascii():
        odd = next(mark for mark in text if not mark.isascii())
        return f"“{odd}” is no plain letter; strict LAS readers may show something else."
    return _DOUBTS.get(name, _no_doubt)(text) or (_number_doubt(text) if name in NUMBERS else "")


def _no_doubt(_text: str) -> str:
    return ""


def _api_doubt(text: str) -> str:
    digits = len(re.sub(r"\D", "", text))
    return "" if digits in {10, 12, 14} else f"An API number has 10, 12 or 14 digits, this has {digits}."


def _date_doubt(text: str) -> str:
    plain = re.sub(r"[\s/.,]+", "-", text)
    for form in _DATES:
        try:
            read = datetime.strptime(plain, form)
        except ValueError:
            continue
        if "%y" in form:
            return ""  # two digits leave the century open
        return "" if 1900 <= read.year <= datetime.now().year + 1 else f"{read.year} is no year of a paper log."
    return "This does not read as a date, such as 12-MAR-1978."


def _number_doubt(text: str) -> str:
    plain = re.sub(r"(?i)\s*(ft|m|feet|metres|meters)\.?$", "", text).replace(",", "")
    try:
        float(plain)
    except ValueError:
        return "This does not read as a number."
    return ""


_DOUBTS = {"API": _api_doubt, "DATE": _date_doubt}

"""Fields of a well header: the standard ones of LAS with what they mean, and what is odd about a value.

Panel, export and its preview ask here, so that one value is never called odd in two ways. Nothing is forbidden.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from curvedesk.interchange.table import plain

OTHER = "Other"


@dataclass(frozen=True, slots=True)
class HeaderField:
    """One field: its mnemonic in the ~W section, what it means, and an example of how it is written."""

    name: str
    title: str
    group: str
    example: str = ""


FIELDS: tuple[HeaderField, ...] = (
    HeaderField("WELL", "Well", "Well", "State 12-3"),
    HeaderField("COMP", "Company", "Well", "Northfork Oil Company"),
    HeaderField("UWI", "Unique well identifier", "Well", "100/06-02-072-20W4/00"),
    HeaderField("API", "API number", "Well", "42-103-30012-00"),
    HeaderField("FLD", "Field", "Place", "Cotton Draw"),
    HeaderField("LOC", "Location", "Place", "660' FNL & 1980' FEL, Sec. 12"),
    HeaderField("CNTY", "County", "Place", "Lea"),
    HeaderField("STAT", "State", "Place", "New Mexico"),
    HeaderField("PROV", "Province", "Place", "Alberta"),
    HeaderField("CTRY", "Country", "Place", "USA"),
    HeaderField("LATI", "Latitude", "Place", "32.0512"),
    HeaderField("LONG", "Longitude", "Place", "-103.5512"),
    HeaderField("EKB", "Elevation of kelly bushing", "Elevations", "3214.0"),
    HeaderField("EDF", "Elevation of derrick floor", "Elevations", "3213.0"),
    HeaderField("EGL", "Elevation of ground level", "Elevations", "3200.0"),
    HeaderField("PDAT", "Permanent datum", "Elevations", "Ground level"),
    HeaderField("DMF", "Drilling measured from", "Elevations", "Kelly bushing"),
    HeaderField("LMF", "Log measured from", "Elevations", "Kelly bushing"),
    HeaderField("SRVC", "Service company", "Log", "Schlumberger"),
    HeaderField("DATE", "Date logged", "Log", "12-MAR-1978"),
    HeaderField("RUN", "Run number", "Log", "1"),
    HeaderField("TDD", "Depth by driller", "Log", "10250"),
    HeaderField("TDL", "Depth by logger", "Log", "10246"),
)
TITLES: Mapping[str, str] = {field.name: field.title for field in FIELDS}
NUMBERS = frozenset({"EKB", "EDF", "EGL", "LATI", "LONG", "TDD", "TDL"})
MADE_BY_EXPORT = frozenset({"STRT", "STOP", "STEP", "NULL"})
API_DIGITS = frozenset({8, 10, 12, 14})  # with and without state, sidetrack and event
LEAST_UWI = 8
FIRST_YEAR = 1900
_DATES = (
    "%d-%m-%Y", "%m-%d-%Y", "%Y-%m-%d", "%d-%b-%Y", "%d-%b-%y", "%d-%m-%y", "%m-%d-%y", "%d-%B-%Y", "%b-%d-%Y",
    "%B-%d-%Y", "%Y%m%d", "%Y",
)  # fmt: skip


def fields_of(well: Mapping[str, str]) -> tuple[HeaderField, ...]:
    """The standard fields, then the sheet's own in its order."""
    return (*FIELDS, *(HeaderField(name, name, OTHER) for name in well if name not in TITLES))


def doubt_of(name: str, value: str) -> str:
    """What is odd about a value, in one sentence; empty where nothing is, or no value is given."""
    name, text = name.upper(), value.strip()
    if not text:
        return ""
    if name in MADE_BY_EXPORT:
        return f"{name} is written by the export itself; this value would be lost."
    if "\n" in value or "\r" in value:
        return "One line only: a LAS file has no place for more."
    if plain(text).count("?") > text.count("?"):
        return f"{TITLES.get(name, name)} has letters that LAS cannot hold; they are written as “?”."
    return _DOUBTS[name](text) if name in _DOUBTS else ""


def _api_doubt(text: str) -> str:
    digits = re.sub(r"[-\s]", "", text)
    if not digits.isdigit():
        return "An API number has digits and hyphens only."
    return "" if len(digits) in API_DIGITS else f"An API number has 10, 12 or 14 digits, this has {len(digits)}."


def _uwi_doubt(text: str) -> str:
    long_enough = len(re.sub(r"[^0-9A-Za-z]", "", text)) >= LEAST_UWI
    return "" if long_enough else "A UWI has more letters and digits than this."


def _date_doubt(text: str) -> str:
    years = list(_years(re.sub(r"[\s/.,]+", "-", text)))
    if not years:
        return "This does not read as a date, such as 12-MAR-1978."
    likely = any(year is None or FIRST_YEAR <= year <= date.today().year + 1 for year in years)
    return "" if likely else f"{years[0]} is no year of a paper log."


def _years(text: str) -> Iterator[int | None]:
    """The year by each way to read a date; None where two digits leave the century open."""
    for form in _DATES:
        try:
            read = datetime.strptime(text, form)
        except ValueError:
            continue
        yield None if "%y" in form else read.year


def _number_doubt(text: str) -> str:
    number = re.sub(r"(?i)\s*(ft|m|feet|metres|meters)\.?$", "", text).replace(",", "")
    try:
        float(number)
    except ValueError:
        return "This does not read as a number."
    return ""


_DOUBTS: Mapping[str, Callable[[str], str]] = {
    "API": _api_doubt, "UWI": _uwi_doubt, "DATE": _date_doubt, **dict.fromkeys(NUMBERS, _number_doubt),
}  # fmt: skip

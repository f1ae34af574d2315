"""Is the well header fit for others to file the log by? Findings in a geologist's words, none of them forbids."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from curvedesk.interchange.table import plain

FIELDS: Mapping[str, str] = {
    "WELL": "Well", "COMP": "Company", "FLD": "Field", "LOC": "Location", "CNTY": "County", "STAT": "State",
    "CTRY": "Country", "SRVC": "Service company", "DATE": "Date logged", "UWI": "UWI", "API": "API number",
}  # fmt: skip
EXPECTED = ("WELL", "COMP", "FLD", "DATE")
_DATES = (
    "%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y",
    "%b %d, %Y", "%B %d, %Y", "%d-%b-%y", "%m-%d-%y", "%d-%m-%y", "%m/%d/%y", "%d/%m/%y", "%Y%m%d", "%Y",
)  # fmt: skip
_API_DIGITS = {8, 10, 12, 14}  # with and without state, sidetrack and event


@dataclass(frozen=True, slots=True)
class HeaderFinding:
    """What is missing (`missing`) or odd about a field of the header."""

    key: str
    sentence: str
    missing: bool = False


def check_header(well: Mapping[str, str]) -> tuple[HeaderFinding, ...]:
    """What a reader of the header would stumble over."""
    known = {key.upper(): value.strip() for key, value in well.items() if value.strip()}
    found = [HeaderFinding(key, f"{FIELDS[key]} is empty.", missing=True) for key in EXPECTED if key not in known]
    if "UWI" not in known and "API" not in known:
        found.append(HeaderFinding("UWI", "Neither a UWI nor an API number is given.", missing=True))
    for key, value in known.items():
        sentence = check_field(key, value)
        if sentence:
            found.append(HeaderFinding(key, sentence))
    return tuple(found)


def check_field(key: str, value: str) -> str | None:
    """What is odd about one field that is not empty, or None."""
    special = _CHECKS.get(key.upper())
    fault = special(value) if special else None
    if fault:
        return fault
    if plain(value).count("?") > value.count("?"):
        return f"{FIELDS.get(key, key)} has letters that LAS cannot hold; they are written as “?”."
    return None


def _odd_date(value: str) -> str | None:
    if any(_parses(value.strip(), pattern) for pattern in _DATES):
        return None
    return f"“{value}” does not read as a date; 1954-10-14 would."


def _parses(value: str, pattern: str) -> bool:
    try:
        datetime.strptime(value, pattern)
    except ValueError:
        return False
    return True


def _odd_api(value: str) -> str | None:
    digits = re.sub(r"[-\s]", "", value)
    if digits.isdigit() and len(digits) in _API_DIGITS:
        return None
    return "An API number has 10, 12 or 14 digits."


def _odd_uwi(value: str) -> str | None:
    length = len(re.sub(r"[^0-9A-Za-z]", "", value))
    if length >= 8:
        return None
    return "A UWI has more letters and digits than this."


_CHECKS: Mapping[str, Callable[[str], str | None]] = {"DATE": _odd_date, "API": _odd_api, "UWI": _odd_uwi}

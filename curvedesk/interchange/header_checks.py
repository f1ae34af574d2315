"""Is the well header fit for others to file the log by? Findings in a geologist's words, none of them forbids."""

from collections.abc import Mapping
from dataclasses import dataclass

from curvedesk.interchange.header_fields import MADE_BY_EXPORT, TITLES, doubt_of

FILED_BY = ("WELL", "COMP", "FLD", "LOC", "CNTY", "STAT", "CTRY", "SRVC", "DATE", "UWI", "API")
EXPECTED = ("WELL", "COMP", "FLD", "DATE")


@dataclass(frozen=True, slots=True)
class HeaderFinding:
    """What is missing (`missing`) or odd about a field of the header."""

    key: str
    sentence: str
    missing: bool = False


def check_header(well: Mapping[str, str]) -> tuple[HeaderFinding, ...]:
    """What a reader of the header would stumble over."""
    known = {key.upper(): value.strip() for key, value in well.items() if value.strip()}
    found = [HeaderFinding(key, f"{TITLES[key]} is empty.", missing=True) for key in EXPECTED if key not in known]
    if "UWI" not in known and "API" not in known:
        found.append(HeaderFinding("UWI", "Neither a UWI nor an API number is given.", missing=True))
    odd = {key: doubt_of(key, value) for key, value in known.items() if key not in MADE_BY_EXPORT}
    return (*found, *(HeaderFinding(key, sentence) for key, sentence in odd.items() if sentence))

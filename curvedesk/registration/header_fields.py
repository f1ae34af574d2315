"""Labels of header forms, and what a value beside each can be."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher

_CLOSE = 0.8
_SPELT = 0.7  # likeness to a word of a short list that a value must come from
# label as printed -> mnemonic; longer labels first, since "COMPANY" must not eat "SERVICE COMPANY"
LABELS: tuple[tuple[str, str], ...] = (
    ("SPUD DATE", ""), ("COMP DATE", ""), ("DATUM", ""), ("COMPANY", "COMP"), ("COMP", "COMP"), ("OPERATOR", "COMP"),
    ("WELL NAME", "WELL"), ("WELL", "WELL"), ("LEASE", "WELL"), ("FIELD OR", ""), ("FIELD", "FLD"), ("FLD", "FLD"),
    ("POOL", "FLD"), ("COUNTY", "CNTY"), ("PARISH", "CNTY"), ("DISTRICT", "CNTY"), ("STATE", "STAT"),
    ("PROVINCE", "PROV"), ("COUNTRY", "CTRY"), ("API NO", "API"), ("API NUMBER", "API"), ("API SERIAL NO", "API"),
    ("API", "API"), ("PERMIT", "API"), ("UWI", "UWI"), ("LOCATION", "LOC"), ("SERVICE COMPANY", "SRVC"),
    ("RUN NUMBER", "RUN"), ("RUN NO", "RUN"), ("DATE LOGGED", "DATE"), ("LOG DATE", "DATE"), ("DATE", "DATE"),
    ("ELEVATION", "EGL"), ("ELEV", "EGL"), ("KB", "EKB"), ("K B", "EKB"), ("DF", "EDF"), ("D F", "EDF"),
    ("GL", "EGL"), ("G L", "EGL"), ("DRILLING MEASURED FROM", "DMF"), ("LOG MEASURED FROM", "LMF"),
    ("PERMANENT DATUM", "PDAT"), ("DEPTH DATUM", "PDAT"), ("BOTTOM DRILLER", "TDD"), ("DEPTH DRILLER", "TDD"),
    ("DEPTH LOGGER", "TDL"), ("DEPTH REACHED", "TDL"), ("BIT SIZE", "BS"), ("TYPE FLUID IN HOLE", "DFT"),
    ("MUD NATURE", "DFT"), ("MUD NAT", "DFT"), ("MUD TYPE", "DFT"), ("DENSITY", "DFD"), ("VISCOSITY", "DFV"),
    ("MAXIMUM TEMP", "BHT"), ("MAX TEMP", "BHT"), ("MAX REC TEMP", "BHT"), ("BHT", "BHT"), ("RM", "RM"),
    ("RMF", "RMF"), ("RMC", "RMC"),
)  # fmt: skip


_MEASURED = frozenset(("EKB", "EDF", "EGL", "TDD", "TDL", "BS", "DFD", "DFV", "BHT", "RM", "RMF", "RMC"))


_STATES = (
    "ALABAMA", "ALASKA", "ARIZONA", "ARKANSAS", "CALIFORNIA", "COLORADO", "FLORIDA", "ILLINOIS", "INDIANA", "KANSAS",
    "KENTUCKY", "LOUISIANA", "MICHIGAN", "MISSISSIPPI", "MISSOURI", "MONTANA", "NEBRASKA", "NEVADA", "NEW MEXICO",
    "NEW YORK", "NORTH DAKOTA", "OHIO", "OKLAHOMA", "PENNSYLVANIA", "SOUTH DAKOTA", "TENNESSEE", "TEXAS", "UTAH",
    "VIRGINIA", "WEST VIRGINIA", "WYOMING",
)  # fmt: skip
_DATUMS = re.compile(
    r"K\W*B|D\W*F|G\W*L|R\W*T\b|KELLY|BUSHING|GROUND|ROTARY|DERRICK|SAME|SEA|M\W*S\W*L|TABLE|FLOOR", re.IGNORECASE
)
_FLUIDS = re.compile(
    r"MUD|GEL|WATER|BASE|SALT|BRINE|OIL|CHEM|FRESH|NATIVE|AIR|POLY|LIME|GAS|LIG|EMUL|BENEX|STARCH|KCL", re.IGNORECASE
)
_OF_THE_FORM = re.compile(
    r"SURVEY|LOGG|SERVICE|DATUM|MEASURED|DRILLER|PERM|FILING|ABOVE|INTERVAL|OTHER|REMARK|RECORD|SAMPLE|DECLINATION|"
    r"HEADING|LOCATION OF|FROM [NSEW]\b|\bF[NSEW]L\b|TEMP\b|\bDATE\b|\bRUN\b",
    re.IGNORECASE,
)
_WHOLE_DATE = re.compile(r"\d{1,4}\W{1,2}(\d{1,2}|[A-Za-z]{3,9})\W{1,2}\d{2,4}|[A-Za-z]{3,9}\W+\d{1,2}\W+\d{2,4}")
_DOUBTFUL = 0.4  # worth of a value that lacks something that all of its kind have
_FIRST = re.compile(r"\bN[O0]\. ?[Il|](?=\s|$)")
_NAME = re.compile(r"[A-Za-z]{3}")
_NUMBERED = re.compile(r"(?<!\d)(\d{2}-\d{3}-\d{5}(?:-\d{2}){0,2})(?!\d)")


def api_number(text: str) -> str | None:
    """An API well number as it is printed anywhere on a form: 42-109-30821."""
    match = _NUMBERED.search(text.replace(",", "-").replace(" ", ""))
    return match[1] if match else None


def datum(key: str, value: str) -> tuple[str, str]:
    """An elevation under the datum that its value names: `D.F.: 2557`."""
    match = re.match(r"^\s*([KDG])\.?\s*([BFLR])\.?\s*[:.=]*\s*(\d.*)$", value.upper())
    if not key.startswith("E") or match is None:
        return key, value
    return {"KB": "EKB", "KR": "EKB", "DF": "EDF", "GL": "EGL"}.get(match[1] + match[2], key), match[3]


def letters_of(value: str) -> int:
    """How many letters and digits a value has."""
    return sum(c.isalnum() for c in value)


def figures(key: str, value: str) -> str:
    """A measured value with the letters that were read for its digits put right: 36LL is 3611."""
    digits = sum(c.isdigit() for c in value)
    if key not in _MEASURED or digits < 2 or not re.fullmatch(r"[\dLlIiOoSB.,'\"]+", value):
        return value
    return value.translate(str.maketrans("LlIiOoSB", "11110058"))


def plausible(key: str, value: str) -> bool:
    """Whether a value can be one of its kind; most of what stands beside a label on a filled form is not."""
    digits = sum(c.isdigit() for c in value)
    letters = sum(c.isalpha() for c in value)
    if key in _MEASURED:
        return digits > 0 and digits >= letters
    test = _TESTS.get(key)
    if test is not None:
        return test(value, digits, letters)
    worded = _NAME.search(value) is not None or key == "WELL"
    return worded and letters >= max(2, 0.4 * len(value)) and len(value) >= 3 and _OF_THE_FORM.search(value) is None


_COUNTED = {"ONE", "TWO", "THREE", "FOUR", "FIVE"}
_TESTS: dict[str, Callable[[str, int, int], bool]] = {
    "DATE": lambda _, digits, letters: digits >= 3 and letters <= 9,
    "API": lambda _, digits, __: digits >= 6,
    "UWI": lambda _, digits, __: digits >= 6,
    "RUN": lambda value, digits, _: len(value) <= 5 and (digits > 0 or value.upper() in _COUNTED),
    "LOC": lambda _, digits, __: digits > 0,
    "DFT": lambda value, _, __: _FLUIDS.search(value) is not None,
    **dict.fromkeys(
        ("DMF", "LMF", "PDAT"),
        lambda value, _, __: _DATUMS.search(value) is not None and _OF_THE_FORM.search(value) is None,
    ),
}


def spelt(key: str, value: str) -> tuple[str, float]:
    """A value put right where only one word of a short list is meant, and how like it that was; 1 for other keys."""
    value = _FIRST.sub("NO.1", value) if key == "WELL" else value
    known = _STATES if key == "STAT" else ("WILDCAT",) if key == "FLD" else ()
    bare = " ".join(re.findall(r"[A-Z]+", value.upper()))
    scored = [(SequenceMatcher(None, bare, word).ratio(), word) for word in known]
    like, word = max(scored, default=(0.0, ""))
    if like >= _SPELT:
        return word, like
    if key == "DATE" and _WHOLE_DATE.search(value) is None:
        return value, _DOUBTFUL
    return value, _DOUBTFUL if key == "STAT" else 1.0


def label_of(text: str) -> tuple[str, float, str] | None:
    """(mnemonic, likeness, what follows the label) of a line that begins with a known label."""
    match = re.match(r"^\s*([A-Za-z][A-Za-z. ]*?)(?:\s*[:.;=_-]+\s*|\s{2,}|\s+|$)(.*)$", text)
    if match is None:
        return None
    words = re.findall(r"\S+", text)
    best: tuple[float, int, str, str] | None = None
    for label, key in LABELS:
        size = len(label.split())
        have = " ".join(words[:size]).upper().replace(".", " ").strip(" :;,_-")
        have = " ".join(have.split())
        like = 1.0 if have == label else SequenceMatcher(None, have, label).ratio() if len(label) > 4 else 0.0
        if like >= _CLOSE and (best is None or (like, size) > best[:2]):
            best = like, size, key, " ".join(words[size:]).strip(" :;._-")
    if best is None or not best[2]:
        return None
    return best[2], best[0], best[3]

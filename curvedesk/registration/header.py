"""The header: words beside labels, into the mnemonics of LAS, with the place each was read from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from curvedesk.registration.confidence import field_confidence
from curvedesk.registration.ocr import Word, find_words
from curvedesk.registration.page import IsCancelled, Page, check_cancelled

_MOST_ROWS = 3000
_CLOSE = 0.8
_BESIDE = 0.75  # a value that stands beside its label may belong to another
# label as printed -> mnemonic; longer labels first, since "COMPANY" must not eat "SERVICE COMPANY"
LABELS: tuple[tuple[str, str], ...] = (
    ("COMPANY", "COMP"), ("COMP", "COMP"), ("OPERATOR", "COMP"),
    ("WELL NAME", "WELL"), ("WELL", "WELL"), ("LEASE", "WELL"),
    ("FIELD", "FLD"), ("FLD", "FLD"), ("POOL", "FLD"),
    ("COUNTY", "CNTY"), ("PARISH", "CNTY"), ("DISTRICT", "CNTY"),
    ("STATE", "STAT"), ("PROVINCE", "PROV"), ("COUNTRY", "CTRY"),
    ("API NO", "API"), ("API NUMBER", "API"), ("API SERIAL NO", "API"), ("API", "API"), ("PERMIT", "API"),
    ("UWI", "UWI"), ("LOCATION", "LOC"), ("SERVICE COMPANY", "SRVC"),
    ("RUN NO", "RUN"), ("DATE LOGGED", "DATE"), ("LOG DATE", "DATE"), ("DATE", "DATE"),
    ("ELEVATION", "EGL"), ("ELEV", "EGL"), ("KB", "EKB"), ("K B", "EKB"), ("DF", "EDF"), ("D F", "EDF"),
    ("GL", "EGL"), ("G L", "EGL"), ("DRILLING MEASURED FROM", "DMF"), ("LOG MEASURED FROM", "LMF"),
    ("PERMANENT DATUM", "PDAT"), ("DEPTH DRILLER", "TDD"), ("DEPTH LOGGER", "TDL"),
    ("BIT SIZE", "BS"), ("TYPE FLUID IN HOLE", "DFT"), ("DENSITY", "DFD"), ("VISCOSITY", "DFV"),
    ("MAX REC TEMP", "BHT"), ("BHT", "BHT"), ("RM", "RM"), ("RMF", "RMF"), ("RMC", "RMC"),
)  # fmt: skip


_MEASURED = frozenset(("EKB", "EDF", "EGL", "TDD", "TDL", "BS", "DFD", "DFV", "BHT", "RM", "RMF", "RMC"))


@dataclass(frozen=True, slots=True, eq=False)
class Header:
    """Fields with confidence and place (scan pixels), and all that was read, for units and scales."""

    well: dict[str, str]
    sure: dict[str, float]
    places: dict[str, list[float]]
    texts: tuple[str, ...]


def read_header(page: Page, rows: tuple[int, int], cancelled: IsCancelled | None = None) -> Header:
    """The header in rows y0 to y1 of the page."""
    y0, y1 = rows[0], min(rows[1], rows[0] + _MOST_ROWS)
    if y1 - y0 < 40:
        return Header({}, {}, {}, ())
    words = []
    for top in range(y0, y1, 1000):
        check_cancelled(cancelled)
        part = page.ink[top : min(y1, top + 1040)]
        words += [_moved(w, top) for w in find_words(part, cancelled=cancelled) if top + w.box[1] < top + 1000]
    return _fields(words, page)


def _moved(word: Word, down: int) -> Word:
    x0, y0, x1, y1 = word.box
    return Word((x0, y0 + down, x1, y1 + down), word.text, word.sure)


def _fields(words: Sequence[Word], page: Page) -> Header:
    well: dict[str, str] = {}
    sure: dict[str, float] = {}
    places: dict[str, list[float]] = {}
    for word in words:
        found = _field(word, words)
        if found is None:
            continue
        key, value, certainty, box = found
        key, value = _datum(key, value)
        if not _plausible(key, value):
            continue
        if certainty > sure.get(key, 0.0):
            well[key], sure[key], places[key] = value, certainty, page.box_to_scan(box)
    return Header(well, sure, places, tuple(w.text for w in words))


def _datum(key: str, value: str) -> tuple[str, str]:
    """An elevation under the datum that its value names: `D.F.: 2557`."""
    match = re.match(r"^\s*([KDG])\.?\s*([BFL])\.?\s*[:.=]*\s*(\d.*)$", value.upper())
    if not key.startswith("E") or match is None:
        return key, value
    return {"KB": "EKB", "DF": "EDF", "GL": "EGL"}.get(match[1] + match[2], key), match[3]


def _plausible(key: str, value: str) -> bool:
    """Whether a value can be one of its kind; most of what stands beside a label on a filled form is not."""
    digits = sum(c.isdigit() for c in value)
    letters = sum(c.isalpha() for c in value)
    if key == "DATE":
        return digits >= 3
    if key in {"API", "UWI"}:
        return digits >= 6
    if key == "RUN":
        return len(value) <= 5 and (digits > 0 or value.upper() in {"ONE", "TWO", "THREE", "FOUR", "FIVE"})
    if key == "LOC":
        return digits > 0
    if key in _MEASURED:
        return digits > 0 and digits >= letters
    return letters >= 2 and len(value) >= 3


def _field(word: Word, words: Sequence[Word]) -> tuple[str, str, float, tuple[float, float, float, float]] | None:
    """A label and its value: behind it on the line, or the next words to its right."""
    label = _label(word.text)
    if label is None:
        return None
    key, likeness, rest = label
    if rest:
        return key, rest, field_confidence(likeness, word.sure), word.box
    right = [w for w in words if _beside(word, w) and _label(w.text) is None]
    if not right:
        return None
    value = min(right, key=lambda w: w.box[0])
    text = value.text.strip(" .:_-")
    if len(text) < 2 and not text.isdigit():
        return None
    return key, text, field_confidence(_BESIDE * likeness, value.sure), value.box


def _label(text: str) -> tuple[str, float, str] | None:
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
    if best is None:
        return None
    return best[2], best[0], best[3]


def _beside(label: Word, other: Word) -> bool:
    letter = label.height_px
    near = abs(other.y_px - label.y_px) < 0.7 * letter + 4
    return near and 0 < other.box[0] - label.box[2] + 0.3 * letter < 14 * letter

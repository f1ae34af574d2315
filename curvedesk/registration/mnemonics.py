"""What the names on scale blocks mean: a table that comes with the program, which an analyst can extend.

A file `mnemonics.json` in the user's settings folder, of the same shape as the bundled one, comes first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

from curvedesk.domain.errors import SheetError
from curvedesk.store.locations import bundled_resources_dir, config_dir

_CLOSE = 0.82
_LONG_NAME = 5
_GLUED = re.compile(r"^[SCK1I]?[OA0DH]?HMM|^[SCK1I]?GAPI")


@dataclass(frozen=True, slots=True)
class Service:
    """A reading known by name: its names on paper, the ranges it is usually printed with, whether it is on many logs,
    the stroke most companies draw it with."""

    mnemonic: str
    unit: str
    digitize: bool
    names: tuple[str, ...]
    ranges: tuple[tuple[float, float], ...] = ()
    common: bool = False
    style: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What a name was taken for, and how sure that is, 0 to 1."""

    service: Service
    sure: float


@dataclass(frozen=True, slots=True)
class MnemonicTable:
    """Services in the order they are tried, and spellings of units."""

    services: tuple[Service, ...]
    units: Mapping[str, tuple[str, ...]]

    def match(self, text: str) -> Match | None:
        """The service a printed name means; None where no name comes close."""
        wanted = plain(text)
        if len(wanted) < 2:
            return None
        best: tuple[float, int, Service] | None = None
        for service in self.services:
            for name in service.names:
                score = _likeness(wanted, plain(name))
                if best is None or (score, len(name)) > (best[0], best[1]):
                    best = score, len(name), service
        if best is not None and best[0] >= _CLOSE:
            return Match(best[2], best[0])
        return self._nearly(wanted, self.unit_of(text))

    def _nearly(self, wanted: str, unit: str | None) -> Match | None:
        """A mnemonic with one letter misread, where the unit beside it is that of just one such."""
        near = [s for s in self.near(wanted) if s.unit == unit]
        return Match(near[0], 0.84) if len(near) == 1 else None

    def near(self, text: str) -> list[Service]:
        """Services whose mnemonic is one letter off a word of a text; of the first word that is off any. Words of units
        are none: the FT of ft/hr is no DT."""
        units = {w for spellings in self.units.values() for s in spellings for w in plain(s).split()}
        for word in (w for w in plain(text).split() if w not in units):
            found = [s for s in self.services if _one_letter_off(word, s.mnemonic)]
            if found:
                return found
        return []

    def service(self, mnemonic: str) -> Service | None:
        """The service of a mnemonic."""
        return next((s for s in self.services if s.mnemonic == mnemonic), None)

    def unit_of(self, text: str) -> str | None:
        """A known unit that stands in a text, brackets first."""
        inside = re.findall(r"[(\[<]\s*([^)\]>]+?)\s*[)\]>]?\s*(?=$|[(\[<])", text)
        for part in (*inside, text):
            for unit, spellings in self.units.items():
                if any(_unit_key(part) == _unit_key(s) for s in spellings):
                    return unit
        words = _unit_key(text)
        long = [
            (len(s), unit)
            for unit, spellings in self.units.items()
            for s in spellings
            if len(s) >= 4 and _unit_key(s) in words
        ]
        return max(long)[1] if long else None


def plain(text: str) -> str:
    """Letters and digits in capitals, one blank between words, what stands in brackets left out."""
    bare = re.sub(r"[(\[<].*$", " ", text.upper())
    return " ".join(re.findall(r"[A-Z0-9%]+", bare))


def _unit_key(text: str) -> str:
    return re.sub(
        r"[^A-Z0-9%/]", "", text.upper().replace("0HM", "OHM").replace("OHNM", "OHMM").replace("G/CS", "G/C3")
    )


def _runs_into(have: str, name: str) -> bool:
    """Whether a name runs into the unit behind it, the bracket between read as a letter: SFLUSOHMM."""
    return len(name) >= 3 and have.startswith(name) and _GLUED.match(have[len(name) :]) is not None


def _one_letter_off(have: str, name: str) -> bool:
    return len(have) == len(name) >= 2 and sum(a != b for a, b in zip(have, name, strict=True)) == 1


def _likeness(have: str, name: str) -> float:
    if have == name:
        return 1.0
    if _runs_into(have.replace(" ", ""), name):
        return 0.85
    if len(name) <= 3:  # two letters fit anywhere: only as a word of their own
        words = have.split()
        return 0.95 if words and words[0] == name else 0.86 if name in words else 0.0
    if re.search(rf"\b{re.escape(name)}\b", have):
        return 0.9 + 0.08 * len(name) / len(have)
    count, words = len(name.split()), have.split()
    windows = {have, *(" ".join(words[k : k + count]) for k in range(len(words) - count + 1))}
    best = max(SequenceMatcher(None, w.replace(" ", ""), name.replace(" ", "")).ratio() for w in windows)
    return best * (0.97 if len(windows) == 1 or len(name) < _LONG_NAME else 0.96)


@cache
def bundled_table() -> MnemonicTable:
    """The table that came with the program."""
    return _parse(bundled_resources_dir() / "registration" / "mnemonics.json")


def mnemonic_table() -> MnemonicTable:
    """The user's table, then the bundled one. Raises SheetError for a file that is no such table."""
    own = config_dir() / "mnemonics.json"
    if not own.is_file():
        return bundled_table()
    mine, rest = _parse(own), bundled_table()
    known = {s.mnemonic for s in mine.services}
    return MnemonicTable(
        (*mine.services, *(s for s in rest.services if s.mnemonic not in known)), {**rest.units, **mine.units}
    )


def _parse(path: Path) -> MnemonicTable:
    try:
        obj = json.loads(path.read_text(encoding="utf-8-sig"))
        services = tuple(_service(entry) for entry in obj["curves"])
        units = {str(k): tuple(str(s) for s in v) for k, v in obj.get("units", {}).items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SheetError(
            f"{path}: is not a table of mnemonics ({error}); give every curve a mnemonic, a unit and names"
        ) from error
    return MnemonicTable(services, units)


def _service(entry: Mapping[str, Any]) -> Service:
    mnemonic = str(entry["mnemonic"])
    names = tuple(str(n) for n in entry.get("names", ()))
    ranges = tuple((float(a), float(b)) for a, b in entry.get("ranges", ()))
    unit, wanted = str(entry.get("unit", "")), bool(entry.get("digitize", True))
    common, style = bool(entry.get("common", False)), str(entry.get("style", ""))
    return Service(mnemonic, unit, wanted, (mnemonic, *names), ranges, common, style)

"""Reading JSON objects key by key, each fault told in one sentence that names the key."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from curvedesk.domain.errors import CurveDeskError

MISSING = object()
T = TypeVar("T")


@dataclass(slots=True)
class Fields:
    """One JSON object under reading; remembers which keys were asked for, so that the rest can be kept."""

    values: Mapping[str, Any]
    where: str  # the path of keys that leads here, "" at the top
    source: str  # the file's name
    error: type[CurveDeskError]
    known: set[str] = field(default_factory=set)

    def fail(self, key: str, fault: str) -> NoReturn:
        """Raise the reader's error for `key`."""
        raise self.error(f"{self.source}: {self.path(key)} {fault}")

    def path(self, key: str) -> str:
        """The key with the path that leads to it."""
        return f"{self.where}.{key}" if self.where and key else self.where or key or "the file"

    def get(self, key: str, default: Any = MISSING) -> Any:
        """The raw value; null counts as absent. Fails where a key without default is absent."""
        self.known.add(key)
        value = self.values.get(key)
        if value is None:
            if default is MISSING:
                self.fail(key, "is missing")
            return default
        return value

    def extra(self) -> dict[str, Any]:
        """What nobody asked for."""
        return {key: value for key, value in self.values.items() if key not in self.known}

    def number(self, key: str) -> float:
        """A finite number."""
        value = self.get(key)
        if not is_number(value):
            self.fail(key, f"must be a number, not {shown(value)}")
        return float(value)

    def number_or_none(self, key: str) -> float | None:
        """A finite number or nothing."""
        return None if self.get(key, None) is None else self.number(key)

    def confidence(self, key: str = "confidence") -> float | None:
        """A number from 0 to 1, or nothing."""
        value = self.number_or_none(key)
        if value is not None and not 0.0 <= value <= 1.0:
            self.fail(key, f"must lie between 0 and 1, not {value:g}")
        return value

    def text(self, key: str, default: Any = MISSING) -> str:
        """A string."""
        value = self.get(key, default)
        if not isinstance(value, str):
            self.fail(key, f"must be a text, not {shown(value)}")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """true or false."""
        value = self.get(key, default)
        if not isinstance(value, bool):
            self.fail(key, f"must be true or false, not {shown(value)}")
        return value

    def choice(self, key: str, choices: Sequence[str], default: Any = MISSING) -> str:
        """One of a few words."""
        value = self.get(key, default)
        if value not in choices:
            self.fail(key, f"must be one of {', '.join(choices)}, not {shown(value)}")
        return str(value)

    def sequence(self, key: str, default: Any = MISSING) -> Sequence[Any]:
        """A list."""
        value = self.get(key, default)
        if not isinstance(value, list | tuple):
            self.fail(key, f"must be a list, not {shown(value)}")
        return value

    def rows(self, key: str, *, widths: tuple[int, ...], what: str, least: int) -> list[tuple[float, ...]]:
        """A list of at least `least` lists of numbers, each as long as one of `widths`."""
        rows = self.sequence(key)
        for i, row in enumerate(rows):
            if not isinstance(row, list | tuple) or len(row) not in widths or not all(map(is_number, row)):
                self.fail(f"{key}[{i}]", f"must be {what}, not {shown(row)}")
        if len(rows) < least:
            self.fail(key, f"needs {least} or more of {what}, has {len(rows)}")
        return [tuple(map(float, row)) for row in rows]

    def child(self, key: str, default: Any = MISSING) -> "Fields":
        """A nested object."""
        return self._nested(self.get(key, default), key)

    def children(self, key: str, default: Any = MISSING) -> Iterator["Fields"]:
        """The objects of a list."""
        for i, value in enumerate(self.sequence(key, default)):
            yield self._nested(value, f"{key}[{i}]")

    def _nested(self, value: Any, key: str) -> "Fields":
        if not isinstance(value, Mapping):
            self.fail(key, f"must be an object, not {shown(value)}")
        return Fields(value, self.path(key), self.source, self.error)


def is_number(value: object) -> bool:
    """A finite JSON number (true and false are none)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= sys.float_info.max  # false for NaN, infinities and integers no float can hold


def shown(value: object) -> str:
    """A value as it stands in the file, cut to a readable length."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 40 else f"{text[:37]}..."


def open_document(obj: object, *, source: str, error: type[CurveDeskError], fmt: str) -> Fields:
    """The top object of a file of format `fmt`, version 1."""
    if not isinstance(obj, Mapping):
        raise error(f"{source}: the file must hold one JSON object, not {shown(obj)}")
    top = Fields(obj, "", source, error)
    if top.get("format") != fmt:
        top.fail("format", f'must be "{fmt}", not {shown(obj["format"])}')
    if top.get("version") != 1:
        top.fail("version", f"must be 1, not {shown(obj['version'])}; a newer CurveDesk may read it")
    return top


def load_document(path: Path, parse: Callable[..., T], error: type[CurveDeskError]) -> T:
    """Read a JSON file and `parse(obj, source=...)` it; every fault becomes one `error` naming the file."""
    try:
        obj = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as fault:
        raise error(
            f"{path}: cannot be read ({fault.strerror or fault}); check the path and its permissions"
        ) from fault
    except UnicodeDecodeError as fault:
        raise error(f"{path}: is not a text file in UTF-8; expected JSON") from fault
    except (ValueError, RecursionError) as fault:
        place = f" at line {fault.lineno}" if isinstance(fault, json.JSONDecodeError) else ""
        raise error(f"{path}: is not valid JSON{place}; the file is damaged or of another kind") from fault
    return parse(obj, source=str(path))


def merged(known: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """`known` with the keys of `extra` that it lacks, objects merged inside too."""
    result = dict(known)
    for key, value in extra.items():
        ours = result.setdefault(key, value)
        if isinstance(ours, dict) and isinstance(value, Mapping):
            result[key] = merged(ours, value)
    return result

"""The head of a project file: format, version, and the way from older versions to this one, a step each."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from curvedesk.domain.errors import ProjectError
from curvedesk.domain.fields import shown

FORMAT = "curvedesk-project"
VERSION = 1

Head = dict[str, Any]
Migration = Callable[[Head], Head]

# From version n to n + 1. A step, once released, never changes; it knows nothing of later versions.
MIGRATIONS: Mapping[int, Migration] = {}


def dump_json(obj: object) -> bytes:
    """JSON as it lies in a project. Raises ValueError where a number is none."""
    return json.dumps(obj, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def parse_json(content: bytes, source: str) -> Any:
    """The inverse of `dump_json`. Raises ProjectError."""
    try:
        return json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError) as fault:
        raise ProjectError(f"{source}: holds something that is no JSON; the file is damaged") from fault


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def parse_head(content: bytes, source: str, *, migrations: Mapping[int, Migration] | None = None) -> Head:
    """The head in this version's form. Raises ProjectError where it is newer, or none at all."""
    steps = MIGRATIONS if migrations is None else migrations
    current = VERSION if migrations is None else max(migrations, default=0) + 1
    head = parse_json(content, source)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise ProjectError(f"{source}: is no CurveDesk project; choose a .curvedesk file")
    version = head.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ProjectError(f"{source}: version must be a whole number from 1 on, not {shown(version)}")
    if version > current:
        program = head.get("program")
        by = f" by {program}" if isinstance(program, str) and len(program) < 60 else ""
        raise ProjectError(f"{source}: was saved{by} in a newer form ({version}); update CurveDesk to open it")
    for number in range(version, current):
        head = {**steps[number](head), "version": number + 1}
    return head

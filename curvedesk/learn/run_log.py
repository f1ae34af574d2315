"""What a long measurement has found so far, as a file of JSON lines: a stop loses only what was being made."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Run = TypeVar("Run", bound="DataclassInstance")


def known(log: Path, kind: type[Run]) -> list[Run]:
    """What an earlier start found; nothing where there is no file."""
    if not log.exists():
        return []
    return [kind(**json.loads(line)) for line in log.read_text(encoding="utf-8").splitlines()]


def add(log: Path, found: "Iterable[DataclassInstance]") -> None:
    """Keep these, too."""
    with log.open("a", encoding="utf-8") as lines:
        lines.writelines(json.dumps(asdict(one)) + "\n" for one in found)

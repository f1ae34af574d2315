"""Jobs: all an engine needs to know, in one file, so that a job can be run again, or looked at after a fault."""

import contextlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curvedesk.protocol.values import WrongValueError, dump, parse

FORMAT = "curvedesk-job"
MAX_JOB_BYTES = 64 << 20


class WrongJobError(ValueError):
    """A job file cannot be read; the text says why."""


def _nothing() -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class PredictJob:
    """Look for the ink of every track, then trace every curve.

    `sheet` and `strokes` are the JSON of their files; `out` is the folder for results; `look` the rows of the scan that
    the user sees, done first. An empty `sha256` means that any content of the scan will do.
    """

    scan: str
    sheet: Mapping[str, Any]
    out: str
    strokes: Mapping[str, Any] = field(default_factory=_nothing)
    page: int = 0
    sha256: str = ""
    dpi: float | None = None
    model: str | None = None
    device: str = "auto"
    look: tuple[float, float] | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class TraceJob:
    """Trace curves anew from evidence that is there; `tracks` names some, None means all.

    `size`, width and height of the scan, lets the result say whether this evidence is still the sheet's own.
    """

    evidence: str
    sheet: Mapping[str, Any]
    out: str
    strokes: Mapping[str, Any] = field(default_factory=_nothing)
    tracks: tuple[str, ...] | None = None
    size: tuple[int, int] | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class RegisterJob:
    """Read the sheet off the paper."""

    scan: str
    out: str
    page: int = 0
    sha256: str = ""
    dpi: float | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class FinetuneJob:
    """Train on the strokes of a log; `settings` are the training's own.

    `model` is the one to beat; `start` another one to start from. `packs` are files of strokes of other logs, each with
    the SHA-256 it had when it was chosen; `look` the rows of the scan that the user sees, previewed while it learns.
    """

    scan: str
    sheet: Mapping[str, Any]
    strokes: Mapping[str, Any]
    out: str
    page: int = 0
    sha256: str = ""
    dpi: float | None = None
    model: str | None = None
    device: str = "auto"
    max_seconds: float | None = None
    settings: Mapping[str, Any] = field(default_factory=_nothing)
    start: str | None = None
    packs: Mapping[str, Any] = field(default_factory=_nothing)
    look: tuple[float, float] | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class PackJob:
    """Write the strokes of a log with small crops of the paper around them into the file `pack`."""

    scan: str
    sheet: Mapping[str, Any]
    strokes: Mapping[str, Any]
    out: str
    pack: str
    page: int = 0
    sha256: str = ""
    dpi: float | None = None
    model: str | None = None
    device: str = "auto"
    id: str = ""


Job = PredictJob | TraceJob | RegisterJob | FinetuneJob | PackJob
KINDS: Mapping[str, type[Job]] = {
    "predict": PredictJob,
    "trace": TraceJob,
    "register": RegisterJob,
    "finetune": FinetuneJob,
    "pack": PackJob,
}
_KIND_OF: Mapping[type, str] = {kind: name for name, kind in KINDS.items()}


def kind_of(job: Job) -> str:
    """`predict`, `trace`, `register`, `finetune` or `pack`."""
    return _KIND_OF[type(job)]


def write_job(path: Path, job: Job) -> None:
    """Write a job file; it appears whole or not at all. Raises OSError."""
    text = json.dumps({"format": FORMAT, "version": 1, "kind": kind_of(job), **dump(job)})
    part = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def read_job(path: Path) -> Job:
    """The job of a file. Raises WrongJobError: it cannot be read, or is no job of this version."""
    try:
        if os.stat(path).st_size > MAX_JOB_BYTES:  # noqa: PTH116 - one stat, whatever kind of path
            raise WrongJobError(f"{path} is too large for a job")
        body = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise WrongJobError(f"{path} cannot be read ({error})") from error
    if not isinstance(body, dict) or body.get("format") != FORMAT or body.get("version") != 1:
        raise WrongJobError(f"{path} is no job of this version of CurveDesk")
    kind = KINDS.get(str(body.get("kind")))
    if kind is None:
        raise WrongJobError(f"{path} asks for {body.get('kind')!r}, which this version of CurveDesk cannot do")
    try:
        return parse(kind, body)
    except WrongValueError as error:
        raise WrongJobError(f"{path}: {error}") from error

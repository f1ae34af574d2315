"""A document as the members of a project file, and back."""

import hashlib
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import curvedesk
from curvedesk.domain.errors import ProjectError
from curvedesk.domain.fields import Fields
from curvedesk.domain.project import Project
from curvedesk.domain.strokes import dump_strokes, parse_strokes
from curvedesk.session.codec import Pool, pack_step, unpack_step
from curvedesk.session.document import Document
from curvedesk.session.history_parts import as_utc, pack_history, unpack_history
from curvedesk.session.steps import Step, apply_step, difference
from curvedesk.session.view_state import ViewState
from curvedesk.store.project_head import FORMAT, VERSION, dump_json, parse_head, parse_json
from curvedesk.store.project_npy import dump_array, parse_array
from curvedesk.store.project_zip import HEAD, Member, Parts


@dataclass(frozen=True, slots=True)
class Head:
    """What a project file says about itself, apart from the work in it."""

    digest: str
    saved_at: datetime
    scan_relative: str
    covers: Mapping[str, Any]
    scan_member: str


def document_parts(
    document: Document, *, at: datetime, relative: str, covers: Mapping[str, Any], scan_member: str
) -> dict[str, Member]:
    """Members but for the scan and the masks; the first is the head."""
    pool = Pool()
    state = difference(Project(), document.project)
    strokes = state.keyed.get("strokes", {})
    state = Step(state.whole, {name: values for name, values in state.keyed.items() if name != "strokes"})
    head: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "program": f"CurveDesk {curvedesk.__version__}",
        "save": secrets.token_hex(16),  # so that no two saves are taken for the same
        "saved_at": at.isoformat(),
        "scan_relative": relative,
        "scan_member": scan_member,
        "covers": dict(covers),
        "view": {**asdict(replace(document.view_state, flags={})), "flags": dict(document.view_state.flags)},
        "stroke_ids": list(strokes),
        "state": pack_step(state, pool),
    }
    history = pack_history(document.history, pool)
    head |= {"sheets": len(pool.sheets), "arrays": len(pool.arrays)}
    parts: dict[str, Member] = {HEAD: dump_json(head), "strokes.json": dump_json(dump_strokes(tuple(strokes.values())))}
    parts["history.json"] = dump_json(history)
    parts |= {f"sheets/{i}.json": dump_json(sheet) for i, sheet in enumerate(pool.sheets)}
    return parts | {f"arrays/{i}.npy": dump_array(array) for i, array in enumerate(pool.arrays)}


def digest_of(head: bytes) -> str:
    """What a journal knows a saved state by."""
    return hashlib.sha256(head).hexdigest()


def read_head(parts: Parts) -> tuple[Head, dict[str, Any]]:
    """The head, and all that stands in it. Raises ProjectError."""
    content = parts.read(HEAD)
    obj = parse_head(content, str(parts.path))
    fields = Fields(obj, "", str(parts.path), ProjectError)
    try:
        at = datetime.fromisoformat(fields.text("saved_at"))
    except ValueError:
        fields.fail("saved_at", "is no time; the file is damaged")
    return Head(
        digest_of(content),
        as_utc(at),
        fields.text("scan_relative", ""),
        fields.child("covers", {}).values,
        fields.text("scan_member", ""),
    ), obj


def read_document(parts: Parts, *, history_bytes: int) -> tuple[Document, Head]:
    """The document in a project file. Raises ProjectError and its kin, one sentence."""
    head, obj = read_head(parts)
    source = str(parts.path)
    fields = Fields(obj, "", source, ProjectError)
    pool = Pool(source, _arrays(parts, fields, source), _sheets(parts, fields, source))
    strokes = parse_strokes(parse_json(parts.read("strokes.json"), source), source=source)
    step = unpack_step(fields.get("state"), pool)
    ids = _stroke_ids(fields, len(strokes))
    project = _apply(step, dict(zip(ids, strokes, strict=True)), source)
    document = Document(project, history_bytes=history_bytes)
    document.view_state = _view(fields.child("view", {}))
    document.notices = unpack_history(document, parse_json(parts.read("history.json"), source), pool)
    return document, head


def _apply(step: Step, strokes: Mapping[str, Any], source: str) -> Project:
    try:
        return apply_step(Project(), Step(step.whole, {**step.keyed, "strokes": strokes}))[0]
    except ValueError as fault:
        raise ProjectError(f"{source}: holds part of a curve without the rest; the file is damaged") from fault


def _stroke_ids(fields: Fields, count: int) -> Sequence[str]:
    ids = fields.sequence("stroke_ids")
    good = all(isinstance(key, str) and key[:1] == "s" and key[1:].isascii() and key[1:].isdigit() for key in ids)
    if not good or len(set(ids)) != len(ids) or len(ids) != count or max(map(len, ids), default=0) > 15:
        fields.fail("stroke_ids", "do not fit the strokes; the file is damaged")
    return ids


def _arrays(parts: Parts, fields: Fields, source: str) -> list[Any]:
    return [parse_array(parts.read(f"arrays/{i}.npy"), source) for i in range(_number(parts, fields, "arrays"))]


def _sheets(parts: Parts, fields: Fields, source: str) -> list[Any]:
    return [parse_json(parts.read(f"sheets/{i}.json"), source) for i in range(_number(parts, fields, "sheets"))]


def _number(parts: Parts, fields: Fields, key: str) -> int:
    count = fields.number(key)
    if count != len(parts.names(f"{key}/")):
        fields.fail(key, "does not fit what the file holds; it is damaged")
    return int(count)


def _view(fields: Fields) -> ViewState:
    """Where the analyst looked; a fault there is not worth refusing a project for."""
    try:
        x0, y0, zoom = (fields.number(name) for name in ("x0_px", "y0_px", "zoom"))
        panel, active = (fields.text(name, "") for name in ("panel", "active"))
        return ViewState(x0, y0, zoom, panel, active, dict(fields.child("flags", {}).values))
    except ProjectError:
        return ViewState()


def relative_to(project: Path, scan: str) -> str:
    """The scan's path as seen from the project's folder, "" where there is no such way."""
    try:
        way = os.path.relpath(Path(scan).resolve(), project.resolve().parent) if scan else ""
    except (ValueError, OSError):  # another drive
        return ""
    return Path(way).as_posix() if way else ""

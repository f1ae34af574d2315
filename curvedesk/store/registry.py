"""Which models there are, and which one is used: bundled ones, the user's own, and the user's pick. Needs no torch."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from curvedesk.domain.errors import ModelError
from curvedesk.store.atomic import write_json
from curvedesk.store.locations import bundled_models_dir, user_models_dir
from curvedesk.store.manifest import MANIFEST, Manifest, read_manifest
from curvedesk.store.registry_names import old_names

DEFAULT, PICKED = "default.json", "picked.json"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model as a list shows it."""

    id: str
    folder: Path
    bundled: bool
    active: bool  # what None as a model's name means
    manifest: Manifest | None  # None where it cannot be read; `problem` then says why
    problem: str | None = None


def _folders() -> Iterator[tuple[Path, bool]]:
    """Every folder with a manifest; a user's own model hides a bundled one of the same name."""
    seen: set[str] = set()
    for root, bundled in ((user_models_dir(), False), (bundled_models_dir(), True)):
        for path in sorted(root.glob(f"*/{MANIFEST}")):
            if path.parent.name not in seen:
                seen.add(path.parent.name)
                yield path.parent, bundled


def list_models() -> tuple[ModelEntry, ...]:
    """All registered models by id; a damaged one is listed with its problem instead of hiding the others."""
    active = active_model()
    return tuple(sorted((_entry(f, b, active) for f, b in _folders()), key=lambda entry: entry.id))


def _entry(folder: Path, bundled: bool, active: str | None) -> ModelEntry:
    try:
        manifest, problem = read_manifest(folder), None
    except ModelError as error:
        manifest, problem = None, str(error)
    return ModelEntry(folder.name, folder, bundled, folder.name == active, manifest, problem)


def find_model(ref: str | Path | None = None) -> Path:
    """The folder of a model's id or of a path; None is the active one. A ModelError where there is none."""
    name = active_model() if ref is None else ref
    if name is None:
        raise ModelError("No model is installed: train one with 'curvedesk train' or give a model's folder.")
    if isinstance(name, str):
        for folder, _bundled in _folders():
            if folder.name == name:
                return folder
    if Path(name).is_dir():
        return Path(name)
    names = old_names()
    if names.now(str(name)) != str(name):
        return find_model(names.now(str(name)))
    if str(name) in names.deleted:
        raise ModelError(f"The model {str(name)!r} was deleted: pick another one, or import it again.")
    raise ModelError(f"No model {str(name)!r}: give an id that 'curvedesk models' lists, or a model's folder.")


def active_model() -> str | None:
    """Id the user picked last, else the bundled default; None where no model is installed."""
    picked = _history()
    return picked[-1] if picked else bundled_model()


def pick_model(model_id: str) -> None:
    """Use this model from now on. A ModelError where no registered model has the id."""
    if model_id not in {folder.name for folder, _bundled in _folders()}:
        raise ModelError(f"No model {model_id!r} is registered: pick one that 'curvedesk models' lists.")
    history = _history()
    if active_model() != model_id:
        _write_history((*history, model_id))


def rollback() -> str | None:
    """Undo the last pick and return the id now active. A ModelError where nothing was picked."""
    history = _history()
    if not history:
        raise ModelError("No earlier model to go back to: the bundled default is in use.")
    _write_history(history[:-1])
    return active_model()


def replace_in_history(model_id: str, name: str | None) -> None:
    """Earlier picks of a model that is now called `name`, or, with None, is gone."""
    renamed = [name if picked == model_id else picked for picked in _history()]
    kept = [one for one in renamed if one is not None]
    merged = tuple(one for place, one in enumerate(kept) if place == 0 or one != kept[place - 1])
    if merged != _history():
        _write_history(merged)


def bundled_model() -> str | None:
    """Id of the model that came with the program and is used first; None where none did."""
    path = bundled_models_dir() / DEFAULT
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["model"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} does not name the default model: install CurveDesk again.") from error


def _history() -> tuple[str, ...]:
    path = user_models_dir() / PICKED
    try:
        return tuple(str(name) for name in json.loads(path.read_text(encoding="utf-8"))["picked"])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} does not say which model is picked: delete it to use the default.") from error


def _write_history(history: tuple[str, ...]) -> None:
    content = {"format": "curvedesk-picked", "version": 1, "picked": history}
    path = user_models_dir() / PICKED
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, content)

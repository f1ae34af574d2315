"""Renaming and deleting the user's own models. What a model is never changes: its weights keep their checksum."""

import shutil

from curvedesk.domain.errors import ModelError
from curvedesk.store.manifest import MANIFEST, check_id
from curvedesk.store.model_files import named, put_model
from curvedesk.store.registry import ModelEntry, active_model, list_models, replace_in_history
from curvedesk.store.registry_names import is_free, old_names, remember_deleted, remember_renamed, reserve


def rename_model(model_id: str, name: str) -> str:
    """Register one of the user's own models under another name; returns it. A ModelError where that cannot be.

    Projects that use the old name go on with the same model. Only the name in its manifest and card is written anew.
    """
    entry = _own(model_id, "renamed")
    check_id(name)
    if name == entry.id:
        return name
    if not is_free(name):
        raise ModelError(f"The name {name!r} is taken, or was another model's before: choose another one.")
    if entry.manifest is None:
        raise ModelError(f"The model {entry.id} is damaged, so it keeps its name: {entry.problem}")
    put_model(reserve(name), named(entry.folder, name))
    remember_renamed(entry.id, name)
    replace_in_history(entry.id, name)
    _remove(entry)
    return name


def delete_model(model_id: str, *, in_use: str = "") -> None:
    """Delete one of the user's own models. A ModelError where it came with CurveDesk or is in use.

    `in_use` is the model of the open project. A project that uses a deleted model keeps its curves and says, when it is
    to predict again, that another model must be picked.
    """
    entry = _own(model_id, "deleted")
    if entry.active or (in_use and entry.id == old_names().now(in_use)):
        raise ModelError(f"The model {entry.id} is in use: pick another one first, then delete it.")
    remember_deleted(entry.id, entry.manifest.weights_sha256 if entry.manifest else "")
    replace_in_history(entry.id, None)
    _remove(entry)


def model_before(model_id: str) -> str | None:
    """The model that this one was made from, if it is still here, else the one that came with CurveDesk."""
    there = {entry.id: entry for entry in list_models()}
    names = old_names()
    entry = there.get(names.now(model_id))
    if entry is None:
        return active_model()
    parent = entry.manifest.parent if entry.manifest else None
    if parent is not None and names.now(parent) in there and names.now(parent) != entry.id:
        return names.now(parent)
    bundled = [other.id for other in there.values() if other.bundled and other.manifest and other.id != entry.id]
    return bundled[0] if bundled and not entry.bundled else None


def _own(model_id: str, done: str) -> ModelEntry:
    now = old_names().now(model_id)
    entry = next((one for one in list_models() if one.id in {model_id, now}), None)
    if entry is None:
        raise ModelError(f"No model {model_id!r} is registered: give an id that 'curvedesk models' lists.")
    if entry.bundled:
        raise ModelError(f"The model {entry.id} came with CurveDesk and cannot be {done}: choose one of your own.")
    return entry


def _remove(entry: ModelEntry) -> None:
    """The manifest goes first: without it the rest is no model."""
    try:
        (entry.folder / MANIFEST).unlink()
    except OSError as fault:
        raise ModelError(f"{entry.folder}: cannot be deleted ({fault.strerror}); check its permissions.") from fault
    shutil.rmtree(entry.folder, ignore_errors=True)

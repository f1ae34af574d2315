"""What became of names of models that are no longer there: a project that uses one must never get another model.

A renamed model is found under its old names too; the name of a deleted one is given again only to the same weights.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from curvedesk.domain.errors import ModelError
from curvedesk.store.atomic import write_json
from curvedesk.store.locations import bundled_models_dir, user_models_dir
from curvedesk.store.manifest import check_id

NAMES = "names.json"
_ROOM = 56  # letters that leave room for a number in an id


@dataclass(frozen=True, slots=True)
class OldNames:
    """`renamed`: old name to the next one; `deleted`: name to the SHA-256 of the weights that had it."""

    renamed: Mapping[str, str] = field(default_factory=dict)
    deleted: Mapping[str, str] = field(default_factory=dict)

    def now(self, name: str) -> str:
        """What the model is called today; the name itself where it was never renamed."""
        seen = {name}
        while (further := self.renamed.get(name)) is not None and further not in seen:
            seen.add(further)
            name = further
        return name


def old_names() -> OldNames:
    """The record. A ModelError where it is damaged."""
    path = user_models_dir() / NAMES
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return OldNames(*({str(k): str(v) for k, v in content[key].items()} for key in ("renamed", "deleted")))
    except FileNotFoundError:
        return OldNames()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{path} does not say what models were called before: delete it to go on.") from error


def remember_renamed(old: str, new: str) -> None:
    """From now on `old` means `new`."""
    names = old_names()
    renamed = {key: value for key, value in names.renamed.items() if key != new} | {old: new}
    _write(replace(names, renamed=renamed))


def remember_deleted(name: str, weights_sha256: str) -> None:
    """The name is free for nothing but the same weights."""
    names = old_names()
    _write(replace(names, deleted={**names.deleted, name: weights_sha256}))


def _write(names: OldNames) -> None:
    content = {
        "format": "curvedesk-model-names",
        "version": 1,
        "renamed": dict(names.renamed),
        "deleted": dict(names.deleted),
    }
    path = user_models_dir() / NAMES
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, content)


def reserve(wanted: str, *, numbered: bool = False, weights_sha256: str = "") -> Path:
    """Make an empty folder of the user's own for a model of this name, or with the next free number behind it.

    Nothing counts as a model before its manifest is there. `weights_sha256` may take back its own deleted name.
    """
    root = user_models_dir()
    root.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        name = f"{wanted[:_ROOM]}-{number}" if numbered or number > 1 else wanted
        number += 1
        if not is_free(name, weights_sha256=weights_sha256):
            continue
        try:
            (root / check_id(name)).mkdir()
        except FileExistsError:
            continue
        return root / name


def is_free(name: str, *, weights_sha256: str = "") -> bool:
    """Whether no model has, or had, the name."""
    names = old_names()
    had = names.deleted.get(name)
    if name in names.renamed or (had is not None and had != weights_sha256):
        return False
    return not any((root / name).exists() for root in (user_models_dir(), bundled_models_dir()))

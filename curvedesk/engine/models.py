"""Models in memory: the last few used stay loaded, so that a job starts at once."""

from collections import OrderedDict

from curvedesk.learn.checkpoints import Model, load_model
from curvedesk.store.manifest import read_manifest
from curvedesk.store.registry import find_model

KEPT = 2


class Models:
    """Loads models by id or folder, each once as long as its weights stay the same."""

    def __init__(self) -> None:
        self._loaded: OrderedDict[str, Model] = OrderedDict()

    def get(self, ref: str | None) -> Model:
        """The model of a reference, None for the one in use. Raises ModelError."""
        folder = find_model(ref)
        digest = read_manifest(folder).weights_sha256
        key = f"{folder}\n{digest}"
        if key not in self._loaded:
            self._loaded[key] = load_model(folder)
        self._loaded.move_to_end(key)
        while len(self._loaded) > KEPT:
            self._loaded.popitem(last=False)
        return self._loaded[key]

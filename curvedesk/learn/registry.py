"""The registry as the training room knows it; it lies in the store, where the window can read it without torch."""

from curvedesk.store.registry import (
    DEFAULT,
    PICKED,
    ModelEntry,
    active_model,
    find_model,
    list_models,
    pick_model,
    rollback,
)

__all__ = [
    "DEFAULT",
    "PICKED",
    "ModelEntry",
    "active_model",
    "find_model",
    "list_models",
    "pick_model",
    "rollback",
]

"""The manifest as the training room knows it; it lies in the store, where the window can read it without torch."""

from curvedesk.store.manifest import (
    CARD,
    CLASSES,
    FORMAT,
    INPUT,
    LABEL_WIDTH_PX,
    MANIFEST,
    RULES,
    VERSION,
    WEIGHTS,
    Manifest,
    check_id,
    dump_manifest,
    read_manifest,
    sha256_of,
)

__all__ = [
    "CARD",
    "CLASSES",
    "FORMAT",
    "INPUT",
    "LABEL_WIDTH_PX",
    "MANIFEST",
    "RULES",
    "VERSION",
    "WEIGHTS",
    "Manifest",
    "check_id",
    "dump_manifest",
    "read_manifest",
    "sha256_of",
]

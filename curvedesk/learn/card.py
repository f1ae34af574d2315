"""The text a person reads before trusting a model: ``card.md``."""

from collections.abc import Mapping
from typing import Any

from curvedesk.store.manifest import INPUT, LABEL_WIDTH_PX, Manifest


def _facts(manifest: Manifest) -> list[str]:
    classes = ", ".join(manifest.classes)
    return [
        "| | |",
        "| --- | --- |",
        f"| network | CurveNet, {manifest.mode}, GroupNorm {manifest.norm}, {manifest.parameters:,} parameters |",
        f"| input | one gray channel, 0 paper, 1 ink, {INPUT['dpi']} dpi, sides multiples of {INPUT['multiple_of']} |",
        f"| output | a sigmoid for each of: {classes} |",
        f"| labels | {LABEL_WIDTH_PX} px strokes at {INPUT['dpi']} dpi |",
        f"| created | {manifest.created} |",
        f"| started from | {manifest.parent or 'random weights'} |",
        f"| SHA-256 | `{manifest.weights_sha256}` |",
    ]


def _training(manifest: Manifest) -> list[str]:
    if not manifest.training:
        return []
    rows = [f"| {key} | {value} |" for key, value in manifest.training.items()]
    return ["## Training", "", "| setting | value |", "| --- | --- |", *rows, ""]


def _tables(card: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for title, table in card.get("tables", {}).items():
        lines += [f"## {title}", "", str(table).strip(), ""]
    return lines


def _commands(card: Mapping[str, Any]) -> list[str]:
    commands = card.get("commands", ())
    return ["## To reproduce", "", "```", *map(str, commands), "```", ""] if commands else []


def card_text(manifest: Manifest, card: Mapping[str, Any]) -> str:
    """Markdown: facts of the manifest, then what ``card`` adds (see ``save_model``)."""
    lines = [f"# {manifest.id}", ""]
    lines += [str(card[key]).strip() + "\n" for key in ("summary", "data") if card.get(key)]
    lines += [*_facts(manifest), "", *_training(manifest), *_tables(card), *_commands(card)]
    return "\n".join(lines).rstrip() + "\n"

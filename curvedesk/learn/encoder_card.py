"""The text a person reads before starting a training from an encoder: its ``card.md``."""

from collections.abc import Mapping
from typing import Any


def encoder_card(content: Mapping[str, Any], card: Mapping[str, Any]) -> str:
    """Markdown: facts of the manifest's `content`, then what `card` adds (`summary`, `data`, `tables`, `commands`)."""
    facts = {
        "what": "an encoder pretrained on paper without labels, for `curvedesk train --encoder`",
        "network": f"CurveNet's encoder, GroupNorm {content['norm']}, {content['parameters']:,} parameters",
        "created": content["created"],
        "SHA-256": f"`{content['weights']['encoder.safetensors']}`",
    }
    lines = [f"# {content['id']}", ""]
    lines += [str(card[key]).strip() + "\n" for key in ("summary", "data") if card.get(key)]
    lines += ["| | |", "| --- | --- |", *_rows(facts), ""]
    if content["training"]:
        lines += ["## Training", "", "| setting | value |", "| --- | --- |", *_rows(content["training"]), ""]
    for title, table in card.get("tables", {}).items():
        lines += [f"## {title}", "", str(table).strip(), ""]
    if card.get("commands"):
        lines += ["## To reproduce", "", "```", *map(str, card["commands"]), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def _rows(facts: Mapping[str, Any]) -> list[str]:
    return [f"| {key} | {value} |" for key, value in facts.items()]

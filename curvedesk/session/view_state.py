"""Where the analyst looks: saved with the project, but no edit and not undoable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from curvedesk.domain.depth import NOTHING


@dataclass(frozen=True, slots=True)
class ViewState:
    """`x0_px`, `y0_px`: the scan's pixel in the canvas' corner; `zoom`: screen pixels a scan pixel, 0 not yet chosen.

    `panel`: the open panel's id; `active`: the active curve's key; `flags`: overlay switches and opacities by name.
    """

    x0_px: float = 0.0
    y0_px: float = 0.0
    zoom: float = 0.0
    panel: str = ""
    active: str = ""
    flags: Mapping[str, Any] = field(default_factory=lambda: NOTHING, hash=False)

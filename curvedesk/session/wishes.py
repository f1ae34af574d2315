"""How the next training is to go, where the analyst wants it otherwise than usual."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from curvedesk.domain.depth import NOTHING

STAGES = 5  # of the part that sees ink: what the early ones see, lines and edges, is the same on all paper


@dataclass(frozen=True, slots=True)
class Wishes:
    """`bundled`: start from the model that came with the program instead of the one in use. `frozen`: what it sees
    stays, only what it makes of it is learnt. `front`: so many early stages are kept, the later ones are the bundled
    ones again; None keeps all. `packs`: files of strokes of other logs, with the SHA-256 each had when it was chosen.
    """

    bundled: bool = False
    frozen: bool = False
    front: int | None = None
    packs: Mapping[str, str] = field(default_factory=lambda: NOTHING, hash=False)

    @property
    def settings(self) -> dict[str, Any]:
        """As the training takes them."""
        return {"frozen": self.frozen, "front": self.front}

    @property
    def are_usual(self) -> bool:
        """Whether nothing was wished for."""
        return self == Wishes()

    def with_pack(self, path: Path, sha256: str) -> "Wishes":
        """One more; the same file again is the file as it is now."""
        return replace(self, packs={**self.packs, str(path): sha256})

    def without_pack(self, path: str) -> "Wishes":
        """One less."""
        return replace(self, packs={name: digest for name, digest in self.packs.items() if name != path})

"""What is shown over the paper: view state, not saved in the project and not undone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flags:
    """``before`` shows the curves as they were before the last improvement (Tab); ``quality`` the file redrawn."""

    mask: bool = True
    mask_held_off: bool = False
    mask_opacity: float = 0.45
    grid: bool = False
    curves: bool = True
    strokes: bool = True
    confidence: bool = True
    before: bool = False
    quality: bool = False

    @property
    def mask_shown(self) -> bool:
        """Whether the mask is painted now."""
        return self.mask and not self.mask_held_off

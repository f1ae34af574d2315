"""Sets of crops that have a name: whoever draws one gets the same crops, and knows which of them are for testing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from curvedesk.synth.crops import Crop, crop
from curvedesk.synth.library import CurveLibrary
from curvedesk.synth.styles import HELD_OUT_STYLES, TRAINING_STYLES

TEST_EVERY = 5  # four fifths to train on, one fifth to test with


@dataclass(frozen=True, slots=True)
class NamedSet:
    """`count` crops of stream `seed`. `hard`: of styles and wells that no training sees, all of them for testing."""

    name: str
    seed: int
    count: int
    binary: bool = False  # of its labels only whether there is a curve counts
    hard: bool = False

    @property
    def styles(self) -> tuple[str, ...]:
        """The styles of paper it is drawn in."""
        return tuple(sorted(HELD_OUT_STYLES)) if self.hard else TRAINING_STYLES

    def is_test(self, number: int) -> bool:
        """Whether a crop is for testing."""
        return self.hard or number % TEST_EVERY == TEST_EVERY - 1

    def library(self, whole: CurveLibrary | None) -> CurveLibrary | None:
        """The wells that lend it their curves."""
        return whole.part(held_out=self.hard) if whole else None

    def crop(self, number: int, *, size: int = 256, library: CurveLibrary | None = None) -> Crop:
        """Crop number 0 to count - 1; `library` as `library` gives it."""
        return crop(np.random.default_rng((self.seed, number)), size=size, library=library, styles=self.styles)

    def test_crops(self, most: int, *, library: CurveLibrary | None = None) -> Iterator[Crop]:
        """The first so many crops of the test part."""
        numbers = [number for number in range(self.count) if self.is_test(number)][:most]
        return (self.crop(number, library=self.library(library)) for number in numbers)


SETS = {
    made.name: made
    for made in (
        NamedSet("binary-2000", 30_000_001, 2_000, binary=True),
        NamedSet("multiclass-15000", 30_000_023, 15_000),
        NamedSet("hard-1000", 30_000_041, 1_000, hard=True),
    )
}

"""Fixtures of this room; the makers themselves are in ``makers``."""

from tests.imaging.makers import bilevel, fax

__all__ = ["bilevel", "fax"]

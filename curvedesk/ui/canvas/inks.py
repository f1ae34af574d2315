"""Colours of what is drawn on the paper; the paper is light in both themes, so these do not follow it."""

from __future__ import annotations

from PySide6.QtGui import QColor

GRID = "#1a66e0"
TIE = "#7a2fd0"
ACCEPTED = "#1f9d57"
NULL = "#46505c"
DOUBTFUL = "#f0a000"
BAD = "#dc2f2f"
NOT_CURVE = "#b0206a"
EDGE = "#ffffff"
SOLID_MASK, DASHED_MASK = 0x2F6FEB, 0xE0489B
PAPER = {"light": 0xFDFCFA, "dark": 0xECEAE4}
INK = 0x15181C


def faint(colour: str, share: float) -> QColor:
    """A colour of which so much is laid on."""
    made = QColor(colour)
    made.setAlphaF(share)
    return made

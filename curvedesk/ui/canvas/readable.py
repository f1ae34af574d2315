"""A curve's colour as a text: the same hue, as much lighter or darker as it takes to be read."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QColor

ENOUGH = 4.5  # contrast of a text with its ground, WCAG 2 level AA


@cache
def readable(colour: str, ground: str) -> str:
    """`colour` as #rrggbb, moved away from `ground` until their contrast is at least 4.5."""
    under, made = QColor(ground), QColor(colour)
    end = QColor("#000000" if luminance(under) > 0.2 else "#ffffff")
    for share in range(0, 101, 5):
        made = _mixed(QColor(colour), end, share / 100)
        if contrast(made, under) >= ENOUGH:
            break
    return made.name()


def contrast(one: QColor, other: QColor) -> float:
    """Contrast of two colours, 1 to 21, by WCAG 2."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: QColor) -> float:
    """Relative luminance, 0 to 1, by WCAG 2."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    ends = ((one.redF(), other.redF()), (one.greenF(), other.greenF()), (one.blueF(), other.blueF()))
    return QColor.fromRgbF(*(a + (b - a) * share for a, b in ends))

"""How the window looks: ``theme()`` has the colours, ``icon`` and ``font`` the rest; no style sheet elsewhere."""

from curvedesk.ui.theme.fonts import font
from curvedesk.ui.theme.icons import icon, pixmap
from curvedesk.ui.theme.keeper import CHOICES, Theme, theme
from curvedesk.ui.theme.tokens import CURVE_COLOURS, DARK, GRID_PX, LIGHT, TARGET_PX, Tokens

__all__ = [
    "CHOICES",
    "CURVE_COLOURS",
    "DARK",
    "GRID_PX",
    "LIGHT",
    "TARGET_PX",
    "Theme",
    "Tokens",
    "font",
    "icon",
    "pixmap",
    "theme",
]

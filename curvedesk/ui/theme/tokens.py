"""Colours and measures of the window, for a light and a dark surround; the only place where either is decided."""

from dataclasses import dataclass

GRID_PX = 8  # every distance is a whole or half of it
TARGET_PX = 32  # least height of what is clicked, 28 at the very least
RADIUS_PX = 6
BAR_PX = 48  # top bar
STATUS_PX = 32
TOOLS_PX = 56
PANEL_PX = 336


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by what they are for, as #rrggbb. Texts reach 4.5:1 on every ground they are used on."""

    name: str
    ground: str  # bars, panels
    sunken: str  # behind the paper, fields
    raised: str  # toasts, menus
    hairline: str
    border: str  # around buttons and fields
    text: str
    muted: str
    accent: str  # lines, links, the chosen tab
    accent_fill: str  # the filled button
    accent_hover: str
    on_accent: str
    accent_soft: str  # behind what is chosen
    hover: str
    good: str
    warn: str
    bad: str
    good_soft: str
    warn_soft: str
    bad_soft: str
    shadow: str


LIGHT = Tokens(
    name="light",
    ground="#ffffff",
    sunken="#f2f4f7",
    raised="#ffffff",
    hairline="#e3e7ec",
    border="#cfd6de",
    text="#1c2127",
    muted="#5b6470",
    accent="#1a66e0",
    accent_fill="#1a66e0",
    accent_hover="#1557c4",
    on_accent="#ffffff",
    accent_soft="#e6effd",
    hover="#f0f3f6",
    good="#18794a",
    warn="#9a5b00",
    bad="#c62b2b",
    good_soft="#e3f4ea",
    warn_soft="#fdf1dc",
    bad_soft="#fdeaea",
    shadow="#1c2127",
)

DARK = Tokens(
    name="dark",
    ground="#22272e",
    sunken="#191d23",
    raised="#2b313a",
    hairline="#353c46",
    border="#47505c",
    text="#e8edf3",
    muted="#a3adb9",
    accent="#6cb0ff",
    accent_fill="#2f6fdb",
    accent_hover="#2862c6",
    on_accent="#ffffff",
    accent_soft="#233a5c",
    hover="#2c333c",
    good="#5ccb8f",
    warn="#f0b357",
    bad="#ff8a84",
    good_soft="#1f3a2d",
    warn_soft="#43351c",
    bad_soft="#482627",
    shadow="#000000",
)

# Okabe and Ito, safe for colour-blind eyes: colours of curves in the order of the sheet, the same in both themes.
CURVE_COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")

"""The style sheet: the only one. Widgets say what they are by the properties ``role`` and ``kind``.

``role`` of a QLabel: title, strong, muted, small, good, warn, bad. ``kind`` of a QPushButton: primary, plain (the
default), quiet (no border), link. ``role`` of a QWidget: bar, panel, sunken, raised, hairline, chosen.
"""

from string import Template

from curvedesk.ui.theme.tokens import RADIUS_PX, Tokens

RULES = Template("""
QWidget { color: $text; }
QMainWindow, QDialog, QWidget[role="bar"], QWidget[role="panel"] { background: $ground; }
QWidget[role="sunken"] { background: $sunken; }
QWidget[role="raised"] { background: $raised; border: 1px solid $border; border-radius: 8px; }
QWidget[role="chosen"] { background: $accent_soft; border-radius: ${radius}px; }
QFrame[role="hairline"] { background: $hairline; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="upright"] { background: $hairline; border: none; max-width: 1px; min-width: 1px; }
QLabel { background: transparent; border: none; }
QLabel[role="muted"], QLabel[role="small"] { color: $muted; }
QLabel[role="good"] { color: $good; }
QLabel[role="warn"] { color: $warn; }
QLabel[role="bad"] { color: $bad; }
QPushButton { background: $ground; border: 1px solid $border; border-radius: ${radius}px; padding: 0 12px;
  min-height: 30px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $accent_soft; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $muted; border-color: $hairline; }
QPushButton[kind="primary"] { background: $accent_fill; border-color: $accent_fill; color: $on_accent; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="link"] { background: transparent; border-color: transparent; color: $accent; padding: 0 4px;
  min-height: 26px; }
""")


def style_sheet(tokens: Tokens) -> str:
    """The whole style sheet in one theme's colours."""
    values = {name: getattr(tokens, name) for name in tokens.__slots__}
    return RULES.substitute(values, radius=RADIUS_PX)

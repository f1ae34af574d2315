"""The style sheet: the only one. Widgets say what they are by the properties ``role`` and ``kind``.

``role`` of a QLabel: title, strong, muted, small, good, warn, bad. ``kind`` of a QPushButton: primary, plain (the
default), quiet (no border), link. ``role`` of a QWidget: bar, panel, sunken, raised, hairline, chosen, banner.
"""

from string import Template

from curvedesk.store.locations import bundled_resources_dir
from curvedesk.ui.theme.fonts import font
from curvedesk.ui.theme.sheet_rules import BARS, BUTTONS, FIELDS, GROUNDS, LISTS, SCROLLING
from curvedesk.ui.theme.tokens import RADIUS_PX, Tokens

RULES = Template("".join((GROUNDS, BUTTONS, FIELDS, LISTS, BARS, SCROLLING)))


def style_sheet(tokens: Tokens) -> str:
    """The whole style sheet in one theme's colours."""
    values = {name: getattr(tokens, name) for name in tokens.__slots__}
    marks = (bundled_resources_dir() / "icons" / "theme" / tokens.name).as_posix()
    sizes = {f"{role}_pt": f"{font(role).pointSizeF():g}" for role in ("small", "title")}
    return RULES.substitute(values, radius=RADIUS_PX, marks=marks, **sizes)

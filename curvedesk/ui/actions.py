"""What an action of the window is; the actions themselves stand as data in action_list.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curvedesk.ui.window import Window


def always(_window: "Window") -> bool:
    """Enabled at any time."""
    return True


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing a user can do by menu, key or button.

    ``run`` gets the window; ``enabled`` and ``checked`` are asked when anything changes. ``shortcut`` is Qt's text
    for it ("Ctrl+O"), several parted by ";"; the user may rebind it. ``group`` is the menu and the heading on the
    shortcuts sheet. ``held`` actions run at key down and ``released`` at key up.
    """

    id: str
    text: str
    group: str
    run: Callable[["Window"], object]
    icon: str = ""
    shortcut: str = ""
    tip: str = ""
    enabled: Callable[["Window"], bool] = always
    checked: Callable[["Window"], bool] | None = None
    released: Callable[["Window"], object] | None = None

"""What an action of the window is; the actions themselves stand as data in ``action_list``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curvedesk.ui.window import Window


def always(_window: Window) -> bool:
    """Enabled at any time."""
    return True


def with_scan(window: Window) -> bool:
    """Enabled while a scan is open."""
    return window.desk is not None and window.desk.scan is not None


def with_sheet(window: Window) -> bool:
    """Enabled while it is known what the paper means."""
    return window.desk is not None and window.desk.sheet is not None


def with_curves(window: Window) -> bool:
    """Enabled while there are traced curves."""
    return window.desk is not None and bool(window.desk.document.project.curves)


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing a user can do by menu, key or button.

    ``run`` gets the window; ``enabled`` and ``checked`` are asked when anything changes. ``shortcut`` is Qt's text
    for it ("Ctrl+O"), several parted by ";"; the user may rebind it. ``group`` is the menu and the heading on the
    shortcuts sheet. Actions with ``released`` run while their key is held. ``on_canvas``: the key counts only while
    the canvas has the focus.
    """

    id: str
    text: str
    group: str
    run: Callable[[Window], object]
    icon: str = ""
    shortcut: str = ""
    tip: str = ""
    enabled: Callable[[Window], bool] = always
    checked: Callable[[Window], bool] | None = None
    released: Callable[[Window], object] | None = None
    on_canvas: bool = False
    in_menu: bool = True

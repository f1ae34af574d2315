"""What the actions that change the view do; see ``action_runs``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from curvedesk.ui.action_runs import desk_of
from curvedesk.ui.theme import theme

if TYPE_CHECKING:
    from curvedesk.ui.window import Window

ZOOM_STEP = 1.25
PAGE = 0.9  # of the canvas


@dataclass(frozen=True, slots=True)
class Flag:
    """Whether something is shown over the paper."""

    name: str

    def __call__(self, window: Window) -> bool:
        return window.desk is not None and bool(getattr(window.desk.flags, self.name))


def _toggle(window: Window, name: str) -> None:
    desk = desk_of(window)
    desk.set_flags(**{name: not getattr(desk.flags, name)})


def toggle_grid(window: Window) -> None:
    """The sheet's own lines over the print."""
    _toggle(window, "grid")


def toggle_mask(window: Window) -> None:
    """The predicted ink over the print."""
    _toggle(window, "mask")


def hide_mask(window: Window) -> None:
    """While the key is held."""
    desk_of(window).set_flags(mask_held_off=True)


def show_mask(window: Window) -> None:
    """The key is let go."""
    desk_of(window).set_flags(mask_held_off=False)


def toggle_curves(window: Window) -> None:
    """The digitised lines."""
    _toggle(window, "curves")


def toggle_confidence(window: Window) -> None:
    """Doubtful stretches marked on the lines."""
    _toggle(window, "confidence")


def toggle_before(window: Window) -> None:
    """The curves before and after the last change by the program."""
    desk = desk_of(window)
    if not desk.before.curves and not desk.flags.before:
        desk.say("There are no older curves to compare with", detail="predict again, or improve", topic="before")
        return
    _toggle(window, "before")


def _zoom(window: Window, factor: float) -> None:
    desk = desk_of(window)
    if desk.view is not None:
        desk.set_view(desk.view.zoomed_at(desk.view.width / 2, desk.view.height / 2, factor))


def zoom_in(window: Window) -> None:
    """Larger, the middle staying."""
    _zoom(window, ZOOM_STEP)


def zoom_out(window: Window) -> None:
    """Smaller, the middle staying."""
    _zoom(window, 1 / ZOOM_STEP)


def fit_width(window: Window) -> None:
    """The paper as wide as the canvas."""
    desk = desk_of(window)
    if desk.view is not None and desk.scan is not None:
        desk.set_view(desk.view.fit_width(desk.scan.width))


def fit_all(window: Window) -> None:
    """The whole log in sight."""
    desk = desk_of(window)
    if desk.view is not None and desk.scan is not None:
        desk.set_view(desk.view.fit_all(desk.scan.width, desk.scan.height))


def actual_pixels(window: Window) -> None:
    """One pixel of the scan on one of the screen."""
    desk = desk_of(window)
    if desk.view is not None:
        _zoom(window, 1.0 / desk.view.zoom)


def toggle_column(window: Window) -> None:
    """Fold the right column away, or back."""
    window.set_column_shown(not window.settings.value.column_shown)


def column_shown(window: Window) -> bool:
    """Whether the right column is there."""
    return window.settings.value.column_shown


@dataclass(frozen=True, slots=True)
class ThemeOf:
    """Chooses a theme."""

    name: str

    def __call__(self, window: Window) -> None:
        window.settings.change(theme=self.name)
        theme().choose(self.name)


@dataclass(frozen=True, slots=True)
class HasTheme:
    """Whether it is the chosen one."""

    name: str

    def __call__(self, _window: Window) -> bool:
        return theme().choice == self.name


def go_to_depth(window: Window) -> None:
    """Type a depth in a line over the canvas."""
    window.ask_depth()


def next_place(window: Window) -> None:
    """The next doubtful place."""
    desk_of(window).places.step(1)


def previous_place(window: Window) -> None:
    """The doubtful place before."""
    desk_of(window).places.step(-1)


def _page(window: Window, screens: float) -> None:
    desk = desk_of(window)
    if desk.view is not None:
        desk.set_view(desk.view.panned(down=screens * desk.view.height))


def page_down(window: Window) -> None:
    """A screen down."""
    _page(window, PAGE)


def page_up(window: Window) -> None:
    """A screen up."""
    _page(window, -PAGE)


def top(window: Window) -> None:
    """The first row at the top."""
    desk = desk_of(window)
    if desk.view is not None:
        desk.set_view(replace(desk.view, y0_px=-0.5))


def bottom(window: Window) -> None:
    """The last row at the bottom."""
    desk = desk_of(window)
    if desk.view is not None and desk.scan is not None:
        desk.set_view(replace(desk.view, y0_px=desk.scan.height - 0.5 - desk.view.height / desk.view.zoom))


def next_tab(window: Window) -> None:
    """The next document."""
    window.documents.step(1)


def previous_tab(window: Window) -> None:
    """The document before."""
    window.documents.step(-1)


def show_help(window: Window) -> None:
    """Help in the window."""
    window.show_help()


def show_shortcuts(window: Window) -> None:
    """Every key."""
    window.show_shortcuts()


def show_guide(window: Window) -> None:
    """Five steps over the sample."""
    window.show_guide()


def show_menu(window: Window) -> None:
    """Open the menu by key."""
    window.top_bar.menu_button.showMenu()


@dataclass(frozen=True, slots=True)
class ShowPanel:
    """Brings a panel to the front."""

    name: str

    def __call__(self, window: Window) -> None:
        window.set_column_shown(True)
        desk_of(window).show_panel(self.name)

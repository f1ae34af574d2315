"""What the actions do: each a small function of the window, so that the list of actions stays data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from curvedesk.session.commands import AddStroke, SetLook
from curvedesk.ui.looking import show_log

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk
    from curvedesk.ui.window import Window

WIDTH_STEP = 1.25


def desk_of(window: Window) -> Desk:
    """The open desk."""
    assert window.desk is not None  # the action is disabled without one
    return window.desk


def has_document(window: Window) -> bool:
    """Whether something is open."""
    return window.desk is not None


def open_dialog(window: Window) -> None:
    """Ask for files and open them."""
    window.documents.ask_and_open()


def open_sample(window: Window) -> None:
    """Open the log that came with the program."""
    window.documents.open_sample()


def save(window: Window) -> None:
    """Save where it was saved before, or ask where."""
    window.documents.save()


def save_as(window: Window) -> None:
    """Ask where and save there."""
    window.documents.save_as()


def carries_scan(window: Window) -> bool:
    """Whether the project's file has the scan in it."""
    return window.desk is not None and bool(window.desk.document.scan_member)


def carry_scan(window: Window) -> None:
    """Put the scan into the project's file, or take it out."""
    window.documents.carry_scan()


def save_sheet(window: Window) -> None:
    """Write the sheet as a file of its own."""
    window.documents.save_sheet()


def save_strokes(window: Window) -> None:
    """Write the strokes as a file of their own."""
    window.documents.save_strokes()


def close_document(window: Window) -> None:
    """Close the document in front."""
    window.documents.close_current()


def quit_program(window: Window) -> None:
    """Close everything."""
    window.close()


def read_sheet(window: Window) -> None:
    """Read depths, tracks and scales off the paper."""
    desk_of(window).jobs.read_sheet()


def can_read(window: Window) -> bool:
    """With a scan, while nothing else runs."""
    desk = window.desk
    return desk is not None and desk.scan is not None and desk.job is None


def predict(window: Window) -> None:
    """Find every curve, where the log begins if nothing of it is in sight."""
    show_log(desk_of(window))
    desk_of(window).jobs.predict()


def can_predict(window: Window) -> bool:
    """With scan and sheet, while nothing else runs."""
    desk = window.desk
    return desk is not None and desk.scan is not None and desk.sheet is not None and desk.job is None


def improve(window: Window) -> None:
    """Learn from the strokes."""
    desk_of(window).jobs.improve()


def can_improve(window: Window) -> bool:
    """With strokes, while nothing else runs."""
    return can_predict(window) and bool(desk_of(window).document.project.strokes)


def export(window: Window) -> None:
    """Open the export."""
    window.show_export()


def cancel_job(window: Window) -> None:
    """Stop what is running."""
    desk_of(window).jobs.cancel()


def is_working(window: Window) -> bool:
    """Whether something runs that can be stopped."""
    return window.desk is not None and window.desk.job is not None


def undo(window: Window) -> None:
    """Take the last step back."""
    desk_of(window).undo()


def can_undo(window: Window) -> bool:
    """Whether there is a step to take back."""
    return window.desk is not None and window.desk.can_undo


def redo(window: Window) -> None:
    """Do again what was taken back."""
    desk_of(window).redo()


def can_redo(window: Window) -> bool:
    """Whether a step was taken back."""
    return window.desk is not None and window.desk.document.history.can_redo


def escape(window: Window) -> None:
    """Drop the gesture that is half done, or close what lies over the window."""
    window.let_go()


@dataclass(frozen=True, slots=True)
class Tool:
    """Takes a tool in hand."""

    name: str

    def __call__(self, window: Window) -> None:
        desk_of(window).set_tool(self.name)


@dataclass(frozen=True, slots=True)
class HasTool:
    """Whether this tool is in hand."""

    name: str

    def __call__(self, window: Window) -> bool:
        return window.desk is not None and window.desk.tool == self.name


def wider(window: Window) -> None:
    """A wider stroke."""
    desk_of(window).set_stroke_width(desk_of(window).stroke_width_px * WIDTH_STEP)


def thinner(window: Window) -> None:
    """A thinner stroke."""
    desk_of(window).set_stroke_width(desk_of(window).stroke_width_px / WIDTH_STEP)


@dataclass(frozen=True, slots=True)
class Curve:
    """Chooses the n-th curve of the sheet, from 1."""

    number: int

    def __call__(self, window: Window) -> None:
        desk_of(window).set_active(desk_of(window).keys[self.number - 1])


@dataclass(frozen=True, slots=True)
class HasCurve:
    """Whether the sheet has so many curves."""

    number: int

    def __call__(self, window: Window) -> bool:
        return window.desk is not None and len(window.desk.keys) >= self.number


def _step_curve(window: Window, by: int) -> None:
    desk = desk_of(window)
    place = desk.keys.index(desk.active_curve) if desk.active_curve in desk.keys else -1
    if desk.keys:
        desk.set_active(desk.keys[(place + by) % len(desk.keys)])


def next_curve(window: Window) -> None:
    """The next curve of the sheet."""
    _step_curve(window, 1)


def previous_curve(window: Window) -> None:
    """The curve before."""
    _step_curve(window, -1)


def has_active_curve(window: Window) -> bool:
    """Whether a curve is in hand."""
    return window.desk is not None and window.desk.active_curve is not None


def accept_seen(window: Window) -> None:
    """The active curve is right in the rows in view."""
    from curvedesk.session.accepting import accepted

    desk = desk_of(window)
    key, curves = desk.active_curve or "", desk.document.project.curves
    if desk.scan is None or desk.view is None or key not in curves:
        desk.say("There is nothing to accept yet", detail="predict the curves first")
        return
    top, bottom = desk.view.rows
    rows = (max(top, 0.0), min(bottom, desk.scan.height - 1.0))
    name = curves[key].spec.mnemonic
    desk.execute(AddStroke(accepted(desk.document.project, name, rows)))
    desk.say(f"{name} accepted", detail="the rows in view", action_text="Undo", action=desk.undo, topic="undo")


def toggle_curve(window: Window) -> None:
    """Show or hide the active curve."""
    desk = desk_of(window)
    if desk.active_curve is not None:
        look = desk.document.project.look(desk.active_curve)
        desk.execute(SetLook(desk.active_curve, replace(look, visible=not look.visible)))


def lock_curve(window: Window) -> None:
    """Keep the active curve as it is, or let it follow again."""
    desk = desk_of(window)
    if desk.active_curve is not None:
        look = desk.document.project.look(desk.active_curve)
        desk.execute(SetLook(desk.active_curve, replace(look, locked=not look.locked)))

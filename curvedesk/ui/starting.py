"""The first seconds: files of the command line, what a crash left, and the engine, in this order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from curvedesk.domain.errors import CurveDeskError, ProjectError
from curvedesk.session.commands import ImportStrokes
from curvedesk.session.files import SUFFIX, close_document
from curvedesk.session.recovery import Found, Recoverable, forget, recover, recoverable, strokes_of
from curvedesk.ui.asking import ask_file
from curvedesk.ui.messages import Message
from curvedesk.ui.opening import sentence
from curvedesk.ui.saving import KIND, OPENING, would_lose

if TYPE_CHECKING:
    from curvedesk.ui.window import Window


MOST_LINES = 2


class Starting:
    """What happens after the window is shown."""

    def __init__(self, window: Window, paths: Sequence[Path], *, sample: bool = False) -> None:
        self._window, self._paths, self._sample = window, paths, sample

    def open(self) -> None:
        """Files first, then an offer of what was not saved."""
        if self._sample:
            self._window.documents.open_sample()
        self._window.documents.open_paths(self._paths)
        lost = [found for found in recoverable() if not only_opened(found)]
        if len(lost) > MOST_LINES:
            offer_all(self._window, lost)
        else:
            offer_each(self._window, lost)

    def warm(self) -> None:
        """Start the engine, so that the first prediction does not wait for it."""
        self._window.start_engine()


def only_opened(found: Recoverable) -> bool:
    """Whether nothing was done but opening; its journal is then cleared away."""
    if found.path is not None or found.edits > len(OPENING):
        return False
    try:
        document = recover(found)
    except CurveDeskError:
        return False
    worth_keeping = would_lose(document)
    close_document(document, keep=worth_keeping)
    return not worth_keeping


def offer_each(window: Window, lost: Sequence[Recoverable]) -> None:
    """A line for each."""
    for found in lost:
        offer(window, found)


def offer_all(window: Window, lost: Sequence[Recoverable]) -> None:
    """One line for many logs, which would fill the window otherwise."""
    names = ", ".join(dict.fromkeys(_called(found) for found in lost[:MOST_LINES]))
    window.say(
        Message(
            f"{len(lost)} logs had changes that were not saved when the program stopped: {names} and others.",
            "warn",
            action_text="Keep all",
            action=partial(_keep_each, window, lost),
            other_text="One by one",
            other=partial(offer_each, window, lost),
            topic="recover",
        )
    )


def _keep_each(window: Window, lost: Sequence[Recoverable]) -> None:
    for found in lost:
        keep(window, found)


def offer(window: Window, found: Recoverable) -> None:
    """Keep or discard, in a line."""
    note = " The project was saved again since; only the strokes can be kept." if found.found is Found.OTHER else ""
    when = f"{found.at.astimezone():%d %B, %H:%M}"
    window.say(
        Message(
            f"{_called(found)} had changes that were not saved when the program stopped, the last on {when}.{note}",
            "warn",
            action_text="Keep",
            action=partial(keep, window, found),
            other_text="Discard",
            other=partial(forget, found),
            topic=_topic(found),
        )
    )


def keep(window: Window, found: Recoverable) -> None:
    """Open it as it was, or what of it still fits; where that fails it is offered again."""
    ways = {Found.READY: _keep_all, Found.MISSING: _keep_elsewhere, Found.OTHER: _keep_strokes}
    try:
        ways[found.found](window, found)
    except CurveDeskError as error:
        again = partial(keep, window, found)
        window.say(Message(sentence(error), "error", action_text="Try again", action=again, topic=_topic(found)))


def _keep_all(window: Window, found: Recoverable, *, at: Path | None = None) -> None:
    """Every edit, in the document that is open already if it is."""
    space = window.documents.with_path(found.path)
    if space is not None:
        recover(found, into=space.desk.document)
        window.documents.raise_(space)
    else:
        space = window.documents.opening.show_document(recover(found, at=at))
    space.desk.say("Everything is back as it was", detail="save it to keep it")


def _keep_elsewhere(window: Window, found: Recoverable) -> None:
    """The project was moved or renamed: where is it now?"""
    path = ask_file(window, f"Find {found.title or 'the project'}", KIND)
    if path is None:
        offer(window, found)
    else:
        _keep_all(window, found, at=path)


def _keep_strokes(window: Window, found: Recoverable) -> None:
    """The project went on without these edits: only the strokes among them can be put on top of it."""
    strokes = strokes_of(found)
    if not strokes:
        raise ProjectError("The project was saved again since, and no stroke is among what was not saved")
    assert found.path is not None  # a document that was never saved cannot have gone on
    window.documents.opening.open(found.path)
    space = window.documents.with_path(found.path)
    if space is None:
        raise ProjectError(f"{found.path.name}: could not be opened, so the strokes have no place to go to")
    space.desk.execute(ImportStrokes(strokes, "Strokes found again"))
    forget(found)
    many = "1 stroke is" if len(strokes) == 1 else f"{len(strokes)} strokes are"
    said = f"{many} back on top of what was saved since"
    space.desk.say(said, action_text="Undo", action=space.desk.undo, topic="undo")


def _called(found: Recoverable) -> str:
    return found.title.removesuffix(SUFFIX) or "A log"


def _topic(found: Recoverable) -> str:
    return f"recover {found.journal}"

"""The first seconds: files of the command line, what a crash left, and the engine, in this order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from curvedesk.domain.errors import CurveDeskError
from curvedesk.session.files import close_document
from curvedesk.session.recovery import Found, Recoverable, forget, recover, recoverable
from curvedesk.ui.messages import Message
from curvedesk.ui.opening import sentence
from curvedesk.ui.saving import OPENING, would_lose

if TYPE_CHECKING:
    from curvedesk.ui.window import Window


class Starting:
    """What happens after the window is shown."""

    def __init__(self, window: Window, paths: Sequence[Path], *, sample: bool = False) -> None:
        self._window, self._paths, self._sample = window, paths, sample

    def open(self) -> None:
        """Files first, then an offer of what was not saved."""
        if self._sample:
            self._window.documents.open_sample()
        self._window.documents.open_paths(self._paths)
        for found in recoverable():
            if not only_opened(found):
                offer(self._window, found)

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


def offer(window: Window, found: Recoverable) -> None:
    """Keep or discard, in a line."""
    edits = "1 edit" if found.edits == 1 else f"{found.edits} edits"
    when = f"{found.at.astimezone():%d %B, %H:%M}"
    window.say(
        Message(
            f"{found.title or 'A log'} was not saved when the program stopped: {edits}, the last on {when}.",
            "warn",
            action_text="Keep",
            action=partial(keep, window, found),
            other_text="Discard",
            other=partial(forget, found),
            topic=f"recover {found.journal}",
        )
    )


def keep(window: Window, found: Recoverable) -> None:
    """Open it as it was."""
    if found.found is Found.OTHER:
        window.say(Message("The project was changed since; open it and import the strokes instead.", "warn"))
        return
    try:
        document = recover(found)
    except CurveDeskError as error:
        window.say(Message(sentence(error), "error"))
        return
    space = window.documents.opening.show_document(document)
    space.desk.say("Everything is back as it was", detail="save it to keep it")

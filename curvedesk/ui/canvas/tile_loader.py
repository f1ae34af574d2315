"""Draws tiles in threads of its own: only what the window still wants, what the eye is on first.

Each painting says anew what it wants; what waited for an older painting and is not wanted any more is never drawn.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from curvedesk.domain.errors import CurveDeskError
from curvedesk.ui.canvas.tile_grid import TileKey

THREADS = 2
Draw = Callable[[TileKey], QImage]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A tile and how to draw it."""

    key: TileKey
    draw: Draw


class TileLoader(QObject):
    """`drawn` brings a tile to the window's thread; `failed` the sentence, once for each."""

    drawn = Signal(object, object)  # TileKey, QImage
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = _Work()
        self._threads: list[threading.Thread] = []
        weakref.finalize(self, self._work.close)

    def want(self, tiles: Iterable[Wanted]) -> None:
        """Draw these and nothing else, in this order."""
        if self._work.want(tiles) and not self._threads:
            self._threads = [
                threading.Thread(target=_run, args=(self._work, self), daemon=True) for _ in range(THREADS)
            ]
            for thread in self._threads:
                thread.start()

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits or is being drawn."""
        return self._work.is_idle

    def close(self) -> None:
        """End the threads; what they are drawing is thrown away."""
        self._work.close()
        for thread in self._threads:
            thread.join(timeout=5.0)
        self._threads = []


class _Work:
    """The list of what to draw, shared between threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[TileKey, Draw] = {}
        self._drawing: set[TileKey] = set()
        self._closed = False

    def want(self, tiles: Iterable[Wanted]) -> bool:
        with self._changed:
            self._waiting = {tile.key: tile.draw for tile in tiles if tile.key not in self._drawing}
            self._changed.notify_all()
            return bool(self._waiting) and not self._closed

    def take(self) -> Wanted | None:
        """The next tile; waits for one. None when closed."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            key = next(iter(self._waiting))
            self._drawing.add(key)
            return Wanted(key, self._waiting.pop(key))

    def done(self, key: TileKey) -> bool:
        """A tile is drawn; whether anybody is left to take it."""
        with self._changed:
            self._drawing.discard(key)
            return not self._closed

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    @property
    def is_idle(self) -> bool:
        with self._changed:
            return not self._waiting and not self._drawing


def _run(work: _Work, loader: TileLoader) -> None:
    told: set[str] = set()
    reference = weakref.ref(loader)
    del loader  # a thread that kept the loader alive would keep the window alive
    while (tile := work.take()) is not None:
        image, sentence = _drawn(tile)
        loader_now = reference()
        if not work.done(tile.key) or loader_now is None:
            return
        if image is not None:
            loader_now.drawn.emit(tile.key, image)
        elif sentence not in told:
            told.add(sentence)
            loader_now.failed.emit(sentence)
        del loader_now


def _drawn(tile: Wanted) -> tuple[QImage | None, str]:
    try:
        return tile.draw(tile.key), ""
    except CurveDeskError as error:
        return None, str(error)

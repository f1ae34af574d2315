"""The engines that work for a desk: the window's own, shared by all documents, and one for each training."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from curvedesk.ui.engine_client import EngineClient

if TYPE_CHECKING:
    from curvedesk.session.jobs import JobState


class Engines:
    """``engine`` does what is quick, ``trainer`` a training: an engine of its own, whose end frees all it held.

    ``left``: trainers that were told to end and may still be about it. ``hear`` is told whatever they say, of any job.
    """

    def __init__(self, parent: QObject, hear: Callable[[object], None]) -> None:
        self._hear = hear
        self.engine: EngineClient | None = None
        self.trainer: EngineClient | None = None
        self.left: list[EngineClient] = []
        self.engine_maker: Callable[[], EngineClient | None] | None = None
        self.trainer_maker: Callable[[], EngineClient] = partial(EngineClient, parent, once=True)

    def use(self, engine: EngineClient | None) -> None:
        """Work with this engine from now on; the window has one for all its documents."""
        if self.engine is not None:
            self.engine.event.disconnect(self._hear)
        self.engine = engine
        if engine is not None:
            engine.event.connect(self._hear)

    def start(self) -> EngineClient | None:
        """The engine, asked for where there is none yet; None where nobody makes one."""
        if self.engine is None and self.engine_maker is not None:
            self.use(self.engine_maker())
        return self.engine

    def of(self, job: JobState | None) -> EngineClient | None:
        """The engine that does this job."""
        return self.trainer if job is not None and job.kind == "finetune" else self.engine

    def new_trainer(self) -> EngineClient:
        """A fresh engine for a training."""
        self.end_trainer()
        self.trainer = self.trainer_maker()
        self.trainer.event.connect(self._hear)
        return self.trainer

    def end_trainer(self, only: EngineClient | None = None) -> None:
        """End the engine that trains, if one does, and it is this one; the window does not wait for it."""
        trainer = self.trainer
        if trainer is not None and only in {None, trainer}:
            self.trainer = None
            trainer.event.disconnect(self._hear)
            trainer.retire()
            self.left = [*self.left[-1:], trainer]

    def close(self) -> None:
        """End the engine that trains before the desk goes."""
        self.end_trainer()
        for trainer in self.left:
            trainer.shutdown()
        self.left = []

"""What surrounds a training at the desk: how the next one is to go, what earlier ones brought, one that broke off."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from curvedesk.domain.errors import CurveDeskError, ModelError
from curvedesk.domain.tries import Try
from curvedesk.interchange.stroke_packs import read_pack
from curvedesk.protocol.jobs import FinetuneJob
from curvedesk.session.unfinished import Unfinished, drop, keep_longer, unfinished_for
from curvedesk.session.wishes import Wishes
from curvedesk.store.digest import sha256_of
from curvedesk.store.job_folder import jobs_dir
from curvedesk.store.registry import bundled_model
from curvedesk.store.tries import tries_of

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk


class Learning(QObject):
    """Follows one desk; ``changed`` when anything of it is otherwise."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._looked_at = ""
        self._out = Path()  # of the training that began last
        self.wishes = Wishes()
        self.pack_fault = ""  # why the file chosen last is no pack
        self.unfinished: Unfinished | None = None
        self.tries: tuple[Try, ...] = ()
        desk.scan_changed.connect(self._look_once)

    def job(self, said: dict[str, Any], settings: dict[str, Any]) -> FinetuneJob:
        """The training of what was said, as it is wished for."""
        wishes, view = self.wishes, self._desk.view
        return FinetuneJob(
            **said,
            model=self._desk.document.project.model_id or None,
            settings={**wishes.settings, **settings},
            start=_bundled() if wishes.bundled else None,
            packs=wishes.packs,
            look=view.rows if view is not None else None,
        )

    def resumed(self) -> FinetuneJob | None:
        """The interrupted training again, from where it was; None where there is none."""
        unfinished, self.unfinished = self.unfinished, None
        if unfinished is None:
            return None
        keep_longer(unfinished)
        view = self._desk.view
        return replace(unfinished.job, id="", look=view.rows if view is not None else None)

    def begun(self, job: FinetuneJob, name: str) -> str:
        """A training was handed over and bears this name."""
        self._out = Path(job.out) if job.out else jobs_dir() / name
        return name

    def drop(self) -> None:
        """Nobody wants the interrupted training any more."""
        unfinished, self.unfinished = self.unfinished, None
        if unfinished is not None:
            self._desk.background.run(partial(drop, unfinished), _nothing)
            self.changed.emit()

    def wish(self, **changes: Any) -> None:
        """The next training is to go otherwise."""
        self.wishes = replace(self.wishes, **changes)
        self.changed.emit()

    def add_pack(self, path: Path) -> None:
        """Strokes of another log join; a file that is no pack is refused in one sentence."""
        self._desk.background.run(partial(_checked, path), partial(self._take_pack, path), self._refuse_pack)

    def remove_pack(self, path: str) -> None:
        """They do not join any more."""
        self.wishes = self.wishes.without_pack(path)
        self.changed.emit()

    def look(self, *, fault: str = "", discarded: bool = False) -> None:
        """See what is known of trainings on this scan, in a thread; `fault`: why one just ended, `discarded`: nobody
        wants it, and an engine that had to be ended for that could not clear up."""
        project = self._desk.document.project
        if project.scan is not None:
            found = partial(unfinished_for, project, unwanted=self._out if discarded else None)
            self._desk.background.run(found, partial(self._found, fault))
            self._desk.background.run(partial(tries_of, project.scan.sha256, project.scan.page), self._tried)

    def _look_once(self) -> None:
        scan = self._desk.document.project.scan
        if scan is not None and scan.sha256 != self._looked_at:
            self._looked_at = scan.sha256
            self.look()

    def _found(self, fault: str, unfinished: Unfinished | None) -> None:
        if self._desk.job is None or self._desk.job.kind != "finetune":
            self.unfinished = unfinished
            self.changed.emit()
            if unfinished is not None:
                self._offer(unfinished, fault)

    def _offer(self, unfinished: Unfinished, fault: str) -> None:
        self._desk.say(
            f"{fault} {unfinished.sentence}".strip(),
            kind="warn",
            action_text="Go on",
            action=self._desk.jobs.resume,
            other_text="Drop it",
            other=self.drop,
            topic="job",
        )

    def _tried(self, tries: tuple[Try, ...]) -> None:
        if tries != self.tries:
            self.tries = tries
            self.changed.emit()

    def _take_pack(self, path: Path, digest: str) -> None:
        self.pack_fault, self.wishes = "", self.wishes.with_pack(path, digest)
        self.changed.emit()

    def _refuse_pack(self, fault: Exception) -> None:
        self.pack_fault = str(fault) if isinstance(fault, CurveDeskError) else "This file cannot be read."
        self.changed.emit()


def _checked(path: Path) -> str:
    """The SHA-256 of a pack that can be read. Raises StrokesError."""
    digest = sha256_of(path)
    read_pack(path)
    return digest


def _bundled() -> str | None:
    try:
        return bundled_model()
    except ModelError:
        return None


def _nothing(_done: object) -> None:
    """Nobody waits for it."""

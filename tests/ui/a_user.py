"""A person at a real window in a process of its own: `python -m tests.ui.a_user draw|return|improve FOLDER`.

`draw` opens, predicts, draws, saves, draws on, and ends in the middle of a gesture, where it waits to be killed.
`return` starts again, keeps what was not saved, writes strokes and LAS, saves and closes. What there is at the end of
either is told in one line of JSON. `improve` draws, lets it learn, rests, looks, takes the new model back and again,
and exports; it tells what there was after each.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

from PySide6.QtCore import QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from curvedesk.domain.strokes import dump_strokes
from curvedesk.session.commands import ActivateModel
from curvedesk.ui.app import open_window
from curvedesk.ui.banner import Banner
from curvedesk.ui.desk import Desk
from curvedesk.ui.engine_client import EngineClient
from curvedesk.ui.export_dialog import ExportDialog
from curvedesk.ui.panels.improve import ImproveSection
from curvedesk.ui.window import Window
from curvedesk.ui.workspace import Workspace
from tests.ui.real_log import MODEL

PATIENCE_S = 300.0  # a busy machine is slow, not wrong
LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
STROKES_PX = (  # scan pixels, along the print and beside it
    ((60.0, 160.0), (66.0, 180.0), (70.0, 200.0)),
    ((80.0, 300.0), (72.0, 320.0), (62.0, 345.0)),
    ((55.0, 420.0), (58.0, 440.0), (66.0, 455.0)),
    ((88.0, 240.0), (84.0, 250.0), (81.0, 262.0)),
)


class User:
    """Hands and eyes: actions by their names, the mouse on the paper, and patience."""

    def __init__(self, folder: Path, arguments: Sequence[str]) -> None:
        self.folder = folder
        self.app = QApplication([sys.argv[0]])
        self.window: Window = open_window(self.app, arguments)

    @property
    def space(self) -> Workspace:
        """What is in front."""
        space = self.window.documents.current
        assert space is not None
        return space

    @property
    def desk(self) -> Desk:
        """The same without its looks."""
        return self.space.desk

    def wait(self, condition: Callable[[], object]) -> None:
        """Let the window live until something is so."""
        until = monotonic() + PATIENCE_S
        while not condition():
            if monotonic() > until:
                raise TimeoutError(self.said())
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def said(self) -> str:
        """Every line that waits for an answer."""
        return " | ".join(banner.message.text for banner in self.banners())

    def banners(self) -> list[Banner]:
        """Those of the window and of the document in front."""
        space = self.window.documents.current
        return [*self.window.banners.shown, *(space.banners.shown if space is not None else [])]

    def banner(self, text: str) -> Banner | None:
        """The one that says this."""
        return next((banner for banner in self.banners() if text in banner.message.text), None)

    def do(self, name: str) -> None:
        """An action of the menus, which must be possible."""
        self.window.refresh()
        action = self.window.book.actions[name]
        if not action.isEnabled():
            raise AssertionError(f"{name} cannot be done now: {self.said()}")
        action.trigger()
        self.app.processEvents()

    def answer_where(self, path: Path) -> None:
        """What the system's dialog is answered from now on."""
        setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))  # noqa: B010 - a class of C++

    def wait_for_log(self) -> None:
        """Scan and sheet are there and can be seen."""
        self.wait(lambda: self.window.desk is not None and self.window.desk.view is not None)
        self.wait(self.space.canvas.is_settled)

    def press_and_draw(self, points: Sequence[tuple[float, float]]) -> QPoint:
        """The mouse goes down on the paper and along; where it is then."""
        self.desk.go_to_rows(points[0][1] - 60, points[-1][1] + 60)
        self.wait(self.space.canvas.is_settled)
        canvas = self.space.canvas
        along = [canvas.widget_at(*point).toPoint() for point in points]
        QTest.mousePress(canvas, LEFT, NO_KEYS, along[0])
        for before, after in pairwise(along):
            for step in range(1, 9):
                QTest.mouseMove(canvas, before + (after - before) * (step / 8))
        return along[-1]

    def draw(self, points: Sequence[tuple[float, float]]) -> None:
        """One stroke; its curve has followed when this is over."""
        before = len(self.desk.document.project.strokes)
        at = self.press_and_draw(points)
        QTest.mouseRelease(self.space.canvas, LEFT, NO_KEYS, at)
        self.wait(lambda: len(self.desk.document.project.strokes) == before + 1)
        self.wait(lambda: not self.desk.following.retracing.is_busy)

    def draw_three(self, drawn: Callable[[int], None] = lambda _number: None) -> None:
        """Sheet, prediction and three strokes on the log that waits; `drawn` is told each one's number."""
        self.wait_for_log()
        self.window.open_path(self.folder / "known.sheet.json")
        self.wait(lambda: self.desk.sheet is not None)
        self.desk.execute(ActivateModel(MODEL))
        self.do("predict")
        self.wait(lambda: self.desk.document.project.prediction is not None and self.desk.job is None)
        self.do("tool_pen")
        for number, points in enumerate(STROKES_PX[:3], start=1):
            self.draw(points)
            drawn(number)

    def tell(self, **more: Any) -> None:
        """What there is now."""
        sys.stdout.write(json.dumps({**self._state(), **more}) + "\n")
        sys.stdout.flush()

    def _state(self) -> Mapping[str, Any]:
        document = self.desk.document
        project = document.project
        curves = {key: _digest(curve.x_px.tobytes()) for key, curve in project.curves.items()}
        return {
            "strokes": dump_strokes(tuple(project.strokes.values()))["strokes"],
            "curves": curves,
            "model": project.prediction.model_id if project.prediction else "",
            "history": [entry.label for entry in document.history.entries],
            "torch": "torch" in sys.modules,
        }


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def draw(folder: Path) -> None:
    """The first day; it ends by being killed."""
    user = User(folder, [str(folder / "scan.png")])
    user.draw_three()
    three = user._state()
    user.do("undo")
    two = user._state()
    user.do("redo")
    again = user._state()
    user.answer_where(folder / "log.curvedesk")
    user.do("save")
    clean = not user.desk.document.is_dirty
    user.draw(STROKES_PX[3])
    assert user.window.engine is not None
    facts = {"three": three, "two": two, "again": again, "clean": clean, "engine": user.window.engine.pid}
    user.press_and_draw(STROKES_PX[0])
    user.tell(**facts, half_drawn=user.desk.preview is not None)
    user.app.exec()


def come_back(folder: Path) -> None:
    """The next day."""
    user = User(folder, [])
    user.wait(lambda: user.banner("not saved when the program stopped"))
    offer = user.banner("not saved when the program stopped")
    assert offer is not None
    offer.act()
    user.wait_for_log()
    dirty = user.desk.document.is_dirty
    user.answer_where(folder / "drawn.strokes.json")
    user.do("save_strokes")
    user.do("export")
    dialog = user.window.findChild(ExportDialog)
    assert dialog is not None
    user.wait(dialog.export.isEnabled)
    dialog.start()
    user.wait(lambda: dialog.written is not None or dialog.run is None)
    said, files = dialog.said.text(), dialog.written.files if dialog.written is not None else {}
    dialog.close_sheet()
    user.do("save")
    user.tell(dirty=dirty, said=said, files=[str(path) for paths in files.values() for path in paths])
    user.window.close()
    user.window.documents.opening.close()


def improve(folder: Path) -> None:
    """One sitting in which the model learns."""
    user = User(folder, [str(folder / "scan.png")])
    user.draw_three()
    desk, space = user.desk, user.space
    told: dict[str, Any] = {"drawn": user._state()}
    desk.jobs.engines.trainer_maker = eager_trainer
    desk.jobs.training = LEARNS_LITTLE
    user.do("improve")
    section = space.docks.by_id["model"].build().findChild(ImproveSection)
    assert isinstance(section, ImproveSection)
    user.wait(lambda: desk.jobs.glimpses.now is not None)
    told["preview"] = space.glimpse_mark.text
    section.pause.click()
    user.wait(lambda: desk.job is not None and desk.job.resting)
    told["resting"] = (section.step.text(), section.pause.text())
    section.pause.click()
    user.wait(lambda: desk.job is not None and not desk.job.resting)
    section.keep.click()
    user.wait(lambda: desk.document.project.model_id != MODEL)
    user.wait(lambda: user._state()["model"] != MODEL)  # the curves it finds are there
    told["adopted"] = {**user._state(), "preview": space.glimpse_mark.text, "said": section.verdict.text()}
    user.do("before")
    user.wait(lambda: space.overview.moved is not None)
    told["compared"] = bool(desk.before.curves)
    user.do("before")
    for name in ("undo", "redo"):
        user.do(name)
        told[name] = {**user._state(), "uses": desk.document.project.model_id}
    user.do("export")
    dialog = user.window.findChild(ExportDialog)
    assert dialog is not None
    user.wait(dialog.export.isEnabled)
    dialog.start()
    user.wait(lambda: dialog.written is not None or dialog.run is None)
    user.tell(**told, said=dialog.said.text())
    user.window.documents.discard(space)
    user.window.close()
    user.window.documents.opening.close()


LEARNS_LITTLE = {"steps": 100_000, "batch": 2, "size": 64, "check_every": 1}
EAGER = """
from curvedesk import improve
from curvedesk.engine import finetune_glimpse as glimpse
from curvedesk.engine.main import main
from curvedesk.learn import gate
glimpse.EVERY_S, glimpse.SHARE = 0.0, 1.0
improve.replay_score = lambda model, device: 0.5
gate.verdict = lambda before, after: gate.Verdict(True, "The new model is better, says a test.", before, after)
main()
"""


def eager_trainer() -> EngineClient:
    """The real engine, which takes any model for a better one, and shows what it does after every step."""
    return EngineClient(command=(sys.executable, "-c", EAGER), once=True)


if __name__ == "__main__":
    {"draw": draw, "return": come_back, "improve": improve}[sys.argv[1]](Path(sys.argv[2]))

"""How the next training is to go: where it starts, what may change, and whose strokes join."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QVBoxLayout, QWidget

from curvedesk.session.wishes import STAGES
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.base import line, note
from curvedesk.ui.panels.fields import Choice
from curvedesk.ui.panels.rows import Rows
from curvedesk.ui.parts import button, icon_button, label, tight

PACKS = "Packs of strokes (*.zip)"
ALL = "all"
STARTS = (("", "the model in use"), ("bundled", "the model CurveDesk came with"))
FRONTS = (
    (ALL, "all of it"),
    *((str(k), f"its first {k} stages" if k > 1 else "its first stage") for k in range(STAGES, 0, -1)),
    ("0", "none of it"),
)


class PackRow(QWidget):
    """The name of a file, and a way to leave it out."""

    def __init__(self, desk: Desk, path: str) -> None:
        super().__init__()
        self.name = label()
        self.name.setToolTip(path)
        self.leave = icon_button("close", "Leave these out", partial(desk.jobs.learning.remove_pack, path))
        row = tight(QVBoxLayout(self), gap=0)
        row.addWidget(line(self.name, self.leave, stretch=0))

    def show_path(self, path: str) -> None:
        """Its name."""
        self.name.setText(Path(path).name)


class ImproveOptions(QWidget):
    """Follows the desk's wishes for the next training."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._learning = desk.jobs.learning
        self._desk = desk
        self.start = Choice("Start from", STARTS)
        self.start.picked.connect(self._pick_start)
        self.front = Choice("What it sees of ink is kept", FRONTS)
        self.front.picked.connect(self._pick_front)
        self.frozen = QCheckBox("What it sees stays as it is")
        self.frozen.setToolTip("Only what it makes of the ink is learnt: quicker, and less can go wrong")
        self.frozen.clicked.connect(self._pick_frozen)
        self.packs: Rows[str, PackRow] = Rows(key=str, make=partial(PackRow, desk), update=PackRow.show_path)
        self.add = button("Add a pack...", self._ask, tip="Strokes of another log, made there with 'curvedesk pack'")
        self.save = button("Save mine...", self._save, kind="quiet", tip="My strokes as a pack, to train elsewhere")
        self.fault = note("", "bad")
        self._lay_out()
        self._learning.changed.connect(self.refresh)
        desk.job_changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        column = tight(QVBoxLayout(self), gap=4)
        column.setContentsMargins(0, 4, 0, 0)
        for name, field in (("Start from", self.start), ("Of what it sees, keep", self.front)):
            column.addWidget(label(name, "muted"))
            column.addWidget(field)
        column.addWidget(self.frozen)
        column.addWidget(label("Strokes of other logs learn along", "muted"))
        for part in (self.packs, self.fault, line(self.add, self.save)):
            column.addWidget(part)

    def refresh(self) -> None:
        """As it is wished for."""
        wishes = self._learning.wishes
        self.start.show_choice("bundled" if wishes.bundled else "")
        self.front.show_choice(ALL if wishes.front is None else str(wishes.front))
        self.frozen.setChecked(wishes.frozen)
        self.packs.show_items(list(wishes.packs))
        self.fault.setText(self._learning.pack_fault)
        self.fault.setVisible(bool(self._learning.pack_fault))
        self.save.setEnabled(self._desk.job is None)

    def _pick_start(self, start: str) -> None:
        self._learning.wish(bundled=start == "bundled")

    def _pick_front(self, front: str) -> None:
        self._learning.wish(front=None if front == ALL else int(front))

    def _pick_frozen(self, frozen: bool) -> None:
        self._learning.wish(frozen=frozen)

    def _save(self) -> None:
        suggested = str(Path.home() / "strokes.pack.zip")
        path, _kind = QFileDialog.getSaveFileName(self, "Save my strokes as a pack", suggested, PACKS)
        if path:
            self._desk.jobs.save_pack(Path(path))

    def _ask(self) -> None:
        paths, _kind = QFileDialog.getOpenFileNames(self, "Strokes of other logs", str(Path.home()), PACKS)
        for path in paths:
            self._learning.add_pack(Path(path))

"""The export dialog's left side: files, depths, curves and header, each field saying at once what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from curvedesk.domain.sheet import Sheet
from curvedesk.interchange.header_checks import FILED_BY
from curvedesk.interchange.header_fields import TITLES as FIELD_TITLES
from curvedesk.interchange.header_fields import doubt_of
from curvedesk.interchange.plan import ENDINGS, CurveChoice, Output, files_in, wanted_names
from curvedesk.ui.panels.fields import mark_wrong, number_of, number_text
from curvedesk.ui.parts import button, icon_button, label, tight

TITLES: Mapping[Output, tuple[str, str]] = {
    Output.LAS: ("LAS 2.0", "The table other programs read, checked after it is written"),
    Output.CSV: ("CSV table", "The same table for a spreadsheet"),
    Output.OVERLAY: ("Overlay picture", "The curves in colour over the paper"),
    Output.REPORT: ("Quality report", "Coverage, confidence and how each curve lies on its ink"),
    Output.SHEET: ("Sheet", "What the print means, to be used again"),
    Output.STROKES: ("Strokes", "Your corrections, to be used again"),
    Output.LABELS: ("Labels for training", "Crops and masks of what you reviewed, without the rest of the scan"),
}
NAME_PX = 64


def typed(name: str, text: str, changed: Callable[[str], object]) -> QLineEdit:
    """A line to type in; ``changed`` is called at every key."""
    made = QLineEdit(text)
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.textEdited.connect(changed)
    return made


class Fields(QWidget):
    """A part of the form; ``changed`` at every key and click."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = tight(QVBoxLayout(self), gap=8)
        self.odd = label("", "bad", wrap=True)
        self.odd.hide()

    def say(self, sentence: str) -> None:
        """What is wrong, below the fields; nothing hides it."""
        self.odd.setText(sentence)
        self.odd.setVisible(bool(sentence))

    def _tell(self, *_: object) -> None:
        self.changed.emit()


class FileFields(Fields):
    """Folder, name, and what is to be written."""

    def __init__(self, files: Mapping[Output, Path], *, all_labels: bool) -> None:
        super().__init__()
        first = next(iter(files.values()), Path("log.las"))
        self.folder = typed("Folder to write to", str(first.parent), self._tell)
        self.name = typed("Name of the files", _stem(files) or first.stem, self._tell)
        self.browse = button("Browse...", self._browse)
        row = tight(QHBoxLayout())
        row.addWidget(self.folder, 1)
        row.addWidget(self.browse)
        named = tight(QGridLayout())
        for place, text in enumerate(("Folder", "Name")):
            title = label(text, "muted")
            title.setFixedWidth(NAME_PX)
            named.addWidget(title, place, 0)
        named.addLayout(row, 0, 1)
        named.addWidget(self.name, 1, 1)
        self.column.addLayout(named)
        self.boxes = {output: self._box(output, output in files) for output in TITLES}
        grid = tight(QGridLayout(), gap=2)
        for place, box in enumerate(self.boxes.values()):
            grid.addWidget(box, place // 2, place % 2)
        self.column.addLayout(grid)
        self.all_labels = QCheckBox("Labels of the whole log, not of what I reviewed alone")
        self.all_labels.setChecked(all_labels)
        self.all_labels.toggled.connect(self._tell)
        self.all_labels.setVisible(self.boxes[Output.LABELS].isChecked())
        self.column.addWidget(self.all_labels)
        self.column.addWidget(self.odd)

    def files(self) -> dict[Output, Path]:
        """What is ticked, and where it goes."""
        stem = self.name.text().strip()
        chosen = [output for output, box in self.boxes.items() if box.isChecked()]
        return files_in(Path(self.folder.text().strip()).expanduser(), stem, chosen) if stem else {}

    def _box(self, output: Output, ticked: bool) -> QCheckBox:
        text, tip = TITLES[output]
        made = QCheckBox(text)
        made.setToolTip(tip)
        made.setChecked(ticked)
        made.toggled.connect(self._ticked)
        return made

    def _ticked(self, _on: bool) -> None:
        self.all_labels.setVisible(self.boxes[Output.LABELS].isChecked())
        self._tell()

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Folder to write to", self.folder.text())
        if chosen:
            self.folder.setText(chosen)
            self._tell()


def _stem(files: Mapping[Output, Path]) -> str:
    for output, path in files.items():
        if path.name.endswith(ENDINGS[output]):
            return path.name.removesuffix(ENDINGS[output])
    return ""


class DepthFields(Fields):
    """First and last depth, step, null value; NaN where no number was typed."""

    def __init__(self, *, top: float, bottom: float, step: float, null: float, unit: str) -> None:
        super().__init__()
        self.fields: dict[str, QLineEdit] = {}
        grid = tight(QGridLayout())
        for place, (key, text, value) in enumerate(
            (("top", "Top", top), ("bottom", "Bottom", bottom), ("step", "Step", step), ("null", "Null", null))
        ):
            name = text if key == "null" else f"{text} in {unit.lower()}"
            field = self.fields[key] = typed(name, number_text(value), self._tell)
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            title = label(text, "muted")
            title.setFixedWidth(NAME_PX if place % 2 == 0 else 48)
            grid.addWidget(title, place // 2, 2 * (place % 2))
            grid.addWidget(field, place // 2, 2 * (place % 2) + 1)
        self.column.addLayout(grid)
        self.column.addWidget(self.odd)

    def value(self, key: str) -> float:
        """What was typed."""
        number = number_of(self.fields[key].text())
        return float("nan") if number is None else number

    def mark(self, faults: Mapping[str, str]) -> None:
        """Mark the fields that are wrong."""
        for key, field in self.fields.items():
            mark_wrong(field, faults.get(key, ""))
        self.say(next((faults[key] for key in self.fields if key in faults), ""))


class CurveRow(QWidget):
    """A curve: whether it is exported, what the file calls it, and its place among the others."""

    changed = Signal()
    moved = Signal(str, int)

    def __init__(self, mnemonic: str, name: str, *, ticked: bool) -> None:
        super().__init__()
        self.mnemonic = mnemonic
        self.box = QCheckBox(mnemonic)
        self.box.setChecked(ticked)
        self.box.setToolTip(f"Export {mnemonic}")
        self.box.setMinimumWidth(96)
        self.name = typed(f"What the file calls {mnemonic}", name, self._edit)
        self.name.setEnabled(ticked)
        self.box.toggled.connect(self._tick)
        row = tight(QHBoxLayout(self), gap=4)
        row.addWidget(self.box)
        row.addWidget(self.name, 1)
        row.addWidget(icon_button("up", f"Move {mnemonic} up", self._up))
        row.addWidget(icon_button("down", f"Move {mnemonic} down", self._down))

    def choice(self) -> CurveChoice:
        """The curve under the name that was typed."""
        return CurveChoice(self.mnemonic, self.name.text().strip())

    def _edit(self, _text: str) -> None:
        self.changed.emit()

    def _tick(self, on: bool) -> None:
        self.name.setEnabled(on)
        self.changed.emit()

    def _up(self) -> None:
        self.moved.emit(self.mnemonic, -1)

    def _down(self) -> None:
        self.moved.emit(self.mnemonic, 1)


class CurveFields(Fields):
    """Every curve of the sheet that may be exported, in the order of the file."""

    def __init__(self, sheet: Sheet, choices: tuple[CurveChoice, ...], *, partial: bool) -> None:
        super().__init__()
        chosen = [choice.mnemonic for choice in choices]
        others = [CurveChoice.of(name) for name in wanted_names(sheet) if name not in chosen]
        self.rows = [CurveRow(c.mnemonic, c.name, ticked=c.mnemonic in chosen) for c in (*choices, *others)]
        self._list = tight(QVBoxLayout(), gap=4)
        for row in self.rows:
            row.changed.connect(self._tell)
            row.moved.connect(self._move)
            self._list.addWidget(row)
        self.partial = QCheckBox("Leave doubtful readings empty")
        self.partial.setToolTip("Readings with a confidence under one half are written as null")
        self.partial.setChecked(partial)
        self.partial.toggled.connect(self._tell)
        self.column.addLayout(self._list)
        self.column.addWidget(self.odd)
        self.column.addWidget(self.partial)

    def choices(self) -> tuple[CurveChoice, ...]:
        """What is ticked, in order."""
        return tuple(row.choice() for row in self.rows if row.box.isChecked())

    def _move(self, mnemonic: str, by: int) -> None:
        place = next(i for i, row in enumerate(self.rows) if row.mnemonic == mnemonic)
        to = min(max(place + by, 0), len(self.rows) - 1)
        row = self.rows.pop(place)
        self.rows.insert(to, row)
        self._list.insertWidget(to, row)
        self._tell()


class HeaderFields(Fields):
    """The well header as it will be written; what is odd is said below the field, and forbids nothing."""

    def __init__(self, well: Mapping[str, str]) -> None:
        super().__init__()
        keys = [*FILED_BY, *(key for key in well if key.upper() not in FILED_BY)]
        known = {key.upper(): value for key, value in well.items()}
        self.fields = {key: typed(FIELD_TITLES.get(key, key), known.get(key.upper(), ""), self._edited) for key in keys}
        self.notes = {key: label("", "warn", wrap=True) for key in keys}
        grid = tight(QGridLayout(), gap=4)
        for place, (key, field) in enumerate(self.fields.items()):
            field.setPlaceholderText(FIELD_TITLES.get(key, ""))
            title = label(key, "muted")
            title.setFixedWidth(NAME_PX)
            grid.addWidget(title, 2 * place, 0)
            grid.addWidget(field, 2 * place, 1)
            grid.addWidget(self.notes[key], 2 * place + 1, 1)
        self.column.addLayout(grid)
        self._check()

    def changes(self, well: Mapping[str, str]) -> dict[str, str]:
        """Fields that say otherwise than the sheet does."""
        typed_now = {key: field.text().strip() for key, field in self.fields.items()}
        known = {key.upper(): (key, value) for key, value in well.items()}
        return {
            known.get(key.upper(), (key, ""))[0]: text
            for key, text in typed_now.items()
            if text != known.get(key.upper(), (key, ""))[1]
        }

    def _edited(self, *_: object) -> None:
        self._check()
        self._tell()

    def _check(self) -> None:
        for key, field in self.fields.items():
            odd = doubt_of(key, field.text())
            self.notes[key].setText(odd)
            self.notes[key].setVisible(bool(odd))

"""Which model finds the curves, what it was measured to do, and improving it from strokes."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from curvedesk.domain.errors import ModelError
from curvedesk.session.changes import ChangeKind
from curvedesk.session.commands import ActivateModel
from curvedesk.store.manifest import CARD
from curvedesk.store.registry import ModelEntry, active_model, list_models
from curvedesk.store.registry_names import OldNames, old_names
from curvedesk.ui.desk import Desk
from curvedesk.ui.panels.base import Panel, Section, line, note
from curvedesk.ui.panels.cards import CardPart, read_card, table_html
from curvedesk.ui.panels.fields import Choice
from curvedesk.ui.panels.folding import Fold
from curvedesk.ui.panels.improve import ImproveSection
from curvedesk.ui.panels.model_menu import ModelMenu
from curvedesk.ui.parts import button, head, set_role, tight
from curvedesk.ui.theme import font, theme


class ModelPanel(Panel):
    """The picker, the training, and the card of the model in use."""

    listens = frozenset({ChangeKind.MODEL, ChangeKind.PREDICTION, ChangeKind.STROKES, ChangeKind.SHEET})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._entries: tuple[ModelEntry, ...] = ()
        self._card_of = ""
        self._names = OldNames()
        self.entry: ModelEntry | None = None  # the one shown
        self.menu = ModelMenu(self)
        self.picker = Choice("The model that finds the curves", ())
        self.picker.picked.connect(self.activate)
        self.facts, self.stale = note(), note("", "warn")
        self.again = button("Predict again", self._predict)
        self.choosing = Section()
        self.choosing.add(
            head("Model", self.menu.more), self.picker, self.menu, self.facts, self.stale, line(self.again)
        )
        self.improve = ImproveSection(desk, with_details=True)
        self.card = Section(closed=False)
        self.card.rows.setSpacing(4)
        for part in (self.choosing, self.improve, self.card):
            self.column.addWidget(part)

    def refresh(self, kinds: frozenset[ChangeKind]) -> None:  # noqa: ARG002 - all of it is the model
        """The models there are, and the one in use."""
        try:
            self._entries, fault, self._names = list_models(), "", old_names()
            used = self._names.now(self.desk.document.project.model_id or active_model() or "")
        except ModelError as error:
            self._entries, fault, used = (), str(error), ""
        self._show_picker(used)
        self.entry = entry = next((one for one in self._entries if one.id == used), None)
        self._show_facts(entry, used, fault)
        self._show_stale(used)
        if entry is None or entry.id != self._card_of:
            self._show_card(entry)
        self.improve.refresh()

    def activate(self, model_id: str) -> None:
        """Use this model for the next prediction; undo goes back."""
        error = self.send(ActivateModel(model_id))
        if error is not None:
            self.desk.say(str(error), kind="warn", topic="model")

    def deletable(self) -> tuple[str, ...]:
        """The user's own models that neither this project nor the next one uses."""
        shown = self.entry.id if self.entry else ""
        return tuple(one.id for one in self._entries if not (one.bundled or one.active or one.id == shown))

    def _show_picker(self, used: str) -> None:
        wanted = [(entry.id, entry.id if entry.manifest else f"{entry.id} (damaged)") for entry in self._entries]
        shown = [(self.picker.itemData(i), self.picker.itemText(i)) for i in range(self.picker.count())]
        if wanted != shown:
            self.picker.clear()
            for model_id, text in wanted:
                self.picker.addItem(text, model_id)
        self.picker.setVisible(bool(wanted))
        self.picker.show_choice(used)

    def _show_facts(self, entry: ModelEntry | None, used: str, fault: str) -> None:
        if entry is None:
            gone = f"The model {used} of this project is not installed here; pick another one, or import it."
            text, role = fault or (gone if used else "No model is installed, so nothing can be predicted."), "bad"
        elif entry.manifest is None:
            text, role = entry.problem or "This model cannot be read.", "bad"
        else:
            origin = "came with CurveDesk" if entry.bundled else "made on this computer"
            parent = f", from {entry.manifest.parent}" if entry.manifest.parent else ""
            text, role = f"{_date(entry.manifest.created)} · {origin}{parent}", "muted"
        self.facts.setText(text)
        set_role(self.facts, role)

    def _show_stale(self, used: str) -> None:
        prediction = self.desk.document.project.prediction
        other = prediction is not None and self._names.now(prediction.model_id) != used
        self.stale.setVisible(other)
        self.again.setVisible(other and self.desk.job is None)
        if prediction is not None:
            self.stale.setText(f"The curves you see were found by {prediction.model_id}.")

    def _show_card(self, entry: ModelEntry | None) -> None:
        self._card_of = entry.id if entry else ""
        self.card.clear()
        first, *rest = read_card(_card_text(entry) if entry else "") or (None,)
        if first is None:
            return
        self.card.add(head("About this model"), *(note(_first_sentence(text)) for text in first.paragraphs[:1]))
        self.card.add(Fold("More", partial(_tables, first)))
        if rest:
            self.card.add(Fold("How it was measured", partial(_measured, tuple(rest))))

    def _predict(self) -> None:
        self.desk.jobs.predict()


def _measured(parts: tuple[CardPart, ...]) -> QWidget:
    """A heading for each table that the card has."""
    made = QWidget()
    column = tight(QVBoxLayout(made), gap=0)
    column.setContentsMargins(16, 0, 0, 0)
    for part in parts:
        column.addWidget(Fold(part.title.split(": ")[0], partial(_tables, part)))
    return made


def _tables(part: CardPart) -> QWidget:
    """Paragraphs and tables; a table that is too wide scrolls by itself."""
    made = QWidget()
    column = tight(QVBoxLayout(made))
    for paragraph in part.paragraphs:
        column.addWidget(note(paragraph))
    for table in part.tables:
        column.addWidget(_scrolling(table))
    return made


def _scrolling(table: tuple[tuple[str, ...], ...]) -> QScrollArea:
    tokens = theme().tokens
    shown = QLabel(table_html(table, muted=tokens.muted, hairline=tokens.hairline))
    shown.setFont(font("small"))
    shown.setTextFormat(Qt.TextFormat.RichText)
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    area = QScrollArea()
    area.setWidget(shown)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFixedHeight(shown.sizeHint().height() + 12)
    return area


def _first_sentence(text: str) -> str:
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


def _card_text(entry: ModelEntry) -> str:
    try:
        return (entry.folder / CARD).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _date(created: str) -> str:
    try:
        return f"{datetime.fromisoformat(created):%d %b %Y}".lstrip("0")
    except ValueError:
        return created

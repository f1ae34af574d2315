"""The bar above the canvas: something needs the user, and here is the way on. Stays until answered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from curvedesk.ui.messages import Message
from curvedesk.ui.parts import button, icon_button, label, set_role, tight
from curvedesk.ui.theme import pixmap, theme

COLOURS = {"error": "bad", "warn": "warn", "info": "accent"}


class Banner(QFrame):
    """One message with its buttons; ``close`` hides it."""

    def __init__(self, message: Message, closed: Callable[[Banner], object]) -> None:
        super().__init__()
        self.message = message
        self._closed = closed
        set_role(self, f"banner-{message.kind}")
        self.setAccessibleName(message.text)
        row = tight(QHBoxLayout(self), gap=8)
        row.setContentsMargins(16, 8, 8, 8)
        self._mark = QLabel()
        self._tint()
        row.addWidget(self._mark)
        text = label(message.text, wrap=True, selectable=True)
        text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(text, 1)
        self._add_buttons(row)
        theme().changed.connect(self._tint)

    def _add_buttons(self, row: QHBoxLayout) -> None:
        message = self.message
        if message.action_text:
            row.addWidget(button(message.action_text, self.act))
        if message.other_text:
            row.addWidget(button(message.other_text, self.act_other, kind="quiet"))
        row.addWidget(icon_button("close", "Close this message", self.dismiss))

    def act(self) -> None:
        """The first way on."""
        self.dismiss()
        if self.message.action is not None:
            self.message.action()

    def act_other(self) -> None:
        """The other way on."""
        self.dismiss()
        if self.message.other is not None:
            self.message.other()

    def dismiss(self) -> None:
        """Take it away."""
        self._closed(self)

    def _tint(self) -> None:
        name = {"error": "error", "warn": "warn", "info": "info"}[self.message.kind]
        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(pixmap(name, 20, COLOURS[self.message.kind], ratio=ratio))


class Banners(QWidget):
    """The banners of one document, newest on top; a topic appears once."""

    def __init__(self) -> None:
        super().__init__()
        self._column = tight(QVBoxLayout(self), gap=0)
        self.shown: list[Banner] = []
        self.hide()

    def say(self, message: Message) -> None:
        """Add it, in place of one with the same topic or the same text."""
        for banner in tuple(self.shown):
            same_topic = message.topic and banner.message.topic == message.topic
            if same_topic or banner.message.text == message.text:
                self._remove(banner)
        banner = Banner(message, self._remove)
        self.shown.insert(0, banner)
        self._column.insertWidget(0, banner)
        self.show()

    def says(self, text: str) -> bool:
        """Whether this is being said."""
        return any(banner.message.text == text for banner in self.shown)

    def take_back(self, topic: str) -> None:
        """What was said about this is no longer so."""
        for banner in tuple(self.shown):
            if banner.message.topic == topic:
                self._remove(banner)

    def _remove(self, banner: Banner) -> None:
        if banner in self.shown:
            self.shown.remove(banner)
            self._column.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self.shown))

"""A list of rows that keeps its widgets: refreshing moves and updates rows, so focus and scroll stay."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from curvedesk.ui.parts import tight

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)


class Rows(QWidget, Generic[T, W]):
    """Shows items as widgets, one each, told apart by a key."""

    def __init__(
        self,
        *,
        key: Callable[[T], Hashable],
        make: Callable[[T], W],
        update: Callable[[W, T], object],
        gap: int = 0,
    ) -> None:
        super().__init__()
        self._key, self._make, self._update = key, make, update
        self._shown: dict[Hashable, W] = {}
        self._column = tight(QVBoxLayout(self), gap=gap)
        self._below: QWidget | None = None

    def show_items(self, items: Sequence[T]) -> None:
        """These, in this order; widgets of items that stay are kept."""
        wanted = {self._key(item): item for item in items}
        if self._below is not None:
            self._column.removeWidget(self._below)  # whoever put it there puts it back
            self._below = None
        for key in [key for key in self._shown if key not in wanted]:
            gone = self._shown.pop(key)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._column.setEnabled(False)  # laid out once, not for each
        for place, (key, item) in enumerate(wanted.items()):
            widget = self._shown.get(key)
            if widget is None:
                widget = self._shown[key] = self._make(item)
            self._update(widget, item)
            self._place(widget, place)
        self._column.setEnabled(True)
        self._column.invalidate()

    def show_below(self, row: QWidget, other: QWidget) -> None:
        """Another widget right below a row, until the items are shown again."""
        self._column.insertWidget(self._column.indexOf(row) + 1, other)
        self._below = other

    def widget_of(self, key: Hashable) -> W | None:
        """The widget of an item that is shown."""
        return self._shown.get(key)

    def widgets(self) -> tuple[W, ...]:
        """All, from the top down."""
        return tuple(sorted(self._shown.values(), key=self._column.indexOf))

    def _place(self, widget: W, place: int) -> None:
        at = self._column.itemAt(place)
        if at is None or at.widget() is not widget:
            self._column.insertWidget(place, widget)
            widget.show()

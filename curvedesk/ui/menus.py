"""The menu behind the button at the top left (F10), made from the list of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from curvedesk.ui.action_list import GROUPS

if TYPE_CHECKING:
    from curvedesk.ui.action_book import ActionBook


def menu_of(book: ActionBook, parent: QWidget) -> QMenu:
    """One menu with a submenu for each group that has actions."""
    menu = QMenu(parent)
    for group in GROUPS:
        specs = [spec for spec in book.specs.values() if spec.group == group and spec.in_menu]
        if specs:
            inner = menu.addMenu(f"&{group}")
            for spec in specs:
                inner.addAction(book.actions[spec.id])
    return menu

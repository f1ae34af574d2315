"""Panels as docks: movable, remembered, each built when it is first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QTabBar, QTabWidget, QWidget

from curvedesk.ui.panels import PANELS, PanelSpec
from curvedesk.ui.parts import icon_button, label, tight
from curvedesk.ui.theme.tokens import PANEL_PX

if TYPE_CHECKING:
    from curvedesk.ui.desk import Desk

RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
AT_FIRST = ("curves", "sheet", "model", "quality", "history")  # the others are one menu away
STATE_VERSION = 1
LEAST_PX = PANEL_PX - 48  # the ties' numbers have room


class FlatTitle(QWidget):
    """A dock's title where no tab names it: text, float, close."""

    def __init__(self, dock: PanelDock) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        row = tight(QHBoxLayout(self), gap=4)
        row.setContentsMargins(16, 4, 8, 4)
        row.addWidget(label(dock.spec.title, "strong"), 1)
        row.addWidget(icon_button("float", "In a window of its own, or back", dock.flip_floating))
        row.addWidget(icon_button("close", f"Close {dock.spec.title}", dock.hide))


class PanelDock(QDockWidget):
    """One panel."""

    def __init__(self, spec: PanelSpec, desk: Desk) -> None:
        super().__init__(spec.title)
        self.spec = spec
        self._desk = desk
        self._built = False
        self.setObjectName(f"panel_{spec.id}")
        self.setMinimumWidth(LEAST_PX)
        self._title, self._none = FlatTitle(self), QWidget()
        self.setTitleBarWidget(self._none)
        self.visibilityChanged.connect(self._build_if_seen)

    def flip_floating(self) -> None:
        """Out of the window, or back into it."""
        self.setFloating(not self.isFloating())

    def show_title(self, shown: bool) -> None:
        """A title where no tab says what this is."""
        wanted = self._title if shown else self._none
        if self.titleBarWidget() is not wanted:
            self.titleBarWidget().hide()
            self.setTitleBarWidget(wanted)
            wanted.show()

    def build(self) -> QWidget:
        """The panel itself, made now if need be."""
        if not self._built:
            self._built = True
            self.setWidget(self.spec.make(self._desk))
        return self.widget()

    def _build_if_seen(self, visible: bool) -> None:
        if visible:
            self.build()


class Docks:
    """All panels of one workspace, in tabs at the right unless moved."""

    def __init__(self, home: QMainWindow, desk: Desk) -> None:
        self._home = home
        self._folded: list[PanelDock] = []
        home.setTabPosition(RIGHT, QTabWidget.TabPosition.North)
        home.setDockOptions(
            QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.GroupedDragging
        )
        self.by_id = {spec.id: PanelDock(spec, desk) for spec in PANELS}
        self._tidy = QTimer(home, interval=0, singleShot=True)
        self._tidy.timeout.connect(self._retitle)
        for dock in self.by_id.values():
            self._add(dock)
        self.by_id["curves"].raise_()

    def _add(self, dock: PanelDock) -> None:
        first = next(iter(self.by_id.values()))
        self._home.addDockWidget(RIGHT, dock)
        if dock is not first:
            self._home.tabifyDockWidget(first, dock)
        dock.setVisible(dock.spec.id in AT_FIRST)
        dock.topLevelChanged.connect(self._tidy_soon)
        dock.dockLocationChanged.connect(self._tidy_soon)
        dock.visibilityChanged.connect(self._tidy_soon)

    def show(self, panel: str) -> None:
        """Bring a panel to the front."""
        self.fold(False)
        dock = self.by_id[panel]
        dock.show()
        dock.raise_()
        dock.build()

    def fold(self, folded: bool) -> None:
        """Put all docked panels away, or those back that were there."""
        if folded:
            self._folded = [dock for dock in self.by_id.values() if not dock.isHidden() and not dock.isFloating()]
            for dock in self._folded:
                dock.hide()
        else:
            for dock in self._folded:
                dock.show()
            self._folded = []

    def state(self) -> str:
        """Where everything is, for the settings."""
        return bytes(self._home.saveState(STATE_VERSION).toBase64().data()).decode()

    def restore(self, state: str) -> None:
        """Where everything was; a state of another version changes nothing."""
        if state:
            self._home.restoreState(QByteArray.fromBase64(state.encode()), STATE_VERSION)

    def _tidy_soon(self) -> None:
        self._tidy.start()

    def _retitle(self) -> None:
        for dock in self.by_id.values():
            beside = [other for other in self._home.tabifiedDockWidgets(dock) if not other.isHidden()]
            dock.show_title(dock.isFloating() or not beside)
        for bar in self._home.findChildren(QTabBar):
            if bar.parent() is self._home:
                bar.setElideMode(Qt.TextElideMode.ElideNone)
                bar.setUsesScrollButtons(True)
                bar.setExpanding(False)
                bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)

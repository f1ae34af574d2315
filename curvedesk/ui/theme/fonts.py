"""Inter, bundled; figures of one width, so that numbers do not dance."""

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from curvedesk.store.locations import bundled_resources_dir

FAMILY = "Inter"
SMALL_BY_PT = 1.0
TITLE_BY_PT = 7.0


@cache
def _load() -> str:
    """The family to use: Inter where its files load, else what the system has."""
    found = [
        family
        for path in sorted((bundled_resources_dir() / "fonts").glob("*.otf"))
        for family in QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
    ]
    return FAMILY if FAMILY in found else QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


@cache
def _system_pt() -> float:
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).pointSizeF()


def font(role: str = "body", *, strong: bool = False) -> QFont:
    """``body``, ``small`` or ``title`` (first start and help only); sizes follow the system's text size."""
    return QFont(_made(role, strong))  # a copy: painters ask for fonts in every frame, some underline theirs


@cache
def _made(role: str, strong: bool) -> QFont:
    made = QFont(_load())
    made.setPointSizeF(_system_pt() + {"body": 0.0, "small": -SMALL_BY_PT, "title": TITLE_BY_PT}[role])
    made.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def apply_font(app: QApplication) -> None:
    """Make it the application's font."""
    app.setFont(font())

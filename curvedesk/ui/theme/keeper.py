"""Which theme is on: the system's, or the one the user chose; who paints by hand listens to ``changed``."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from curvedesk.ui.theme.fonts import apply_font
from curvedesk.ui.theme.sheet import style_sheet
from curvedesk.ui.theme.tokens import DARK, LIGHT, Tokens

CHOICES = ("system", "light", "dark")


class Theme(QObject):
    """One for the application, see ``theme()``."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice = "system"
        self.tokens: Tokens = LIGHT
        apply_font(app)
        app.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)
        self._show()

    @property
    def choice(self) -> str:
        """``system``, ``light`` or ``dark``."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Use this theme from now on."""
        self._choice = choice if choice in CHOICES else "system"
        self._follow()

    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted is not self.tokens:
            self.tokens = wanted
            self._show()

    def _wanted(self) -> Tokens:
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        chosen = {"light": LIGHT, "dark": DARK}
        return chosen.get(self._choice, DARK if dark else LIGHT)

    def _show(self) -> None:
        self._app.setPalette(palette_of(self.tokens))
        self._app.setStyleSheet(style_sheet(self.tokens))
        self.changed.emit()


def palette_of(tokens: Tokens) -> QPalette:
    """Qt's palette from our colours, so that what no style rule names fits as well."""
    palette = QPalette()
    role = QPalette.ColorRole
    for name, colour in {
        role.Window: tokens.ground,
        role.Base: tokens.ground,
        role.AlternateBase: tokens.sunken,
        role.Button: tokens.ground,
        role.WindowText: tokens.text,
        role.Text: tokens.text,
        role.ButtonText: tokens.text,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Highlight: tokens.accent_fill,
        role.HighlightedText: tokens.on_accent,
        role.Link: tokens.accent,
        role.Accent: tokens.accent,
    }.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.muted))
    return palette


def theme() -> Theme:
    """The application's theme, made at the first call. A QApplication must exist."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    kept = app.property("curvedesk_theme")
    if isinstance(kept, Theme):
        return kept
    made = Theme(app)
    app.setProperty("curvedesk_theme", made)
    return made

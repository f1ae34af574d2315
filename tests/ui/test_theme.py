"""Both themes can be read, and everything that is drawn comes from them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo, QFontMetricsF, QImage, Qt
from PySide6.QtWidgets import QApplication

from curvedesk.store.locations import bundled_resources_dir
from curvedesk.ui.parts import button, icon_button, label
from curvedesk.ui.theme import DARK, LIGHT, TARGET_PX, Tokens, font, icon, theme
from curvedesk.ui.theme.sheet import style_sheet

REPO = Path(__file__).resolve().parents[2]
ICONS = sorted((bundled_resources_dir() / "icons").glob("*.svg"))
READABLE = 4.5
PAIRS = [
    ("text", "ground"),
    ("text", "sunken"),
    ("text", "raised"),
    ("text", "hover"),
    ("text", "accent_soft"),
    ("muted", "ground"),
    ("muted", "sunken"),
    ("muted", "raised"),
    ("muted", "hover"),
    ("accent", "ground"),
    ("accent", "raised"),
    ("accent", "accent_soft"),
    ("on_accent", "accent_fill"),
    ("on_accent", "accent_hover"),
    ("good", "ground"),
    ("warn", "ground"),
    ("bad", "ground"),
    ("text", "good_soft"),
    ("text", "warn_soft"),
    ("text", "bad_soft"),
]


def _luminance(colour: str) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_every_text_can_be_read_on_every_ground_it_stands_on(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= READABLE


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_style_sheet_names_files_that_exist_and_leaves_no_gap(app: QApplication, tokens: Tokens) -> None:
    sheet = style_sheet(tokens)
    assert "$" not in sheet
    files = re.findall(r"url\(([^)]+)\)", sheet)
    assert files
    assert all(Path(name).is_file() for name in files)


def test_the_bundled_letters_are_used_and_figures_have_one_width(app: QApplication) -> None:
    assert QFontInfo(font()).family() == "Inter"
    metrics = QFontMetricsF(font())
    assert len({round(metrics.horizontalAdvance(figure), 3) for figure in "0123456789"}) == 1
    assert (bundled_resources_dir() / "fonts" / "OFL.txt").is_file()


def test_strong_and_title_labels_stay_so_when_shown(app: QApplication) -> None:
    made = {role: label("Depth", role) for role in ("", "strong", "title", "small")}
    for one in made.values():
        one.show()
    app.processEvents()
    assert made["strong"].font().weight() > made[""].font().weight()
    assert made["title"].font().pointSizeF() > made[""].font().pointSizeF() > made["small"].font().pointSizeF()


def test_what_is_clicked_is_large_enough(app: QApplication) -> None:
    for widget in (button("Open"), button("Undo", kind="link"), icon_button("close", "Close")):
        widget.show()
        app.processEvents()
        assert widget.height() >= 28
        assert widget.width() >= 28
    assert TARGET_PX >= 28


@pytest.mark.parametrize("path", ICONS, ids=[path.stem for path in ICONS])
def test_icons_are_one_family_of_lines(app: QApplication, path: Path) -> None:
    drawing = path.read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in drawing
    assert 'stroke-width="1.6"' in drawing
    assert set(re.findall(r"#[0-9a-fA-F]{3,6}", drawing)) == {"#000000"}
    picture = icon(path.stem).pixmap(24, 24).toImage()
    assert any(picture.pixelColor(x, y).alpha() for x in range(24) for y in range(24))


def test_icons_follow_the_theme(app: QApplication) -> None:
    def darkest(picture: QImage) -> int:
        seen = [picture.pixelColor(x, y) for x in range(24) for y in range(24)]
        return min(colour.lightness() for colour in seen if colour.alpha() > 200)

    made = icon("plus")
    theme().choose("light")
    light = darkest(made.pixmap(24, 24).toImage())
    theme().choose("dark")
    assert darkest(made.pixmap(24, 24).toImage()) > light + 100
    theme().choose("light")


def test_the_system_decides_unless_the_user_does(app: QApplication) -> None:
    hints = app.styleHints()
    theme().choose("system")
    hints.setColorScheme(Qt.ColorScheme.Dark)
    assert theme().tokens.name in {"dark", "light"}  # the screenless platform may not know
    theme().choose("dark")
    assert theme().tokens is DARK
    hints.unsetColorScheme()
    theme().choose("light")
    assert theme().tokens is LIGHT


def test_style_sheets_stand_in_the_theme_alone() -> None:
    found = [
        path.name
        for path in (REPO / "curvedesk" / "ui").rglob("*.py")
        if "theme" not in path.parts and ".setStyleSheet(" in path.read_text(encoding="utf-8")
    ]
    assert not found

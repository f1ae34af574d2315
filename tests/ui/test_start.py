"""The first page, the guide and the help: inviting, dismissed for good, readable without a network."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QPushButton

from curvedesk.session.recent import remember
from curvedesk.ui.desk import Desk
from curvedesk.ui.guide import STEPS
from curvedesk.ui.help import pages, title_of
from curvedesk.ui.messages import Message
from curvedesk.ui.window import Window
from tests.ui.window_making import draw_curves

Wait = Callable[..., None]


def test_the_first_page_offers_to_open_and_to_try_the_sample(window: Window, app: QApplication) -> None:
    assert window.documents.stack.currentWidget() is window.start
    assert window.start.open_button.isVisible()
    assert window.start.sample_button.isVisible()


def test_recent_files_are_offered_and_those_that_are_gone_are_not(window: Window, tmp_path: Path) -> None:
    here, gone = tmp_path / "here.tif", tmp_path / "gone.tif"
    here.write_bytes(b"x")
    for path in (gone, here):
        remember(path)
    window.show_recent()
    texts = [made.text() for made in window.start.findChildren(QPushButton)]
    assert any(text.startswith("here.tif") for text in texts)
    assert not any("gone.tif" in text for text in texts)


def test_the_sample_opens_with_the_guide_the_first_time_only(
    window: Window, app: QApplication, wait_until: Wait
) -> None:
    window.start.sample_button.click()
    wait_until(lambda: window.guide is not None)
    assert window.guide is not None
    window.guide.end()
    assert window.guide is None
    assert window.settings.value.guide_done
    window.documents.open_sample()
    assert not window.guide_wanted


def test_the_guide_goes_on_by_itself_where_a_step_is_done(window: Window, desk: Desk, app: QApplication) -> None:
    window.show_guide()
    guide = window.guide
    assert guide is not None
    while STEPS[guide.place].action != "predict":
        guide.step_on()
    draw_curves(desk)
    assert STEPS[guide.place].action == "tool_pen"
    guide.do.click()
    assert desk.tool == "pen"
    guide.step_back()
    assert STEPS[guide.place].action == "predict"


def test_no_step_of_the_guide_is_cut_off(window: Window, desk: Desk, app: QApplication) -> None:
    window.show_guide()
    guide = window.guide
    assert guide is not None
    for place in [*range(len(STEPS)), 0, len(STEPS) - 1]:
        guide.show_step(place)
        app.processEvents()
        assert guide.text.height() >= guide.text.heightForWidth(guide.text.width()), STEPS[place].title
        assert guide.rect().contains(guide.text.geometry())


def test_what_is_said_is_not_hidden_by_the_guide(window: Window, desk: Desk, app: QApplication) -> None:
    space = window.documents.current
    assert space is not None
    space.toast.say(Message("4 curves found in the whole of this log, and more is said of them", detail="19 s"))
    window.show_guide()
    app.processEvents()
    assert window.guide is not None
    assert not space.toast.geometry().intersects(window.guide.geometry())
    space.toast.say(Message("Said afterwards, as long as what was said before, and just as important"))
    assert not space.toast.geometry().intersects(window.guide.geometry())


def test_the_guide_lies_in_a_corner_of_the_canvas(window: Window, desk: Desk, app: QApplication) -> None:
    window.show_guide()
    app.processEvents()
    guide, space = window.guide, window.documents.current
    assert guide is not None
    assert space is not None
    assert space.canvas.rect().contains(guide.geometry())
    assert guide.width() * guide.height() < 0.2 * space.canvas.width() * space.canvas.height()


def test_help_opens_by_key_and_closes_by_escape(window: Window, app: QApplication) -> None:
    window.book.actions["help"].trigger()
    assert window.sheets.help.isVisible()
    window.book.actions["escape"].trigger()
    assert not window.sheets.help.isVisible()


@pytest.mark.parametrize("page", pages(), ids=[page.stem for page in pages()])
def test_every_page_of_the_help_is_short_and_leads_on(window: Window, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert title_of(page)
    assert 60 < len(text.split()) < 220
    window.sheets.help.open_page(page.name)
    assert title_of(page) in window.sheets.help.text.toPlainText()
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert (page.parent / target).is_file()


def test_no_letter_of_the_help_is_bolder_than_the_font_has_it(window: Window, app: QApplication) -> None:
    window.show_help()
    sheet = window.sheets.help
    for row in range(sheet.list.count()):
        sheet.list.setCurrentRow(row)
        block, weights = sheet.text.document().begin(), set()
        while block.isValid():
            weights |= {part.format.fontWeight() for part in block.textFormats()}
            block = block.next()
        assert max(weights) == QFont.Weight.DemiBold


def test_keys_named_in_the_help_are_the_keys_of_the_window(window: Window) -> None:
    text = " ".join(page.read_text(encoding="utf-8") for page in pages())
    for name, shown in {
        "tool_pen": "**P** Pen",
        "tool_not_curve": "**N** Not a curve",
        "tool_null": "**O** No reading",
        "tool_accept": "**A** Accept",
        "tool_swap": "**X** Swap",
        "fit_width": "**W** fits",
        "go_to_depth": "**Ctrl G** goes",
        "column": "**F4** folds",
        "export": "(**Ctrl E**)",
    }.items():
        assert shown in text
        key = window.book.key_of(name).split(";")[0].replace("+", " ")
        assert f"**{key}**" in shown

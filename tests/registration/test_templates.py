"""Forms: saved from a confirmed sheet, recognised by their layout, lent where the paper gave no scale."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

import curvedesk.registration.propose as reading
from curvedesk.domain.errors import SheetError
from curvedesk.domain.sheet import Sheet, Track, load_sheet
from curvedesk.imaging import open_scan
from curvedesk.registration import propose_sheet
from curvedesk.registration.templates import (
    delete_template,
    filled,
    load_template,
    recognise,
    save_template,
    templates,
)
from curvedesk.store.locations import bundled_resources_dir

SAMPLE = bundled_resources_dir() / "sample"


@pytest.fixture
def confirmed() -> Sheet:
    return load_sheet(SAMPLE / "scan.sheet.json")


def moved(track: Track, *, by_px: float, times: float) -> Track:
    """The same form on another scan: elsewhere, at another resolution, its scales unread."""
    left, right = (edge * np.array([times, times]) + np.array([by_px, 0.0]) for edge in (track.left, track.right))
    return replace(track, left=left, right=right, curves=())


def test_that_a_saved_form_is_recognised_on_the_next_scan_at_another_resolution(confirmed: Sheet) -> None:
    save_template(confirmed, "County form")
    tracks = [moved(t, by_px=37.0, times=1.5) for t in confirmed.tracks]
    known = recognise(tracks, [], templates())
    assert known is not None
    template, likeness = known
    assert template.name == "County form"
    lent = filled(tracks, template, likeness)
    assert [[c.mnemonic for c in t.curves] for t in lent] == [[c.mnemonic for c in t.curves] for t in confirmed.tracks]
    assert all((c.confidence or 0.0) < 0.95 for t in lent for c in t.curves)


def test_that_a_scale_that_was_read_is_never_replaced_by_a_form(confirmed: Sheet) -> None:
    save_template(confirmed, "County form")
    read = confirmed.tracks[0]
    tracks = [read, *(moved(t, by_px=0.0, times=1.0) for t in confirmed.tracks[1:])]
    known = recognise(tracks, [], templates())
    assert known is not None
    assert filled(tracks, *known)[0].curves == read.curves


def test_that_another_layout_is_not_taken_for_the_form(confirmed: Sheet) -> None:
    save_template(confirmed, "County form")
    tracks = list(confirmed.tracks)
    tracks[0] = replace(tracks[0], right=tracks[0].right - np.array([60.0, 0.0]))
    assert recognise(tracks, [], templates()) is None


def test_that_the_bundled_forms_are_sound_and_only_lent_where_their_words_are_printed() -> None:
    bundled = [load_template(p, own=False) for p in sorted((bundled_resources_dir() / "templates").iterdir())]
    assert len(bundled) >= 4
    form = next(t for t in bundled if t.name == "Dual induction")
    y = np.array([0.0, 900.0])
    tracks = [
        Track(str(k), np.stack([np.full(2, 825 * t.left), y], 1), np.stack([np.full(2, 825 * t.right), y], 1))
        for k, t in enumerate(form.tracks)
    ]
    assert recognise(tracks, ["COMPANY", "KANSAS"], bundled) is None
    known = recognise(tracks, ["DUAL INDUCTION - SFL"], bundled)
    assert known is not None
    assert known[0].name == "Dual induction"


def test_that_a_broken_form_is_one_sentence_and_stops_no_reading(confirmed: Sheet, curvedesk_home: Path) -> None:
    path = save_template(confirmed, "Broken")
    path.write_text("{}")
    assert all(t.name != "Broken" for t in templates())
    with pytest.raises(SheetError, match="not a template"):
        load_template(path)


def no_reading(*_: object) -> None:
    raise AssertionError("the scale block was read")


def shifted_copy(folder: Path) -> Path:
    """The sample as another scanner saw it: at another place on the page, darker, with some dust, its log the same."""
    with open_scan(SAMPLE / "scan.tif") as scan:
        page = scan.read(0, 0, scan.width, scan.height)
    moved = np.full((page.shape[0] + 60, page.shape[1] + 90), 255, np.uint8)
    moved[37 : 37 + page.shape[0], 52 : 52 + page.shape[1]] = page
    moved[np.random.default_rng(3).random(moved.shape) < 0.0005] = 0
    moved[400:640:97, 300:320] = 0
    path = folder / "next.png"
    assert cv2.imwrite(str(path), moved)
    return path


def test_that_the_next_log_on_a_saved_form_needs_no_reading_of_its_scales(
    confirmed: Sheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_scan(SAMPLE / "scan.tif") as scan:
        save_template(confirmed, "County form", scan=scan)
    monkeypatch.setattr(reading, "read_blocks", no_reading)
    with open_scan(shifted_copy(tmp_path), dpi=confirmed.dpi) as scan:
        found = propose_sheet(scan)
    assert [(c.mnemonic, c.scale, c.style) for _, c in found.curves()] == [
        (c.mnemonic, c.scale, c.style) for _, c in confirmed.curves()
    ]
    assert all(c.extra["from_template"] == "County form" for _, c in found.curves())
    assert all(0.7 < (c.confidence or 0.0) < 0.95 for _, c in found.curves())


def test_that_a_form_with_other_words_in_the_same_places_is_read_as_ever(
    confirmed: Sheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_scan(SAMPLE / "scan.tif") as scan:
        save_template(confirmed, "County form", scan=scan)
        page = scan.read(0, 0, scan.width, scan.height)
    top = int(confirmed.tracks[0].left[0, 1])
    page[top - 300 : top - 8] = page[top - 300 : top - 8, ::-1]  # other strokes at other places
    path = tmp_path / "other.png"
    assert cv2.imwrite(str(path), page)
    asked: list[bool] = []
    monkeypatch.setattr(reading, "read_blocks", lambda *_: asked.append(True))
    with open_scan(path, dpi=confirmed.dpi) as scan:
        propose_sheet(scan)
    assert asked


def test_that_a_form_is_replaced_under_its_name_and_deleted_by_it(confirmed: Sheet) -> None:
    before = len(templates())
    save_template(confirmed, "County form")
    save_template(confirmed, "County form")
    assert len(templates()) == before + 1
    delete_template("county FORM")
    assert len(templates()) == before
    with pytest.raises(SheetError, match="no template"):
        delete_template("Dual induction")  # that one came with the program
    with pytest.raises(SheetError, match="name"):
        save_template(confirmed, " ")

"""Forms: saved from a confirmed sheet, recognised by their layout, lent where the paper gave no scale."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from curvedesk.domain.errors import SheetError
from curvedesk.domain.sheet import Sheet, Track, load_sheet
from curvedesk.registration.templates import filled, load_template, recognise, save_template, templates
from curvedesk.store.locations import bundled_resources_dir


@pytest.fixture
def confirmed() -> Sheet:
    return load_sheet(bundled_resources_dir() / "sample" / "scan.sheet.json")


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

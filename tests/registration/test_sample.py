"""The bundled sample is registered without a click: compared with its sheet, offline, and told part by part."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from curvedesk.domain.errors import Cancelled
from curvedesk.domain.sheet import Sheet, dump_sheet, load_sheet, parse_sheet
from curvedesk.imaging import open_scan
from curvedesk.registration import propose_sheet
from curvedesk.registration.score import compare
from curvedesk.store.locations import bundled_resources_dir

SAMPLE = bundled_resources_dir() / "sample"


@pytest.fixture(scope="module")
def parts() -> list[tuple[str, float]]:
    return []


@pytest.fixture(scope="module")
def proposed(parts: list[tuple[str, float]]) -> Sheet:
    """Registered once, with every way to the network barred."""

    def barred(*_: Any, **__: Any) -> None:
        raise AssertionError("the reader went for the network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", barred)
        patch.setattr(socket, "getaddrinfo", barred)
        with open_scan(SAMPLE / "scan.tif") as scan:
            return propose_sheet(scan, part=lambda name, sure, _value: parts.append((name, sure)))


def test_that_depths_and_borders_of_the_sample_are_right_within_a_pixel_and_a_half(proposed: Sheet) -> None:
    wanted = load_sheet(SAMPLE / "scan.sheet.json")
    score = compare(proposed, wanted, dpi=wanted.dpi or 200.0)
    assert score.depth_median_px <= 1.5
    assert max(score.border_px) <= 3.0
    assert score.extra_tracks == 0


def test_that_the_unit_the_ends_and_the_step_are_those_of_the_sample(proposed: Sheet) -> None:
    wanted = load_sheet(SAMPLE / "scan.sheet.json").depth
    assert proposed.depth.unit == wanted.unit
    assert proposed.depth.top == pytest.approx(wanted.top, abs=10.0)
    assert proposed.depth.bottom == pytest.approx(wanted.bottom, abs=10.0)


def test_that_what_is_called_sure_is_right(proposed: Sheet) -> None:
    wanted = load_sheet(SAMPLE / "scan.sheet.json")
    right = compare(proposed, wanted, dpi=wanted.dpi or 200.0).curves
    sure = [spec for _, spec in proposed.curves() if (spec.confidence or 0.0) >= 0.95]
    assert all(right.get(spec.mnemonic, True) for spec in sure)


def test_that_every_part_says_how_sure_it_is_and_where_it_was_read(proposed: Sheet) -> None:
    assert proposed.depth.confidence is not None
    assert all(len(tie["read_from"]) == 4 for tie in proposed.depth.extra["tie_evidence"] if tie["number"])
    for track in proposed.tracks:
        assert track.confidence is not None
        assert len(track.extra["read_from"]) == 4
        assert all(spec.confidence is not None and len(spec.extra["read_from"]) == 4 for spec in track.curves)
    assert set(proposed.extra.get("well_read_from", {})) == set(proposed.well)


def test_that_the_proposal_survives_the_way_to_a_file_and_back(proposed: Sheet) -> None:
    again = parse_sheet(dump_sheet(proposed))
    assert np.allclose(again.depth.ties, proposed.depth.ties)
    assert dump_sheet(again) == dump_sheet(proposed)


def test_that_parts_are_told_as_they_are_found(proposed: Sheet, parts: list[tuple[str, float]]) -> None:
    assert {name for name, _ in parts} >= {"well", "depth", "tracks"}
    assert all(0.0 <= sure <= 1.0 for _, sure in parts)


def test_that_a_cancelled_reading_raises_and_leaves_nothing(tmp_path: Path) -> None:
    with open_scan(SAMPLE / "scan.tif") as scan, pytest.raises(Cancelled):
        propose_sheet(scan, cancelled=lambda: True)
    assert list(tmp_path.iterdir()) == []

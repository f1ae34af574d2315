"""A ruled track above which nothing is printed holds no curves, and is no reason to digitise nothing."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from curvedesk.domain.sheet import Sheet, dump_sheet, parse_sheet
from curvedesk.imaging import open_scan
from curvedesk.registration import propose_sheet
from curvedesk.registration.trusted import trusted_part
from curvedesk.store.locations import bundled_resources_dir

ABOVE = (slice(560, 752), slice(795, 1660))  # of the sample's second track, the frame of its scale block included


@pytest.fixture(scope="module")
def wiped(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    """The sample log with blank paper above its second track."""
    paper = cv2.imread(str(bundled_resources_dir() / "sample" / "scan.tif"), cv2.IMREAD_GRAYSCALE)
    assert paper is not None
    paper[: ABOVE[0].stop, ABOVE[1]] = 255
    path = tmp_path_factory.mktemp("bare") / "log.png"
    assert cv2.imwrite(str(path), np.asarray(paper, np.uint8))
    with open_scan(path, dpi=200) as scan:
        return propose_sheet(scan)


def test_a_track_with_blank_paper_above_it_is_said_to_hold_no_curves(wiped: Sheet) -> None:
    first, second = wiped.tracks
    assert first.curves
    assert not second.curves
    assert [bool(track.extra.get("bare")) for track in wiped.tracks] == [False, True]
    assert f"Nothing is printed above track {second.name}: it is taken to hold no curves." in wiped.extra["warnings"]


def test_the_rest_is_digitised_without_a_question(wiped: Sheet) -> None:
    again = parse_sheet(dump_sheet(wiped))
    assert wiped.tracks[1].name not in trusted_part(again).unread

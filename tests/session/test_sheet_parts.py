"""Where on the paper a part of a proposed sheet was read."""

from dataclasses import replace

import pytest

from curvedesk.domain.sheet import Sheet
from curvedesk.session.sheet_parts import crop_of
from tests.tracing.makers import gr, make_sheet

BOX = [10.0, 20.0, 60.0, 40.0]


def _read() -> Sheet:
    """A sheet as reading the paper leaves it."""
    sheet = make_sheet([gr(read_from=BOX)])
    ties = [{"depth": 1000.0}, {"depth": 1020.0, "read_from": BOX}, {"depth": 1060.0}]
    track = replace(sheet.tracks[0], extra={"read_from": BOX})
    depth = replace(sheet.depth, extra={"tie_evidence": ties})
    return replace(sheet, depth=depth, tracks=(track,), extra={"well_read_from": {"COMP": BOX}})


@pytest.mark.parametrize("path", ["depth", "track.1", "curve.1/GR", "well.COMP"])
def test_each_part_shows_the_crop_it_was_read_from(path: str) -> None:
    crop = crop_of(_read(), path)
    assert crop is not None and [crop.x0_px, crop.y0_px, crop.x1_px, crop.y1_px] == BOX


@pytest.mark.parametrize("path", ["depth", "track.1", "track.9", "curve.1/GR", "curve.7/X", "well.COMP"])
def test_a_part_that_a_person_gave_has_no_crop(path: str) -> None:
    assert crop_of(make_sheet([gr()]), path) is None

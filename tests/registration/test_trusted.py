"""What of a sheet read off the paper is digitised without anybody looking at it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from curvedesk.domain.sheet import Sheet
from curvedesk.registration.trusted import trusted_part
from tests.tracing.makers import gr, make_sheet


def _read(depth: float | None, *curves: float | None) -> Sheet:
    """A sheet of one track with curves of these confidences."""
    sheet = make_sheet([gr()])
    specs = tuple(
        replace(sheet.tracks[0].curves[0], mnemonic=f"C{n}", confidence=sure) for n, sure in enumerate(curves)
    )
    tracks = (replace(sheet.tracks[0], curves=specs),)
    return replace(sheet, depth=replace(sheet.depth, confidence=depth), tracks=tracks)


@pytest.mark.parametrize(
    ("curves", "kept", "unread"),
    [((0.9, 0.6), ["C0", "C1"], False), ((0.9, 0.3), ["C0"], True), ((None,), [], True), ((), [], True)],
)
def test_curves_of_doubtful_scales_are_left_out_and_their_track_named(
    curves: tuple[float | None, ...], kept: list[str], unread: bool
) -> None:
    found = trusted_part(_read(0.9, *curves))
    assert [spec.mnemonic for spec in found.sheet.tracks[0].curves] == kept
    assert found.unread == ((found.sheet.tracks[0].name,) if unread else ())
    assert found.has_curves is bool(kept)


def test_curves_that_share_one_pen_are_not_digitised_unasked() -> None:
    sheet = _read(0.9, 0.9, 0.9)
    shared = tuple(replace(spec, extra={"pen_shared": True}) for spec in sheet.tracks[0].curves)
    found = trusted_part(replace(sheet, tracks=(replace(sheet.tracks[0], curves=shared),)))
    assert not found.has_curves
    assert found.unread == (sheet.tracks[0].name,)


@pytest.mark.parametrize(("confidence", "enough"), [(0.95, True), (0.5, False), (None, False)])
def test_depths_must_have_been_read_with_more_confidence(confidence: float | None, enough: bool) -> None:
    assert trusted_part(_read(confidence, 0.9)).has_depths is enough


def test_a_bare_track_holds_nothing_up() -> None:
    sheet = _read(0.9, 0.9)
    bare = replace(sheet.tracks[0], name="2", curves=(), extra={"bare": True})
    found = trusted_part(replace(sheet, tracks=(*sheet.tracks, bare)))
    assert found.unread == ()
    assert found.has_curves

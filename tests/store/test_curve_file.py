"""Curves come out of their file as they went in, to the last bit, or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.errors import ProjectError
from curvedesk.domain.project import curve_keys
from curvedesk.domain.sheet import Sheet
from curvedesk.store.curve_file import read_curves, write_curves
from tests.tracing.makers import gr, make_sheet, sp


@pytest.fixture
def sheet() -> Sheet:
    return make_sheet([gr(to=1030), gr(**{"from": 1030}), sp(to=1030)], [sp(**{"from": 1030})])


def _curves(sheet: Sheet) -> dict[str, TracedCurve]:
    rng, made = np.random.default_rng(4), {}
    for number, (key, (track, spec)) in enumerate(curve_keys(sheet).items()):
        n = 7 * number  # the first one is empty
        x_px, y_px = rng.normal(size=(2, n)) * 1e3
        x_px[::5] = np.nan
        turn = rng.integers(-3, 4, n).astype(np.int32)
        made[key] = TracedCurve(spec, track.name, x_px, y_px, turn, rng.random(n).astype(np.float32))
    return made


def test_curves_come_back_to_the_last_bit(tmp_path: Path, sheet: Sheet) -> None:
    curves = _curves(sheet)
    write_curves(tmp_path / "curves.npz", curves)
    found = read_curves(tmp_path / "curves.npz", sheet)
    assert list(found) == list(curves)
    for key, curve in curves.items():
        assert found[key].spec is curve.spec
        assert found[key].track == curve.track
        for name in ("x_px", "y_px", "turn", "confidence"):
            was, now = getattr(curve, name), getattr(found[key], name)
            assert now.dtype == was.dtype
            assert now.tobytes() == was.tobytes()


def test_some_curves_alone_come_back_alone(tmp_path: Path, sheet: Sheet) -> None:
    some = dict(list(_curves(sheet).items())[2:])
    write_curves(tmp_path / "curves.npz", some)
    assert list(read_curves(tmp_path / "curves.npz", sheet)) == list(some)


def test_curves_of_another_sheet_are_refused(tmp_path: Path, sheet: Sheet) -> None:
    write_curves(tmp_path / "curves.npz", _curves(sheet))
    with pytest.raises(ProjectError, match="no curves of this sheet"):
        read_curves(tmp_path / "curves.npz", make_sheet([gr()]))


@pytest.mark.parametrize("harm", ["missing", "empty", "cut", "garbage", "one array less", "uneven", "pickle"])
def test_a_damaged_file_is_refused_in_one_sentence(tmp_path: Path, sheet: Sheet, harm: str) -> None:
    path = tmp_path / "curves.npz"
    write_curves(path, _curves(sheet))
    data = path.read_bytes()
    if harm == "missing":
        path.unlink()
    elif harm in ("empty", "cut", "garbage"):
        path.write_bytes({"empty": b"", "cut": data[:-40], "garbage": b"PK" + bytes(500)}[harm])
    else:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        if harm == "one array less":
            del arrays["1.x_px"]
        elif harm == "uneven":
            arrays["1.x_px"] = arrays["1.x_px"][:-1]
        else:
            arrays["1.x_px"] = np.array([{}], object)
        np.savez(path, **arrays)
    with pytest.raises(ProjectError, match="trace them again") as told:
        read_curves(path, sheet)
    assert "\n" not in str(told.value)

"""Curve shapes from LAS files: what reads is used, what does not is passed over, wells can be held out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curvedesk.synth import CurveLibrary
from curvedesk.synth.shapes import MAKERS, random_shape

LAS = """~Version
VERS. 2.0 :
WRAP. NO :
~Well
STRT.M 0 :
STOP.M {stop} :
STEP.M 1 :
NULL. -999.25 :
~Curve
DEPT.M :
GR.GAPI :
FLAT.V :
~ASCII
{rows}
"""


def _write(path: Path, n: int) -> None:
    rows = "\n".join(f"{i} {50 + 30 * np.sin(i / 7):.3f} 1.0" if i != 3 else "3 -999.25 1.0" for i in range(n))
    path.write_text(LAS.format(stop=n - 1, rows=rows), encoding="ascii")


def test_ugly_files_and_dull_curves_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    _write(tmp_path / "deep" / "good.LAS", 500)
    _write(tmp_path / "short.las", 60)
    (tmp_path / "empty.las").write_bytes(b"")
    (tmp_path / "noise.las").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    library = CurveLibrary.from_folder(tmp_path)
    assert list(library.wells) == ["good"]
    (curve,) = library.wells["good"]
    assert curve.size == 496
    assert np.isfinite(curve).all()


def test_wells_can_be_held_out(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        _write(tmp_path / f"{name}.las", 400)
    library = CurveLibrary.from_folder(tmp_path)
    assert set(library.without({"b"}).wells) == {"a", "c"}
    assert set(library.only({"b"}).wells) == {"b"}


def test_about_one_well_in_eight_is_kept_for_testing_and_the_same_ones_everywhere() -> None:
    curve = (np.linspace(0, 1, 300, dtype=np.float32),)
    library = CurveLibrary({f"well-{n}": curve for n in range(400)})
    held, others = (set(library.part(held_out=flag).wells) for flag in (True, False))
    assert held | others == set(library.wells)
    assert not held & others
    assert 30 < len(held) < 75
    few = CurveLibrary(dict.fromkeys(sorted(held)[:2] + sorted(others)[:3], curve))
    assert set(few.part(held_out=True).wells) == set(sorted(held)[:2])


@pytest.mark.parametrize("maker", sorted(MAKERS))
@given(seed=st.integers(0, 10_000), n=st.integers(8, 900))
@settings(max_examples=15, deadline=None)
def test_every_shape_is_finite_and_of_the_length_asked_for(maker: str, seed: int, n: int) -> None:
    out = MAKERS[maker][0](np.random.default_rng(seed), n)
    assert out.shape == (n,)
    assert np.isfinite(out).all()


@given(seed=st.integers(0, 10_000), n=st.integers(8, 5000))
@settings(max_examples=25, deadline=None)
def test_a_real_curve_gives_any_length(seed: int, n: int) -> None:
    curve = np.cumsum(np.random.default_rng(1).standard_normal(300)).astype(np.float32)
    out = CurveLibrary({"w": (curve,)}, real_share=1.0).shape(np.random.default_rng(seed), n)
    assert out.shape == (n,)
    assert np.isfinite(out).all()


def test_random_shapes_reach_beyond_a_track_and_stay_near_it() -> None:
    spans = [float(np.ptp(random_shape(np.random.default_rng(i), 300))) for i in range(200)]
    assert max(spans) > 1.0
    assert np.median(spans) < 1.0


def test_real_logs_of_many_makers_give_shapes(shared_dir: Path, tmp_path: Path) -> None:
    files = sorted((shared_dir / "data" / "las").iterdir(), key=lambda path: path.stat().st_size)[10:22]
    for path in files:
        (tmp_path / path.name).symlink_to(path)
    library = CurveLibrary.from_folder(tmp_path, real_share=1.0)
    assert len(library.wells) >= 5
    out = library.shape(np.random.default_rng(3), 256)
    assert np.isfinite(out).all()
    assert np.ptp(out) > 0

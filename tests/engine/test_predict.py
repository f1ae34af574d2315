"""A prediction by the engine is the command line's to the last bit, whatever comes first and however often it stops."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.project import curve_keys
from curvedesk.domain.sheet import Sheet, dump_sheet
from curvedesk.domain.strokes import dump_strokes
from curvedesk.imaging import open_scan
from curvedesk.interchange import write_las
from curvedesk.interchange.log import read_log, source_of
from curvedesk.learn.checkpoints import Model
from curvedesk.pipeline import digitize, find_ink
from curvedesk.protocol.jobs import TraceJob
from curvedesk.protocol.messages import Cancel, Cancelled, EvidenceAt, Failed, Log, Look, Progress, Result, Rows
from curvedesk.store.curve_file import read_curves
from curvedesk.store.evidence import EvidenceFolder
from curvedesk.store.evidence_cache import EvidenceCache
from curvedesk.tracing.region import logged_box
from tests.engine.conftest import Engine, MakeJob, StartEngine
from tests.tracing.makers import strokes

SAID = strokes(
    {"kind": "null", "curve": "GR", "rows": [900, 1000]},
    {"kind": "curve", "curve": "GR", "points": [[60, 400], [80, 500]], "width_px": 3},
)


@pytest.fixture(scope="session")
def ink(scan_path: Path, sheet: Sheet, model: Model) -> NDArray[np.uint8]:
    """What the command line finds."""
    with open_scan(scan_path, dpi=sheet.dpi) as scan:
        box = logged_box(sheet, dpi=200, width=scan.width, height=scan.height)
        return find_ink(scan, box, model, dpi=200, device="cpu").probability


def _evidence(engine: Engine) -> EvidenceFolder:
    found = EvidenceCache().find(engine.heard_of(EvidenceAt)[0].evidence)
    assert found is not None
    return found


def _las(folder: Path, scan_path: Path, sheet: Sheet, model_id: str, curves: dict[str, TracedCurve]) -> bytes:
    with open_scan(scan_path, dpi=sheet.dpi) as scan:
        write_las(read_log(source_of(scan), sheet, SAID, model_id, list(curves.values())), folder / "window.las")
    return (folder / "window.las").read_bytes()


def test_what_is_seen_comes_first_then_the_rest_and_all_of_it_is_the_command_lines(
    start_engine: StartEngine, predict_job: MakeJob, ink: NDArray[np.uint8]
) -> None:
    engine = start_engine()
    engine.run(predict_job(look=(1400.0, 1500.0)), "j1")
    rows = engine.wait_for(Rows)
    early = _evidence(engine)
    start, stop = early.rows_at(rows.y0_px, rows.y1_px)
    assert not early.is_complete
    np.testing.assert_array_equal(early.probability[:, start:stop], ink[:, start:stop])
    engine.wait_for(Result)
    tops = [event.y0_px for event in engine.heard_of(Rows)]
    assert min(tops) == tops[-1] == early.key.box[1]
    assert max(tops[0], tops[1]) > 1000
    assert early.is_complete
    np.testing.assert_array_equal(early.probability, ink)


def test_looking_elsewhere_while_it_works_changes_what_comes_next(
    start_engine: StartEngine, predict_job: MakeJob, ink: NDArray[np.uint8]
) -> None:
    engine = start_engine()
    engine.run(predict_job(look=(0.0, 100.0)), "j1")
    engine.say(Look("j1", 2000.0, 2100.0))
    engine.wait_for(Result)
    tops = [event.y0_px for event in engine.heard_of(Rows)]
    assert tops != sorted(tops)
    np.testing.assert_array_equal(_evidence(engine).probability, ink)


def test_the_log_of_the_window_is_the_command_lines_byte_for_byte(
    start_engine: StartEngine, predict_job: MakeJob, sheet: Sheet, model: Model, tmp_path: Path
) -> None:
    scan_path = Path(predict_job().scan)
    with open_scan(scan_path, dpi=sheet.dpi) as scan:
        write_las(digitize(scan, sheet, SAID, model, device="cpu"), tmp_path / "cli.las")
    expected = (tmp_path / "cli.las").read_bytes()
    engine = start_engine()
    engine.run(predict_job(strokes=dump_strokes(SAID), look=(1000.0, 1100.0)), "j1")
    done = engine.wait_for(Result)
    curves = read_curves(Path(done.files["curves"]), sheet)
    assert list(curves) == list(curve_keys(sheet))
    assert _las(tmp_path, scan_path, sheet, model.id, curves) == expected

    with open_scan(scan_path) as scan:
        size = scan.width, scan.height
    trace = TraceJob(done.facts["evidence"], dump_sheet(sheet), str(tmp_path / "out2"), dump_strokes(SAID), size=size)
    engine.run(trace, "j2")
    traced = engine.wait_for(Result)
    assert traced.facts["exact"] is True
    curves = read_curves(Path(traced.files["curves"]), sheet)
    assert _las(tmp_path, scan_path, sheet, model.id, curves) == expected


def test_ink_that_is_known_is_not_looked_for_again(start_engine: StartEngine, predict_job: MakeJob) -> None:
    engine = start_engine()
    engine.run(predict_job(), "j1")
    assert engine.wait_for(Result).facts["known"] is False
    engine.run(predict_job(strokes=dump_strokes(SAID)), "j2")
    again = engine.wait_for(Result)
    assert again.facts["known"] is True
    assert not [event for event in engine.heard_of(Progress) if event.job == "j2" and event.phase == "ink"]
    (rows,) = [event for event in engine.heard_of(Rows) if event.job == "j2"]
    assert rows.y1_px - rows.y0_px > 2000


def test_progress_grows_and_tells_the_time_left(start_engine: StartEngine, predict_job: MakeJob) -> None:
    engine = start_engine()
    engine.run(predict_job(), "j1")
    engine.wait_for(Result)
    told = engine.heard_of(Progress)
    assert list(dict.fromkeys(event.phase for event in told)) == ["paper", "ink", "curves"]
    for phase in ("paper", "ink", "curves"):
        done = [event.done for event in told if event.phase == phase]
        assert done == sorted(done)
    assert all(event.done <= event.total for event in told)
    assert all(event.seconds_left is None or event.seconds_left >= 0 for event in told)
    assert told[-1].done == told[-1].total


def test_a_cancelled_prediction_is_over_and_the_next_one_goes_on_where_it_was(
    start_engine: StartEngine, predict_job: MakeJob, ink: NDArray[np.uint8]
) -> None:
    engine = start_engine()
    engine.run(predict_job(), "j1")
    engine.wait_for(Rows)
    engine.say(Cancel("j1"))
    engine.wait_for(Cancelled)
    had = _evidence(engine).runs()
    assert had
    assert not _evidence(engine).is_complete
    engine.run(predict_job(), "j2")
    engine.wait_for(Result)
    rows = [event for event in engine.heard_of(Rows) if event.job == "j2"]
    assert len(rows) == len({(event.y0_px, event.y1_px) for event in rows})
    np.testing.assert_array_equal(_evidence(engine).probability, ink)


def test_a_job_that_waits_is_cancelled_before_it_begins(start_engine: StartEngine, predict_job: MakeJob) -> None:
    engine = start_engine()
    engine.run(predict_job(), "j1")
    engine.run(predict_job(), "j2")
    engine.say(Cancel("j2"))
    engine.wait_for(Result)
    assert engine.wait_for(Cancelled).job == "j2"


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX: signals")
def test_killed_at_any_moment_nothing_is_lost_but_the_job(
    start_engine: StartEngine, predict_job: MakeJob, ink: NDArray[np.uint8]
) -> None:
    moments = np.random.default_rng(5).uniform(0.0, 0.6, 3)
    for number, moment in enumerate(moments):
        engine = start_engine()
        engine.run(predict_job(), f"j{number}")
        engine.wait_for(EvidenceAt)
        time.sleep(float(moment))
        engine.process.kill()
        engine.ended()
        evidence = _evidence(engine)
        for start, stop in evidence.runs():
            np.testing.assert_array_equal(evidence.probability[:, start:stop], ink[:, start:stop])
    engine = start_engine()
    engine.run(predict_job(), "last")
    engine.wait_for(Result)
    np.testing.assert_array_equal(_evidence(engine).probability, ink)


def test_two_engines_on_one_log_agree_and_one_of_them_works(
    start_engine: StartEngine, predict_job: MakeJob, ink: NDArray[np.uint8]
) -> None:
    first, second = start_engine(), start_engine()
    first.run(predict_job(), "j1")
    first.wait_for(Rows)
    second.run(predict_job(out=str(first.folder / "out2")), "j2")
    first.wait_for(Result)
    second.wait_for(Result)
    assert _evidence(first).name == _evidence(second).name
    np.testing.assert_array_equal(_evidence(second).probability, ink)
    for engine in (first, second):
        there = np.zeros(_evidence(engine).height, bool)
        for event in engine.heard_of(Rows):
            start, stop = _evidence(engine).rows_at(event.y0_px, event.y1_px)
            there[start:stop] = True
        assert there.all()


def test_an_engine_takes_the_place_of_one_that_died(
    start_engine: StartEngine, predict_job: MakeJob, ink: NDArray[np.uint8]
) -> None:
    first, second = start_engine(), start_engine()
    first.run(predict_job(), "j1")
    first.wait_for(Rows)
    second.run(predict_job(out=str(first.folder / "out2")), "j2")
    second.wait_for(EvidenceAt)
    first.process.kill()
    second.wait_for(Result)
    np.testing.assert_array_equal(_evidence(second).probability, ink)


def test_a_scan_that_cannot_be_decoded_in_the_middle_fails_in_one_sentence(
    start_engine: StartEngine, predict_job: MakeJob, tmp_path: Path, scan_path: Path
) -> None:
    data = scan_path.read_bytes()
    broken = tmp_path / "broken.png"
    broken.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))
    engine = start_engine()
    engine.run(predict_job(scan=str(broken)), "j1")
    failed = engine.wait_for(Failed)
    assert "broken.png" in failed.sentence
    assert "\n" not in failed.sentence
    engine.run(predict_job(), "j2")
    engine.wait_for(Result)


FULL = """
from curvedesk.store import evidence
put = evidence._put
def full(file, at, values):
    if at > 100_000: raise OSError(28, "No space left on device")
    put(file, at, values)
evidence._put = full
"""


def test_a_disk_that_fills_up_fails_in_one_sentence_and_the_engine_stays(
    start_engine: StartEngine, predict_job: MakeJob
) -> None:
    engine = start_engine(FULL)
    engine.run(predict_job(), "j1")
    assert "No space left on device" in engine.wait_for(Failed).sentence
    assert engine.process.poll() is None


CARD_GIVES_UP = """
import torch
from curvedesk.engine import ink
class Card: type = "cuda"
ink.pick_device = lambda choice: Card() if choice == "auto" else torch.device("cpu")
real = ink.predict_bands
def bands(model, gray, *, device, **more):
    found = real(model, gray, device="cpu", **more)
    if device == "auto":
        yield next(found)
        raise RuntimeError("CUDA error: unspecified launch failure")
    yield from found
ink.predict_bands = bands
"""


def test_a_graphics_card_that_gives_up_is_replaced_by_the_processor(
    start_engine: StartEngine, predict_job: MakeJob, ink: NDArray[np.uint8]
) -> None:
    engine = start_engine(CARD_GIVES_UP)
    engine.run(predict_job(device="auto"), "j1")
    engine.wait_for(Result)
    assert any("processor" in event.text for event in engine.heard_of(Log))
    np.testing.assert_array_equal(_evidence(engine).probability, ink)


WRONG: dict[str, dict[str, object]] = {
    "scan.tif": {"scan": "/none/scan.tif"},
    "not the scan that was opened": {"sha256": "00" * 32},
    "nobody": {"model": "nobody"},
    "sheet": {"sheet": {}},
    "NPHI": {"strokes": dump_strokes(strokes({"kind": "null", "curve": "NPHI", "rows": [0, 9]}))},
    "toaster": {"device": "toaster"},
}


def test_jobs_that_cannot_be_done_fail_in_one_sentence_of_the_users(
    start_engine: StartEngine, predict_job: MakeJob
) -> None:
    engine = start_engine()
    for number, (words, changes) in enumerate(WRONG.items()):
        engine.run(predict_job(**changes), f"j{number}")
        failed = engine.wait_for(Failed)
        assert words in failed.sentence
        assert "Traceback" not in failed.sentence
        assert "fault" not in failed.sentence


def test_curves_cannot_be_traced_from_ink_that_is_gone(start_engine: StartEngine, sheet: Sheet, tmp_path: Path) -> None:
    engine = start_engine()
    engine.run(TraceJob("none", dump_sheet(sheet), str(tmp_path)), "j1")
    assert "predict once more" in engine.wait_for(Failed).sentence

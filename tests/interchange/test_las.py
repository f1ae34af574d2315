"""LAS files that every reader takes, with the values that were read off the paper."""

from dataclasses import replace
from pathlib import Path

import lascheck
import lasio
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.errors import ExportError
from curvedesk.interchange import las as las_module
from curvedesk.interchange import write_las
from tests.interchange.conftest import with_values
from tests.interchange.strict_las import read_strict


@pytest.fixture
def file(log: DigitisedLog, tmp_path: Path) -> Path:
    write_las(log, tmp_path / "out.las")
    return tmp_path / "out.las"


def test_a_reader_that_forgives_nothing_takes_it(file: Path, log: DigitisedLog) -> None:
    las = read_strict(file)
    assert list(las.sections["C"]) == ["DEPT", "GR", "ILD"]
    assert las.column("DEPT") == log.depth.tolist()
    gr = np.array(las.column("GR"))
    np.testing.assert_array_equal(gr == -999.25, np.isnan(log.curves[0].values))


def test_lascheck_finds_nothing_to_blame(file: Path) -> None:
    checked = lascheck.read(str(file))
    assert checked.check_conformity(), checked.get_non_conformities()


def test_lasio_reads_values_to_a_hundred_thousandth_of_a_track(file: Path, log: DigitisedLog) -> None:
    las = lasio.read(file)
    gr, ild = (curve.values for curve in log.curves)
    np.testing.assert_allclose(las["GR"], gr, atol=150 * 1e-5)
    np.testing.assert_allclose(np.log10(las["ILD"]), np.log10(ild), atol=4 * 1e-5)
    assert (np.asarray(las["GR"])[-1]) > 150, "the wrap was not exported"


def test_start_stop_step_and_null_are_exact(file: Path) -> None:
    well = read_strict(file).sections["W"]
    assert well["STRT"][:2] == ("FT", "1010.0000")
    assert well["STOP"][:2] == ("FT", "1090.0000")
    assert well["STEP"][:2] == ("FT", "0.5000")
    assert well["NULL"][:2] == ("", "-999.25")


def test_the_header_says_whose_well_it_is_in_ascii(file: Path) -> None:
    well = read_strict(file).sections["W"]
    assert well["WELL"][1] == "STATE 12-3"
    assert well["COMP"][1] == "Ol & Sohne"
    assert well["UWI"][1] == "00-02-05-076-26W4-0"
    assert well["KB"][1] == "1200.5"
    assert well["SRVC"][1] == ""


def test_every_curve_says_where_it_came_from(file: Path) -> None:
    curves = read_strict(file).sections["C"]
    assert curves["GR"] == ("GAPI", "", "traced in track 1; solid pen")
    assert curves["ILD"] == ("OHMM", "", "traced in track 2; dashed pen")


def test_parameters_say_scan_hash_model_and_scales(file: Path) -> None:
    parameters = {key: value for key, (_, value, _) in read_strict(file).sections["P"].items()}
    assert parameters["SCAN"] == "log 1.tif"
    assert parameters["SHA256"] == "0a" * 32
    assert parameters["MODEL"] == "base-1"
    assert parameters["GR_SCALE"] == "0 to 150 GAPI, linear, back-up scales add"
    assert parameters["ILD_SCALE"] == "0.2 to 2000 OHMM, log"


def test_elevations_run_and_mud_stand_among_the_parameters_and_only_there(log: DigitisedLog, tmp_path: Path) -> None:
    read = {"EKB": "2557.0", "RUN": "ONE", "RM": "1.32 @ 62 F", "DFT": "FRESH GEL", "BHT": "", "PERMIT": "A-12"}
    write_las(replace(log, sheet=replace(log.sheet, well=read)), tmp_path / "x.las")
    sections = read_strict(tmp_path / "x.las").sections
    parameters = {key: value for key, (_, value, _) in sections["P"].items()}
    assert {key: parameters[key] for key in ("EKB", "RUN", "RM", "DFT")} == {k: read[k] for k in list(read)[:4]}
    assert "BHT" not in parameters
    assert sections["W"]["PERMIT"][1] == "A-12"
    assert not set(read) & (set(sections["W"]) - {"PERMIT"})


def test_each_warning_is_one_line(file: Path) -> None:
    assert read_strict(file).other == ["dpi guessed: 200", "the GR is 3 um off", "two lines"]


def test_a_reading_equal_to_the_null_value_stays_a_reading(log: DigitisedLog, tmp_path: Path) -> None:
    write_las(with_values(log, np.full(len(log.depth), -999.25)), tmp_path / "x.las")
    np.testing.assert_allclose(lasio.read(tmp_path / "x.las")["GR"], -999.25, atol=0.002)


def test_a_curve_that_was_nowhere_found_is_all_null(log: DigitisedLog, tmp_path: Path) -> None:
    write_las(with_values(log, np.full(len(log.depth), np.nan)), tmp_path / "x.las")
    assert np.isnan(lasio.read(tmp_path / "x.las")["GR"]).all()


def test_a_log_of_one_sample_is_still_a_log(log: DigitisedLog, tmp_path: Path) -> None:
    curves = tuple(replace(curve, values=curve.values[:1], confidence=curve.confidence[:1]) for curve in log.curves)
    write_las(replace(log, depth=log.depth[:1], curves=curves), tmp_path / "x.las")
    assert read_strict(tmp_path / "x.las").column("DEPT") == [1010.0]


def test_names_no_reader_takes_become_names_that_all_take(log: DigitisedLog, tmp_path: Path) -> None:
    first, second = log.curves
    odd = (replace(first, mnemonic="GR.1: röh", unit="API units"), replace(second, mnemonic="dept", unit="Ω·m"))
    write_las(replace(log, curves=(*odd, replace(second, mnemonic="DEPT"))), tmp_path / "x.las")
    curves = read_strict(tmp_path / "x.las").sections["C"]
    assert list(curves) == ["DEPT", "GR_1_roh", "dept_2", "DEPT_3"]
    assert curves["GR_1_roh"][0] == "API_units"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    values=st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=161, max_size=161),
    text=st.text(max_size=30),
    key=st.text(min_size=1, max_size=6),
)
def test_whatever_the_paper_says_is_written_and_read_back(
    log: DigitisedLog, tmp_path: Path, values: list[float], text: str, key: str
) -> None:
    odd = replace(log.sheet, well={"WELL": text, key: text}, scan=text)
    write_las(with_values(replace(log, sheet=odd, warnings=(text,), model_id=text), values), tmp_path / "x.las")
    read = np.array(read_strict(tmp_path / "x.las").column("GR"))
    wanted = np.array(values)
    np.testing.assert_allclose(np.where(read == -999.25, np.nan, read), wanted, atol=0.002)


def test_a_file_that_reads_back_otherwise_is_never_put_in_place(
    log: DigitisedLog, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_bytes()
    honest = las_module.data_text
    monkeypatch.setattr(las_module, "data_text", lambda columns, **_: honest(columns).replace("1010.5000", "1010.6000"))
    with pytest.raises(ExportError, match=r"did not read back as written \(the values of DEPT differ"):
        write_las(log, file)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("garbage", ["", "x y z\n", "1 2\n"])
def test_a_data_section_that_does_not_parse_is_one_sentence(
    log: DigitisedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, garbage: str
) -> None:
    monkeypatch.setattr(las_module, "data_text", lambda columns, **_: garbage)
    with pytest.raises(ExportError) as raised:
        write_las(log, tmp_path / "x.las")
    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_one_sentence(log: DigitisedLog, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="the folder does not exist"):
        write_las(log, tmp_path / "none" / "out.las")


def test_two_runs_write_the_same_bytes(log: DigitisedLog, file: Path, tmp_path: Path) -> None:
    write_las(log, tmp_path / "again.las")
    assert (tmp_path / "again.las").read_bytes() == file.read_bytes()

"""The container of a project: what it takes, what it refuses, and the way from older forms."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from curvedesk.domain.errors import ProjectError
from curvedesk.store.project_head import FORMAT, VERSION, dump_json, parse_head, parse_json
from curvedesk.store.project_npy import dump_array, parse_array
from curvedesk.store.project_zip import HEAD, open_parts, write_parts


@pytest.mark.parametrize("dtype", ["f8", "f4", "i4"])
@pytest.mark.parametrize("count", [0, 1, 1000])
def test_an_array_comes_back_bit_by_bit(dtype: str, count: int) -> None:
    array = np.random.default_rng(1).integers(0, 256, count * int(dtype[1]), np.uint8).view(dtype)
    again = parse_array(dump_array(array), "x")
    assert again.tobytes() == array.tobytes()
    assert again.dtype == array.dtype
    assert not again.flags.writeable


def test_an_array_is_a_plain_npy_file(tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_bytes(dump_array(np.arange(3.0)))
    assert np.load(tmp_path / "a.npy", allow_pickle=False).tolist() == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("array", [np.zeros((2, 2)), np.zeros(2, np.complex128), np.zeros(2, ">f8")])
def test_other_arrays_are_refused(tmp_path: Path, array: Any) -> None:
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(ProjectError, match="damaged"):
        parse_array((tmp_path / "a.npy").read_bytes(), "x")


def test_an_array_cut_anywhere_is_refused() -> None:
    whole = dump_array(np.arange(5.0))
    for cut in range(len(whole)):
        with pytest.raises(ProjectError):
            parse_array(whole[:cut], "x")


def test_files_travel_along_and_come_out_whole(tmp_path: Path) -> None:
    (tmp_path / "s.tif").write_bytes(b"abc" * 1_000_000)
    write_parts(tmp_path / "p", {HEAD: b"{}", "scan/s.tif": tmp_path / "s.tif", "masks/m.bin": tmp_path / "s.tif"})
    with open_parts(tmp_path / "p") as parts:
        parts.extract("scan/s.tif", tmp_path / "out")
        assert parts.names("scan/") == ("scan/s.tif",)
    assert (tmp_path / "out").read_bytes() == (tmp_path / "s.tif").read_bytes()
    assert (tmp_path / "p").stat().st_size < 3_100_000


def test_a_file_that_cannot_travel_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"s\.tif: cannot be read"):
        write_parts(tmp_path / "p", {HEAD: b"{}", "scan/s.tif": tmp_path / "s.tif"})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["../x", "/x", "x.py", "scan/a/b", "arrays/1.npz", "scan/..", "scan/a\\b"])
def test_no_member_of_another_name_is_ever_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no member"):
        write_parts(tmp_path / "p", {HEAD: b"{}", name: b""})


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p", "w") as file:
        file.writestr(HEAD, "{}")
        file.writestr(HEAD, "{}")
    with pytest.raises(ProjectError, match="no project has"), open_parts(tmp_path / "p"):
        pass


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_packings_are_refused(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "p", "w", method) as file:
        file.writestr(HEAD, "{}")
    with pytest.raises(ProjectError, match="packed in another way"), open_parts(tmp_path / "p"):
        pass


def test_a_zip_of_something_else_is_no_project(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p", "w") as file:
        file.writestr("scan/x", "x")
    with pytest.raises(ProjectError, match="is no CurveDesk project"), open_parts(tmp_path / "p"):
        pass


def test_a_folder_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="cannot be read"), open_parts(tmp_path):
        pass


def _head(**changes: object) -> bytes:
    return json.dumps({"format": FORMAT, "version": VERSION, **changes}).encode()


def test_older_forms_take_every_step_to_this_one() -> None:
    steps = {1: lambda head: {**head, "a": 1}, 2: lambda head: {**head, "b": head["a"] + 1}}
    for version, wanted in ((1, 2), (2, 6)):
        head = parse_head(_head(version=version, a=5), "x", migrations=steps)
        assert (head["version"], head["b"]) == (3, wanted)


def test_a_newer_form_names_the_program_that_made_it() -> None:
    with pytest.raises(ProjectError, match=r"x: was saved by CurveDesk 7 in a newer form \(3\); update CurveDesk"):
        parse_head(_head(version=3, program="CurveDesk 7"), "x")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_has_not_are_refused_both_ways(number: str) -> None:
    with pytest.raises(ProjectError, match="no JSON"):
        parse_json(f"[{number}]".encode(), "x")
    with pytest.raises(ValueError, match="JSON"):
        dump_json([float(number.replace("Infinity", "inf"))])

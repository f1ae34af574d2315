"""Strokes that travel with the paper around them: nothing else of the scan goes along, and training hears them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from curvedesk.domain.errors import StrokesError
from curvedesk.interchange.stroke_packs import PackCrop, read_pack, write_pack
from curvedesk.learn.finetune import FinetuneConfig, Lesson, Step, learn
from curvedesk.learn.gate import Split
from curvedesk.learn.net import CurveNet
from curvedesk.learn.packs import heard, middles, packed, part_of
from curvedesk.learn.spoken import SaidLine, SaidNothing, Spoken

SIZE = 64


def _line(x: float, first: float, last: float) -> SaidLine:
    y = np.arange(first, last)
    return SaidLine(0, 0, (np.column_stack([np.full(y.size, x), y]),), "1")


def _spoken(*lines: SaidLine, nothing: tuple[SaidNothing, ...] = ()) -> Spoken:
    edges = {"1": (np.array([[20.0, 0.0], [20.0, 900.0]]), np.array([[180.0, 0.0], [180.0, 900.0]]))}
    return Spoken(lines, nothing, {}, edges)


@pytest.fixture
def paper() -> NDArray[np.uint8]:
    """(900, 200) of noise, so that every square of it is one of its kind."""
    return np.random.default_rng(1).integers(0, 256, (900, 200)).astype(np.uint8)


@pytest.fixture
def crops(paper: NDArray[np.uint8]) -> tuple[PackCrop, ...]:
    """A pen at x = 100, drawn at rows 100..160 and 700..720, and a grid line that is none."""
    line = SaidNothing(1, (0, 1), np.array([[60.0, 400.0], [90.0, 400.0]]), 5.0)
    return packed(_spoken(_line(100, 100, 160), _line(100, 700, 720), nothing=(line,)), paper, size=SIZE)


@pytest.fixture
def pack(crops: tuple[PackCrop, ...], tmp_path: Path) -> Path:
    """The same as a file."""
    write_pack(tmp_path / "log.pack.zip", crops)
    return tmp_path / "log.pack.zip"


def test_a_pack_holds_no_paper_but_what_lies_around_strokes(pack: Path, paper: NDArray[np.uint8]) -> None:
    shown = np.zeros(paper.shape, bool)
    for crop in read_pack(pack):
        inked = crop.paper[8:16, 28:36]  # in the middle of a crop's upper part: inside the paper
        found = cv2.matchTemplate(paper, inked, cv2.TM_SQDIFF)
        _, _, (x, y), _ = cv2.minMaxLoc(found)
        top, left = y - 8, x - 28
        assert np.array_equal(crop.paper, paper[top : top + SIZE, left : left + SIZE])
        shown[top : top + SIZE, left : left + SIZE] = True
    said = np.zeros(paper.shape, bool)
    for x0, x1, y0, y1 in ((100, 101, 100, 160), (100, 101, 700, 720), (60, 91, 400, 401)):
        said[y0:y1, x0:x1] = True
    near = cv2.dilate(said.astype(np.uint8), np.ones((2 * SIZE + 1, 2 * SIZE + 1), np.uint8)) > 0
    assert not (shown & ~near).any()
    assert shown[said].all()


def test_a_pack_says_nothing_of_where_it_came_from(crops: tuple[PackCrop, ...], tmp_path: Path) -> None:
    folder = tmp_path / "State 12-3 confidential"
    folder.mkdir()
    write_pack(folder / "a.zip", crops)
    write_pack(tmp_path / "b.zip", crops)
    assert (folder / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "b.zip") as file:
        assert {name.partition("/")[0] for name in file.namelist()} == {
            *("pack.json", "paper", "curve", "known", "rivals")
        }
        assert set(json.loads(file.read("pack.json"))) == {"format", "version", "dpi", "size", "centre"}
        chunks = {file.read(name)[12:16] for name in file.namelist() if name.endswith(".png")}
    assert chunks == {b"IHDR"}
    assert all(b"tEXt" not in data and b"tIME" not in data for data in _members(tmp_path / "b.zip").values())


def test_a_pack_comes_back_as_it_was(crops: tuple[PackCrop, ...], pack: Path) -> None:
    read = read_pack(pack)
    assert len(read) == len(crops) >= 3
    for before, after in zip(crops, read, strict=True):
        for name in ("paper", "curve", "known", "rivals"):
            assert np.array_equal(getattr(before, name), getattr(after, name))
        assert np.allclose(before.centre, after.centre, atol=0.01, equal_nan=True)
    assert any(crop.curve.any() for crop in read)
    assert any(np.isfinite(crop.centre).any() for crop in read)


def test_every_place_lies_well_inside_a_crop() -> None:
    places = np.random.default_rng(2).uniform(0, 500, (200, 2))
    found = np.array(middles(places, 20.0))
    away = np.abs(places[:, None] - found[None]).max(axis=2).min(axis=1)
    assert away.max() <= 20.0 + 1e-6
    assert len(found) < 200


def test_another_size_shows_the_same_paper_with_the_same_pen(crops: tuple[PackCrop, ...]) -> None:
    (first, *_) = heard(crops)
    for seed in range(20):
        for size in (32, 96):
            part = part_of(first, size, np.random.default_rng(seed))
            assert part.gray.shape == (size, size) and part.centre.shape == (2, size)
            assert part.known.any()
            rows = np.flatnonzero(np.isfinite(part.centre[0]))
            on_pen = part.target[0][rows, np.rint(part.centre[0][rows]).astype(int)]
            assert (on_pen == 1).all()


def _steps(net: CurveNet, paper: NDArray[np.uint8], folder: Path, packs: tuple[PackCrop, ...]) -> list[float]:
    from curvedesk.learn.finetune import Control

    spoken, told = _spoken(_line(50, 300, 360)), list[Step]()
    lesson = Lesson(paper, spoken, _spoken(), Split((), (), ()), packs=heard(packs))
    config = FinetuneConfig(steps=4, batch=2, size=32)
    learn(net, lesson, config, folder=folder, device="cpu", control=Control(report=told.append))
    return [step.loss for step in told]


def test_training_hears_a_pack_and_is_repeatable_with_it(
    net: CurveNet, paper: NDArray[np.uint8], crops: tuple[PackCrop, ...], tmp_path: Path
) -> None:
    alone = _steps(net, paper, tmp_path / "a", ())
    with_pack = _steps(net, paper, tmp_path / "b", crops)
    assert with_pack != alone
    assert with_pack == _steps(net, paper, tmp_path / "c", crops)
    dumb = tuple(replace(crop, known=np.zeros_like(crop.known)) for crop in crops)
    assert _steps(net, paper, tmp_path / "d", dumb) == alone


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def _refused(path: Path, members: Mapping[str, bytes], match: str = "is no CurveDesk pack") -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    with pytest.raises(StrokesError, match=match) as told:
        read_pack(path)
    assert "\n" not in str(told.value)


def test_nothing_said_makes_no_pack(tmp_path: Path) -> None:
    with pytest.raises(StrokesError, match="nothing to pack yet"):
        write_pack(tmp_path / "x.zip", ())
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize(
    "name", ["../000009.png", "paper/../../x.png", "/paper/000009.png", "paper/9.png", "x.txt", "paper/000099.png"]
)
def test_a_pack_with_anything_else_in_it_is_refused(pack: Path, tmp_path: Path, name: str) -> None:
    _refused(tmp_path / "x", _members(pack) | {name: _members(pack)["paper/000001.png"]})


@pytest.mark.parametrize(
    "change",
    [
        {"size": 10**6},
        {"size": "64"},
        {"size": 0},
        {"centre": []},
        {"centre": [[[1.0] * SIZE]]},
        {"centre": [[[1e9] * SIZE] * 2] * 3},
        {"centre": None},
        {"format": "curvedesk-model"},
        {"version": 2},
        {"dpi": 300},
    ],
)
def test_a_head_that_lies_is_refused(pack: Path, tmp_path: Path, change: dict[str, object]) -> None:
    members = _members(pack)
    head = json.loads(members["pack.json"]) | change
    _refused(tmp_path / "x", members | {"pack.json": json.dumps(head).encode()})


def _png(picture: NDArray[np.uint8]) -> bytes:
    return bytes(cv2.imencode(".png", picture)[1].tobytes())


@pytest.mark.parametrize(
    "picture",
    [
        b"",
        b"BM not a png",
        _png(np.zeros((SIZE, SIZE + 1), np.uint8)),
        _png(np.zeros((SIZE, SIZE, 3), np.uint8)),
        _png(np.zeros((SIZE, SIZE), np.uint8))[:40],
    ],
)
def test_a_picture_of_another_kind_or_size_is_refused(pack: Path, tmp_path: Path, picture: bytes) -> None:
    _refused(tmp_path / "x", _members(pack) | {"paper/000001.png": picture})


def test_a_missing_picture_a_bomb_and_a_cut_off_file_are_refused(pack: Path, tmp_path: Path) -> None:
    members = _members(pack)
    _refused(tmp_path / "x", {name: data for name, data in members.items() if name != "known/000002.png"})
    _refused(tmp_path / "x", members | {"paper/000001.png": b" " * (5 << 20)}, "claims 5 MB")
    whole = pack.read_bytes()
    for length in range(0, len(whole), len(whole) // 7):
        (tmp_path / "cut").write_bytes(whole[:length])
        with pytest.raises(StrokesError, match="is damaged, or"):
            read_pack(tmp_path / "cut")
    with pytest.raises(StrokesError, match="does not exist"):
        read_pack(tmp_path / "gone")

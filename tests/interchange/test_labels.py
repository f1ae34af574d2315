"""Label packs: what was reviewed and nothing else, readable by us and by whoever reads COCO."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from curvedesk.domain.curve import DigitisedLog
from curvedesk.domain.errors import ExportError
from curvedesk.domain.strokes import AcceptStroke, CurveStroke, NotCurveStroke
from curvedesk.interchange.coco import box_of, decode, encode
from curvedesk.interchange.labels import read_labels, write_labels
from curvedesk.interchange.overlay import Raster
from tests.interchange.sample import sample_log, sample_material

ACCEPTED = AcceptStroke("GR", (1000.0, 1700.0))


@pytest.fixture
def scan() -> Raster:
    """The sample's paper."""
    scan = sample_material().scan
    assert scan is not None
    return scan


def _coco(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "annotations.json").read_text())
    return content


@given(arrays(np.bool_, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_a_mask_survives_its_run_lengths(mask: np.ndarray) -> None:
    assert np.array_equal(decode(encode(mask)), mask)
    x, y, w, h = box_of(mask)
    assert mask[y : y + h, x : x + w].sum() == mask.sum()


def test_runs_go_down_the_columns_and_begin_with_zeros() -> None:
    mask = np.array([[1, 0], [1, 0], [0, 1]], bool)
    assert encode(mask) == {"size": [3, 2], "counts": [0, 2, 3, 1]}
    with pytest.raises(ValueError, match="5 pixels of 6"):
        decode({"size": [3, 2], "counts": [2, 3]})


def test_only_reviewed_paper_leaves_the_house(scan: Raster, tmp_path: Path) -> None:
    log = sample_log([ACCEPTED])
    assert write_labels(scan, log, tmp_path / "pack") == 2
    crops = read_labels(tmp_path / "pack")
    track = log.sheet.tracks[0]
    assert sum(crop.image.shape[0] for crop in crops) == pytest.approx(700, abs=12)
    for crop in crops:
        assert crop.image.shape[1] < float(track.right_at(1300.0) - track.left_at(1300.0)) + 16
    everything = "".join(p.read_text(errors="ignore") for p in (tmp_path / "pack").glob("*.*"))
    for secret in ("HARLAN", "HALVORSEN", "scan.tif", log.sha256):
        assert secret not in everything


def test_the_mask_lies_on_the_ink(scan: Raster, tmp_path: Path) -> None:
    write_labels(scan, sample_log([ACCEPTED]), tmp_path / "pack")
    crops = list(read_labels(tmp_path / "pack"))
    assert crops
    for crop in crops:
        solid = crop.mask == 1
        assert crop.image[solid].mean() < 60
        assert crop.image[~solid].mean() > 200
        assert set(np.unique(crop.mask)) == {0, 1, 2}


def test_what_nobody_looked_at_is_marked_unknown(scan: Raster, tmp_path: Path) -> None:
    write_labels(scan, sample_log([ACCEPTED]), tmp_path / "pack")
    crop = read_labels(tmp_path / "pack")[0]
    by_name = {curve.name: curve.band for curve in crop.curves}
    beside = cv2.dilate(by_name["CALI"].astype(np.uint8), np.ones((15, 15))).astype(bool)
    inner = slice(10, -10)  # the print is tilted: the corners of a crop lie beyond the depths that were accepted
    assert crop.known[inner][(by_name["GR"] & ~beside)[inner]].all()
    assert not crop.known[by_name["CALI"]].any()
    write_labels(scan, sample_log([ACCEPTED, AcceptStroke("CALI", (1000.0, 1700.0))]), tmp_path / "pack")
    assert read_labels(tmp_path / "pack")[0].known[inner].all()


def test_where_a_pen_has_no_line_its_track_is_unknown(scan: Raster, tmp_path: Path) -> None:
    log = sample_log([ACCEPTED])
    cali = log.curves[1]
    line = cali.traced[0]
    x = np.where((line.y_px > 1100) & (line.y_px < 1150), np.nan, line.x_px)
    log = replace(log, curves=(log.curves[0], replace(cali, traced=(replace(line, x_px=x),)), *log.curves[2:]))
    write_labels(scan, log, tmp_path / "pack")
    crop = read_labels(tmp_path / "pack")[0]
    assert not crop.known[110:140].any()


def test_the_whole_log_gives_crops_from_top_to_bottom(scan: Raster, tmp_path: Path) -> None:
    count = write_labels(scan, sample_log(), tmp_path / "pack", everything=True)
    crops = read_labels(tmp_path / "pack")
    assert len(crops) == count == 14
    assert max(crop.image.shape[0] for crop in crops) <= 512
    assert np.mean([crop.known.mean() for crop in crops]) > 0.95


def test_a_short_stroke_gets_some_paper_around_it(scan: Raster, tmp_path: Path) -> None:
    write_labels(scan, sample_log([CurveStroke("SFL", ((1000.0, 2000.0), (1001.0, 2004.0)))]), tmp_path / "pack")
    (crop,) = read_labels(tmp_path / "pack")
    assert 60 <= crop.image.shape[0] <= 72


def test_any_loader_of_coco_finds_what_it_expects(scan: Raster, tmp_path: Path) -> None:
    write_labels(scan, sample_log([ACCEPTED]), tmp_path / "pack")
    content = _coco(tmp_path / "pack")
    assert {c["id"]: c["name"] for c in content["categories"]} == {1: "solid", 2: "dashed"}
    images = {image["id"]: image for image in content["images"]}
    for annotation in content["annotations"]:
        image = images[annotation["image_id"]]
        picture = cv2.imread(str(tmp_path / "pack" / image["file_name"]), cv2.IMREAD_GRAYSCALE)
        assert picture.shape == (image["height"], image["width"])
        counts, flat, value = annotation["segmentation"]["counts"], [], 0
        for count in counts:  # as the COCO documentation says, written out plainly
            flat += [value] * count
            value = 1 - value
        mask = np.array(flat).reshape((image["width"], image["height"])).T
        assert mask.sum() == annotation["area"]
        x, y, w, h = annotation["bbox"]
        assert mask[y : y + h, x : x + w].sum() == mask.sum()
        mask_png = cv2.imread(str(tmp_path / "pack" / image["mask"]), cv2.IMREAD_GRAYSCALE)
        assert (mask_png[mask == 1] > 0).all()
    assert {a["curve"] for a in content["annotations"]} == {"GR", "CALI"}


def test_names_are_safe(scan: Raster, tmp_path: Path) -> None:
    log = sample_log([ACCEPTED])
    gr = log.curves[0]
    line = replace(gr.traced[0], spec=replace(gr.traced[0].spec, mnemonic='../G R":'))
    write_labels(scan, replace(log, curves=(replace(gr, traced=(line,)), *log.curves[1:])), tmp_path / "pack")
    files = [p.relative_to(tmp_path) for p in tmp_path.rglob("*.png")]
    assert all(p.parts[:2] in {("pack", "images"), ("pack", "masks"), ("pack", "known")} for p in files)
    names = {a["curve"] for a in _coco(tmp_path / "pack")["annotations"]}
    assert "CALI" in names
    assert not any(set(name) & set(' ":.') for name in names)


def test_a_log_nobody_reviewed_has_no_labels(scan: Raster, tmp_path: Path) -> None:
    log: DigitisedLog = sample_log([NotCurveStroke(((300.0, 1000.0),))])
    with pytest.raises(ExportError, match="no curve was reviewed"):
        write_labels(scan, log, tmp_path / "pack")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("harm", ["images/000001.png", "masks/000001.png", "annotations.json", "known/000001.png"])
def test_a_damaged_pack_is_one_sentence(scan: Raster, tmp_path: Path, harm: str) -> None:
    write_labels(scan, sample_log([ACCEPTED]), tmp_path / "pack")
    (tmp_path / "pack" / harm).write_bytes(b"{")
    with pytest.raises(ExportError, match="not a whole label pack") as raised:
        read_labels(tmp_path / "pack")
    assert "\n" not in str(raised.value)

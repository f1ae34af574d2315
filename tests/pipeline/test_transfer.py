"""Strokes on one crop of a scan, the score on the other one."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from curvedesk.analyst_hand import Analyst, rubbed_out
from curvedesk.domain.errors import CurveDeskError
from curvedesk.hand_traced import read_hand_traced
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.finetune import FinetuneConfig
from curvedesk.transfer import transfer

WIDTH, HEIGHT = 320, 260


def _crop(folder: Path, name: str, *pens: tuple[str, float]) -> Path:
    """Paper with pens that swing around columns, by name."""
    gray, curves = np.full((HEIGHT, WIDTH), 255, np.uint8), []
    y = np.arange(0.0, HEIGHT)
    for pen, middle in pens:
        line = np.column_stack([middle + 15 * np.sin(y / 20), y])
        cv2.polylines(gray, [np.rint(line).astype(np.int32)], False, 0, 3)
        curves.append({"style": "solid", "name": pen, "points": line[::20].tolist(), "path": line.tolist()})
    cv2.imwrite(str(folder / f"{name}.png"), gray)
    content = {"width": WIDTH, "height": HEIGHT, "curves": curves, "ignore": []}
    (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder / f"{name}.json"


def test_the_tracks_of_a_crop_share_the_paper_in_the_middle_between_their_curves(tmp_path: Path) -> None:
    log = read_hand_traced(_crop(tmp_path, "one_a", ("track1 solid", 60.0), ("track2 solid", 240.0)))
    left, right = log.sheet.tracks
    middle = np.array([float(left.right_at(np.array([100.0]))[0]), float(right.left_at(np.array([100.0]))[0])])
    assert np.abs(middle - 150).max() < 2
    assert [spec.mnemonic for _, spec in log.sheet.curves()] == ["track1 solid", "track2 solid"]
    assert len(log.truth["track1 solid"]) == HEIGHT + 1  # parted from what follows


def test_false_marks_are_rubbed_out_longest_first_and_true_ones_left_alone() -> None:
    y = np.arange(0.0, 100.0)
    truth = {"GR": np.column_stack([np.full(100, 50.0), y])}
    marked = np.concatenate(
        [np.column_stack([np.full(n, x), y[:n]]) for x, n in ((51.0, 100), (90.0, 40), (130.0, 80))]
    )
    (first, second) = rubbed_out(marked, truth, Analyst(), at_most=5)
    assert np.mean([x for x, _ in first.points]) == pytest.approx(130, abs=1)
    assert np.mean([x for x, _ in second.points]) == pytest.approx(90, abs=1)
    assert rubbed_out(marked[:100], truth, Analyst(), at_most=5) == ()


def test_both_ways_are_measured_and_a_crop_without_curves_is_only_learnt_for(tmp_path: Path, model: Model) -> None:
    _crop(tmp_path, "one_a", ("track1 solid", 60.0), ("track2 solid", 240.0))
    _crop(tmp_path, "one_b")
    report = transfer(
        tmp_path,
        model,
        analyst=Analyst(strokes=2, accepts=1),
        config=FinetuneConfig(steps=1, batch=2, size=64),
        device="cpu",
    )
    each, scans = report.tables
    ways = {row[0]: dict(zip(each.columns[1:], row[1:], strict=True)) for row in each.rows}
    assert set(ways) == {"one_a → b, 1", "one_b → a, 1", "mean"}
    there = ways["one_a → b, 1"]
    assert there["used"] == (there["learnt"] if there["adopted"] else there["before"])
    assert ways["one_b → a, 1"]["learnt"] is None
    assert [row[0] for row in scans.rows] == ["one"]
    assert "2 ways" in report.note


def test_a_folder_without_pairs_is_refused(tmp_path: Path, model: Model) -> None:
    with pytest.raises(CurveDeskError, match="no pairs"):
        transfer(tmp_path, model)

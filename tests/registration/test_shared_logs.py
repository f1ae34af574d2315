"""Rendered and real logs against their trusted sheets: depths, borders, and that what is called sure is right."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from curvedesk.domain.sheet import load_sheet
from curvedesk.imaging import open_scan
from curvedesk.registration import propose_sheet
from curvedesk.registration.score import compare

RENDERED = ("d02", "d04", "d05", "d08", "d09", "d12")
REAL = ("30-025-12481_0808", "BXG57")


@pytest.mark.parametrize("name", RENDERED)
def test_that_a_rendered_log_is_registered_without_a_click(shared_dir: Path, name: str) -> None:
    folder = shared_dir / "data" / "sheets" / name
    wanted = load_sheet(folder / "sheet.json")
    with open_scan(next(folder.glob("scan.*")), dpi=wanted.dpi) as scan:
        found = propose_sheet(scan)
    score = compare(found, wanted, dpi=wanted.dpi or 200.0)
    assert found.depth.unit == wanted.depth.unit
    assert score.depth_median_px <= 1.5
    assert max(score.border_px) <= 3.0
    assert score.extra_tracks == 0
    sure = [spec.mnemonic for _, spec in found.curves() if (spec.confidence or 0.0) >= 0.95]
    assert all(score.curves.get(mnemonic, False) for mnemonic in sure)


@pytest.mark.parametrize("name", REAL)
def test_that_depths_of_real_paper_are_right_or_called_unsure(shared_dir: Path, name: str) -> None:
    truth = json.loads((shared_dir / "data" / "registration" / f"{name}.json").read_text())
    with open_scan(shared_dir / "data" / "scans" / truth["file"]) as scan:
        found = propose_sheet(scan)
        to200 = 200 / scan.dpi
    ties = np.array(truth["depth"]["ties"])
    rows = np.linspace(ties[0, 0], ties[-1, 0], 50)
    off = found.depth_at(found.column_at(rows), rows) - np.interp(rows, ties[:, 0], ties[:, 1])
    px_per_unit = np.gradient(rows) / np.gradient(np.interp(rows, ties[:, 0], ties[:, 1]))
    right = float(np.median(np.abs(off * px_per_unit))) * to200 <= 3 and np.abs(off).max() <= 0.005 * np.ptp(ties[:, 1])
    assert right or (found.depth.confidence or 0.0) < 0.95

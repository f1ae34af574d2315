"""The whole way from a scan to LAS without a sheet, with every way to the network barred."""

from __future__ import annotations

import os
from pathlib import Path

import lasio
import numpy as np
import pytest

from curvedesk.store.locations import bundled_resources_dir
from tests.conftest import REPO, RunCli

SAMPLE = bundled_resources_dir() / "sample"

BARRED = """
import os, pathlib, sys
here = pathlib.Path(__file__).parent
(here / f"started-{os.getpid()}").touch()

def bar(event, args):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.bind"}:
        (here / f"reached-out-{os.getpid()}").write_text(f"{event} {args}")
        raise OSError("the network is barred")

sys.addaudithook(bar)
"""


@pytest.fixture
def barred(tmp_path: Path) -> Path:
    """A folder whose start-up code bars the network in every Python process that finds it, and notes who tried."""
    folder = tmp_path / "barred"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(BARRED, encoding="utf-8")
    return folder


def test_that_a_scan_becomes_las_without_a_sheet_and_without_the_network(
    run_cli: RunCli, tmp_path: Path, barred: Path
) -> None:
    path = os.pathsep.join((str(barred), str(REPO)))
    done = run_cli("digitize", SAMPLE / "scan.tif", "-o", "out.las", env={"PYTHONPATH": path})
    assert done.status == 0, done.stderr
    assert len(list(barred.glob("started-*"))) >= 2, "the command and the reader of scans are processes of their own"
    assert not list(barred.glob("reached-out-*"))
    found, truth = lasio.read(tmp_path / "out.las"), lasio.read(SAMPLE / "truth.las")
    for curve in truth.curves[1:]:
        at = np.interp(truth.index, found.index, found[curve.mnemonic], left=np.nan, right=np.nan)
        off = np.abs(at - curve.data)
        assert np.nanmedian(off) < 0.02 * np.nanstd(curve.data) + 0.01 * np.nanmean(np.abs(curve.data)), curve.mnemonic


def test_that_the_bar_holds(run_cli: RunCli, barred: Path, tmp_path: Path) -> None:
    """What reaches out is seen: the test above cannot pass because nobody looked."""
    (tmp_path / "curvedesk_reaches_out.py").write_text(
        "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 9))\nexcept OSError:\n    pass\n"
    )
    path = os.pathsep.join((str(barred), str(tmp_path), str(REPO)))
    (barred / "sitecustomize.py").write_text(BARRED + "\nimport curvedesk_reaches_out\n", encoding="utf-8")
    assert run_cli("--version", env={"PYTHONPATH": path}).status == 0
    assert list(barred.glob("reached-out-*"))

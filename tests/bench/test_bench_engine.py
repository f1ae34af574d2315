"""The engine: what a warm one saves, and how soon a job is over when it is asked to stop and when it is ended."""

from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np
import torch

from curvedesk.domain.sheet import dump_sheet
from curvedesk.learn.checkpoints import save_model
from curvedesk.learn.net import CurveNet
from curvedesk.protocol.jobs import PredictJob
from curvedesk.protocol.messages import Cancel, Cancelled, Ready, Result, Rows
from curvedesk.store.evidence_cache import EvidenceCache
from tests.bench.conftest import BenchReport
from tests.engine.conftest import Engine
from tests.tracing.makers import gr, ideal, make_sheet, pen_line


def _job(folder: Path, *, feet: int) -> PredictJob:
    sheet = make_sheet([gr()], feet=feet, width_px=60)
    gray = ideal(sheet, [pen_line(sheet, "GR", lambda depth: 50 + 30 * np.sin(depth / 3))]).gray
    cv2.imwrite(str(folder / f"{feet}.png"), gray)
    torch.manual_seed(3)
    save_model(folder / "toy", CurveNet(), {})
    out = str(folder / "out")
    return PredictJob(str(folder / f"{feet}.png"), dump_sheet(sheet), out, model=str(folder / "toy"), device="cpu")


def _start(folder: Path) -> Engine:
    from curvedesk.child import child_command

    return Engine(folder, child_command("engine"))


def test_a_warm_engine_beside_a_cold_one(bench_report: BenchReport, tmp_path: Path) -> None:
    job = _job(tmp_path, feet=30)
    began = time.perf_counter()
    engine = _start(tmp_path)
    try:
        engine.run(job, "cold")
        engine.wait_for(Result)
        cold_s = time.perf_counter() - began
        EvidenceCache().clear()
        began = time.perf_counter()
        engine.run(job, "warm")
        engine.wait_for(Result)
        bench_report("predict a short log, warm engine / cold", time.perf_counter() - began, cold_s, unit="s")
    finally:
        engine.close()


def test_asking_a_job_to_stop_beside_ending_its_process(bench_report: BenchReport, tmp_path: Path) -> None:
    job, asked_s, killed_s = _job(tmp_path, feet=300), [], []
    for number in range(3):
        EvidenceCache().clear()
        engine = _start(tmp_path)
        try:
            engine.wait_for(Ready)
            engine.run(job, f"asked{number}")
            engine.wait_for(Rows)
            began = time.perf_counter()
            engine.say(Cancel(f"asked{number}"))
            engine.wait_for(Cancelled)
            asked_s.append(time.perf_counter() - began)
            engine.run(job, f"killed{number}")
            engine.wait_for(Rows, lambda event, name=f"killed{number}": event.job == name)
            began = time.perf_counter()
            engine.process.kill()
            engine.ended()
            killed_s.append(time.perf_counter() - began)
        finally:
            engine.close()
    bench_report("cancel a prediction: asked / killed, worst of 3", max(asked_s), max(killed_s), unit="s")

"""Fills evidence: what is seen first, every finished band told, going on where an earlier run stopped."""

import time
from collections.abc import Callable

import numpy as np

from curvedesk.engine.work import Work
from curvedesk.imaging import Scan
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.device import pick_device
from curvedesk.learn.predict import predict_bands
from curvedesk.pipeline import as_bytes, in_colour
from curvedesk.protocol.messages import Rows
from curvedesk.store.evidence import COLOUR_HEARD, EvidenceFolder, EvidenceWriter
from curvedesk.store.evidence_cache import EvidenceCache

FOLLOW_S = 0.2
TRACING_SHARE = 1 / 3  # tracing takes about a third of the time the network takes

Look = Callable[[], tuple[int, int] | None]


def fill(
    work: Work, scan: Scan, model: Model, evidence: EvidenceFolder, cache: EvidenceCache, *, device: str, look: Look
) -> None:
    """See to it that every row of the evidence is there; rows that are there at the start are told as well.

    Where another engine writes the same evidence, its rows are told as they come, and its place is taken if it ends.

    Raises Cancelled, ScanError, ExportError.
    """
    told = _Teller(work, evidence)
    told.news()
    while not evidence.is_complete:
        work.check()
        writing = cache.writer(evidence)
        if writing is None:
            time.sleep(FOLLOW_S)
            told.news()
            continue
        with writing as writer:
            _read_paper(work, scan, evidence, writer)
            _find(work, model, evidence, writer, device=device, look=look)
    if scan.info.colour.has_hue:
        _hear_colour(work, scan, evidence, cache)
    told.news()


def _hear_colour(work: Work, scan: Scan, evidence: EvidenceFolder, cache: EvidenceCache) -> None:
    """Let the scan's colours have their say, once."""
    while not evidence.has_heard_colour:
        work.check()
        writing = cache.writer(evidence)
        if writing is None:
            time.sleep(FOLLOW_S)
            continue
        with writing as writer:
            said = np.array(evidence.probability)
            bands = list(in_colour(scan, evidence.key.box, said, scale=evidence.key.scale))
            for top, band in bands:
                writer.add_ink(top, band, state=COLOUR_HEARD)
                _tell(work, evidence, top, top + band.shape[1])


class _Teller:
    """Tells rows that somebody else wrote."""

    def __init__(self, work: Work, evidence: EvidenceFolder) -> None:
        self._work, self._evidence = work, evidence
        self._runs: list[tuple[int, int]] = []

    def news(self) -> None:
        runs = self._evidence.runs()
        for run in runs:
            if run not in self._runs:
                _tell(self._work, self._evidence, *run)
        self._runs = runs


def _tell(work: Work, evidence: EvidenceFolder, start: int, stop: int) -> None:
    work.say(Rows(work.job, evidence.y_px(start), evidence.y_px(stop)))


def _read_paper(work: Work, scan: Scan, evidence: EvidenceFolder, writer: EvidenceWriter) -> None:
    if evidence.has_paper:
        return
    report = work.phase("paper")
    for top, rows in scan.bands(*evidence.key.box, scale=evidence.key.scale):
        work.check()
        writer.add_paper(top, rows)
        report(top + len(rows), evidence.height)


def _find(
    work: Work, model: Model, evidence: EvidenceFolder, writer: EvidenceWriter, *, device: str, look: Look
) -> None:
    try:
        _run(work, model, evidence, writer, device=device, look=look)
    except RuntimeError as error:  # memory of the card, or the card itself
        if pick_device(device).type == "cpu":
            raise
        work.log(f"The graphics card gave up ({type(error).__name__}); going on with the processor.", level="warn")
        _run(work, model, evidence, writer, device="cpu", look=look)


def _run(
    work: Work, model: Model, evidence: EvidenceFolder, writer: EvidenceWriter, *, device: str, look: Look
) -> None:
    bands = predict_bands(
        model,
        evidence.gray,
        device=device,
        progress=work.phase("ink", more=TRACING_SHARE),
        cancelled=work.is_cancelled,
        look=look,
        have=evidence.has_rows,
    )
    for top, band in bands:
        writer.add_ink(top, as_bytes(band))
        _tell(work, evidence, top, top + band.shape[1])

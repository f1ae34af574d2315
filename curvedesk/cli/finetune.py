"""``curvedesk finetune``: a better model from a few strokes, or the old one."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from curvedesk.cli.options import Device, DeviceOption, DpiOption, ScanArgument
from curvedesk.cli.outputs import make_folder
from curvedesk.cli.progress import progress_bar
from curvedesk.cli.training_options import (
    BetterFolderOption,
    CropSizeOption,
    EventsOption,
    FromBundledOption,
    FrozenEncoderOption,
    KeptStagesOption,
    MeaningOption,
    ModelSeedOption,
    MostStepsOption,
    PacksOption,
    SaidOption,
    SecondsOption,
    StartOption,
    WholeOption,
    check_size,
)

if TYPE_CHECKING:
    from curvedesk.improve import Outcome
    from curvedesk.learn.finetune import Step
    from curvedesk.learn.preflight import Preflight

JOB = "job"  # in the output, while it trains
PHASES = {
    "look": "Looking at the strokes",
    "judge": "Judging on strokes it has not seen",
    "measure": "Measuring this computer",
    "learn": "Learning",
}


def finetune(
    scan: ScanArgument,
    sheet: MeaningOption,
    strokes: SaidOption,
    output: BetterFolderOption,
    base: StartOption = None,
    packs: PacksOption = None,
    max_seconds: SecondsOption = None,
    steps: MostStepsOption = 40,
    size: CropSizeOption = 128,
    seed: ModelSeedOption = 1,
    front: KeptStagesOption = None,
    frozen: FrozenEncoderOption = False,
    whole: WholeOption = False,
    from_bundled: FromBundledOption = False,
    as_json: EventsOption = False,
    dpi: DpiOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Improve a model from a few strokes on one log.

    Every fourth stroke is held out. MODEL_DIR gets the new model if it traces those better, mixes up no more curves and
    forgets nothing of other logs; otherwise it gets the old one, and the last line says which number decided.
    """
    from curvedesk.domain.sheet import load_sheet
    from curvedesk.domain.strokes import load_strokes
    from curvedesk.domain.tries import advice
    from curvedesk.imaging import open_scan
    from curvedesk.improve import improve, save_outcome
    from curvedesk.interchange.stroke_packs import read_pack
    from curvedesk.learn.checkpoints import load_model
    from curvedesk.learn.finetune import Control, FinetuneConfig
    from curvedesk.store.registry import bundled_model
    from curvedesk.store.tries import remember_try, tries_of

    check_size(size)
    meaning, said = load_sheet(sheet), load_strokes(strokes)
    others = [crop for path in packs or () for crop in read_pack(path)]
    started = load_model(base)
    config = FinetuneConfig(steps=steps, size=size, seed=seed, front=front, frozen=frozen, whole=whole)
    with open_scan(scan, dpi=dpi) as opened, _room_for(output) as job, progress_bar("Improving") as bar:
        teller = Teller(as_json, bar)
        outcome = improve(
            opened, meaning, said, started, folder=job, config=config, device=device, max_seconds=max_seconds,
            packs=others, begin=load_model(bundled_model()) if from_bundled else None,
            control=Control(report=teller.step), phase=teller.phase, about=teller.about,
        )  # fmt: skip
        save_outcome(output, outcome, started, said, config)
        if outcome.judged:
            remember_try(opened.sha256, opened.info.page, outcome.tried(len(said)))
        advised = advice(tries_of(opened.sha256, opened.info.page))
    teller.verdict(outcome, output, advised)


@contextmanager
def _room_for(output: Path) -> Iterator[Path]:
    """The folder of checkpoints; what was stopped or failed leaves the output as it was. A kill leaves them."""
    new = not output.exists()
    job = make_folder(output) / JOB
    try:
        yield job
    except BaseException:
        shutil.rmtree(output if new else job, ignore_errors=True)
        raise


class Teller:
    """Says how far it is: a bar for people, or one JSON object a line for programs."""

    def __init__(self, as_json: bool, bar: Callable[[int, int], None]) -> None:
        self._as_json = as_json
        self._bar = bar

    def step(self, step: "Step") -> None:
        """A step of the training is done."""
        self._bar(step.step, step.steps)
        self._tell("step", asdict(step))

    def phase(self, name: str) -> None:
        """Another part of the work begins."""
        self._tell("phase", {"name": name, "text": PHASES[name]})

    def about(self, ready: "Preflight") -> None:
        """What the computer can do, measured before the training."""
        self._tell("preflight", asdict(ready))

    def verdict(self, outcome: "Outcome", output: Path, advised: str) -> None:
        """Which of the two models it is, and why; and whether further strokes pay."""
        told = outcome.verdict
        before, after = (asdict(told.before), asdict(told.after)) if outcome.judged else (None, None)
        self._tell("verdict", {
            "adopted": told.adopted, "sentence": told.sentence, "before": before, "after": after,
            "steps": outcome.steps, "seconds": round(outcome.seconds, 1), "model": str(output), "share": outcome.share,
            "advice": advised,
            "doubted": [{"rows": list(rows), "why": str(doubt)} for rows, doubt in outcome.doubted],
        })  # fmt: skip
        if not self._as_json:
            typer.echo(f"{told.sentence} {advised}".rstrip())
            for (first, last), doubt in outcome.doubted:
                typer.echo(f"Doubted: the stroke at rows {first:.0f} to {last:.0f}: {doubt}.")

    def _tell(self, event: str, facts: dict[str, Any]) -> None:
        if self._as_json:
            typer.echo(json.dumps({"event": event, **facts}))

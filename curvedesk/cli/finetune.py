"""``curvedesk finetune``: a better model from a few strokes, or the old one."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from curvedesk.cli.options import Device, DeviceOption, DpiOption, ScanArgument
from curvedesk.cli.outputs import make_folder
from curvedesk.cli.progress import progress_bar
from curvedesk.cli.train import check_size

if TYPE_CHECKING:
    from curvedesk.learn.finetune import Step

JOB = "job"  # in the output, while it trains
PHASES = {
    "look": "Looking at the strokes",
    "judge": "Judging on strokes it has not seen",
    "measure": "Measuring this computer",
    "learn": "Learning",
}


def finetune(
    scan: ScanArgument,
    sheet: Annotated[Path, typer.Option("--sheet", metavar="SHEET", help="What the paper means.", show_default=False)],
    strokes: Annotated[Path, typer.Option("--strokes", metavar="S", help="What the analyst said.", show_default=False)],
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", metavar="MODEL_DIR", help="Folder of the better of both models.", show_default=False
        ),
    ],
    base: Annotated[
        str | None,
        typer.Option(
            "--base", metavar="M", show_default=False, help="Model to start from; without it, the model in use."
        ),
    ] = None,
    packs: Annotated[
        list[Path] | None,
        typer.Option(
            "--pack", metavar="FILE", show_default=False, help="Strokes of another log, from 'curvedesk pack'; repeat."
        ),
    ] = None,
    max_seconds: Annotated[
        float | None,
        typer.Option(
            "--max-seconds",
            min=5,
            metavar="N",
            show_default=False,
            help="Be done, judging included, after so many seconds.",
        ),
    ] = None,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Steps of training at most.")] = 80,
    size: Annotated[int, typer.Option("--size", min=32, help="Side of a crop in pixels, a multiple of 16.")] = 256,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same model.")] = 1,
    front: Annotated[
        int | None,
        typer.Option("--front", min=0, max=5, show_default=False, help="Keep only so many encoder stages of the base."),
    ] = None,
    frozen: Annotated[bool, typer.Option("--frozen", help="Leave the encoder as it is.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One event a line on standard output.")] = False,
    dpi: DpiOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Improve a model from a few strokes on one log.

    Every fourth stroke is held out. MODEL_DIR gets the new model if it traces those better, mixes up no more curves and
    forgets nothing of other logs; otherwise it gets the old one, and the last line says which number decided.
    """
    from curvedesk.domain.sheet import load_sheet
    from curvedesk.domain.strokes import load_strokes
    from curvedesk.imaging import open_scan
    from curvedesk.improve import improve, save_outcome
    from curvedesk.interchange.stroke_packs import read_pack
    from curvedesk.learn.checkpoints import load_model
    from curvedesk.learn.finetune import Control, FinetuneConfig

    check_size(size)
    meaning = load_sheet(sheet)
    said = load_strokes(strokes)
    others = [crop for path in packs or () for crop in read_pack(path)]
    started = load_model(base)
    config = FinetuneConfig(steps=steps, size=size, seed=seed, front=front, frozen=frozen)
    tell = _teller(as_json)
    with open_scan(scan, dpi=dpi) as opened, _room_for(output) as job, progress_bar("Improving") as bar:

        def report(step: "Step") -> None:
            bar(step.step, step.steps)
            tell("step", asdict(step))

        outcome = improve(
            opened,
            meaning,
            said,
            started,
            folder=job,
            config=config,
            device=device,
            max_seconds=max_seconds,
            packs=others,
            control=Control(report=report),
            phase=lambda name: tell("phase", {"name": name, "text": PHASES[name]}),
            about=lambda ready: tell("preflight", asdict(ready)),
        )
        save_outcome(output, outcome, started, said, config)
    tell("verdict", {"adopted": outcome.verdict.adopted, "sentence": outcome.verdict.sentence,
                     "before": asdict(outcome.verdict.before), "after": asdict(outcome.verdict.after),
                     "steps": outcome.steps, "seconds": round(outcome.seconds, 1), "model": str(output)})  # fmt: skip
    if not as_json:
        typer.echo(outcome.verdict.sentence)


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


def _teller(as_json: bool) -> Callable[[str, dict[str, Any]], None]:
    def tell(event: str, facts: dict[str, Any]) -> None:
        if as_json:
            typer.echo(json.dumps({"event": event, **facts}))

    return tell

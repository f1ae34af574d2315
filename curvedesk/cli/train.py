"""``curvedesk train``: a network from synthetic logs."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curvedesk.cli.options import Device, DeviceOption
from curvedesk.cli.outputs import make_folder
from curvedesk.cli.progress import progress_bar
from curvedesk.domain.errors import CurveDeskError, ModelError

if TYPE_CHECKING:
    from curvedesk.learn.checkpoints import Model
    from curvedesk.learn.encoders import Pretrained
    from curvedesk.learn.train import Progress
    from curvedesk.synth import CurveLibrary


class Norm(StrEnum):
    """How a network evens out what it sees."""

    HALF_OR_16 = "half-or-16"
    HALF = "half"


LasOption = Annotated[
    Path | None,
    typer.Option("--las", metavar="FOLDER", show_default=False, help="LAS files whose curves lend their shapes."),
]
NormOption = Annotated[
    Norm | None,
    typer.Option(
        "--norm", show_default=False, help="Rule for the size of GroupNorm groups; half-or-16 unless said otherwise."
    ),
]


def train(
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="MODEL", help="Folder of the model; goes on with an unfinished run."),
    ],
    steps: Annotated[int, typer.Option("--steps", min=1, help="Batches to learn from.")] = 6000,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Crops in a batch.")] = 4,
    size: Annotated[int, typer.Option("--size", min=32, help="Side of a crop in pixels, a multiple of 16.")] = 256,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed draws the same crops.")] = 1,
    base: Annotated[
        str | None,
        typer.Option("--base", metavar="M", help="Go on from this model instead of from nothing.", show_default=False),
    ] = None,
    rate: Annotated[float, typer.Option("--rate", min=1e-6, max=0.1, help="Learning rate at its highest.")] = 1e-3,
    las: LasOption = None,
    binary: Annotated[
        bool, typer.Option("--binary", help="Tell curves from paper only, not solid from dashed.")
    ] = False,
    encoder: Annotated[
        str | None,
        typer.Option(
            "--encoder",
            metavar="E",
            show_default=False,
            help="Start from what 'curvedesk pretrain' wrote to this folder, or from the first half of a model.",
        ),
    ] = None,
    front: Annotated[int, typer.Option("--front", min=0, max=5, metavar="K", help="Take only its first K stages.")] = 5,
    bottleneck: Annotated[
        bool, typer.Option("--bottleneck/--no-bottleneck", help="Take its innermost layers, too.")
    ] = True,
    frozen: Annotated[bool, typer.Option("--frozen", help="Leave what was taken over as it is.")] = False,
    norm: NormOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Train a network on synthetic logs.

    They are drawn on the fly. Training can be stopped at any moment and goes on when started again. At the end the
    folder holds weights, manifest and card, and can be given to --model anywhere. With --encoder it starts from what
    was learnt on scans without labels.
    """
    check_size(size)
    _check_start(base, encoder, frozen=frozen)
    library = read_library(las)
    from curvedesk.learn.checkpoints import load_model, save_model
    from curvedesk.learn.encoders import load_encoder
    from curvedesk.learn.net import Mode, NormRule
    from curvedesk.learn.train import TrainConfig
    from curvedesk.learn.train import train as learn

    started = load_model(base) if base else None
    given = load_encoder(encoder) if encoder else None
    mode = started.net.mode if started else Mode.BINARY if binary else Mode.MULTICLASS
    config = TrainConfig(
        steps=steps, batch=batch, size=size, seed=seed, lr=rate, mode=mode, rule=NormRule(_rule(norm, started, given)),
        encoder=given.name if given else "", front=front, bottleneck=bottleneck, frozen=frozen,
    )  # fmt: skip
    lines: list[Progress] = []
    with progress_bar("Training") as progress:

        def report(line: "Progress") -> None:
            lines.append(line)
            progress(line.step, line.steps)

        net = learn(
            make_folder(output),
            config,
            base=started.net if started else None,
            encoder=given,
            library=library,
            device=device,
            report=report,
        )
    words = [f"curvedesk train --steps {steps} --batch {batch} --size {size} --seed {seed}"]
    words += [f"--rate {rate:g}"] + [f"--base {base}"] * (base is not None)
    words += [f"--encoder {encoder} --front {front}"] * (encoder is not None) + ["--no-bottleneck"] * (not bottleneck)
    words += ["--frozen"] * frozen + [f"--norm {norm}"] * (norm is not None)
    words += ["--las FOLDER"] * (las is not None) + ["--binary"] * binary + [f"-o {output.name}"]
    card = {
        "parent": started.id if started else given.id if given else None,
        "training": asdict(config),
        "tables": _tables(lines),
        "commands": [" ".join(words)],
    }
    save_model(output, net, card)
    typer.echo(f"{output}: trained for {steps} steps; use it with --model {output}")


def check_size(size: int) -> None:
    """A crop's side must fit the network's four halvings."""
    if size % 16:
        raise typer.BadParameter(f"{size} is not a multiple of 16", param_hint="--size")


def _check_start(base: str | None, encoder: str | None, *, frozen: bool) -> None:
    if base and encoder:
        raise typer.BadParameter("give either --base or --encoder", param_hint="--encoder")
    if frozen and not (base or encoder):
        raise typer.BadParameter("it needs --encoder or --base: random layers must learn", param_hint="--frozen")


def _rule(norm: Norm | None, base: "Model | None", encoder: "Pretrained | None") -> str:
    """The rule asked for, else that of what the training starts from.

    Raises ModelError where a base was trained with another; an encoder says so itself.
    """
    if base is not None and norm is not None and norm.value != base.net.rule.value:
        raise ModelError(
            f"Model {base.id} was trained with GroupNorm {base.net.rule}, so it cannot go on with {norm}: "
            "leave --norm out."
        )
    started = base.net.rule if base else encoder.rule if encoder else Norm.HALF_OR_16
    return str(norm or started)


def read_library(folder: Path | None) -> "CurveLibrary | None":
    """Curve shapes of a folder of LAS files; a CurveDeskError where there is no such folder or no curve in it."""
    if folder is None:
        return None
    from curvedesk.synth import CurveLibrary

    library = CurveLibrary.from_folder(folder)
    if not library.wells:
        raise CurveDeskError(f"{folder} holds no LAS file with a usable curve; give another folder to --las")
    return library


def _tables(lines: "list[Progress]") -> dict[str, str]:
    """The last validation, as the card's table."""
    checked = [line for line in lines if line.iou]
    if not checked:
        return {}
    rows = [f"| {name} | {value:.3f} |" for name, value in checked[-1].iou.items()]
    return {"Synthetic crops not trained on": "\n".join(["| class | IoU |", "| --- | --- |", *rows])}

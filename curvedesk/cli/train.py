"""``curvedesk train``: a network from synthetic logs."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from curvedesk.cli.options import Device, DeviceOption
from curvedesk.cli.outputs import make_folder
from curvedesk.cli.progress import progress_bar
from curvedesk.cli.scans_given import sources_of
from curvedesk.cli.training_options import (
    BatchesOption,
    BinaryOption,
    BottleneckOption,
    CropSeedOption,
    CropSizeOption,
    CropsOption,
    EncoderOption,
    FrozenStartOption,
    GoOnOption,
    LasOption,
    Loss,
    LossOption,
    MarkedScansOption,
    ModelFolderOption,
    Norm,
    NormOption,
    RateOption,
    StagesOption,
    TracedOption,
    check_size,
)
from curvedesk.domain.errors import CurveDeskError, ModelError

if TYPE_CHECKING:
    from torch.utils.data import Dataset

    from curvedesk.learn.checkpoints import Model
    from curvedesk.learn.encoders import Pretrained
    from curvedesk.learn.train import Progress, TrainConfig
    from curvedesk.synth import Crop, CurveLibrary


def train(
    output: ModelFolderOption,
    steps: BatchesOption = 6000,
    batch: CropsOption = 4,
    size: CropSizeOption = 256,
    seed: CropSeedOption = 1,
    base: GoOnOption = None,
    rate: RateOption = 1e-3,
    las: LasOption = None,
    scans: MarkedScansOption = None,
    traced: TracedOption = None,
    loss: LossOption = Loss.STROKE,
    binary: BinaryOption = False,
    encoder: EncoderOption = None,
    front: StagesOption = 5,
    bottleneck: BottleneckOption = True,
    frozen: FrozenStartOption = False,
    norm: NormOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Train a network on synthetic logs.

    They are drawn on the fly. Training can be stopped at any moment and goes on when started again. At the end the
    folder holds weights, manifest and card, and can be given to --model anywhere. With --encoder it starts from what
    was learnt on scans without labels; with --scans and --base it also learns from such scans, of which the base marks
    what it is sure of when it looks several times; with --traced from crops that were traced by hand.
    """
    check_size(size)
    _check_start(base, encoder, scans=bool(scans), traced=traced is not None, frozen=frozen)
    library = training_part(read_library(las))
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
        loss=str(loss), encoder=given.name if given else "", front=front, bottleneck=bottleneck, frozen=frozen,
    )  # fmt: skip
    data = None
    if scans and started:
        config, data = _marked(started, scans, config, library, device)
    elif traced:
        config, data = _traced(traced, config, library)
    lines: list[Progress] = []
    folder = make_folder(output)
    with progress_bar("Training") as progress:

        def report(line: "Progress") -> None:
            lines.append(line)
            progress(line.step, line.steps)

        learnt_from = started.net if started else None
        net = learn(
            folder, config, base=learnt_from, encoder=given, library=library, data=data, device=device, report=report
        )
    words = _words(config, base=base, encoder=encoder, norm=norm)
    words += ["--las FOLDER"] * (las is not None) + ["--binary"] * binary + [f"-o {output.name}"]
    parent = started.id if started else given.id if given else None
    about = {"parent": parent, "training": asdict(config), "tables": _tables(lines), "commands": [" ".join(words)]}
    save_model(output, net, about)
    typer.echo(f"{output}: trained for {steps} steps; use it with --model {output}")


def _words(config: "TrainConfig", *, base: str | None, encoder: str | None, norm: Norm | None) -> list[str]:
    """The command as the card shows it, so that others can train the same."""
    words = [f"curvedesk train --steps {config.steps} --batch {config.batch} --size {config.size} --seed {config.seed}"]
    words += [f"--rate {config.lr:g}"] + [f"--base {base}"] * (base is not None)
    words += ["--scans SCANS"] * bool(config.scans) + ["--traced FOLDER"] * bool(config.traced)
    words += [f"--loss {config.loss}"] * (config.loss != Loss.STROKE)
    words += [f"--encoder {encoder} --front {config.front}"] * (encoder is not None)
    words += ["--no-bottleneck"] * (not config.bottleneck) + ["--frozen"] * config.frozen
    return words + [f"--norm {norm}"] * (norm is not None)


def _marked(
    base: "Model", scans: list[Path], config: "TrainConfig", library: "CurveLibrary | None", device: str
) -> "tuple[TrainConfig, Dataset[Crop]]":
    """The settings and data of a training that takes a quarter of its crops from scans the base has marked."""
    from curvedesk.learn.data import CropDataset
    from curvedesk.learn.looks import scanned_data
    from curvedesk.learn.paper import fingerprint

    sources = sources_of(scans)
    drawn = CropDataset(config.seed, config.steps * config.batch, config.size, library)
    with progress_bar("Looking at scans") as progress:
        data = scanned_data(base, sources, drawn, device=device, progress=progress)
    return replace(config, scans=fingerprint(sources), scanned=data.share), data


def _traced(folder: Path, config: "TrainConfig", library: "CurveLibrary | None") -> "tuple[TrainConfig, Dataset[Crop]]":
    """The settings and data of a training that takes half of its crops from hand-traced ones."""
    from curvedesk.learn.data import CropDataset
    from curvedesk.learn.few import label_files
    from curvedesk.learn.wells import traced_data

    paths = [path for paths in label_files(folder).values() for path in paths]
    if not paths:
        raise CurveDeskError(f"{folder} holds no hand-traced crops (NAME.png with NAME.json): give another --traced.")
    drawn = CropDataset(config.seed, config.steps * config.batch, config.size, library)
    return replace(config, traced=len(paths)), traced_data(paths, drawn)


def _check_start(base: str | None, encoder: str | None, *, scans: bool, traced: bool, frozen: bool) -> None:
    if scans and traced:
        raise typer.BadParameter("give either --scans or --traced", param_hint="--traced")
    if scans and not base:
        raise typer.BadParameter("it needs --base, the model that marks them", param_hint="--scans")
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


def training_part(library: "CurveLibrary | None") -> "CurveLibrary | None":
    """One well in eight lends its curves to no training, so that tests can; of very few wells none is spared."""
    part = library.part(held_out=False) if library else None
    return part if part and part.wells else library


def _tables(lines: "list[Progress]") -> dict[str, str]:
    """The last validation, as the card's table."""
    checked = [line for line in lines if line.iou]
    if not checked:
        return {}
    rows = [f"| {name} | {value:.3f} |" for name, value in checked[-1].iou.items()]
    return {"Synthetic crops not trained on": "\n".join(["| class | IoU |", "| --- | --- |", *rows])}

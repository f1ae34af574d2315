"""``curvedesk pretrain``: a network looks at many scans before anybody says where the curves are."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from curvedesk.cli.options import Device, DeviceOption, DpiOption
from curvedesk.cli.outputs import make_folder
from curvedesk.cli.progress import progress_bar
from curvedesk.cli.scans_given import leave_out, sources_of
from curvedesk.cli.train import read_library
from curvedesk.cli.training_options import (
    BatchesOption,
    EncoderFolderOption,
    LasOption,
    LeakyOption,
    MixOption,
    Norm,
    NormOption,
    PieceSeedOption,
    PieceSizeOption,
    PiecesOption,
    RateOption,
    ScansArgument,
    SyntheticOption,
    check_size,
)

if TYPE_CHECKING:
    from curvedesk.learn.leaks import Leaks
    from curvedesk.learn.pretrain import PretrainConfig, PretrainProgress


def pretrain(
    scans: ScansArgument,
    output: EncoderFolderOption,
    steps: BatchesOption = 6000,
    batch: PiecesOption = 4,
    size: PieceSizeOption = 256,
    seed: PieceSeedOption = 1,
    synthetic: SyntheticOption = 0.25,
    mix: MixOption = "erase+denoise=0.7,mask=0.15,swap=0.15",
    rate: RateOption = 1e-3,
    las: LasOption = None,
    norm: NormOption = None,
    leaky: LeakyOption = False,
    dpi: DpiOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Let a network learn what paper logs look like, without labels.

    Pieces of the scans are spoiled, above all by erasing runs of curve, and the network learns to put back what was
    there. So it learns how pens run before it is told which ink is a curve. The result is where 'curvedesk train
    --encoder' starts. Scans that cannot be read are named and left out. Stop it at any moment; started again it goes
    on. ENCODER/loss.svg shows how it went.
    """
    check_size(size)
    from curvedesk.learn.corruptions import Mix
    from curvedesk.learn.encoders import save_encoder
    from curvedesk.learn.net import NormRule
    from curvedesk.learn.pretrain import PretrainConfig, probe_run
    from curvedesk.learn.pretrain import pretrain as learn

    Mix.parse(mix)
    library = read_library(las)
    sources = sources_of(scans, dpi=dpi)
    rule = NormRule(norm or Norm.HALF_OR_16)
    config = PretrainConfig(
        steps=steps, batch=batch, size=size, seed=seed, synthetic=synthetic, mix=mix, lr=rate, rule=rule, leaky=leaky
    )
    lines: list[PretrainProgress] = []
    folder = make_folder(output)
    with progress_bar("Pretraining") as progress:

        def report(line: "PretrainProgress") -> None:
            lines.append(line)
            progress(line.step, line.steps)
            _tell(line)

        net = learn(folder, config, sources=sources, library=library, device=device, report=report, fault=leave_out)
    leaks = probe_run(net, config, sources)
    save_encoder(output, net, _card(config, lines, leaks, len(sources), las=las is not None, name=output.name))
    typer.echo(f"{output}: pretrained on {len(sources)} scans; start from it with 'curvedesk train --encoder {output}'")


def _tell(line: "PretrainProgress") -> None:
    """A line for each validation, and its warning."""
    if line.val_loss is None or line.ratio is None or line.blank_loss is None:
        return
    typer.echo(
        f"step {line.step} of {line.steps}: loss {line.loss:.4f}, on held-out paper {line.val_loss:.4f} "
        f"(ratio {line.ratio:.2f}; blank paper would have {line.blank_loss:.4f})"
    )
    if line.warning:
        typer.echo(f"curvedesk: warning: {line.warning}", err=True)


def _card(
    config: "PretrainConfig", lines: "list[PretrainProgress]", leaks: "Leaks", scans: int, *, las: bool, name: str
) -> dict[str, object]:
    words = f"curvedesk pretrain SCANS --steps {config.steps} --batch {config.batch} --size {config.size}"
    words += f" --seed {config.seed} --synthetic {config.synthetic:g} --mix {config.mix} --rate {config.lr:g}"
    words += f" --norm {config.rule}" + " --leaky" * config.leaky + " --las FOLDER" * las + f" -o {name}"
    last = lines[-1]
    losses = {
        "training, mean since the line before": last.loss,
        "held-out paper": last.val_loss or 0.0,
        "the same, blank paper instead": last.blank_loss or 0.0,
    }
    probes = {"as trained": leaks.whole, "bottlenecks shuffled": leaks.shuffled, "bottleneck zeroed": leaks.zeroed}
    return {
        "training": asdict(config) | {"scans": scans},
        "tables": {"Loss": _table("pieces", losses), "Does it leak past the bottleneck?": _table("probe", probes)},
        "commands": [words],
    }


def _table(title: str, rows: dict[str, float]) -> str:
    return "\n".join([f"| {title} | loss |", "| --- | --- |", *(f"| {k} | {v:.4f} |" for k, v in rows.items())])

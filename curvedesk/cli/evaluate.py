"""``curvedesk evaluate``: the measured tables of a model's card."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from curvedesk.analyst_begin import Begin
from curvedesk.cli.evaluate_registration import registration_report
from curvedesk.cli.options import Device, DeviceOption, ModelOption
from curvedesk.cli.outputs import check_outputs
from curvedesk.cli.progress import progress_bar
from curvedesk.cli.train import read_library, training_part
from curvedesk.cli.training_options import LasOption

if TYPE_CHECKING:
    from collections.abc import Callable

    from curvedesk.domain.curve import DigitisedLog
    from curvedesk.learn.checkpoints import Model
    from curvedesk.learn.report import Report


def evaluate(
    suite: Annotated[
        str,
        typer.Option(
            "--suite",
            metavar="NAME",
            help="synthetic, labels, sheets, strokes (a simulated analyst), poison (strokes that lie), rounds (three "
            "logs in turn), transfer (strokes on pairs of hand-traced crops), wells (what such crops teach about a "
            "well left out), warm-start (what --encoder is worth), depth (how many blocks a network from scratch may "
            "have), autoencoder (what it sees), robustness (worse and worse scans), or registration (how well the "
            "paper is read). Synthetic, autoencoder, robustness need no --data; strokes, poison, rounds draw paper "
            "without it.",
        ),
    ] = "synthetic",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="REPORT", help="Also write the tables to a file, as .md or .json."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="DIR",
            help="Hand-traced crops (labels, transfer, wells, warm-start, depth), sheets with their truth (sheets, "
            "strokes, poison, rounds, registration), or scans and what was measured on them (registration).",
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option("--only", metavar="NAMES", help="With strokes, poison, rounds, transfer: only these, as d01,d05."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="With the same: whose hand it is.")] = 1,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="With the same: so many hands, from --seed on.")] = 1,
    rows: Annotated[
        float | None,
        typer.Option("--rows", min=300, help="With strokes, poison, rounds: the middle so many rows of each sheet."),
    ] = None,
    strokes: Annotated[int, typer.Option("--strokes", min=1, help="With strokes, transfer: how many are drawn.")] = 5,
    accepts: Annotated[int, typer.Option("--accepts", min=0, help="With the same: how many stretches accepted.")] = 3,
    scales: Annotated[
        bool, typer.Option("--scales", help="With strokes: the hand also tells on which back-up scale a pen runs.")
    ] = False,
    begin: Annotated[
        Begin, typer.Option("--begin", help="With strokes: learn from the model, its encoder alone, or nothing.")
    ] = Begin.MASK,
    crops: Annotated[int, typer.Option("--crops", min=1, help="Synthetic crops to draw of each kind of paper.")] = 64,
    encoder: Annotated[
        str | None,
        typer.Option("--encoder", metavar="E", help="With warm-start, autoencoder: what 'curvedesk pretrain' wrote."),
    ] = None,
    las: LasOption = None,
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Measure how well a model does.

    Prints the tables that its card shows: on synthetic paper, on hand-traced crops, or on whole logs. The suite
    registration measures no model, but how well sheets are read off the paper.
    """
    check_outputs([output], inputs=[])
    from curvedesk.store.atomic import replacing

    with progress_bar("Measuring") as bar:

        def progress(fraction: float) -> None:
            bar(round(1000 * fraction), 1000)

        if suite == "registration":
            report = registration_report(_folder(data, suite), progress=progress)
        elif suite == "autoencoder":
            report = _autoencoder(encoder, crops=crops, progress=progress)
        elif suite == "warm-start":
            report = _warm_start(_folder(data, suite), encoder, output, device=device, progress=progress)
        elif suite == "depth":
            report = _depth(_folder(data, suite), output, device=device, progress=progress)
        elif suite == "wells":
            report = _wells(_folder(data, suite), model, las, output, device=device, progress=progress)
        else:
            hands, names = tuple(range(seed, seed + seeds)), tuple(only.split(",")) if only else ()
            asked = Asked(suite, data, names, hands, (strokes, accepts), scales, rows, crops, device, las, begin)
            report = _of_model(asked, model, progress)
    typer.echo(report.markdown().rstrip())
    if output is not None:
        with replacing(output) as part:
            part.write_text(report.json() if output.suffix == ".json" else report.markdown(), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Asked:
    """What to measure of a model."""

    suite: str
    data: Path | None
    only: tuple[str, ...]
    seeds: tuple[int, ...]
    said: tuple[int, int]  # strokes and accepted stretches
    scales: bool  # whether back-up scales are told
    rows: float | None
    crops: int
    device: str
    las: Path | None
    begin: Begin


def _of_model(asked: Asked, model: str | None, progress: "Callable[[float], None]") -> "Report":
    from curvedesk.learn.checkpoints import load_model
    from curvedesk.learn.evaluate import evaluate as measure

    loaded = load_model(model)
    if asked.suite in {"strokes", "poison", "rounds", "transfer"}:
        return _of_strokes(asked, loaded, progress)
    if asked.suite == "robustness":
        from curvedesk.learn.robustness import robustness

        return robustness(loaded, asked.data, crops=asked.crops, device=asked.device, progress=progress)
    return measure(
        asked.suite,
        loaded,
        data=asked.data,
        digitize=_digitizer(loaded, asked.device),
        library=read_library(asked.las),
        crops=asked.crops,
        device=asked.device,
        progress=progress,
    )


def _of_strokes(asked: Asked, model: "Model", progress: "Callable[[float], None]") -> "Report":
    from curvedesk.analyst import simulate
    from curvedesk.analyst_hand import Analyst
    from curvedesk.analyst_poison import poison
    from curvedesk.analyst_rounds import rounds
    from curvedesk.transfer import transfer

    where, only, seeds, rows, device = asked.data, asked.only, asked.seeds, asked.rows, asked.device
    hand = Analyst(*asked.said, reads_scales=asked.scales)
    if asked.suite == "transfer":
        found = where or Path()
        return transfer(found, model, names=only, seeds=seeds, analyst=hand, device=device, notify=progress)
    if asked.suite == "strokes":
        return simulate(
            where, model, names=only, seeds=seeds, analyst=hand, begin=asked.begin, rows=rows, device=device,
            notify=progress,
        )  # fmt: skip
    measure = {"poison": poison, "rounds": rounds}[asked.suite]
    return measure(where, model, names=only, seeds=seeds, rows=rows, device=device, notify=progress)


def _folder(data: Path | None, suite: str) -> Path:
    from curvedesk.domain.errors import CurveDeskError

    if data is None or not data.is_dir():
        what = "logs" if suite == "registration" else "hand-traced crops"
        raise CurveDeskError(f"The suite {suite} needs a folder of {what}: give one with --data.")
    return data


def _autoencoder(encoder: str | None, *, crops: int, progress: "Callable[[float], None]") -> "Report":
    if encoder is None:
        raise typer.BadParameter("autoencoder needs --encoder", param_hint="--suite")
    from curvedesk.learn.instrument import instrument

    return instrument(encoder, crops=crops, progress=progress)


def _warm_start(
    data: Path, encoder: str | None, output: Path | None, *, device: str, progress: "Callable[[float], None]"
) -> "Report":
    """Trainings that a stop interrupts go on at the next start: what is done is kept beside the report."""
    if encoder is None or output is None:
        raise typer.BadParameter("warm-start needs --encoder and -o", param_hint="--suite")
    from curvedesk.learn.encoders import load_encoder
    from curvedesk.learn.study import Study, study

    of = Study.of(load_encoder(encoder), data, device=device)
    return study(output.with_suffix(".runs.jsonl"), of, progress=progress)


def _depth(data: Path, output: Path | None, *, device: str, progress: "Callable[[float], None]") -> "Report":
    """Trainings that a stop interrupts go on at the next start, as with warm-start."""
    if output is None:
        raise typer.BadParameter("depth needs -o", param_hint="--suite")
    from curvedesk.learn.depth import depth
    from curvedesk.learn.study import Study

    return depth(output.with_suffix(".runs.jsonl"), Study.of(None, data, device=device), progress=progress)


def _wells(
    data: Path, model: str | None, las: Path | None, output: Path | None, *, device: str,
    progress: "Callable[[float], None]",
) -> "Report":  # fmt: skip
    """A training for each well; what is done is kept beside the report, as with warm-start."""
    if output is None:
        raise typer.BadParameter("wells needs -o", param_hint="--suite")
    from curvedesk.learn.checkpoints import load_model
    from curvedesk.learn.wells import LeftOut, leave_one_out

    of = LeftOut.of(load_model(model), data, library=training_part(read_library(las)), device=device)
    return leave_one_out(output.with_suffix(".runs.jsonl"), of, progress=progress)


def _digitizer(model: "Model", device: str) -> "Callable[[Path, Path], DigitisedLog]":
    """Scan and sheet, to the log."""

    def digitize(scan: Path, sheet: Path) -> "DigitisedLog":
        from curvedesk.domain.sheet import load_sheet
        from curvedesk.imaging import open_scan
        from curvedesk.pipeline import digitize as digitise

        meaning = load_sheet(sheet)
        with open_scan(scan, dpi=meaning.dpi) as opened:
            return digitise(opened, meaning, (), model, device=device)

    return digitize

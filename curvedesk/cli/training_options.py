"""Options of the verbs that train a network; words differ where what is learnt from differs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Norm(StrEnum):
    """How a network evens out what it sees."""

    HALF_OR_16 = "half-or-16"
    HALF = "half"


class Loss(StrEnum):
    """What a training of masks makes small."""

    STROKE = "stroke"
    DICE = "dice"


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
BatchesOption = Annotated[int, typer.Option("--steps", min=1, help="Batches to learn from.")]
RateOption = Annotated[float, typer.Option("--rate", min=1e-6, max=0.1, help="Learning rate at its highest.")]
CropSizeOption = Annotated[int, typer.Option("--size", min=32, help="Side of a crop in pixels, a multiple of 16.")]

# train
ModelFolderOption = Annotated[
    Path,
    typer.Option("-o", "--output", metavar="MODEL", help="Folder of the model; goes on with an unfinished run."),
]
CropsOption = Annotated[int, typer.Option("--batch", min=1, help="Crops in a batch.")]
CropSeedOption = Annotated[int, typer.Option("--seed", min=0, help="The same seed draws the same crops.")]
GoOnOption = Annotated[
    str | None,
    typer.Option("--base", metavar="M", help="Go on from this model instead of from nothing.", show_default=False),
]
MarkedScansOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--scans",
        metavar="SCAN",
        show_default=False,
        help="Learn from unlabelled scans too (files or folders, once for each): the base marks what it is sure of.",
    ),
]
TracedOption = Annotated[
    Path | None,
    typer.Option(
        "--traced",
        metavar="FOLDER",
        show_default=False,
        help="Learn from hand-traced crops of real paper too (NAME.json beside NAME.png): half of all crops.",
    ),
]
LossOption = Annotated[
    Loss, typer.Option("--loss", help="What is made small: stroke (cross-entropy and Tversky) or dice, for comparison.")
]
BinaryOption = Annotated[bool, typer.Option("--binary", help="Tell curves from paper only, not solid from dashed.")]
EncoderOption = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        metavar="E",
        show_default=False,
        help="Start from what 'curvedesk pretrain' wrote to this folder, or from the first half of a model.",
    ),
]
StagesOption = Annotated[int, typer.Option("--front", min=0, max=5, metavar="K", help="Take only its first K stages.")]
BottleneckOption = Annotated[bool, typer.Option("--bottleneck/--no-bottleneck", help="Take its innermost layers, too.")]
FrozenStartOption = Annotated[bool, typer.Option("--frozen", help="Leave what was taken over as it is.")]

# pretrain
MIX_HELP = (
    "What is done to the paper, with shares: plain (nothing), denoise (grain, specks), mask (patches go blank), swap "
    "(patches change places), erase (runs along curves vanish); '+' does two at once."
)
ScansArgument = Annotated[
    list[Path],
    typer.Argument(metavar="SCANS", show_default=False, help="Scanned logs, or folders of them; no labels needed."),
]
EncoderFolderOption = Annotated[
    Path,
    typer.Option("-o", "--output", metavar="ENCODER", help="Folder of the result; goes on with an unfinished run."),
]
PiecesOption = Annotated[int, typer.Option("--batch", min=1, help="Pieces of paper in a batch.")]
PieceSizeOption = Annotated[int, typer.Option("--size", min=32, help="Side of a piece in pixels, a multiple of 16.")]
PieceSeedOption = Annotated[int, typer.Option("--seed", min=0, help="The same seed draws the same pieces.")]
SyntheticOption = Annotated[
    float, typer.Option("--synthetic", min=0, max=1, metavar="SHARE", help="Share of pieces drawn, not scanned.")
]
MixOption = Annotated[str, typer.Option("--mix", metavar="MIX", help=MIX_HELP)]
LeakyOption = Annotated[
    bool, typer.Option("--leaky", help="Let the paper past the innermost layer; only to compare with.")
]

# finetune
MeaningOption = Annotated[
    Path, typer.Option("--sheet", metavar="SHEET", help="What the paper means.", show_default=False)
]
SaidOption = Annotated[Path, typer.Option("--strokes", metavar="S", help="What the analyst said.", show_default=False)]
BetterFolderOption = Annotated[
    Path,
    typer.Option(
        "-o", "--output", metavar="MODEL_DIR", help="Folder of the better of both models.", show_default=False
    ),
]
StartOption = Annotated[
    str | None,
    typer.Option("--base", metavar="M", show_default=False, help="Model to start from; without it, the model in use."),
]
PacksOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--pack", metavar="FILE", show_default=False, help="Strokes of another log, from 'curvedesk pack'; repeat."
    ),
]
SecondsOption = Annotated[
    float | None,
    typer.Option(
        "--max-seconds",
        min=5,
        metavar="N",
        show_default=False,
        help="Be done, judging included, after so many seconds.",
    ),
]
MostStepsOption = Annotated[int, typer.Option("--steps", min=1, help="Steps of training at most.")]
ModelSeedOption = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same model.")]
KeptStagesOption = Annotated[
    int | None,
    typer.Option("--front", min=0, max=5, show_default=False, help="Keep only so many encoder stages of the base."),
]
FrozenEncoderOption = Annotated[bool, typer.Option("--frozen", help="Leave the encoder as it is.")]
WholeOption = Annotated[
    bool, typer.Option("--whole", help="Let every weight learn, not only what scales features; for very many strokes.")
]
FromBundledOption = Annotated[
    bool, typer.Option("--from-bundled", help="Start from the model CurveDesk came with; --base is the one to beat.")
]
EventsOption = Annotated[bool, typer.Option("--json", help="One event a line on standard output.")]


def check_size(size: int) -> None:
    """A crop's side must fit the network's four halvings. Raises BadParameter."""
    if size % 16:
        raise typer.BadParameter(f"{size} is not a multiple of 16", param_hint="--size")

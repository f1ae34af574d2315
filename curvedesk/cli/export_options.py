"""Options of ``curvedesk digitize``: what goes in, which files come out, and what is in them."""

from pathlib import Path
from typing import Annotated

import typer

LasFileOption = Annotated[Path, typer.Option("-o", "--output", metavar="OUT.las", help="The LAS file to write.")]
SheetOption = Annotated[
    Path | None,
    typer.Option("--sheet", metavar="SHEET", help="What the paper means: depths, tracks, scales (*.sheet.json)."),
]
StrokesOption = Annotated[
    Path | None, typer.Option("--strokes", metavar="S", help="Corrections that bind the result (*.strokes.json).")
]
CsvOption = Annotated[Path | None, typer.Option("--csv", metavar="OUT.csv", help="Also write the table as CSV.")]
OverlayOption = Annotated[
    Path | None,
    typer.Option("--overlay", metavar="OUT.png", help="Also write a picture of the curves over the scan."),
]
ReportOption = Annotated[
    Path | None,
    typer.Option("--report", metavar="OUT.json", help="Also write coverage, confidence, quality and warnings."),
]
LabelsOption = Annotated[
    Path | None,
    typer.Option(
        "--labels", metavar="DIR", help="Also write crops and masks of the reviewed stretches, to train others."
    ),
]
AllLabelsOption = Annotated[
    bool, typer.Option("--all-labels", help="With --labels: crops of the whole log, not of what strokes reviewed.")
]
PartialOption = Annotated[
    bool, typer.Option("--partial", help="Leave doubtful readings and scales out (confidence under 0.5).")
]
TopOption = Annotated[
    float | None, typer.Option("--top", metavar="D", help="First depth, where it is not the sheet's.")
]
BottomOption = Annotated[
    float | None, typer.Option("--bottom", metavar="D", help="Last depth, where it is not the sheet's.")
]
StepOption = Annotated[
    float | None, typer.Option("--step", metavar="D", help="Depth step, where it is not the sheet's.")
]
NullOption = Annotated[
    float | None, typer.Option("--null", metavar="N", help="What the LAS writes where there is no reading.")
]
CurvesOption = Annotated[
    str | None, typer.Option("--curves", metavar="GR,ILD", help="Only these curves, in this order.")
]

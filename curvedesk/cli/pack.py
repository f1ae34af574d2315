"""``curvedesk pack``: strokes with small crops around them, to improve a model on another computer."""

from pathlib import Path
from typing import Annotated

import typer

from curvedesk.cli.options import Device, DeviceOption, DpiOption, ModelOption, ScanArgument
from curvedesk.cli.outputs import check_outputs


def pack(
    scan: ScanArgument,
    sheet: Annotated[Path, typer.Option("--sheet", metavar="SHEET", help="What the paper means.", show_default=False)],
    strokes: Annotated[Path, typer.Option("--strokes", metavar="S", help="What the analyst said.", show_default=False)],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE", help="The pack, such as LOG.pack.zip.", show_default=False),
    ],
    dpi: DpiOption = None,
    model: ModelOption = None,
    device: DeviceOption = Device.AUTO,
) -> None:
    """Write strokes with the paper around them, and no more of it.

    'curvedesk finetune --pack FILE' learns from it elsewhere. No name of a well, a curve or a file is in it, and
    nothing that says where on the scan a crop lay; but the crops themselves are paper that anyone can look at.
    """
    check_outputs([output], inputs=[scan, sheet, strokes])
    from curvedesk.domain.sheet import load_sheet
    from curvedesk.domain.strokes import load_strokes
    from curvedesk.imaging import open_scan
    from curvedesk.improve import packed_strokes
    from curvedesk.interchange.stroke_packs import write_pack
    from curvedesk.learn.checkpoints import load_model

    meaning, said = load_sheet(sheet), load_strokes(strokes)
    with open_scan(scan, dpi=dpi) as opened:
        crops = packed_strokes(opened, meaning, said, load_model(model), device=device)
    write_pack(output, crops)
    typer.echo(f"{len(crops)} crops of {crops[0].paper.shape[0]} x {crops[0].paper.shape[0]} pixels are in {output}.")

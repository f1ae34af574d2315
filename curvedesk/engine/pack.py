"""The `pack` job: strokes with small crops around them, to train on another computer."""

from pathlib import Path

from curvedesk.domain.errors import ScanError
from curvedesk.domain.sheet import parse_sheet
from curvedesk.domain.strokes import parse_strokes
from curvedesk.engine.models import Models
from curvedesk.engine.work import Work
from curvedesk.imaging import open_scan
from curvedesk.improve import packed_strokes
from curvedesk.interchange.stroke_packs import write_pack
from curvedesk.protocol.jobs import PackJob
from curvedesk.protocol.messages import Progress, Result


def run_pack(job: PackJob, work: Work, models: Models) -> Result:
    """Look around the strokes and write the file."""
    sheet = parse_sheet(job.sheet, source="the sheet")
    strokes = parse_strokes(job.strokes, source="the strokes")
    work.say(Progress(job.id, "look", 0, 0))
    with open_scan(job.scan, dpi=sheet.dpi or job.dpi, page=job.page) as scan:
        if job.sha256 and scan.sha256 != job.sha256:
            raise ScanError(f"{job.scan}: it is not the scan that was opened; open it again")
        crops = packed_strokes(scan, sheet, strokes, models.get(job.model), device=job.device)
    work.check()
    write_pack(Path(job.pack), crops)
    return Result(job.id, {"pack": job.pack}, {"crops": len(crops), "name": Path(job.pack).name})

"""The `register` job: the sheet, read off the paper, its parts told as they are found."""

from pathlib import Path
from typing import Any

from curvedesk.domain.errors import ScanError
from curvedesk.domain.sheet import Sheet, dump_sheet
from curvedesk.engine.work import Work
from curvedesk.imaging import open_scan
from curvedesk.protocol.jobs import RegisterJob
from curvedesk.protocol.messages import Preview, Result
from curvedesk.registration.propose import propose_sheet
from curvedesk.store.atomic import write_json

SHEET_FILE = "sheet.json"


def run_register(job: RegisterJob, work: Work) -> Result:
    """Propose the sheet and write it. Raises ScanError, Cancelled, ExportError."""

    found: dict[str, Any] = {}

    def tell(name: str, confidence: float, value: object) -> None:
        found[name] = value
        data: dict[str, Any] = {"name": name, "confidence": float(confidence)}
        if "depth" in found and "tracks" in found:
            data["sheet"] = dump_sheet(Sheet(Path(job.scan).name, job.dpi, {}, found["depth"], found["tracks"]))
        work.say(Preview(job.id, "part", data))

    with open_scan(job.scan, dpi=job.dpi, page=job.page) as scan:
        if job.sha256 and scan.sha256 != job.sha256:
            raise ScanError(f"{job.scan}: it is not the scan that was opened; open it again")
        report = work.phase("register")
        sheet = propose_sheet(scan, dpi=job.dpi, progress=report, cancelled=work.is_cancelled, part=tell)
    path = Path(job.out) / SHEET_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, dump_sheet(sheet))
    return Result(job.id, {"sheet": str(path)})

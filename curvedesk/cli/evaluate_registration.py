"""The suite `registration` of ``curvedesk evaluate``: how well sheets are read off the paper."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curvedesk.learn.report import Report

WORKS_BY = "the reader of paper"


def registration_report(folder: Path, *, progress: Callable[[float], None]) -> "Report":
    """Read every log below `folder` whose registration is known, and compare. Raises CurveDeskError."""
    from curvedesk.learn.report import Report, table_of
    from curvedesk.registration import score_suite

    readings = score_suite.read_known(folder, progress=progress)
    note = (
        f"{len(readings)} logs, each read with nothing but its scan. Errors in 200 dpi pixels, at 50 rows of the log. "
        f"Right: depths within {score_suite.DEPTH_DRAWN_PX:g} px (median) on a rendered log, within "
        f"{score_suite.DEPTH_PAPER_PX:g} px (median) and {100 * score_suite.DEPTH_PART:g} % (everywhere) on real "
        f"paper; a track's borders within {score_suite.BORDER_DRAWN_PX:g} px, or {score_suite.BORDER_PAPER_PX:g} px on "
        "real paper; a curve with its name, both values, scale, pen and back-up range."
    )
    tables = (
        table_of("All together", "kind", score_suite.together(readings)),
        table_of("What sureness is worth", "part", score_suite.sureness(readings)),
        table_of("Log by log", "log", score_suite.each_log(readings)),
    )
    return Report("registration", WORKS_BY, note, tables)

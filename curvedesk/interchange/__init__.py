"""What leaves the program: LAS, CSV, reports, pictures and labels, all that was asked for or nothing."""

from curvedesk.interchange.csv_file import write_csv
from curvedesk.interchange.las import write_las
from curvedesk.interchange.overlay import write_overlay
from curvedesk.interchange.report import write_report

__all__ = ["write_csv", "write_las", "write_overlay", "write_report"]

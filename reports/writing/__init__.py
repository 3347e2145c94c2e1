"""How reports are written out: parameters, headings, CSV."""

from reports.writing.csv_export import content_disposition, safe_cell, to_csv
from reports.writing.params import CHOICES, ReportParams
from reports.writing.tables import HEADINGS, consolidated_csv, late_csv, obstacles_csv, ranking_csv

__all__ = [
    "CHOICES",
    "HEADINGS",
    "ReportParams",
    "consolidated_csv",
    "content_disposition",
    "late_csv",
    "obstacles_csv",
    "ranking_csv",
    "safe_cell",
    "to_csv",
]

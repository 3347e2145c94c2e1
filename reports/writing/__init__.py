"""How reports are written out: parameters, headings, CSV."""

from reports.writing.csv_export import DELIMITERS, content_disposition, safe_cell, to_csv
from reports.writing.params import CHOICES, ReportParams
from reports.writing.text_size import FONT, height_of, lines_of, width_of

__all__ = [
    "CHOICES",
    "DELIMITERS",
    "FONT",
    "ReportParams",
    "content_disposition",
    "height_of",
    "lines_of",
    "safe_cell",
    "to_csv",
    "width_of",
]

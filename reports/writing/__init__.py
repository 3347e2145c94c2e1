"""How reports are written out: parameters, headings, CSV."""

from reports.writing.csv_export import DELIMITERS, content_disposition, safe_cell, to_csv
from reports.writing.params import CHOICES, ReportParams

__all__ = ["CHOICES", "DELIMITERS", "ReportParams", "content_disposition", "safe_cell", "to_csv"]

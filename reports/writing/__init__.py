"""How reports are written out: parameters, the typed table, CSV, XLSX, DOCX."""

from reports.writing.by_part import ByPart
from reports.writing.csv_export import (
    AT_ONCE,
    DELIMITERS,
    blocks_to_csv,
    content_disposition,
    csv_of,
    safe_cell,
    to_csv,
)
from reports.writing.docx import docx_of, with_annexes
from reports.writing.heads import heads
from reports.writing.page import fitted_to_page
from reports.writing.params import CHOICES, ReportParams, one_of
from reports.writing.picture import Picture, rates_picture
from reports.writing.table import (
    MOST_BARS,
    MOST_PLACES,
    Chart,
    Column,
    Drawn,
    Formula,
    Head,
    Kind,
    Live,
    Rank,
    Ref,
    Row,
    Table,
    is_empty,
    misses_its_sum,
    parts_of,
    places_for,
)
from reports.writing.text_size import FONT, height_of, width_of
from reports.writing.texts import printed_rate, text_of, texts_of
from reports.writing.xlsx import LiveSheet, xlsx_of

# files that are there whole or not at all, by their ending
WRITERS = {"xlsx": xlsx_of, "docx": docx_of}

__all__ = [
    "AT_ONCE",
    "CHOICES",
    "DELIMITERS",
    "FONT",
    "MOST_BARS",
    "MOST_PLACES",
    "WRITERS",
    "ByPart",
    "Chart",
    "Column",
    "Drawn",
    "Formula",
    "Head",
    "Kind",
    "Live",
    "LiveSheet",
    "Picture",
    "Rank",
    "Ref",
    "ReportParams",
    "Row",
    "Table",
    "blocks_to_csv",
    "content_disposition",
    "csv_of",
    "docx_of",
    "fitted_to_page",
    "heads",
    "height_of",
    "is_empty",
    "misses_its_sum",
    "one_of",
    "parts_of",
    "places_for",
    "printed_rate",
    "rates_picture",
    "safe_cell",
    "text_of",
    "texts_of",
    "to_csv",
    "width_of",
    "with_annexes",
    "xlsx_of",
]

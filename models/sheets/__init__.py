"""Files as offices send them: opened, understood and put into words, without the database."""

from models.sheets.a1 import a1, column_of, letters, place_of
from models.sheets.findings import Findings
from models.sheets.form_marks import (
    FORM_SHEET,
    FormColumn,
    FormMarks,
    FormRow,
    Holds,
    read_marks,
)
from models.sheets.marked import marked_file
from models.sheets.marks import WORST, Mark
from models.sheets.own_form import Ordinary, read_own_form
from models.sheets.pasted import has_head, pasted_file, pasted_text, with_given
from models.sheets.picture import Picture, picture_of
from models.sheets.reading import read
from models.sheets.said import (
    ColumnSeen,
    DecisionSeen,
    Field,
    Line,
    Reading,
    SheetSeen,
    Value,
)
from models.sheets.shapes import (
    NOWHERE,
    Ask,
    At,
    Book,
    Cell,
    Finding,
    Grid,
    Kind,
    Known,
    KnownComponent,
    KnownProject,
    KnownUnit,
    Level,
    Option,
    Span,
)

__all__ = [
    "FORM_SHEET",
    "NOWHERE",
    "WORST",
    "Ask",
    "At",
    "Book",
    "Cell",
    "ColumnSeen",
    "DecisionSeen",
    "Field",
    "Finding",
    "Findings",
    "FormColumn",
    "FormMarks",
    "FormRow",
    "Grid",
    "Holds",
    "Kind",
    "Known",
    "KnownComponent",
    "KnownProject",
    "KnownUnit",
    "Level",
    "Line",
    "Mark",
    "Option",
    "Ordinary",
    "Picture",
    "Reading",
    "SheetSeen",
    "Span",
    "Value",
    "a1",
    "column_of",
    "has_head",
    "letters",
    "marked_file",
    "pasted_file",
    "pasted_text",
    "picture_of",
    "place_of",
    "read",
    "read_marks",
    "read_own_form",
    "with_given",
]

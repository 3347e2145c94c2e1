"""Files as offices send them: opened, understood and put into words, without the database."""

from models.sheets.a1 import a1, column_of, letters, place_of
from models.sheets.marking import Mark, is_harmless, marked_book
from models.sheets.picture import Picture, picture_of
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
    Ask,
    At,
    Book,
    Cell,
    Finding,
    Grid,
    Kind,
    Known,
    Level,
    Option,
    Part,
    Span,
    Unit,
    Work,
)

__all__ = [
    "Ask",
    "At",
    "Book",
    "Cell",
    "ColumnSeen",
    "DecisionSeen",
    "Field",
    "Finding",
    "Grid",
    "Kind",
    "Known",
    "Level",
    "Line",
    "Mark",
    "Option",
    "Part",
    "Picture",
    "Reading",
    "SheetSeen",
    "Span",
    "Unit",
    "Value",
    "Work",
    "a1",
    "column_of",
    "is_harmless",
    "letters",
    "marked_book",
    "picture_of",
    "place_of",
]

"""The box for cells that were copied from a spreadsheet, as record screens show it."""

from dataclasses import dataclass

from flask_login import current_user

from admin.access import may_import
from models import LineKind, Nature, ProjectStatus, Source
from models.base import new_key
from models.sheets import Field, Kind

MOST_COLUMNS = 8
# what the columns of pasted cells can be, and how they are when nothing is said
PASTED_COLUMNS: dict[Kind, tuple[Field, ...]] = {
    Kind.ALLOCATIONS: (
        Field.UNIT, Field.PROJECT_CODE, Field.PROJECT, Field.PART, Field.AMOUNT, Field.INCREASE,
        Field.DECREASE, Field.SOURCE, Field.NATURE, Field.VINTAGE, Field.LINE_KIND, Field.NOTE,
    ),
    Kind.PROJECTS: (
        Field.PROJECT_CODE, Field.PROJECT, Field.PART, Field.UNIT, Field.START, Field.END,
        Field.INVESTMENT, Field.STATUS, Field.NOTE,
    ),
}  # fmt: skip
USUAL: dict[Kind, tuple[Field, ...]] = {
    Kind.ALLOCATIONS: (Field.UNIT, Field.PROJECT, Field.AMOUNT),
    Kind.PROJECTS: (
        Field.PROJECT, Field.UNIT, Field.PART, Field.START, Field.END, Field.INVESTMENT,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PasteBox:
    """What the box offers: meanings of columns, and how they are when nothing is said."""

    columns: tuple[Field, ...]
    usual: tuple[Field, ...]
    of_capital: bool
    key: str
    most: int = MOST_COLUMNS
    kinds: tuple[LineKind, ...] = tuple(LineKind)
    sources: tuple[Source, ...] = tuple(Source)
    natures: tuple[Nature, ...] = tuple(Nature)
    states: tuple[ProjectStatus, ...] = tuple(ProjectStatus)


def paste_box(kind: Kind) -> PasteBox | None:
    """The box for files of this kind; None for people who may not bring them in."""
    if not may_import(current_user, kind):
        return None
    return PasteBox(PASTED_COLUMNS[kind], USUAL[kind], kind is Kind.ALLOCATIONS, new_key())

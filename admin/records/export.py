"""Export of a list: every row that the list shows, streamed, safe in a spreadsheet.

Plain columns are selected and written column by column, so that a cell costs no call of ours
(240,000 rows pass in constant memory).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any
from typing import cast as cast_to

from flask import Response
from flask_babel import lazy_gettext
from sqlalchemy import Enum, Integer, Select, String, cast, type_coerce

from admin.access import csv_response
from admin.words import label
from models import db
from models.base import Percent, UtcDateTime, local, reading_only
from reports.writing import AT_ONCE, blocks_to_csv


@dataclass(frozen=True)
class Exported:
    """One column of the file: heading, expression and, where it must be, a function per cell."""

    heading: Any
    column: Any
    kind: type[StrEnum] | None = None
    write: Any = None


def exported(label: Any, column: Any) -> Exported:
    """One column under its label (a message id or a text), written as its type asks for."""
    label = lazy_gettext(label) if type(label) is str else label
    kind = column.type
    if isinstance(kind, Enum) and kind.enum_class is not None:
        # every choice of ours is a StrEnum (models/base.choice)
        return Exported(label, cast(column, String), cast_to(type[StrEnum], kind.enum_class))
    if isinstance(kind, Percent):
        return Exported(label, hundredths(column), write=as_percent)
    return Exported(label, column, write=as_moment if isinstance(kind, UtcDateTime) else None)


def writer(exported: Exported) -> Any:
    """What puts the cells of a column into words, in the language of the reader, if anything."""
    if exported.kind is None:
        return exported.write
    return {member.value: str(label(member)) for member in exported.kind}.get


def hundredths(column: Any) -> Any:
    """A percentage without the cost of a Decimal: the stored hundredths."""
    return type_coerce(column, Integer)


@lru_cache(10_001)  # from 0.00 to 100.00
def as_percent(value: int | None) -> str | None:
    """`1565` hundredths → `15.65`."""
    return None if value is None else f"{value // 100}.{value % 100:02d}"


def as_moment(value: Any) -> str | None:
    """An instant as it stood on a clock in Vietnam, ISO 8601 with its offset."""
    return None if value is None else local(value).isoformat(timespec="seconds")


def _with_comma(write: Any) -> Any:
    """`write` for a spreadsheet with a decimal comma."""
    if write is not as_percent:
        return write
    return lambda value: None if value is None else as_percent(value).replace(".", ",")


def streamed(
    parts: Iterable[Select[Any]],
    columns: tuple[Exported, ...],
    name: str,
    *,
    delimiter: str = ",",
) -> Response:
    """A CSV of statements one after the other, whose entities are replaced by `columns`.

    They are asked inside the body, of one moment: the session of the view is gone by then, the
    scope is not.
    """
    headings = [str(column.heading) for column in columns]
    writers = {i: write for i, column in enumerate(columns) if (write := writer(column))}
    if delimiter == ";":
        writers = {i: _with_comma(write) for i, write in writers.items()}

    def blocks() -> Iterator[Any]:
        session = db.session()
        with reading_only(session):
            session.see_one_moment()
            for part in parts:
                asked = part.with_only_columns(
                    *(column.column for column in columns), maintain_column_froms=True
                )
                yield from session.plain_rows(asked, at_once=AT_ONCE)

    pieces = blocks_to_csv(headings, blocks(), delimiter=delimiter, writers=writers)
    return csv_response(pieces, name)

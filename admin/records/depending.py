"""The sentence that says what depends on a record, with ways to the lists of those records."""

from typing import Any

from flask import current_app
from markupsafe import Markup, escape
from sqlalchemy.orm import QueryableAttribute

from admin.words import counted, say, shown_as
from models import RuleBroken
from models.base import Counts, pointers

_ON_ITS_PAGE = frozenset({"allocation_line"})  # has no list; stands on the page of what it hangs on


def linked(refusal: RuleBroken, row: Any) -> Markup:
    """The sentence of a refusal to delete `row`; each count leads to the list that shows those."""
    text = escape(say(refusal))
    for counts in refusal.values.values():
        if isinstance(counts, Counts):
            ways = [
                _link(words, _address(table, row))
                for words, table in zip(counted(counts), counts, strict=True)
            ]
            text = text.replace(escape(", ".join(counted(counts))), Markup(", ").join(ways))
    return text


def _link(words: str, address: str | None) -> Markup:
    return (
        escape(words) if address is None else Markup('<a href="{}">{}</a>').format(address, words)
    )


def _address(table: str, row: Any) -> str | None:
    """The list of a table narrowed to what hangs on `row`; None where there is none to see."""
    for view in current_app.extensions["admin"][0]._views:
        model = getattr(view, "model", None)
        if model is None or not view.is_accessible():
            continue
        if table in _ON_ITS_PAGE and model is type(row):
            return str(view.get_url(f"{view.endpoint}.details_view", id=row.id))
        if shown_as(model.__tablename__) == shown_as(table):
            values = {
                one.code: value
                for one in view.filters or ()
                if (value := _narrowed(one.column, model, row)) is not None
            }
            named = {f"flt{at}_{code}": value for at, (code, value) in enumerate(values.items())}
            return str(view.get_url(f"{view.endpoint}.index_view", **named)) if named else None
    return None


def _narrowed(column: Any, model: Any, row: Any) -> Any:
    """The value of a filter on `column` for what hangs on `row`; None where it says nothing."""
    if not isinstance(column, QueryableAttribute):
        return None
    if column.class_ is type(row) and column.key == "code":
        return row.code
    if column.class_ is not model:
        return None
    if hasattr(column.property, "mapper"):
        return row.id if column.property.mapper.class_ is type(row) else None
    if column.key == "investor_id" and hasattr(row, "investor_id"):
        return row.investor_id  # a code of a project is one only within its unit
    pointed = pointers(model.__table__, type(row).__tablename__)
    return row.id if column.property.columns[0] in pointed else None

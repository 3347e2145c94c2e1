"""Search-as-you-type choices: folded search, rows of the person's scope, at most 20 at a time."""

from collections.abc import Callable
from typing import Any

from flask_admin.model.ajax import AjaxModelLoader
from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from admin.records.words import called
from models import db
from models.base import escape_like, fold, read_id, read_line
from models.catalogue import decision_number

MOST = 20
LONGEST = 200


def row_id(text: Any) -> int | None:
    """The id that an address or a form names, or None where it cannot be one."""
    return read_id(str(text))


def search_terms(typed: str | None) -> list[str]:
    """Folded words of a search, wildcards made harmless. Raises RuleBroken for a longer one."""
    return [escape_like(term) for term in fold(read_line(typed or "", LONGEST)).split()]


def matches(typed: str | None, *columns: Any) -> ColumnElement[bool]:
    """Condition that every word typed occurs in one of the folded `columns`, as it was typed or
    with plain dashes: numbers of decisions are stored with these.
    """
    return and_(
        true(),
        *(
            or_(
                *(
                    column.like(f"%{spelled}%", escape="\\")
                    for spelled in dict.fromkeys((term, decision_number(term)))
                    for column in columns
                )
            )
            for term in search_terms(typed)
        ),
    )


class Lookup(AjaxModelLoader):
    """Rows of one table, found by their folded text."""

    def __init__(
        self,
        name: str,
        model: Any,
        order: tuple[Any, ...],
        narrow: Callable[[Select[Any]], Select[Any]] = lambda statement: statement,
        **options: Any,
    ) -> None:
        super().__init__(name, {"minimum_input_length": 0} | options)
        self.model, self.order, self.narrow = model, order, narrow

    def format(self, model: Any) -> tuple[Any, str] | None:
        return (model.id, called(model)) if model else None

    def get_one(self, pk: Any) -> Any:
        number = row_id(pk)
        if number is None:
            return None
        with db.session.no_autoflush:
            return db.session.scalar(self.narrow(select(self.model)).where(self.model.id == number))

    def get_list(self, query: str, offset: int = 0, limit: int = MOST) -> list[Any]:
        """Never more than 20 rows, whatever the address asks for."""
        limit = min(max(limit or MOST, 1), MOST)
        statement = (
            self.narrow(select(self.model))
            .where(matches(query, self.model.search_text))
            .order_by(*self.order, self.model.id)
            .limit(limit)
            .offset(min(max(offset or 0, 0), 10_000))
        )
        return list(db.session.scalars(statement))

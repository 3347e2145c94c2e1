"""The pages of a list that is too long to count: by the key of a row, or by number as far as that
is cheap. A page says which row it follows, so nothing before it is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from flask import flash, g
from flask_admin.model.base import ViewArgs
from flask_babel import gettext as _
from sqlalchemy import Join, Select, select

from admin.records.heads import first_of, first_under
from admin.records.places import WALKED, joins_of, place_of, thinned
from admin.records.seek import COUNTED, JUMPED, Turn, counted, further
from models import db


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """Where a page of a long list stands: its number where that is known, and the addresses of
    its neighbours, None where there is none.
    """

    page: int | None
    first: str | None
    previous: str | None
    next: str | None
    last: str | None


class Asked(ViewArgs):
    """What the address asks of a list. Where it is long: the page behind or before a row, or the
    last one, whose number is known only if it was counted on the way (`page` is None otherwise).
    """

    def __init__(
        self,
        *,
        after: int | None = None,
        before: int | None = None,
        is_last: bool = False,
        **rest: Any,
    ) -> None:
        super().__init__(**rest)
        self.after, self.before, self.is_last = after, before, is_last
        self.shown: list[Any] = []
        self.has_more = False

    @property
    def beyond(self) -> dict[str, int]:
        """As an address names it."""
        named = {"after": self.after, "before": self.before, "last": 1 if self.is_last else None}
        return {name: value for name, value in named.items() if value is not None}


class LongList:
    """What a record list does where there are more than COUNTED rows."""

    model: Any
    eager: ClassVar[tuple[Any, ...]]

    def joined(self, statement: Select[Any]) -> Select[Any]:
        raise NotImplementedError

    @cached_property
    def joins(self) -> list[Join]:
        """Those of the list; taken from a statement once, which takes as long as a short page."""
        return joins_of(self.joined(select(self.model)))

    def rows_in_order(
        self,
        listed: Select[Any],
        turns: Sequence[Turn],
        most: int,
        skipped: int = 0,
        *,
        is_long: bool = False,
        start: Sequence[Any] = (),
        too: bool = False,
    ) -> list[Any]:
        """Rows of the list in an order, with what is shown of them: behind `start`, the values of
        the first parts of the order, or at these `too`.

        A list in the order of another table, such as by period, is asked for its first values
        alone, or those from `start` on, where these are enough: then nobody puts all rows in
        order to show fifty of them. Nor those of a month where the list is long and its order
        goes on by another table: the first of its rows are asked for those of this one.
        """
        ordered = listed.order_by(*(turn.order for turn in turns)).options(*self.eager)
        page = ordered.limit(most).offset(skipped)
        if start:
            page = page.where(further(turns, start, too=too))
        needed = skipped + most
        parts = first_under(db.session(), listed, turns, self.model, start, needed)
        for head in parts if is_long else ():
            rows = list(db.session.scalars(page.where(head)))
            if len(rows) == most:
                return rows
        if (first := first_of(listed, turns[0], self.model, *start[:1])) is not None:
            rows = list(db.session.scalars(page.where(first)))
            if len(rows) == most:
                return rows
        return list(db.session.scalars(page))

    def _in_order(self, *args: Any, **how: Any) -> list[Any]:
        return self.rows_in_order(*args, is_long=True, **how)

    def rows_of_long(
        self, listed: Select[Any], turns: list[Turn], size: int, asked: Asked
    ) -> list[Any]:
        """The rows of a page of a long list: behind a row, before a row, from the end, or by the
        number of the page where the row is not there any more or none was named.
        """
        values = self._values(turns, asked.after or asked.before)
        if asked.is_last or (values and asked.before):
            back = [turn.back for turn in turns]
            start = () if asked.is_last or not values else values
            rows = self._in_order(listed, back, size, start=start)[::-1]
            if len(rows) == size:
                asked.shown, asked.has_more = rows, not asked.is_last
                return rows
            values, asked.page = None, 0  # fewer than a page: the list begins here
        if values:
            rows = self._in_order(listed, turns, size + 1, start=values)
        else:
            rows = self._numbered(listed, turns, size, asked)
        asked.shown, asked.has_more = rows[:size], len(rows) > size
        return asked.shown

    def _values(self, turns: Sequence[Turn], key: int | None) -> Sequence[Any] | None:
        """Where the row of this id stands in an order; None where it does not stand in the list."""
        if key is None:
            return None
        one = self.joined(select(self.model)).where(self.model.id == key)
        keys = (turn.key.label(f"key{n}") for n, turn in enumerate(turns))
        return db.session.execute(
            one.with_only_columns(*keys, maintain_column_froms=True)
        ).one_or_none()

    def _numbered(
        self, listed: Select[Any], turns: Sequence[Turn], size: int, asked: Asked
    ) -> list[Any]:
        """The rows of a page by its number, and one more."""
        asked.page = asked.page or 0
        if asked.page * size <= WALKED:
            return self._in_order(listed, turns, size + 1, asked.page * size)
        if not self._opens_by_number(listed):
            most = COUNTED // size
            if asked.page > most:
                flash(
                    _(
                        "A list as long as this one opens by number as far as page %(page)s. "
                        "Narrow it, or go on by “Next”.",
                        page=most + 1,
                    ),
                    "warning",
                )
            asked.page = min(asked.page, most)
            return self._in_order(listed, turns, size + 1, asked.page * size)
        asked.page, values, left = place_of(
            db.session(), listed, self.joins, self.model, turns, asked.page, size
        )
        return self._in_order(listed, turns, size + 1, left, start=values, too=True)

    def _opens_by_number(self, listed: Select[Any]) -> bool:
        """Whether the list, if not its whole table, is short enough to count it anew."""
        return any(
            (db.session.scalar(counted(one, JUMPED)) or 0) <= JUMPED
            for one in (select(self.model), thinned(listed, self.joins, self.model))
        )

    def stretch(self) -> Stretch | None:
        """The neighbours of this page where the list is long; None where its pages are numbered."""
        asked: Asked = g.list_args
        if not asked.shown:
            return None
        begins = asked.page == 0
        further_on = None if asked.page is None else asked.page + 1
        return Stretch(
            page=asked.page,
            first=None if begins else self._address(asked, 0),
            previous=None
            if begins
            else self._address(asked, (asked.page or 1) - 1 or None, before=asked.shown[0].id),
            next=self._address(asked, further_on, after=asked.shown[-1].id)
            if asked.has_more
            else None,
            last=self._address(asked, None, last=1) if asked.has_more else None,
        )

    def _address(self, asked: Asked, page: int | None, **beyond: int) -> str:
        return str(self._get_list_url(asked.clone(page=page, extra_args=beyond)))

    def _get_list_url(self, view_args: ViewArgs) -> str:
        """Also of this very page of a long list, to which a form leads back."""
        if isinstance(view_args, Asked):
            view_args = view_args.clone(extra_args=view_args.beyond)
        return str(super()._get_list_url(view_args))  # type: ignore[misc]

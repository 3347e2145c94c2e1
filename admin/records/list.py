"""The list behind a record screen: one statement for the page, its count and its export."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, ClassVar

from flask import Response, flash, g, make_response, request
from flask_admin import expose
from flask_admin.model.base import ViewArgs
from flask_babel import gettext as _
from sqlalchemy import Select, select

from admin.access import address_by
from admin.records.filters import Filter, option_tags
from admin.records.long import Asked, LongList
from admin.records.lookup import matches, search_terms
from admin.records.places import thinned
from admin.records.seek import COUNTED, Turn, counted, growing, turn_of, values_of
from admin.words import say
from models import RuleBroken, db
from models.base import clean_line, read_id

LAST_PAGE = 100_000
MOST_FILTERS = 20
MOST_ROWS = 100  # on a page


class RecordList(LongList):
    """Joins spelled out, folded search, known filters and sorts, the id last in every order."""

    model: Any
    eager: ClassVar[tuple[Any, ...]] = ()
    search_columns: ClassVar[tuple[Any, ...]] = ()
    searched_by: Any = None
    sorts: ClassVar[dict[str, tuple[Any, ...]]] = {}
    default_order: ClassVar[tuple[Any, ...]] = ()
    filters: ClassVar[tuple[Filter, ...]] = ()

    def joined(self, statement: Select[Any]) -> Select[Any]:
        """`statement` with the joins that search, filters, sorts and eager columns need."""
        return statement

    def narrowed(self, statement: Select[Any], search: str | None, filters: Any) -> Select[Any]:
        """`statement` with the conditions of the page."""
        if search_terms(search) and self.search_columns:
            statement = statement.where(matches(search, *self.search_columns))
        for index, _name, value in filters or ():
            flt = self.filters[index]
            statement = flt.apply(statement, flt.clean(value))
        return statement

    option_tags = staticmethod(option_tags)

    @cached_property
    def _absent(self) -> frozenset[Any]:
        """Tables of which a row of the list may have none."""
        return frozenset(join.right for join in self.joins if join.isouter)

    def turns(self, column: Any, descending: Any) -> list[Turn]:
        """The order of the page, part by part; equal rows always come in the same order."""
        chosen = (_in_vietnamese(part) for part in self.sorts.get(column, ()))
        parts = [
            *((part.desc() if descending else part) for part in chosen),
            *self.default_order,
            self.model.id,
        ]
        return [turn_of(part, absent=self._absent) for part in parts]

    def in_parts(self, listed: Select[Any], turns: list[Turn]) -> Iterator[Select[Any]]:
        """All rows of a list in an order, in parts that follow each other. Where the order is
        that of another table, such as by period, the first part is small: nobody waits for its
        first row until all of them are read, summed up and put in order.
        """
        ordered = listed.order_by(*(turn.order for turn in turns))
        asked = values_of(turns[0], self.model)
        if asked is None:
            yield ordered
            return
        for part in growing(turns[0], db.session.scalars(asked).all()):
            yield ordered.where(part)

    def get_list(
        self,
        page: int | None,
        sort_column: Any,
        sort_desc: Any,
        search: str | None,
        filters: Any,
        execute: bool = True,
        page_size: int | None = None,
    ) -> tuple[int, list[Any]]:
        """How many rows there are, as far as they are counted, and those of one page; none
        where the page asks amiss.
        """
        if g.get("list_refused"):
            return 0, []
        listed = self.narrowed(self.joined(select(self.model)), search, filters)
        found = db.session.scalar(counted(thinned(listed, self.joins, self.model), COUNTED)) or 0
        turns, size = self.turns(sort_column, sort_desc), page_size or self.page_size  # type: ignore[attr-defined]
        asked: Asked = g.get("list_args") or Asked(page=page)
        if found > COUNTED:
            return found, self.rows_of_long(listed, turns, size, asked)
        asked.page = min(page or 0, max(0, found - 1) // size)  # past the end stands the last page
        return found, self.rows_in_order(listed, turns, size, asked.page * size)

    def row_address(self, endpoint: str, return_url: str) -> Callable[[object], str]:
        """The address of a page of one row, by its id: made once for all rows of a list."""
        return address_by(self.get_url(endpoint, url=return_url), "id")  # type: ignore[attr-defined]

    @expose("/")
    def index_view(self) -> Response:
        """The list; 422 and without rows where it is narrowed by what cannot be understood."""
        page = make_response(super().index_view())  # type: ignore[misc]
        if g.get("list_refused"):
            page.status_code = 422
        return page

    def init_search(self) -> bool:
        return bool(self.search_columns)

    def search_placeholder(self) -> Any:
        return self.searched_by

    def get_sortable_columns(self) -> dict[Any, Any]:
        return dict.fromkeys(name for name, parts in self.sorts.items() if parts)

    def scaffold_auto_joins(self) -> list[Any]:
        return []

    def get_filters(self) -> list[Any]:
        return list(self.filters)

    def get_filter_arg(self, index: int, flt: Any) -> str:
        return str(flt.code)

    def _refresh_filters_cache(self) -> None:
        """Without options: these are asked for at every request, when the person is known."""
        self._filters = self.get_filters()
        self._filter_args = {flt.code: (i, flt) for i, flt in enumerate(self._filters)}

    def _get_filter_groups(self) -> dict[str, dict[str, Any]] | None:
        """What the form shows of each filter, by its name, which is its own in the list."""
        return {
            str(flt.name): {
                "arg": flt.code,
                "operation": str(flt.operation()),
                "options": flt.get_options(self) or None,
                "type": flt.data_type,
            }
            for flt in self._filters
        } or None

    def _get_list_filter_args(self) -> list[Any]:
        """Filters of the address in their order, also those whose value is refused: they stand in
        the form as they were typed."""
        found: list[Any] = []
        for name, value in request.args.items():
            position, _sep, code = name.removeprefix("flt").partition("_")
            if not name.startswith("flt") or not value.strip():
                continue
            if len(found) == MOST_FILTERS:
                _refuse(_("A list takes at most %(most)s filters.", most=MOST_FILTERS))
                break
            index, flt = self._filter_args.get(code, (0, None))
            if flt is None:
                _refuse(_("This list has no filter “%(name)s”.", name=clean_line(name)[:60]))
                continue
            try:
                flt.clean(value)
            except RuleBroken as refusal:
                _refuse(f"{flt.name}: {say(refusal)}")
            except ValueError:
                _refuse(_("The filter “%(name)s” does not know this value.", name=flt.name))
            found.append((position, (index, str(flt.name), clean_line(value))))
        return [flt for _position, flt in sorted(found, key=lambda pair: pair[0])]

    def _get_list_extra_args(self) -> ViewArgs:
        """What the address asks for: pages and orders within bounds, and what narrows the list
        as it was typed. What cannot be understood of that is refused, once for a request."""
        sort, search = _asked("sort", -1), clean_line(request.args.get("search", ""))
        try:
            search_terms(search)
        except RuleBroken as refusal:
            _refuse(f"{_('Search')}: {say(refusal)}")
        after, before = _asked("after") or None, _asked("before") or None
        is_last = bool(_asked("last"))
        page = min(max(_asked("page"), 0), LAST_PAGE)
        g.list_args = Asked(
            page=page or (None if after or before or is_last else 0),
            after=after,
            before=before,
            is_last=is_last,
            page_size=min(max(_asked("page_size"), 0), MOST_ROWS),
            sort=sort if 0 <= sort < 1_000 else None,
            sort_desc=1 if _asked("desc") else None,
            search=search or None,
            filters=self._get_list_filter_args(),
            extra_args={},
        )
        return g.list_args


def _refuse(why: str) -> None:
    """Say why the list is not shown; the page asks for its address several times."""
    refused: list[str] = g.setdefault("list_refused", [])
    if why not in refused:
        refused.append(why)
        flash(why, "error")


def _asked(name: str, default: int = 0) -> int:
    """A number of the address, or `default` where it names none."""
    number = read_id(request.args.get(name, ""))
    return default if number is None else number


def _in_vietnamese(part: Any) -> Any:
    """Names are put in the order of a Vietnamese dictionary, the same on both databases."""
    owner = getattr(part, "class_", None)
    if owner is not None and getattr(owner, "sort_field", None) == part.key:
        return owner.sort_text
    return part

"""Where a page of a long list begins that is asked for by its number: rows are counted by their
place in the order, over as few tables as can tell them apart, and not put in order.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Join, Select, func, inspect, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.util import ClauseAdapter, find_tables
from sqlalchemy.sql.visitors import iterate

from admin.records.seek import Turn, plain

WALKED = 5_000  # rows that an offset may walk over


def joins_of(statement: Select[Any]) -> list[Join]:
    """The joins of a statement, the last one first."""
    found: list[Join] = []
    join = statement.get_final_froms()[0]
    while isinstance(join, Join):
        found.append(join)
        join = join.left
    return found


def place_of(
    session: Session,
    listed: Select[Any],
    joins: Sequence[Join],
    model: Any,
    turns: Sequence[Turn],
    page: int,
    size: int,
) -> tuple[int, list[Any], int]:
    """Where a page begins: (its number, the values of as many parts of the order as are needed to
    come near it, rows from there on that stand before it). Past the end stands the last page.
    """
    values: list[Any] = []
    skipped = page * size
    for turn in turns[:-1]:  # the last tells every row from every other: nothing is counted there
        group = _group_of(listed, joins, model, turn, skipped)
        value, before, found = session.execute(group).one()
        if skipped >= found:
            last = (int(found) - 1) // size
            return place_of(session, listed, joins, model, turns, last, size)
        values.append(value)
        skipped -= int(before)
        if skipped <= WALKED:
            break
        listed = listed.where(turn.same(value))
    return page, values, skipped


def _group_of(
    listed: Select[Any], joins: Sequence[Join], model: Any, turn: Turn, skipped: int
) -> Select[Any]:
    """(value, rows before that value, all rows) of those among which the one behind `skipped`
    stands, of the last ones where there are fewer.
    """
    groups = _counts(listed, joins, model, plain(turn.key)).subquery()
    key, rows = groups.c.key, groups.c.rows
    upto = func.sum(rows).over(order_by=turn._replace(key=key).order)
    found = select(
        key, (upto - rows).label("before"), upto.label("upto"), func.sum(rows).over().label("found")
    ).subquery()
    return (
        select(found.c.key, found.c.before, found.c.found)
        .where(or_(found.c.upto > skipped, found.c.upto == found.c.found))
        .order_by(found.c.upto)
        .limit(1)
    )


def _counts(listed: Select[Any], joins: Sequence[Join], model: Any, key: Any) -> Select[Any]:
    """How many rows of the list have each value.

    Where the value stands in another table, rows are counted by what leads there, then these sums
    by what leads on: an index tells the first, and every step joins far fewer rows than the last.
    """
    conditions = _conditions(listed)
    joins = _needed(joins, key, *conditions)
    way = [inspect(model).local_table, *(join.right for join in joins)]
    if not _is_straight(way, joins, key, conditions):
        whole = _joined(select(model), joins).where(*conditions).group_by(key)
        return whole.with_only_columns(
            key.label("key"), func.count().label("rows"), maintain_column_froms=True
        )
    found: Select[Any] = select(model)
    rows: ColumnElement[int] = func.count()
    for n, table in enumerate(way):
        if n:
            groups = found.subquery()
            found = _joined(select(groups.c.rows), joins[n - 1 : n], ClauseAdapter(groups))
            rows = func.sum(groups.c.rows)
        is_last = n == len(joins)
        leads = [key] if is_last else _columns(table, joins[n].onclause)
        shown = [key.label("key")] if is_last else leads
        grouped: Any = found.with_only_columns(
            *shown, rows.label("rows"), maintain_column_froms=True
        ).group_by(*leads)
        found = grouped.where(*conditions_on(listed, table))
    return found


def _is_straight(way: Sequence[Any], joins: Sequence[Join], key: Any, conditions: Any) -> bool:
    """Whether one table leads to the next, as far as that of the value, and each condition is about
    one of them.
    """
    return (
        _tables(key) == {way[-1]}
        and all(_tables(join.onclause) == {*way[n : n + 2]} for n, join in enumerate(joins))
        and all(len(_tables(one)) == 1 for one in conditions)
    )


def _columns(table: Any, on: Any) -> list[Any]:
    """Those of a table in a condition, each once."""
    found = (one for one in iterate(on) if isinstance(one, ColumnClause))
    return list({one.key: one for one in found if one.table == table}.values())


def thinned(listed: Select[Any], joins: Sequence[Join], model: Any) -> Select[Any]:
    """The same rows, without the tables that only their look and order need."""
    conditions = _conditions(listed)
    return _joined(select(model), _needed(joins, *conditions)).where(*conditions)


def _joined(found: Select[Any], joins: Sequence[Join], adapter: Any = None) -> Select[Any]:
    for join in joins:
        on = join.onclause if adapter is None else adapter.traverse(join.onclause)
        found = found.join(join.right, on, isouter=join.isouter)
    return found


def _needed(joins: Sequence[Join], *parts: Any) -> list[Join]:
    """Those without which the parts cannot be told, or which a row may be left out by; the first
    one first.
    """
    found: list[Join] = []
    wanted = _tables(*parts)
    for join in joins:
        may_leave_out = not join.isouter and any(
            getattr(one, "nullable", False) for one in iterate(join.onclause)
        )
        if join.right in wanted or may_leave_out:
            wanted |= _tables(join.onclause)
            found.append(join)
    return found[::-1]


def _conditions(listed: Select[Any]) -> list[Any]:
    return list(listed._where_criteria)


def conditions_on(listed: Select[Any], table: Any) -> list[Any]:
    """Those of a list that are about this table alone."""
    return [one for one in _conditions(listed) if _tables(one) == {table}]


def _tables(*parts: Any) -> set[Any]:
    return {table for part in parts for table in find_tables(part, check_columns=True)}

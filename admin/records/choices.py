"""The choices that several screens offer, always within the scope of the person."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import g
from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import aliased

from admin.records.lookup import Lookup
from admin.words import names_today
from models import Component, Decision, Investor, Period, Project, db
from models.base import now
from models.calendar import MONEY_KINDS, PeriodCode
from models.duty import is_open


def investors() -> Lookup:
    return Lookup("investor", Investor, (Investor.sort_order, Investor.code))


def projects() -> Lookup:
    return Lookup("project", Project, (Project.code,))


def decisions() -> Lookup:
    return Lookup("decision", Decision, (Decision.issued_on.desc(), Decision.number))


def undivided_components() -> Iterable[Component]:
    """Components of the lowest level, which alone hold projects (domain §1.2)."""
    child = aliased(Component)
    return db.session.scalars(
        select(Component)
        .where(~select(child.id).where(child.parent_id == Component.id).exists())
        .order_by(Component.sort_order, Component.code, Component.id)
    )


def investor_options() -> list[tuple[int, str]]:
    return _options()["investor"]


def component_options() -> list[tuple[int, str]]:
    return _options()["component"]


def period_codes() -> list[str]:
    """Codes of all periods, the latest first, a quarter above its last month."""
    codes = (words for _key, words in _options()["period"])
    return sorted(codes, key=lambda code: (PeriodCode.parse(code).months[-1], code), reverse=True)


def _options() -> dict[str, list[tuple[int, str]]]:
    """What the filters of lists offer, in one query a request: a list page has only eight."""
    if "filter_options" not in g:
        found: dict[str, list[tuple[int, str]]] = {"investor": [], "component": [], "period": []}
        rows = db.session.execute(
            union_all(
                select(
                    literal("investor").label("kind"),
                    Investor.id.label("id"),
                    Investor.short_name.label("words"),
                    Investor.sort_order.label("place"),
                    Investor.code.label("code"),
                ),
                select(
                    literal("component"),
                    Component.id,
                    Component.code + " " + Component.short_name,
                    Component.sort_order,
                    Component.code,
                ),
                select(literal("period"), Period.id, Period.code, literal(0), Period.code),
            ).order_by("kind", "place", "code", "id")
        )
        ahead = names_today()
        for kind, key, words, _place, _code in rows.all():  # one by one they take twice as long
            if kind == "investor" and key in ahead:
                words = ahead[key]["short_name"]
            found[kind].append((key, words))
        g.filter_options = found
    options: dict[str, list[tuple[int, str]]] = g.filter_options
    return options


def values_of(column: Any) -> Callable[[], list[Any]]:
    """What stands in a column, the latest first: the choices of a filter."""
    return lambda: list(db.session.scalars(select(column).distinct().order_by(column.desc())))


def open_periods() -> list[Period]:
    """Months and closing periods that take figures, the latest first."""
    return list(
        db.session.scalars(
            select(Period)
            .where(is_open(now()), Period.kind.in_(MONEY_KINDS))
            .order_by(Period.data_to.desc(), Period.code)
        )
    )

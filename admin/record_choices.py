"""The choices that several screens offer, always within the scope of the person."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from admin.record_lookup import Lookup
from models import Component, Decision, Investor, Period, PeriodStatus, Project, db


def investors() -> Lookup:
    return Lookup("investor", Investor, (Investor.sort_order, Investor.code))


def projects() -> Lookup:
    return Lookup("project", Project, (Project.code,))


def decisions() -> Lookup:
    return Lookup("decision", Decision, (Decision.issued_on.desc(), Decision.number))


def components() -> Iterable[Component]:
    """The whole tree, in its order."""
    return db.session.scalars(
        select(Component).order_by(Component.sort_order, Component.code, Component.id)
    )


def undivided_components() -> Iterable[Component]:
    """Components of the lowest level, which alone hold projects (domain §1.2)."""
    child = aliased(Component)
    return db.session.scalars(
        select(Component)
        .where(~select(child.id).where(child.parent_id == Component.id).exists())
        .order_by(Component.sort_order, Component.code, Component.id)
    )


def investor_options() -> list[tuple[Any, str]]:
    rows = db.session.execute(
        select(Investor.id, Investor.short_name).order_by(Investor.sort_order, Investor.code)
    )
    return [(key, name) for key, name in rows]


def component_options() -> list[tuple[Any, str]]:
    rows = db.session.execute(
        select(Component.id, Component.code, Component.short_name).order_by(
            Component.sort_order, Component.code
        )
    )
    return [(key, f"{code} {name}") for key, code, name in rows]


def period_codes() -> list[str]:
    return list(db.session.scalars(select(Period.code).order_by(Period.data_to.desc())))


def open_periods() -> list[Period]:
    """Periods that take figures, the latest first."""
    return list(
        db.session.scalars(
            select(Period)
            .where(Period.status == PeriodStatus.OPEN)
            .order_by(Period.data_to.desc(), Period.code)
        )
    )

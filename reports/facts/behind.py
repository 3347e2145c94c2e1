"""What was added up ahead of the rows behind figures of the office: how many, and their sums."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, case, or_, select, union_all
from sqlalchemy.orm import Session

from models import WHOLE, OfficeSum, Period, UnitSum
from models.base import among, summed
from models.calendar import MONEY_KINDS
from models.ledger import counted_periods, counts_alike
from reports.facts.figures import NAMES, Figures
from reports.facts.kept import COUNTS, Stale, itself, of_periods, stale_units

_KEYS = (Period.id, Period.kind, Period.data_from, Period.data_to)
_AMOUNTS = (*NAMES, *COUNTS.values())


@dataclass(frozen=True)
class Ahead:
    """Sums of a period as they were added up ahead, without those of the units that are `stale` by
    now, and how many `lines` stand behind each amount of the plan.

    `shown`: by first and last day of the reporting periods, how many amounts of each stand behind
    what is disbursed of the year; None where these are not those as of the day of the period.
    """

    stale: Stale
    sums: Figures
    lines: Figures
    shown: tuple[tuple[date, date, Figures], ...] | None


def kept_behind(
    session: Session, period: Period, basis: str, components: Collection[int] | None
) -> Ahead | None:
    """What is kept of all projects, or of those right under these components; None where it is not
    kept, or not to be used.
    """
    stale = stale_units(session, or_(itself(period), counted_periods(period)), basis)
    if stale is None:
        return None
    rows = session.execute(_kept(stale, components)).all()
    own = next((row for row in rows if row.id == period.id), None)
    if own is None:  # its days are others by now
        return None
    months = sorted(
        (row for row in rows if row.kind in MONEY_KINDS), key=lambda row: (row.data_to, row.id)
    )
    is_apart = all(row.data_to < after.data_from for row, after in pairwise(months))
    is_told = bool(months) and is_apart and counts_alike(session, months[0].data_to, period.data_to)
    return Ahead(
        stale=stale,
        sums=Figures(*(getattr(own, name) for name in NAMES)),
        lines=_counts(own),
        shown=tuple((row.data_from, row.data_to, _counts(row)) for row in months if is_told)
        or None,
    )


def _counts(row: Any) -> Figures:
    return Figures(**{name: getattr(row, count) for name, count in COUNTS.items()})


def _kept(stale: Stale, components: Collection[int] | None) -> Select[Any]:
    """A row for each period, also where it has nothing under these components."""

    def asked(kept: Any, which: ColumnElement[bool], sign: int) -> Select[Any]:
        amounts = (
            case((which, sign * getattr(kept, name)), else_=0).label(name) for name in _AMOUNTS
        )
        return of_periods(kept, (*_KEYS, *amounts), stale)

    def meant(kept: Any) -> ColumnElement[bool]:
        of = kept.component_id
        return of == WHOLE if components is None else among(of, components)

    parts = [asked(OfficeSum, meant(OfficeSum), 1)]
    if stale.units:
        less = asked(UnitSum, meant(UnitSum), -1)
        parts.append(less.where(among(UnitSum.investor_id, stale.units)))
    every = union_all(*parts).subquery("every")
    keys = [every.c[key.key] for key in _KEYS]
    sums = (summed(every.c[name]).label(name) for name in _AMOUNTS)
    return select(*keys, *sums).group_by(*keys)

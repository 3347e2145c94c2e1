"""The one adder: what was disbursed, by what was reported and counts (domain §3.2, design §4).

Every page takes its sums from here. The rules that are said once in this module:

* net of a row is `net_of` of its five amounts, corrections inside;
* what counts on a basis: of each report the last sending that is accepted (`accepted`), or
  accepted or waiting (`submitted`). `known` adds the drafts of reports of which nothing counts
  yet: what the unit and the ledger go by. A report that was opened again changes no sum until
  it is sent: the sending before it, kept whole (`models.returns`), stands;
* sums of net amounts and corrections are made of the rollup that the database keeps
  (`models.returns.counted`), equal to those of the reports; what else is asked of amounts, and
  what is known without counting, is read where it was reported;
* `HDK` and `TDCS` are memo figures, outside unless asked for;
* after a merger a đồng counts with the unit that holds the capital (`transfers.py`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from models.base import among, summed
from models.calendar import Period, typed_for
from models.capital import BUDGET_SOURCES, Allocation
from models.ledger.steering import unsteered
from models.ledger.transfers import Place, is_capital_of
from models.returns import (
    COUNTED,
    CountedDisbursement,
    Disbursement,
    ProgressEntry,
    Sending,
    SentDisbursement,
    SentEntry,
    Submission,
    of_report,
)

IN_BUDGET = Allocation.source.in_(BUDGET_SOURCES)
BASES = ("submitted", "accepted", "known")


def held_by(units: Collection[int] | None) -> tuple[ColumnElement[bool], ...]:
    """Conditions on Allocation beside what is joined to it: held by these units; none for all."""
    return () if units is None else (among(Allocation.investor_id, units, joined=True),)


@dataclass(frozen=True, kw_only=True)
class Source:
    """One of the places where amounts lie: the reports, the sendings kept whole, or the rollup of
    what counts of both.

    `report`, `entry` and `money` are the mapped classes, one and the same in the rollup, which has
    no entries; `there` says with which allocation an
    amount counts when the sum is one as of a day. `asked` is an alias of Period where the sum is
    made for several periods at once: of what was reported for earlier ones of the budget year.
    """

    report: Any
    entry: Any
    money: Any
    parent: str
    there: Place | None = field(default=None, compare=False)
    asked: Any = field(default=None, compare=False)

    @property
    def net(self) -> ColumnElement[int]:
        """Net disbursement of a row in đồng."""
        return _net(self.money)

    @property
    def holder(self) -> tuple[Any, Any]:
        """(unit id, allocation id) with which a row counts."""
        if self.there is None:
            return self.money.investor_id, self.money.allocation_id
        return Allocation.investor_id, Allocation.id

    @property
    def holds(self) -> ColumnElement[bool]:
        """How entries belong to their report."""
        return _joins(self)[0]

    @property
    def is_kept(self) -> bool:
        return self.report is Sending

    @property
    def is_rollup(self) -> bool:
        return self.report is self.money

    def counts(self, basis: str) -> ColumnElement[bool]:
        """Condition on `report`: what it holds counts on the basis."""
        if self.is_rollup:
            return getattr(CountedDisbursement, f"counts_{basis}").is_(True)  # type: ignore[no-any-return]
        if self.is_kept:
            stands = Sending.stands_accepted if basis == "accepted" else Sending.stands_submitted
            return stands.is_(True)
        if basis == "known":
            return ~exists().where(
                of_report(Sending, Submission), Sending.stands_submitted.is_(True)
            )
        return Submission.status.in_(COUNTED[basis])

    def select(self, *columns: Any) -> Select[Any]:
        """These columns of the amounts, each with its period, report, entry and capital."""
        statement = self._of_periods(select(*(self.of_capital(one) for one in columns))).join(
            self.report, self.report.period_id == Period.id
        )
        if not self.is_rollup:
            holds, books = _joins(self)
            statement = statement.join(self.entry, holds).join(self.money, books)
        if self.there is None:
            return statement.join(Allocation, is_capital_of(self.money))
        placed: Select[Any] = self.there.join(statement, self.money)
        return placed

    def of_capital(self, expression: Any) -> Any:
        """What is said of Allocation, of the capital with which an amount counts here."""
        return expression if self.there is None else self.there.of_capital(expression)

    def _of_periods(self, statement: Select[Any]) -> Select[Any]:
        if self.asked is None:
            return statement.select_from(Period)
        earlier = and_(typed_for(self.asked.budget_year), Period.data_to < self.asked.data_from)
        return statement.select_from(self.asked).join(Period, earlier)


# made once: a page asks for many sums, and making an expression costs more than its answer
@cache
def _net(money: Any) -> ColumnElement[int]:
    return money.net  # type: ignore[no-any-return]


@cache
def _joins(source: Source) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """How entries belong to their report, and amounts to their entry."""
    report, entry, money = source.report, source.entry, source.money
    return (
        and_(
            entry.investor_id == report.investor_id,
            getattr(entry, source.parent) == report.id,
        ),
        and_(money.investor_id == unsteered(entry.investor_id), money.entry_id == entry.id),
    )


REPORTS = Source(report=Submission, entry=ProgressEntry, money=Disbursement, parent="submission_id")
KEPT = Source(report=Sending, entry=SentEntry, money=SentDisbursement, parent="sending_id")
ROLLUP = Source(report=CountedDisbursement, entry=None, money=CountedDisbursement, parent="")


def sources(day: Any = None) -> tuple[Source, ...]:
    """Both places where amounts are reported; with a day, amounts count with the capital as
    mergers had moved it by then: each place twice, for what stayed and for what was moved. The
    day may be a parameter.
    """
    return _placed((REPORTS, KEPT), day)


def _placed(places: tuple[Source, ...], day: Any, asked: Any = None) -> tuple[Source, ...]:
    if day is None:
        return places
    return tuple(
        replace(source, there=Place(day, is_moved=is_moved), asked=asked)
        for source in places
        for is_moved in (False, True)
    )


@dataclass(frozen=True, kw_only=True)
class Question:
    """Sums by keys, both named; `where` narrows the rows."""

    by: Mapping[str, Any] = field(default_factory=dict)
    sums: Mapping[str, Any]
    where: Sequence[ColumnElement[bool]] = ()


def add_up(
    session: Session,
    ask: Callable[[Source], Question],
    *,
    basis: str,
    day: date | None = None,
    memo: bool = False,
) -> Sequence[Row[Any]]:
    """The sums of what counts on `basis`, one row per key, in one statement.

    `ask` is put to the places in turn. `memo` takes the memo sources in: only where they are
    told apart by the keys. A sum over no row is None.
    """
    return session.execute(summing(ask, basis=basis, day=day, memo=memo)).all()


def summing(
    ask: Callable[[Source], Question],
    *,
    basis: str,
    day: Any = None,
    memo: bool = False,
    by_report: bool = False,
    before: Any = None,
) -> Select[Any]:
    """The statement of `add_up`, for those who keep it; `day` may be a parameter.

    `by_report`: more is asked of amounts than net and correction, so they are read where they
    were reported. `before` is an alias of Period: the sum is made for each of these periods, of
    what was reported for earlier ones of its budget year; `day` may then be a column of it.
    """
    places = (REPORTS, KEPT) if by_report or basis == "known" else (ROLLUP,)
    asked = [(source, ask(source)) for source in _placed(places, day, before)]
    both = union_all(
        *(
            source.select(
                *(column.label(name) for name, column in question.by.items()),
                *(summed(amount).label(name) for name, amount in question.sums.items()),
            )
            .where(
                source.counts(basis),
                *map(source.of_capital, (*question.where, *(() if memo else (IN_BUDGET,)))),
            )
            .group_by(*map(source.of_capital, question.by.values()))
            for source, question in asked
        )
    ).subquery("paid")
    names = asked[0][1]
    keys = [both.c[name] for name in names.by]
    whole = (summed(both.c[name]).label(name) for name in names.sums)
    return select(*keys, *whole).group_by(*keys)


def content_nets(source: Source, key: Any, *where: ColumnElement[bool]) -> Select[Any]:
    """(key, net) of state budget capital in one place, whether it counts or not.

    For what is no sum of reports: drafts, and the sendings of one report one by one.
    """
    return (
        source.select(key.label("key"), summed(source.net).label("net"))
        .where(IN_BUDGET, *where)
        .group_by(key)
    )


@cache
def reported_in(basis: str) -> Select[Any]:
    """Ids of the units of which a report counts on the basis in the period `:period_id`."""
    both = union_all(
        *(
            select(source.report.investor_id).where(
                source.report.period_id == bindparam("period_id"), source.counts(basis)
            )
            for source in (REPORTS, KEPT)
        )
    ).subquery("reported")
    return select(both.c.investor_id).distinct()


def stands(basis: str = "submitted") -> ColumnElement[bool]:
    """Condition on Submission: some sending of it counts on the basis."""
    return or_(
        REPORTS.counts(basis),
        exists().where(of_report(Sending, Submission), KEPT.counts(basis)),
    )

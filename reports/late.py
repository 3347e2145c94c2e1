"""The list of units that sent late or not at all (Biểu 03, domain §4.3), and its grid."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Delivery, ExpectedReport, Investor, Period, Reminder, Submission
from models.base import among, local_day
from models.calendar import MONEY_KINDS, PeriodKind, Punctuality
from models.catalogue import names_on
from models.duty import LATE, LISTED, Standing, standings, times_late
from models.returns import is_sent_again
from reports.facts import code_in, short_name_in
from reports.writing import ByPart


@dataclass(frozen=True, kw_only=True, slots=True)
class LateRow:
    """One unit of a period; the fields and their order are the keys of design §6."""

    no: int
    code: str
    investor: str
    period: str
    deadline: datetime
    status: str
    first_submitted_at: datetime | None
    days_late: int
    missed_in_year: int
    contact: str
    phone: str
    note: str


KEYS = tuple(field.name for field in fields(LateRow))


def late(
    session: Session, *, period: Period, as_of: datetime, show_all: bool = False
) -> Sequence[LateRow]:
    """Units late or missing in a period as known at `as_of`; with `show_all` every expected one.

    Days are calendar days in Vietnam, counted for a missing unit up to `as_of`, or until the period
    was locked. The first complete sending decides (design §4). Before the deadline nobody is
    missing, so units that have not sent yet are left out of the list, and of the full list, too.
    `missed_in_year` counts the late and missing periods of the budget year up to this one. Units
    have the code and name of the last day of the period, as in the other forms.
    Those late are read when they are looked at: of a nation they are thousands.
    """
    here = ExpectedReport.period_id == period.id
    times = _times_late(session, period, as_of)
    missed = Counter(unit for unit, _period in times)
    if show_all:
        everyone = standings(session, here, as_of=as_of, read=LISTED)
        shown = [one for one in everyone if one.status is not Punctuality.PENDING]
        return _rows(session, period, as_of, shown, missed)
    in_order = select(Investor.id).order_by(Investor.sort_order, Investor.code, Investor.id)
    units = [unit for unit in session.scalars(in_order) if (unit, period.id) in times]

    def read(place: slice) -> list[LateRow]:
        these = among(ExpectedReport.investor_id, units[place])
        found = standings(session, here, these, as_of=as_of, read=LISTED)
        return _rows(session, period, as_of, found, missed, first=place.start + 1)

    return ByPart(len(units), read)


def _times_late(session: Session, period: Period, as_of: datetime) -> Counter[tuple[int, int]]:
    """(unit, period) of each that was late in the budget year up to this period: of its quarters,
    or of its months with the closing period, as the grid shows them.
    """
    kinds = MONEY_KINDS if period.kind in MONEY_KINDS else (period.kind,)
    earlier = _of_year(session, period.budget_year, kinds)
    return times_late(
        session, [one for one in earlier if one.data_to <= period.data_to], as_of=as_of
    )


def _rows(
    session: Session,
    period: Period,
    as_of: datetime,
    shown: Sequence[Standing],
    missed: Counter[int],
    *,
    first: int = 1,
) -> list[LateRow]:
    resent = _resent(session, period, as_of)
    reminded = last_reminded(session, period, as_of=as_of)
    names = names_on(session, period.data_to)
    return [
        LateRow(
            no=n,
            code=code_in(names, standing.investor.id, standing.investor.code),
            investor=short_name_in(names, standing.investor.id, standing.investor.short_name),
            period=period.code,
            deadline=standing.deadline_at,
            status=standing.status.value,
            first_submitted_at=standing.first_submitted_at,
            days_late=standing.days_late,
            missed_in_year=missed[standing.investor.id],
            contact=standing.investor.contact_name or "",
            phone=standing.investor.phone or "",
            note=_note(standing, resent, reminded),
        )
        for n, standing in enumerate(shown, first)
    ]


def _note(standing: Standing, resent: dict[int, datetime], reminded: dict[int, datetime]) -> str:
    if standing.status is Punctuality.EXEMPT:
        return standing.exempt_reason or ""
    again = resent.get(standing.investor.id)
    said = standing.note or ""
    if again is not None:
        said = f"Nộp lại ngày {local_day(again):%d/%m/%Y}"
    told = reminded.get(standing.investor.id)
    if told is None or standing.status not in LATE:
        return said
    note = f"đã nhắc ngày {local_day(told):%d/%m/%Y}"
    return f"{said}; {note}" if said else note


def last_reminded(session: Session, period: Period, *, as_of: datetime) -> dict[int, datetime]:
    """By investor: when it was last reminded about the period by `as_of`, whichever the way."""
    rows = session.execute(
        select(Reminder.investor_id, func.max(Reminder.at))
        .where(
            Reminder.period_id == period.id,
            Reminder.delivery == Delivery.SENT,
            Reminder.at <= as_of,
        )
        .group_by(Reminder.investor_id)
    )
    return dict(rows.all())


def _resent(session: Session, period: Period, as_of: datetime) -> dict[int, datetime]:
    """By investor: when it last sent again."""
    rows = session.execute(
        select(Submission.investor_id, Submission.last_submitted_at).where(
            Submission.period_id == period.id,
            Submission.last_submitted_at <= as_of,
            is_sent_again(),
        )
    )
    return {investor_id: moment for investor_id, moment in rows if moment is not None}


@dataclass(frozen=True, kw_only=True, slots=True)
class GridRow:
    """One unit and its standing in every month; None where it is not expected."""

    investor: Investor
    cells: tuple[Standing | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """Units × opened months of a budget year; of `pages` the rows of one, from 0."""

    periods: tuple[Period, ...]
    rows: tuple[GridRow, ...]
    page: int = 0
    pages: int = 1


def months_of_year(session: Session, year: int) -> list[Period]:
    """The opened months of a budget year and its closing period, in their order."""
    return _of_year(session, year, MONEY_KINDS)


def _of_year(session: Session, year: int, kinds: Iterable[PeriodKind]) -> list[Period]:
    return list(
        session.scalars(
            select(Period)
            .where(Period.budget_year == year, Period.kind.in_(kinds))
            .order_by(Period.data_to)
        )
    )


def grid(
    session: Session, *, year: int, as_of: datetime, most: int | None = None, page: int = 0
) -> Grid:
    """Who was on time, late, missing, exempt or not expected in each opened month of a year.

    With `most`, that many units of the page, from 0; of a page there is not, those of the last.
    """
    periods = months_of_year(session, year)
    in_year = ExpectedReport.period_id.in_([period.id for period in periods])
    units = select(Investor.id).where(
        Investor.id.in_(select(ExpectedReport.investor_id).where(in_year))
    )
    pages = 1
    if most is not None:
        many = session.scalar(select(func.count()).select_from(units.subquery())) or 0
        pages = max(1, -(-many // most))
        page = min(page, pages - 1)
        in_order = units.order_by(Investor.sort_order, Investor.code, Investor.id)
        units = in_order.limit(most).offset(page * most)
    cells: dict[int, dict[int, Standing]] = defaultdict(dict)
    investors: dict[int, Investor] = {}
    shown = ExpectedReport.investor_id.in_(units)
    for standing in standings(session, in_year, shown, as_of=as_of):
        cells[standing.investor.id][standing.period.id] = standing
        investors[standing.investor.id] = standing.investor
    return Grid(
        periods=tuple(periods),
        page=page,
        pages=pages,
        rows=tuple(
            GridRow(
                investor=investor,
                cells=tuple(cells[investor_id].get(period.id) for period in periods),
            )
            for investor_id, investor in investors.items()
        ),
    )

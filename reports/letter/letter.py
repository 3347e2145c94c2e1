"""The official letter that reminds units of a period (công văn đôn đốc, domain §7.2, §7.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import EventKind, Period, Submission, SubmissionEvent, SubmissionStatus
from models.base import RuleBroken, _n, local, local_day
from models.calendar import (
    DeadlineSettings,
    DueRule,
    PeriodCode,
    Punctuality,
    deadline_settings,
)
from models.catalogue import names_on
from models.duty import Standing, standings_of
from models.reminders import TemplateKind, head_on
from reports.facts import name_in, programmes_with_capital, short_name_in
from reports.letter.file import render
from reports.letter.head import Head, addressed, printed
from reports.letter.spoken import (
    ROMAN,
    counted,
    spoken_deadline,
    spoken_moment,
    spoken_period,
    spoken_programmes,
)

NOT_SENT = "Chưa gửi báo cáo"
NOT_SENT_AGAIN = "Chưa gửi lại báo cáo bị trả"


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterUnit:
    """One addressee and its row in the list; `lacking` says what has not come."""

    investor_id: int
    name: str
    short_name: str
    deadline_at: datetime
    days_late: int
    was_returned: bool

    @property
    def lacking(self) -> str:
        return NOT_SENT_AGAIN if self.was_returned else NOT_SENT


@dataclass(frozen=True, kw_only=True, slots=True)
class Roll:
    """Who is to be named at a moment, and how many reports were there: `sent` of `expected`.

    Exempt units are not expected. `not_due` are those that may still send by an extension.
    """

    units: tuple[LetterUnit, ...]
    sent: int
    expected: int
    not_due: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter(Head):
    """Everything that the letter prints; number and day are left to the clerk."""

    period_code: str
    programmes: tuple[str, ...]
    as_of: datetime
    due_at: datetime
    rule: str
    units: tuple[LetterUnit, ...]
    sent: int
    expected: int
    not_due: int

    @property
    def addressees(self) -> tuple[str, ...]:
        """The full names, in the order of the units."""
        return tuple(unit.name for unit in self.units)


def roll(session: Session, *, period: Period, as_of: datetime) -> Roll:
    """Units of a period that sent nothing after their deadline, or nothing again after a return.

    In the order of the units, as known and called at `as_of`.
    """
    standings = [one for one in standings_of(session, [period], as_of=as_of) if not one.is_exempt]
    returned = _returned(session, period, as_of)
    names = names_on(session, local_day(as_of))
    return Roll(
        units=tuple(
            _unit(one, names, one.investor.id in returned)
            for one in standings
            if one.status is Punctuality.MISSING or one.investor.id in returned
        ),
        sent=sum(one.first_submitted_at is not None for one in standings),
        expected=len(standings),
        not_due=sum(one.status is Punctuality.PENDING for one in standings),
    )


def reminder_letter(
    session: Session, *, period: Period, as_of: datetime, due_at: datetime
) -> Letter:
    """The letter of `as_of` that asks for the missing reports until `due_at`.

    Raises RuleBroken when nobody is to be reminded, when the new deadline has passed already,
    and when no head is in force on the day of `as_of`.
    """
    if due_at <= as_of:
        raise RuleBroken(
            _n("The new deadline (%(due)s) must lie after %(now)s."),
            field="due",
            due=due_at,
            now=as_of,
        )
    found = roll(session, period=period, as_of=as_of)
    if not found.units:
        raise RuleBroken(_n("There is nothing to remind: no report of this period is missing."))
    head = head_on(session, local_day(as_of))
    return Letter(
        period_code=period.code,
        programmes=programmes_with_capital(session, period.budget_year),
        as_of=as_of,
        due_at=due_at,
        rule=_rule(PeriodCode.parse(period.code), deadline_settings(session)),
        units=found.units,
        sent=found.sent,
        expected=found.expected,
        not_due=found.not_due,
        **printed(head),
    )


def render_letter(letter: Letter, template: bytes | None) -> bytes:
    """The letter as a Word file; `template` None means the built-in one.

    Raises RuleBroken when an edited template cannot be filled in.
    """
    return render(context_of(letter), TemplateKind.REMINDER, template)


def context_of(letter: Letter) -> dict[str, object]:
    """What the tags of a Word template may name."""
    code = PeriodCode.parse(letter.period_code)
    return {
        **letter.tags(letter.as_of),
        **addressed(letter.addressees),
        "period": spoken_period(code),
        "programme_short": spoken_programmes(letter.programmes),
        "rule": letter.rule,
        "moment": spoken_moment(letter.as_of),
        "sent": letter.sent,
        "expected": letter.expected,
        "remaining": _remaining(letter),
        "new_deadline": spoken_deadline(letter.due_at),
        "rows": [
            {
                "no": no,
                "unit": unit.name,
                "period": _label(code),
                "deadline": f"{local(unit.deadline_at):%H:%M %d/%m/%Y}",
                "days_late": unit.days_late or "–",
                "lacking": unit.lacking,
            }
            for no, unit in enumerate(letter.units, 1)
        ],
    }


def _label(code: PeriodCode) -> str:
    if code.kind == "quarter":
        return f"Quý {ROMAN[code.number]}/{code.budget_year}"
    if code.kind == "closing":
        return f"Chỉnh lý {code.budget_year}"
    return f"Tháng {code.number}/{code.budget_year}"


def _rule(code: PeriodCode, settings: DeadlineSettings) -> str:
    """The standing duty in the words of the letter that ordered it."""
    if code.kind == "closing":
        return "theo thời hạn của kỳ chỉnh lý"
    word = "trước" if settings.due_rule is DueRule.BEFORE else "chậm nhất"
    if code.kind == "quarter":
        return f"hàng quý, {word} ngày {settings.due_day:02d} của tháng sau quý"
    return f"{word} ngày {settings.due_day:02d} hàng tháng"


def _remaining(letter: Letter) -> str:
    again = sum(unit.was_returned for unit in letter.units)
    missing = len(letter.units) - again
    parts = [(missing, "chưa gửi"), (again, "chưa gửi lại báo cáo bị trả")]
    if letter.not_due:
        parts.append((letter.not_due, "được gia hạn, chưa đến hạn"))
    return ", ".join(f"{counted(count)} đơn vị {what}" for count, what in parts if count)


def _unit(one: Standing, names: Mapping[int, Any], was_returned: bool) -> LetterUnit:
    unit = one.investor
    return LetterUnit(
        investor_id=unit.id,
        name=" ".join(name_in(names, unit.id, unit.name).split()),
        short_name=short_name_in(names, unit.id, unit.short_name),
        deadline_at=one.deadline_at,
        days_late=one.days_late if one.status is Punctuality.MISSING else 0,
        was_returned=was_returned,
    )


def _returned(session: Session, period: Period, as_of: datetime) -> set[int]:
    """Units whose report lay returned at `as_of`: the last thing that befell it was a return."""
    events = session.execute(
        select(Submission.investor_id, SubmissionEvent.kind)
        .join(Submission.events)
        .where(Submission.period_id == period.id, SubmissionEvent.at <= as_of)
        .order_by(SubmissionEvent.at, SubmissionEvent.id)
    )
    last = dict(events.all())
    # a data package brings the state of a report without what befell it
    states = session.execute(
        select(Submission.investor_id, Submission.status).where(
            Submission.period_id == period.id,
            Submission.status == SubmissionStatus.RETURNED,
            Submission.last_submitted_at <= as_of,
            ~Submission.events.any(),
        )
    )
    return {one for one, kind in last.items() if kind is EventKind.RETURNED} | {
        investor_id for investor_id, _status in states
    }

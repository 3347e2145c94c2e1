"""Loading periods and what was reported in them."""

from collections.abc import Collection
from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import _n, among, at_local, new_id
from models.calendar import Period, PeriodCode, PeriodStatus, setting, takes_no_figures
from models.catalogue import Investor, Project
from models.duty import lock_period, open_period, takes_figures, why_no_figures
from models.exchange.package.capital import Ledger, allocation_key
from models.exchange.package.faults import Fault, Unsure
from models.exchange.package.loading import Loading, Window
from models.exchange.package.schema import ENTRY, Line
from models.filing import check_past
from models.returns import (
    Disbursement,
    EventKind,
    ProgressEntry,
    Submission,
    SubmissionEvent,
    SubmissionStatus,
)


def window(period: Period, *, is_locked: bool) -> Window:
    """What rows need to know of a period that is there."""
    return Window(
        period.code,
        period.kind.value,
        period.budget_year,
        period.data_from,
        period.data_to,
        is_locked,
        period,
    )


def load_period(loading: Loading, line: Line) -> None:
    """Window, deadline and who is expected are resolved by the settings, as on the screen."""
    stored = loading.periods.get(line["code"])
    if stored is not None and stored.row is not None:
        loading.same(line, stored.row, line.pick("status"))
        return
    row: Period | None = None
    if not loading.problems:
        row = open_period(loading.session, line["code"], at=loading.at)
        row.opened_at = at_local(row.data_from, time.min)  # unless its companion knows better
        if loading.details is not None:
            loading.details.fill(loading, line, row)
            row.lock_at = None  # its figures come first
        loading.opened.append(row)
        loading.periods[line["code"]] = window(row, is_locked=False)
    else:  # references are not complete, so nobody could be expected rightly
        known = PeriodCode.parse(line["code"])
        first, last = known.window(setting(loading.session, "cutoff").value)
        loading.periods[line["code"]] = Window(
            line["code"], known.kind, known.budget_year, first, last, False, None
        )
    loading.loaded.added["periods"] += 1


def lock_periods(loading: Loading, codes: Collection[str], *, as_listed: bool = False) -> None:
    """Only now, because the figures of a locked period came in with it; `as_listed` so did who was
    expected.
    """
    for line in loading.package.lines("periods"):
        period = loading.periods[line["code"]].row
        if period is None or period.code not in codes:
            continue
        if line["status"] is PeriodStatus.LOCKED:
            locked_at = locked_from(loading.session, period)
            lock_period(loading.session, period, at=locked_at, as_listed=as_listed)
        if line.detail is not None:
            period.lock_at = line.detail["lock_at"]
    loading.flush()


class Reports:
    """Submissions, entries and disbursements by what they belong to."""

    def __init__(self, loading: Loading, ledger: Ledger) -> None:
        self.loading, self.ledger = loading, ledger
        self.told = {
            (unit, line["period"])
            for line in loading.package.lines("submission_events")
            for unit in loading.investors.bearing(line["investor_code"])
        }
        # by unit and not by its id: rows that are only looked at have none
        self.submissions: dict[tuple[Investor, str], Submission] = {}
        self.stored_entries: dict[tuple[int, str], ProgressEntry] = {}
        self.stored_money: dict[tuple[int, int], Disbursement] = {}
        # of new rows the ids alone, so that memory does not grow with the files
        self.entries: dict[tuple[int, str], int] = {}
        # by period: the projects that stand on its report
        self.reported: dict[str, set[int]] = {}
        self.held = frozenset(loading.reports)
        self._read_stored()

    def _read_stored(self) -> None:
        """What is stored of the reports that are held."""
        session = self.loading.session
        ids = {row.id: code for code, w in self.loading.periods.items() if (row := w.row)}
        for submission in self.held:
            self.submissions[submission.investor, ids[submission.period_id]] = submission
        held = among(Submission.id, (row.id for row in self.held))
        for entry, period_id in session.execute(
            select(ProgressEntry, Submission.period_id).join(ProgressEntry.submission).where(held)
        ):
            self.stored_entries[entry.project_id, ids[period_id]] = entry
            self.entries[entry.project_id, ids[period_id]] = entry.id
        for money in session.scalars(
            select(Disbursement).join(Disbursement.entry).join(ProgressEntry.submission).where(held)
        ):
            self.stored_money[money.entry_id, money.allocation_id] = money

    def submission(self, loading: Loading, line: Line) -> None:
        period = loading.period(line)
        investor = loading.investor(
            line, "investor_code", day=period.data_from, last=period.data_to
        )
        if line["status"] is not SubmissionStatus.DRAFT:
            _check_exists(investor, period)
        names = ("status", "first_submitted_at", "last_submitted_at", "nil_report")
        stored = self.submissions.get((investor, period.code))
        if stored is not None:
            loading.same(line, stored, line.pick(*names))
            return
        _refuse_locked(period)
        for name in ("first_submitted_at", "last_submitted_at"):
            if line[name] is not None:
                check_past(line[name], at=loading.at, field=name)
        fresh = Submission(
            id=new_id(), investor_id=investor.id, period=period.row, **line.pick(*names)
        )
        self.submissions[investor, period.code] = loading.add(line, fresh)
        if (investor, period.code) in self.told:
            return  # its events have a file of their own
        for sent in sorted({line["first_submitted_at"], line["last_submitted_at"]} - {None}):
            event = SubmissionEvent(
                id=new_id(),
                investor_id=investor.id,
                submission_id=fresh.id,
                kind=EventKind.SENT,
                at=sent,
                user_name=loading.by,
            )
            if not loading.problems:
                loading.session.add(event)

    def entry(self, loading: Loading, line: Line) -> None:
        period = loading.period(line)
        project = loading.project(line)
        submission = self.submissions.get((project.investor, period.code))
        if submission is None:
            if loading.package.may_hold("submissions", project.investor.code):
                raise Unsure
            raise Fault(
                "project_code",
                _n("The unit of this project has no row in submissions.csv for %(period)s."),
                period=period.named,
            )
        stored = self.stored_entries.get((project.id, period.code))
        if stored is not None:
            loading.same(line, stored, line.pick(*ENTRY))
            return
        _refuse_locked(period)
        self._check_takes_figures(project, period)
        fresh = ProgressEntry(
            id=new_id(),
            investor_id=project.investor_id,
            submission_id=submission.id,
            project_id=project.id,
            **line.pick(*ENTRY),
        )
        self.entries[project.id, period.code] = loading.add(line, fresh).id
        self.changes(submission)

    def changes(self, submission: Submission | None) -> None:
        """A report that was there is another one now: for open pages, and for a version of it that
        is being computed.
        """
        if submission in self.held:
            submission.outdate()

    def _check_takes_figures(self, project: Project, period: Window) -> None:
        """The project stands on the report of the period, as on the unit's own page."""
        if period.row is None:
            return
        if period.code not in self.reported:
            rows = self.loading.session.scalars(select(Project.id).where(takes_figures(period.row)))
            self.reported[period.code] = set(rows)
        if project.id not in self.reported[period.code]:
            raise Fault.of(why_no_figures(project, period), "project_code")

    def disbursement(self, loading: Loading, line: Line) -> None:
        period = loading.period(line)
        _check_period_of_money(line, period)
        values = line.pick("advance", "completed", "recovered", "returned")
        fresh = Disbursement(**values)
        fresh.check()  # whatever is wrong with the rows it refers to
        project = loading.project(line)
        allocation = self.ledger.allocations.get(allocation_key(line, project))
        if allocation is None:
            if loading.package.may_hold("allocations", project.code):
                raise Unsure
            raise Fault(
                "project_code", _n("No capital with this year, source and nature is allocated.")
            )
        entry_id = self.entries.get((project.id, period.code))
        if entry_id is None:
            if loading.package.may_hold("entries", project.code) or loading.package.may_hold(
                "submissions", project.investor.code
            ):
                raise Unsure
            raise Fault(
                "project_code",
                _n("The project has no row in entries.csv for %(period)s."),
                period=period.named,
            )
        stored = self.stored_money.get((entry_id, allocation.id))
        if stored is not None:
            loading.same(line, stored, values)
            return
        _refuse_locked(period)
        fresh.id, fresh.investor_id = new_id(), project.investor_id
        fresh.entry_id, fresh.allocation_id = entry_id, allocation.id
        loading.add(line, fresh)
        self.changes(self.submissions.get((project.investor, period.code)))


def _check_exists(investor: Investor, period: Window) -> None:
    """A unit that ended before the last day of the period does not send its report."""
    if investor.valid_to is not None and investor.valid_to < period.data_to:
        raise Fault(
            "investor_code",
            _n("%(unit)s ended on %(day)s, before the last day of the period %(period)s."),
            unit=investor.short_name,
            day=investor.valid_to,
            period=period.named,
        )


def _check_period_of_money(line: Line, period: Window) -> None:
    if line["budget_year"] != period.budget_year:
        raise Fault(
            "budget_year",
            _n("Period %(period)s belongs to the budget year %(year)s."),
            period=period.named,
            year=period.budget_year,
        )
    if why := takes_no_figures(period.named):
        raise Fault.of(why, "period")


def locked_from(session: Session, period: Period) -> datetime:
    """When a period was locked at the earliest: at its deadline, or after its last sending."""
    sent = session.scalar(
        select(func.max(Submission.last_submitted_at)).where(Submission.period_id == period.id)
    )
    return period.deadline_at if sent is None else max(period.deadline_at, sent)


def _refuse_locked(period: Window) -> None:
    if period.is_locked:
        raise Fault(
            "period",
            _n("Period %(period)s is locked; its figures do not change."),
            period=period.named,
        )

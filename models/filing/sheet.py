"""The sheet of one unit and one period: what the entry page shows and the checks read."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.base import Found, RuleBroken, batched
from models.calendar import ExpectedReport, Period
from models.capital import BUDGET_SOURCES
from models.catalogue import Investor
from models.duty import effective_deadline, open_reopenings
from models.filing.rows import AllocationRow, ProjectRow
from models.filing.rule_use import RuleUse, rule_uses
from models.filing.sheet_rows import projects_of_sheets
from models.filing.writable import closed_by, corrects_by
from models.ledger import Totals, succeeded_among, totals
from models.returns import Explanation, ProgressEntry, Submission

AT_ONCE = 400  # units read together


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """Everything one unit reports in one period; `entries` are the rows of its report by project,
    to be written into as long as the report has the version that was read; `rows` are projects
    and capital, which the session does not forget while the sheet is there.
    """

    period: Period
    investor: Investor
    submission: Submission | None
    version: int
    projects: tuple[ProjectRow, ...]
    explanations: dict[tuple[str, str], str]
    explained_for: dict[tuple[str, str], str | None] = field(default_factory=dict)
    rule_uses: dict[str, RuleUse] = field(default_factory=dict)
    deadline_at: datetime
    deadline_reason: str
    why_closed: RuleBroken | None
    reopened_until: datetime | None = None
    is_correction: bool = False
    entries: Mapping[int, ProgressEntry] = field(default_factory=dict, repr=False, compare=False)
    rows: Sequence[object] = field(default=(), repr=False, compare=False)

    @property
    def is_editable(self) -> bool:
        return self.why_closed is None

    @property
    def allocations(self) -> tuple[AllocationRow, ...]:
        return tuple(row for project in self.projects for row in project.allocations)

    @property
    def subjects(self) -> frozenset[str]:
        """What a remark or an explanation can be about: `project:7`, `allocation:7`, `report`."""
        projects = (f"project:{one.project_id}" for one in self.projects)
        rows = (f"allocation:{row.allocation_id}" for row in self.allocations)
        return frozenset(("report", *projects, *rows))

    @property
    def total(self) -> Totals:
        """Of all state budget capital of the unit; memo sources are outside."""
        return totals(self.allocations)

    @property
    def has_memo(self) -> bool:
        return any(row.source not in BUDGET_SOURCES for row in self.allocations)


Rule = Callable[[Sheet], Iterator[Found]]  # a check (V…): what it finds on a sheet


def read_sheet(
    session: Session, *, period: Period, investor: Investor, at: datetime, whole: bool = True
) -> Sheet:
    """The sheet as stored, in the same number of queries whatever its length. One that is not
    `whole` knows nothing of other periods: enough to read a posted form by and to store it.
    """
    return read_sheets(session, period=period, investors=[investor], at=at, whole=whole)[0]


def read_sheets(
    session: Session,
    *,
    period: Period,
    investors: Sequence[Investor],
    at: datetime,
    whole: bool = True,
) -> list[Sheet]:
    """The sheets of many units, in the order asked for and in the queries of a single one.

    A unit that another one of them succeeded is read by itself: what it reported counts in both.
    """
    ids = [unit.id for unit in investors]
    alone = succeeded_among(session, ids) if len(ids) > 1 else set()
    together = [unit for unit in investors if unit.id not in alone]
    parts = [*batched(together, AT_ONCE), *([unit] for unit in investors if unit.id in alone)]
    found = {
        unit_id: sheet
        for part in parts
        for unit_id, sheet in _sheets(session, period, part, at, whole=whole)
    }
    return [found[one] for one in ids]


def _sheets(
    session: Session,
    period: Period,
    investors: Sequence[Investor],
    at: datetime,
    *,
    whole: bool,
) -> Iterator[tuple[int, Sheet]]:
    ids = [unit.id for unit in investors]
    submissions = {
        one.investor_id: one
        for one in session.scalars(
            select(Submission).where(
                Submission.investor_id.in_(ids), Submission.period_id == period.id
            )
        )
    }
    expected = _expected(session, period, ids)
    reopened = open_reopenings(session, period, ids, at=at) if period.is_locked(at) else {}
    entries = entries_of(session, submissions.values())
    explained = _explanations(session, submissions.values())
    projects, rows = projects_of_sheets(session, period, ids, entries, whole=whole)
    uses = rule_uses(session) if whole else {}
    held = _by_report(entries.values())
    for unit in investors:
        submission = submissions.get(unit.id)
        reopening = reopened.get(unit.id)
        deadline_at, deadline_reason = effective_deadline(period, expected.get(unit.id))
        corrects = corrects_by(period, submission, at=at, is_reopened=reopening is not None)
        words = explained.get(submission.id, {}) if submission is not None else {}
        yield (
            unit.id,
            Sheet(
                period=period,
                investor=unit,
                submission=submission,
                version=submission.version if submission else 0,
                projects=tuple(projects.get(unit.id, ())),
                explanations={key: text for key, (text, _figures) in words.items()},
                explained_for={key: figures for key, (_text, figures) in words.items()},
                rule_uses=uses,
                deadline_at=deadline_at,
                deadline_reason=deadline_reason,
                why_closed=None
                if corrects
                else closed_by(
                    session, period, unit, submission, at=at, is_reopened=reopening is not None
                ),
                reopened_until=reopening.until_at if reopening else None,
                is_correction=corrects,
                entries={} if submission is None else held[submission.id],
                rows=rows if len(ids) == 1 else (),  # of many it would be a crowd
            ),
        )


def _by_report(entries: Iterable[ProgressEntry]) -> dict[int, dict[int, ProgressEntry]]:
    found: dict[int, dict[int, ProgressEntry]] = defaultdict(dict)
    for entry in entries:
        found[entry.submission_id][entry.project_id] = entry
    return found


def _expected(session: Session, period: Period, ids: Sequence[int]) -> dict[int, ExpectedReport]:
    """Of those of these units that are expected: on a page of one it is known already."""
    if len(ids) == 1:
        found = session.get(ExpectedReport, (ids[0], period.id))
        return {} if found is None else {ids[0]: found}
    rows = session.scalars(
        select(ExpectedReport).where(
            ExpectedReport.investor_id.in_(ids), ExpectedReport.period_id == period.id
        )
    )
    return {one.investor_id: one for one in rows}


def entries_of(session: Session, submissions: Iterable[Submission]) -> dict[int, ProgressEntry]:
    """The entries of these reports by project, with their amounts."""
    reports = list(submissions)
    if not reports:
        return {}
    found = session.scalars(
        select(ProgressEntry)
        .options(joinedload(ProgressEntry.disbursements))
        .where(
            ProgressEntry.investor_id.in_({one.investor_id for one in reports}),
            ProgressEntry.submission_id.in_([one.id for one in reports]),
        )
        .execution_options(populate_existing=True)
    ).unique()
    return {entry.project_id: entry for entry in found}


def _explanations(
    session: Session, submissions: Iterable[Submission]
) -> dict[int, dict[tuple[str, str], tuple[str, str | None]]]:
    """By report: text, and the figures for which it was given."""
    reports = list(submissions)
    found: dict[int, dict[tuple[str, str], tuple[str, str | None]]] = defaultdict(dict)
    if not reports:
        return found
    rows = session.scalars(
        select(Explanation).where(
            Explanation.investor_id.in_({one.investor_id for one in reports}),
            Explanation.submission_id.in_([one.id for one in reports]),
        )
    )
    for row in rows:
        found[row.submission_id][row.rule, row.subject] = (row.text, row.figures)
    return found

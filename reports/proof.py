"""Proof that reports add up: their totals against sums written down apart, in plain SQL.

Nothing here uses the queries of the reports, so that one slip cannot hide in both.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import ExpectedReport, Period, Submission
from models.calendar import Punctuality, setting
from reports.consolidated import AMOUNTS, Consolidated, consolidated
from reports.late import late

SUMMED = tuple(name for name in AMOUNTS if name != "estimate")
_END_OF_TIME = datetime(2200, 1, 1, tzinfo=UTC)
_PLAN = text(
    """
    SELECT sum(CASE WHEN a.vintage = a.budget_year AND a.source = 'NSTW'
                    THEN l.amount ELSE 0 END) AS plan_central,
           sum(CASE WHEN a.vintage = a.budget_year AND a.source <> 'NSTW'
                    THEN l.amount ELSE 0 END) AS plan_local,
           sum(CASE WHEN a.vintage = a.budget_year AND a.nature = 'DTPT'
                    THEN l.amount ELSE 0 END) AS plan_investment,
           sum(CASE WHEN a.vintage = a.budget_year AND a.nature = 'SN'
                    THEN l.amount ELSE 0 END) AS plan_recurrent,
           sum(CASE WHEN a.vintage = a.budget_year THEN l.amount ELSE 0 END) AS plan_year,
           sum(CASE WHEN a.vintage < a.budget_year THEN l.amount ELSE 0 END) AS plan_carried,
           sum(l.amount) AS plan_total
      FROM allocation_line l
      JOIN allocation a ON a.investor_id = l.investor_id AND a.id = l.allocation_id
     WHERE a.source IN ('NSTW', 'NST', 'NSH', 'NSX')
       AND a.budget_year = :year AND l.effective_on <= :day
    """
)
_NET = "(d.advance + d.completed - d.recovered - d.returned + d.correction)"
_SUMS = f"""
    SELECT sum({_NET}) AS disbursed_total,
           sum(CASE WHEN a.vintage = a.budget_year
                    THEN {_NET} ELSE 0 END)
             AS disbursed_year,
           sum(CASE WHEN a.vintage < a.budget_year
                    THEN {_NET} ELSE 0 END)
             AS disbursed_carried,
           sum(CASE WHEN p.data_from >= :first
                    THEN {_NET} ELSE 0 END)
             AS disbursed_month
"""  # nosec B608 # of our own pieces
_WHICH = """
     WHERE a.source IN ('NSTW', 'NST', 'NSH', 'NSX')
       AND a.budget_year = :year AND p.budget_year = :year
       AND p.kind <> 'quarter' AND p.data_to <= :day
"""
_REPORTS = f"""{_SUMS}
      FROM disbursement d
      JOIN allocation a ON a.investor_id = d.investor_id AND a.id = d.allocation_id
      JOIN progress_entry e ON e.investor_id = d.investor_id AND e.id = d.entry_id
      JOIN submission s ON s.investor_id = e.investor_id AND s.id = e.submission_id
      JOIN period p ON p.id = s.period_id
     {_WHICH} AND s.status IN ({{statuses}})
"""
# the sendings kept whole of reports that were opened again: the last that was not returned,
# and none where the report itself counts
_SENDINGS = f"""{_SUMS}
      FROM sent_disbursement d
      JOIN allocation a ON a.investor_id = d.investor_id AND a.id = d.allocation_id
      JOIN sent_entry e ON e.investor_id = d.investor_id AND e.id = d.entry_id
      JOIN sending g ON g.investor_id = e.investor_id AND g.id = e.sending_id
      JOIN submission s ON s.investor_id = g.investor_id AND s.id = g.submission_id
      JOIN period p ON p.id = s.period_id
     {_WHICH} AND s.status NOT IN ({{statuses}})
       AND g.number = (SELECT max(o.number) FROM sending o
                        WHERE o.investor_id = g.investor_id AND o.submission_id = g.submission_id
                          AND o.outcome IN ({{outcomes}}))
"""  # nosec B608 # of our own pieces
_STATUSES = {"submitted": "'submitted', 'accepted'", "accepted": "'accepted'"}
_OUTCOMES = {"submitted": "'waiting', 'accepted'", "accepted": "'accepted'"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One total of a report that is not the raw sum."""

    name: str
    reported: int
    raw: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """One report of one period, weighed; it holds when there are no differences."""

    report: str
    period: str
    variant: str
    compared: int
    differences: tuple[Difference, ...]


def prove(session: Session) -> Iterator[Proof]:
    """Every report of every opened period, in every grouping and on every basis."""
    for period in session.scalars(select(Period).order_by(Period.data_to, Period.code)):
        for basis in _STATUSES:
            raw = _raw_sums(session, period, basis)
            for group in ("component", "investor"):
                report = consolidated(
                    session,
                    period=period,
                    group=group,
                    detail="project",
                    basis=basis,
                    version="live",
                )
                yield _prove_consolidated(report, raw, f"{group} · {basis}")
        yield _prove_late(session, period)


def _raw_sums(session: Session, period: Period, basis: str) -> dict[str, int]:
    asked = {"year": period.budget_year, "first": period.data_from, "day": period.data_to}
    words = {"statuses": _STATUSES[basis], "outcomes": _OUTCOMES[basis]}
    sums: dict[str, int] = defaultdict(int)
    for statement in (
        _PLAN,
        text(_REPORTS.format(**words)),
        text(_SENDINGS.format(**words)),
    ):
        names = statement.compile().params
        row = session.execute(statement, {name: asked[name] for name in names}).mappings().one()
        for name, value in row.items():
            sums[name] += int(value or 0)
    return dict(sums) | {"remaining": sums["plan_total"] - sums["disbursed_total"]}


def _prove_consolidated(report: Consolidated, raw: dict[str, int], variant: str) -> Proof:
    """The total row, the sum of the rows at the top, of the leaves and of all parts of a row."""
    top = [row for row, place in zip(report.rows, report.places, strict=True) if place.depth == 1]
    leaves = [row for row in report.rows if row.level == "project"]
    total = report.rows[0]
    pairs = [
        pair
        for name in SUMMED
        for pair in (
            (f"{name}", getattr(total, name), raw[name]),
            (f"{name} · top", sum(getattr(row, name) for row in top), raw[name]),
            (f"{name} · project", sum(getattr(row, name) for row in leaves), raw[name]),
        )
    ]
    return _weighed("consolidated", report.period.code, variant, pairs)


def _prove_late(session: Session, period: Period) -> Proof:
    """Units by status in the full list, against deadlines and moments counted one by one."""
    grace = timedelta(days=setting(session, "grace_days"))
    rows = session.execute(
        select(
            ExpectedReport.deadline_at,
            ExpectedReport.exempt_reason,
            ExpectedReport.exempt_until,
            Submission.first_submitted_at,
        )
        .outerjoin(
            Submission,
            (Submission.investor_id == ExpectedReport.investor_id)
            & (Submission.period_id == ExpectedReport.period_id),
        )
        .where(ExpectedReport.period_id == period.id)
    )
    raw: Counter[str] = Counter()
    for deadline_at, reason, until, first in rows:
        if first is not None:
            # Whole seconds, as they are printed.
            due = max(deadline_at or period.deadline_at, period.deadline_at)
            in_time = first.replace(microsecond=0) <= due + grace
            raw["on_time" if in_time else "late"] += 1
        else:
            exempt = reason is not None and (until is None or until >= period.data_to)
            raw["exempt" if exempt else "missing"] += 1
    found = Counter(
        row.status for row in late(session, period=period, as_of=_END_OF_TIME, show_all=True)
    )
    names = [status.value for status in Punctuality if status is not Punctuality.PENDING]
    pairs = [(name, found[name], raw[name]) for name in names]
    return _weighed("late", period.code, "all", pairs)


def _weighed(report: str, period: str, variant: str, pairs: list[tuple[str, int, int]]) -> Proof:
    return Proof(
        report=report,
        period=period,
        variant=variant,
        compared=len(pairs),
        differences=tuple(
            Difference(name=name, reported=reported, raw=raw)
            for name, reported, raw in pairs
            if reported != raw
        ),
    )

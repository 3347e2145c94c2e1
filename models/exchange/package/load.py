"""Loading a package: all or nothing, with every fault of every file named at once.

Rows that are there already and equal are left alone, so loading twice changes nothing; a row
that differs from the stored one is a fault, because a package never overwrites silently.
"""

from datetime import datetime
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from models.base import RuleBroken, _n, among, local_day
from models.calendar import Period, PeriodStatus
from models.catalogue import Component, Decision, Investor, Project, decision_number
from models.duty import settle_periods
from models.exchange.package.capital import Ledger
from models.exchange.package.catalogue import (
    load_components,
    load_decision,
    load_investor,
    load_project,
    load_user,
)
from models.exchange.package.details import Details, attach
from models.exchange.package.finder import Finder
from models.exchange.package.loading import Loaded, Loading
from models.exchange.package.own_tables import OwnTables
from models.exchange.package.reader import read_file
from models.exchange.package.reporting import Reports, load_period, lock_periods, window
from models.exchange.package.schema import Package, Problem
from models.exchange.package.tables import all_files
from models.filing import restand
from models.people import User
from models.returns import (
    ProgressEntry,
    Sending,
    Submission,
    hold_periods,
    hold_rows,
    of_report,
    register_obstacles,
)

_KEPT = exists().where(of_report(Sending, Submission))


class PackageRefused(Exception):
    """Nothing was loaded; `problems` says all that is wrong, file by file."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def load_package(session: Session, folder: Path, *, at: datetime, by: str) -> Loaded:
    """Add the rows of `folder`. Raises PackageRefused with every fault; the caller rolls back.

    `by` is the name written beside the moments of sending. Needs a session of the whole
    district; nothing is committed here.
    """
    if not folder.is_dir() or not any((folder / f"{name}.csv").exists() for name in all_files()):
        refusal = RuleBroken(_n("There is no folder with files of the package here."))
        raise PackageRefused([Problem(str(folder), 0, "", refusal)])
    package = Package(folder=folder)
    for file in all_files().values():
        read_file(folder, file, package)
    attach(package)
    loading = Loading(session, package, at, by)
    session.info["as_stored_elsewhere"] = True
    with session.no_autoflush:
        try:
            _read_stored(loading)
            _load(loading)
        except DatabaseError as error:
            session.rollback()
            refusal = RuleBroken(_n("The database refuses a row of this file."))
            raise PackageRefused([Problem(f"{loading.current}.csv", 0, "", refusal)]) from error
        finally:
            del session.info["as_stored_elsewhere"]
    if package.problems:
        raise PackageRefused(sorted(package.problems, key=_place))
    return loading.loaded


def _place(problem: Problem) -> tuple[int, int]:
    return list(all_files()).index(problem.file.removesuffix(".csv")), problem.line


def _read_stored(loading: Loading) -> None:
    session = loading.session
    loading.components = {row.code: row for row in session.scalars(select(Component))}
    for investor in session.scalars(select(Investor).order_by(Investor.id)):
        loading.investors.note(investor)
    loading.projects = {row.code: row for row in session.scalars(select(Project))}
    for decision in session.scalars(select(Decision).order_by(Decision.id)):
        number = decision_number(decision.number)  # stored before it had one spelling, perhaps
        loading.decisions.setdefault((number, decision.issued_on), []).append(decision)
    loading.periods = {
        row.code: window(row, is_locked=row.is_locked(loading.at)) for row in _held_periods(loading)
    }
    _hold_reports(loading)


def _held_periods(loading: Loading) -> list[Period]:
    """All periods; those the package speaks of are held, so that none is locked meanwhile. The
    ones that the package locks are held alone: shared first and alone later would be a knot.
    """
    session, lines = loading.session, loading.package.lines
    locks = {x["code"] for x in lines("periods") if x["status"] is PeriodStatus.LOCKED}
    hold_periods(session, Period.code.in_(locks), alone=True)
    hold_periods(session, Period.code.in_(loading.spoken() - locks))
    return list(session.scalars(select(Period)))


def _hold_reports(loading: Loading) -> None:
    """The reports that are there of the periods that the package speaks of: none is sent, accepted
    or returned while rows are added to it.
    """
    session, spoken = loading.session, loading.spoken()
    periods = [w.row.id for code, w in loading.periods.items() if w.row and code in spoken]
    wanted = select(Submission).where(among(Submission.period_id, periods))
    units = session.scalars(wanted.with_only_columns(Submission.investor_id).distinct()).all()
    loading.reports = hold_rows(session, wanted, Submission, units)


def _load(loading: Loading) -> None:
    """The files in the order of their references."""
    finder = Finder(loading)
    loading.details, own = Details(finder), OwnTables(finder)
    own.first()
    load_components(loading)
    loading.each("investors", load_investor)
    loading.each("projects", load_project)
    loading.each("decisions", load_decision)
    ledger = Ledger(loading)
    own.capital(ledger)
    ledger.load()
    loading.each("periods", load_period)
    own.expected()
    reports = finder.reports = Reports(loading, ledger)
    loading.each("submissions", reports.submission)
    loading.each("entries", reports.entry)
    loading.each("disbursements", reports.disbursement)
    users = finder.users = {user.username: user for user in loading.session.scalars(select(User))}
    loading.each("users", lambda at, line: load_user(at, line, users))
    own.others()
    if not loading.problems:
        _restand(loading, reports)
        ledger.weigh()
    if not loading.problems:
        # a list that came with its locked period is the one of that day, whatever holds now
        listed = loading.listed_codes & loading.opened_codes
        lock_periods(loading, listed, as_listed=True)
        # of the others, what came in after they were opened says how much capital is left
        settle_periods(loading.session, loading.opened, opened=True)
        _register_obstacles(loading)
        lock_periods(loading, loading.opened_codes - listed)


def _restand(loading: Loading, reports: Reports) -> None:
    """Which kept sending counts is worked out, not read: of a report, one at most does."""
    session = loading.session
    if loading.package.lines("sendings"):
        session.flush()
        for submission in session.scalars(select(Submission).where(_KEPT)):
            reports.changes(submission)
            restand(session, submission)


def _register_obstacles(loading: Loading) -> None:
    """What the reports of the package tell as obstacles, as after a sending."""
    codes = {line["period"] for line in loading.package.lines("entries") if line["obstacles"]}
    if codes:
        register_obstacles(
            loading.session,
            Period.code.in_(codes),
            ProgressEntry.obstacles.is_not(None),
            day=local_day(loading.at),
        )

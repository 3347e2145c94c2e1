"""What counts is kept by the database itself: equal to the raw sums, whatever door a figure takes.

That it is so after every other test as well stands in tests/sums_watched.py.
"""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from models import (
    Actor,
    CountedDisbursement,
    Disbursement,
    ProgressEntry,
    RuleBroken,
    Sending,
    SentDisbursement,
    SentEntry,
    Submission,
)
from models.base.counting import COUNTING
from models.duty import lock_period, open_period, reopen_for_unit
from models.filing import (
    DisbursementInput,
    ProjectInput,
    accept_report,
    read_sheet,
    return_report,
    save_report,
    send_report,
)
from models.ledger import prove_counted
from models.reorganisation import Act, merge, undo
from tests.factories import (
    make_allocation,
    make_decision,
    make_disbursement,
    make_entry,
    make_investor,
    make_period,
    make_project,
    make_sending,
    make_submission,
)

AT = datetime(2024, 4, 5, 3, tzinfo=UTC)
UNIT, CLERK = Actor(None, "Chị Lan"), Actor(None, "Anh Cường")
M = 1_000_000


def kept(session):
    """(allocation, period, basis) → net and correction, as the rollup has them."""
    found = Counter()
    for row in session.scalars(sa.select(CountedDisbursement)):
        for basis in ("submitted", "accepted"):
            if getattr(row, f"counts_{basis}"):
                found[row.allocation_id, row.period_id, basis, "net"] += row.net
                found[row.allocation_id, row.period_id, basis, "correction"] += row.correction
        session.expunge(row)
    return +found


def raw(session):
    """The same, row by row, from what stands in reports and in sendings kept whole."""
    session.flush()
    found = Counter()

    def add(money, period_id, bases):
        for basis in bases:
            found[money.allocation_id, period_id, basis, "net"] += (
                money.advance + money.completed - money.recovered - money.returned
                + money.correction
            )  # fmt: skip
            found[money.allocation_id, period_id, basis, "correction"] += money.correction

    reports = {"submitted": ("submitted", "accepted"), "accepted": ("accepted",)}
    for money, report in session.execute(
        sa.select(Disbursement, Submission)
        .join(ProgressEntry, ProgressEntry.id == Disbursement.entry_id)
        .join(Submission, Submission.id == ProgressEntry.submission_id)
    ):
        add(money, report.period_id, [b for b, of in reports.items() if report.status in of])
    for money, sending in session.execute(
        sa.select(SentDisbursement, Sending)
        .join(SentEntry, SentEntry.id == SentDisbursement.entry_id)
        .join(Sending, Sending.id == SentEntry.sending_id)
    ):
        add(money, sending.period_id, [b for b in reports if getattr(sending, f"stands_{b}")])
    return +found


class Office:
    """Two units, two projects each, two months; every act through its real function."""

    def __init__(self, session, chance):
        self.session, self.chance, self.at = session, chance, AT
        self.units = [make_investor(session, code=f"U{n}", short_name=f"Xã {n}") for n in (0, 1)]
        projects = [
            make_project(session, code=f"P{n}", investor=self.units[n % 2]) for n in range(4)
        ]
        self.capital = {
            one: make_allocation(session, 9_000 * M, project=one).id for one in projects
        }
        self.months = [open_period(session, code, at=AT) for code in ("2024-03", "2024-04")]
        session.flush()

    def save(self, unit, period):
        def typed(project, allocation_id):
            paid = self.chance.randrange(20, 30) * M
            money = DisbursementInput(allocation_id=allocation_id, completed=paid)
            return ProjectInput(
                project_id=project.id, progress_text="Đã chi", disbursements=[money]
            )

        sheet = read_sheet(self.session, period=period, investor=unit, at=self.at)
        mine = {one: key for one, key in self.capital.items() if one.investor_id == unit.id}
        save_report(
            self.session, period=period, investor=unit, nil_report=False, version=sheet.version,
            explanations={}, at=self.at, actor=UNIT,
            projects=[typed(*one) for one in mine.items()],
        )  # fmt: skip

    def lock(self, _unit, period):
        lock_period(self.session, period, at=self.at)

    def reopen(self, unit, period):
        until = self.at + timedelta(hours=3)
        reopen_for_unit(
            self.session, period, unit, until_at=until, reason="Sai số", at=self.at, actor=CLERK
        )

    def send(self, unit, period):
        send_report(self.session, self.report(unit, period), at=self.at, actor=UNIT)

    def accept(self, unit, period):
        accept_report(self.session, self.report(unit, period), at=self.at, actor=CLERK)

    def give_back(self, unit, period):
        report = self.report(unit, period)
        return_report(self.session, report, reason="Thiếu", at=self.at, actor=CLERK)

    def report(self, unit, period):
        wanted = sa.select(Submission).filter_by(investor_id=unit.id, period_id=period.id)
        found = self.session.scalar(wanted)
        if found is None:
            raise RuleBroken("there is none")
        return found


def test_whatever_is_done_in_whatever_order_the_sums_follow(session):
    chance, done, combined = random.Random(7), Counter(), set()
    office = Office(session, chance)
    acts = ["save", "save", "send", "send", "accept", "give_back", "reopen"]
    for step in range(160):
        office.at += timedelta(minutes=30)
        name, unit, month = (chance.choice(of) for of in (acts, office.units, office.months))
        if step in (50, 51):
            name, month = "lock", office.months[step - 50]
        try:
            with session.begin_nested():
                getattr(office, name)(unit, month)
        except RuleBroken:
            session.expire_all()
            continue
        done[name] += 1
        assert kept(session) == raw(session), (step, name)
        combined |= {one[:2] for one in rows(session)}
    assert set(done) == {*acts, "lock"}, done
    assert combined == {(True, True), (True, False), (False, True)}
    assert list(prove_counted(session)) == []


@pytest.fixture
def counted(session):
    """A unit with March accepted: 30 m, of which 5 m put February right; a project without."""
    period = make_period(session)
    project = make_project(session, code="P1")
    capital = make_allocation(session, 900 * M, project=project)
    report = make_submission(
        session, investor=project.investor, period=period, status="accepted",
        first_submitted_at=AT, last_submitted_at=AT,
    )  # fmt: skip
    entry = make_entry(session, submission=report, project=project)
    money = make_disbursement(
        session, entry=entry, allocation=capital, completed=25 * M, correction=5 * M,
        correction_reason="Thiếu",
    )  # fmt: skip
    session.commit()
    return period, project, capital, report, entry, money


def rows(session):
    return sorted(
        tuple(row)
        for row in session.execute(
            sa.select(
                CountedDisbursement.counts_submitted,
                CountedDisbursement.counts_accepted,
                CountedDisbursement.net,
                CountedDisbursement.correction,
            )
        )
    )


def test_what_counts_on_both_bases_stands_in_one_row_and_a_draft_in_none(session, counted):
    _period, _project, _capital, report, _entry, money = counted
    assert rows(session) == [(True, True, 30 * M, 5 * M)]
    session.execute(sa.update(Submission).values(status="submitted"))
    assert rows(session) == [(True, False, 30 * M, 5 * M)]
    session.execute(sa.update(Submission).values(status="returned"))
    assert rows(session) == []
    money.completed = 70 * M
    session.flush()
    assert rows(session) == []
    session.execute(sa.update(Submission).values(status="accepted"))
    assert rows(session) == [(True, True, 75 * M, 5 * M)]
    assert report.id


def test_figures_written_past_the_program_count_at_once(session, counted):
    _period, project, capital, _report, entry, money = counted
    other = make_allocation(session, 5 * M, project=project, source="NST")
    session.execute(sa.update(Disbursement).values(completed=26 * M))
    assert rows(session) == [(True, True, 31 * M, 5 * M)]
    session.execute(sa.update(Disbursement).values(allocation_id=other.id))
    [row] = session.scalars(sa.select(CountedDisbursement))
    assert row.allocation_id == other.id
    make_disbursement(session, entry=entry, allocation=capital, advance=2 * M)
    assert [one[2] for one in rows(session)] == [2 * M, 31 * M]
    session.execute(sa.delete(Disbursement).where(Disbursement.id == money.id))
    assert [one[2] for one in rows(session)] == [2 * M]
    april = make_period(session, "2024-04")
    session.execute(sa.update(Submission).values(period_id=april.id))
    [row] = session.scalars(sa.select(CountedDisbursement))
    assert row.period_id == april.id
    assert list(prove_counted(session)) == []


def stand(session, counted, **how):
    _period, project, capital, report, _entry, _money = counted
    sending = make_sending(session, report, **how)
    kept_entry = SentEntry(id=77, investor_id=project.investor_id, sending_id=sending.id,
                           project_id=project.id)  # fmt: skip
    session.add(kept_entry)
    session.flush()
    session.add(
        SentDisbursement(
            id=78, investor_id=project.investor_id, entry_id=77, allocation_id=capital.id,
            advance=0, completed=11 * M, recovered=0, returned=0, correction=0,
            awaits_decision=False,
        )
    )  # fmt: skip
    session.flush()
    return sending


def test_a_sending_that_is_stored_standing_counts(session, counted):
    session.execute(sa.update(Submission).values(status="draft"))
    stand(session, counted, stands_submitted=True, stands_accepted=True)
    assert rows(session) == [(True, True, 11 * M, 0)]
    session.execute(sa.update(Submission).values(status="submitted"))
    session.execute(sa.update(Sending).values(stands_submitted=False))
    assert rows(session) == [(False, True, 11 * M, 0), (True, False, 30 * M, 5 * M)]
    assert list(prove_counted(session)) == []


# trigger → what happens that it has to see
DEEDS = {
    "submission": lambda session, _counted: session.execute(
        sa.update(Submission).values(status="submitted")
    ),
    "sending": lambda session, _counted: session.execute(
        sa.update(Sending).values(stands_submitted=True)
    ),
    "disbursement_insert": lambda session, counted: make_disbursement(
        session, entry=counted[4], advance=1,
        allocation=make_allocation(session, 5, project=counted[1], source="NST"),
    ),
    "disbursement_update": lambda session, _counted: session.execute(
        sa.update(Disbursement).values(advance=1)
    ),
    "disbursement_delete": lambda session, _counted: session.execute(sa.delete(Disbursement)),
    "disbursement_move": lambda session, counted: session.execute(
        sa.update(Disbursement).values(
            allocation_id=make_allocation(session, 5, project=counted[1], source="NST").id
        )
    ),
    "sent_disbursement": lambda session, counted: stand(
        session, counted, stands_submitted=True, stands_accepted=True
    ),
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_a_trigger_that_is_missing_is_seen(session, counted, database, deed):
    """Each is needed: without it the same deed leaves the sums behind, and the proof says so."""
    if deed == "sending":
        stand(session, counted)
        session.execute(sa.update(Submission).values(status="draft"))
    assert list(prove_counted(session)) == []
    table, _sep, act = deed.partition("_") if deed.startswith("disb") else (deed, "", "")
    name = f"{table}_counted" + (f"_{act}" if act and database == "sqlite" else "")
    assert name in COUNTING[database]
    session.execute(sa.text(
        f"DROP TRIGGER {name}" + (f" ON {table}" if database == "postgresql" else "")
    ))  # fmt: skip
    DEEDS[deed](session, counted)
    session.flush()
    [found] = prove_counted(session)
    assert (found.period, found.unit) == ("2024-03", counted[1].investor.short_name)
    assert found.sums > 0
    session.rollback()
    if deed == "sending":
        stand(session, counted)
        session.execute(sa.update(Submission).values(status="draft"))
    DEEDS[deed](session, counted)
    session.flush()
    assert list(prove_counted(session)) == []
    session.rollback()


def test_check_names_what_was_changed_behind_it_and_rebuild_puts_it_right(app, session, counted):
    def flask(*words):
        done = app.test_cli_runner().invoke(args=words)
        return done.exit_code, done.output

    assert flask("check")[0] == 0
    session.execute(sa.update(CountedDisbursement).values(net=29 * M))
    session.commit()
    code, said = flask("check")
    assert code == 1
    assert f"2024-03, {counted[1].investor.short_name}" in said
    assert "29.000.000" in said
    assert "30.000.000" in said
    code, said = flask("figures", "rebuild")
    assert code == 0, said
    session.rollback()
    assert rows(session) == [(True, True, 30 * M, 5 * M)]
    session.execute(sa.delete(CountedDisbursement))
    session.commit()
    assert flask("check")[0] == 1
    assert flask("figures", "rebuild")[0] == 0
    assert flask("check")[0] == 0


def test_a_merger_and_its_step_back_change_no_sum(session, counted):
    _period, project, *_rest = counted
    heir = make_investor(session, code="U9", short_name="Xã mới")
    session.commit()
    before = rows(session)
    act = Act(
        effective_on=date(2024, 5, 1), decision=make_decision(session),
        at=AT + timedelta(days=40), actor=CLERK,
    )  # fmt: skip
    event = merge(session, [project.investor], heir, act)
    session.flush()
    assert rows(session) == before
    assert list(prove_counted(session)) == []
    undo(session, event, at=AT + timedelta(days=41), actor=CLERK)
    assert rows(session) == before
    assert list(prove_counted(session)) == []

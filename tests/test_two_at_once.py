"""Two people at once on PostgreSQL, where nobody waits by himself: every order of statements."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from models import (
    DISTRICT,
    Actor,
    Allocation,
    AllocationLine,
    AuditEntry,
    Base,
    ExpectedChange,
    Investor,
    LoginAttempt,
    Period,
    PeriodStatus,
    Reopening,
    ReportVersion,
    RuleBroken,
    Scope,
    SignIn,
    Submission,
    SubmissionStatus,
    User,
)
from models.base import PeriodLocked, now
from models.duty import (
    expect_unit,
    get_period,
    open_period,
    release_unit,
    reopen_for_unit,
    reopen_period,
)
from models.filing import (
    DisbursementInput,
    ProjectInput,
    accept_report,
    hold_open,
    return_report,
    save_report,
    send_report,
)
from models.ledger import add_line
from models.people import (
    ADDRESS,
    PAIR,
    CodeMaker,
    Passkey,
    claim,
    forget_attempts,
    give_password,
    has_second_step,
    hash_password,
    new_recovery_codes,
    seal,
    take_back,
)
from models.reorganisation import Act, close
from models.returns import Disbursement, ProgressEntry
from reports.frozen import (
    freeze,
    from_now_on,
    lock_and_freeze,
    prepare,
    read_version,
    undisturbed,
)
from reports.proof_frozen import prove_frozen
from tests.conftest import KEY
from tests.factories import (
    make_allocation,
    make_decision,
    make_disbursement,
    make_entry,
    make_expected,
    make_investor,
    make_period,
    make_project,
    make_reopening,
    make_submission,
    make_user,
)
from tests.races import Run, count_statements, race

WHO = Actor(None, "Cán bộ")
OLD = "ba con trâu trắng"
WRITTEN = ("submission", "progress_entry", "disbursement")
ORDERS = 8  # how many places of the first one are tried, spread over its statements

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


class Field:
    """One unit with a filled draft in an open March, and what people do with it."""

    def __init__(self, session: Session, *, status: str = "draft") -> None:
        self.period = make_period(session, "2024-03")
        self.unit = make_investor(session)
        make_expected(session, self.period, self.unit)
        project = make_project(session, investor=self.unit)
        self.capital = make_allocation(session, amount=1_000_000, project=project)
        report = make_submission(session, investor=self.unit, period=self.period, status=status)
        entry = make_entry(session, submission=report, project=project, progress_text="Đang làm")
        make_disbursement(session, entry, self.capital, completed=500_000)
        session.commit()
        self.unit_id, self.period_id, self.report_id = self.unit.id, self.period.id, report.id
        self.project_id, self.capital_id, self.entry_id = project.id, self.capital.id, entry.id
        session.commit()

    def scope(self, work: str) -> Scope:
        own = {"send", "save", "save_and_send"}
        return Scope.of({self.unit_id}) if work in own else DISTRICT

    def report(self, session: Any) -> Submission:
        return session.scalars(select(Submission).where(Submission.id == self.report_id)).one()

    def send(self, session: Any) -> None:
        send_report(session, self.report(session), at=now(), actor=WHO)

    def save(self, session: Any) -> None:
        report = self.report(session)
        save_report(
            session,
            period=report.period,
            investor=report.investor,
            projects=[
                ProjectInput(
                    project_id=self.project_id,
                    progress_text="Đang làm",
                    disbursements=[
                        DisbursementInput(allocation_id=self.capital_id, completed=700_000)
                    ],
                )
            ],
            nil_report=False,
            explanations={},
            version=report.version,
            at=now(),
        )

    def enter(self, session: Any) -> None:
        """The door of the record screen."""
        hold_open(session, self.report(session), at=now())
        row = session.scalars(select(Disbursement)).one()
        row.completed = 700_000
        session.flush()

    def save_and_send(self, session: Any) -> None:
        self.save(session)
        self.send(session)

    def give_back(self, session: Any) -> None:
        return_report(session, self.report(session), reason="Sai", at=now(), actor=WHO)

    def accept(self, session: Any) -> None:
        accept_report(session, self.report(session), at=now(), actor=WHO)

    def lock(self, session: Any) -> None:
        """As the page and the command do it."""
        period = get_period(session, "2024-03")
        undisturbed(
            session,
            lambda: None if period.is_locked(now()) else prepare(session, period, at=now()),
            lambda known: lock_and_freeze(
                session,
                period,
                at=from_now_on(session, period),
                actor=WHO,
                prepared=known,
            ),
        )

    def reopen(self, session: Any) -> None:
        reopen_period(session, get_period(session, "2024-03"), reason="Sai", at=now())

    def reopen_unit(self, session: Any) -> None:
        report = self.report(session)
        reopen_for_unit(
            session,
            report.period,
            report.investor,
            until_at=now() + timedelta(days=1),
            reason="Sai",
            at=now(),
            actor=WHO,
        )

    def close(self, session: Any) -> None:
        decision = make_decision(session)
        act = Act(effective_on=self.period_day(session), decision=decision, at=now(), actor=WHO)
        close(session, self.report(session).investor, act)

    def period_day(self, session: Any) -> Any:
        return get_period(session, "2024-03").data_to

    def reduce(self, session: Any) -> None:
        capital = session.scalars(select(Allocation).where(Allocation.id == self.capital_id)).one()
        add_line(
            session,
            allocation=capital,
            decision=make_decision(session),
            kind="recall",
            amount=-600_000,
            effective_on=self.period_day(session),
        )


def places(app: Flask, work: Callable[[Any], Any], scope: Scope) -> list[int]:
    count = count_statements(app, work, scope=scope)
    assert count > 2
    return sorted({round(i * (count - 1) / (ORDERS - 1)) for i in range(ORDERS)})


def refused_in_words(run: Run) -> bool:
    assert run.error is None or isinstance(run.error, RuleBroken), run.error
    return run.error is not None


def orders(
    app: Flask,
    session: Session,
    first: str,
    second: str,
    *,
    status: str = "draft",
    locked: bool = False,
) -> Iterator[tuple[int, Run, Run, Field]]:
    """The two works of a fresh field against each other, in several orders."""

    def arrange() -> Field:
        empty(session)
        field = Field(session, status=status)
        if locked:
            period = session.get(Period, field.period_id)
            period.status, period.lock_at = PeriodStatus.LOCKED, now()
            session.commit()
        return field

    field = arrange()
    for place in places(app, getattr(field, first), field.scope(first)):
        field = arrange()
        one, two = race(
            app,
            getattr(field, first),
            getattr(field, second),
            stop_before=place,
            first_scope=field.scope(first),
            second_scope=field.scope(second),
        )
        session.rollback()
        yield place, one, two, field


def empty(session: Session) -> None:
    """The tables as before a test, for the next order."""
    session.rollback()
    names = ", ".join(table.name for table in Base.metadata.sorted_tables)
    session.connection().exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    session.commit()


def check_frozen(session: Session) -> tuple[int, bool]:
    """Amount and mark of the unit in the newest version; and nothing is without a cause."""
    session.rollback()
    period = session.scalars(select(Period)).one()
    number = session.scalar(select(func.max(ReportVersion.number)))
    source = read_version(session, period, number, "submitted").source
    assert [gap for gap in prove_frozen(session) if not gap.is_told] == []
    # a comparison takes what was written later than a version as a cause of what changed since
    frozen_at = session.scalars(select(func.max(ReportVersion.frozen_at))).one()
    later = AuditEntry.resource.in_(WRITTEN), AuditEntry.at > frozen_at
    assert session.scalars(select(AuditEntry.label).where(*later)).all() == []
    unit = next(iter(source.units.values()))
    return sum(line.figures.disbursed_total for line in source.lines), unit.has_reported


@pytest.mark.parametrize("act", ["send", "save_and_send", "give_back", "accept", "save", "enter"])
@pytest.mark.parametrize("locks_first", [True, False])
def test_what_a_unit_is_told_and_what_is_frozen_never_differ(
    app: Flask, session: Session, act: str, locks_first: bool
) -> None:
    status = "submitted" if act in ("give_back", "accept") else "draft"
    names = ("lock", act) if locks_first else (act, "lock")
    for place, one, two, _field in orders(app, session, *names, status=status):
        locking, doing = (one, two) if locks_first else (two, one)
        assert locking.error is None, (place, locking.error)
        refused = refused_in_words(doing)
        assert not refused or isinstance(doing.error, PeriodLocked)
        frozen, has_reported = check_frozen(session)
        done = not refused
        match act:
            case "send":
                assert (frozen, has_reported) == ((500_000, True) if done else (0, False)), place
            case "save_and_send":
                assert (frozen, has_reported) == ((700_000, True) if done else (0, False)), place
            case "give_back":
                assert (frozen, has_reported) == ((0, False) if done else (500_000, True)), place
            case "accept":
                period = session.scalars(select(Period)).one()
                accepted = read_version(session, period, 1, "accepted").source
                assert bool(accepted.lines[0].figures.disbursed_total) == done, place
            case _:
                assert (frozen, has_reported) == (0, False)
                stored = session.scalars(select(Disbursement.completed)).one()
                assert stored == (700_000 if done else 500_000), place


def test_nobody_waits_while_the_figures_of_a_report_are_computed(
    app: Flask, session: Session
) -> None:
    field = Field(session)
    count = count_statements(app, field.lock)
    holds = []
    for place in range(0, count, 3):
        empty(session)
        field = Field(session)
        _one, two = race(
            app, field.lock, field.save, stop_before=place, second_scope=field.scope("save")
        )
        holds.append(two.waited)
    # held for the last statements alone, which compare and write
    assert not any(holds[: len(holds) // 2])
    assert any(holds)


def test_a_period_is_reopened_once_and_locked_once(app: Flask, session: Session) -> None:
    for place, one, two, _field in orders(app, session, "lock", "lock", status="submitted"):
        assert sorted(refused_in_words(run) for run in (one, two)) == [False, True], place
        assert session.scalar(select(func.count()).select_from(ReportVersion)) == 1
    for place, one, two, _field in orders(app, session, "reopen", "reopen", locked=True):
        assert sorted(refused_in_words(run) for run in (one, two)) == [False, True], place


def test_a_unit_is_given_one_reopening(app: Flask, session: Session) -> None:
    works = ("reopen_unit", "reopen_unit")
    for place, one, two, _field in orders(app, session, *works, status="submitted", locked=True):
        assert sorted(refused_in_words(run) for run in (one, two)) == [False, True], place
        assert "already reopened" in next(str(run.error) for run in (one, two) if run.error)
        assert session.scalar(select(func.count()).select_from(Reopening)) == 1


def test_a_period_is_opened_once(app: Flask, session: Session) -> None:
    def opening(session: Any) -> None:
        open_period(session, "2024-04", at=now())

    for place in places(app, opening, DISTRICT):
        empty(session)
        runs = race(app, opening, opening, stop_before=place)
        assert sorted(refused_in_words(run) for run in runs) == [False, True]
        assert "already open" in next(str(run.error) for run in runs if run.error)


@pytest.mark.parametrize("decide", [expect_unit, release_unit])
def test_a_unit_is_put_on_the_list_or_taken_off_it_once(
    app: Flask, session: Session, decide: Callable[..., None]
) -> None:
    def arrange() -> None:
        empty(session)
        period, unit = make_period(session, "2024-04"), make_investor(session)
        if decide is release_unit:
            make_expected(session, period, unit)
        session.commit()

    def deciding(session: Any) -> None:
        unit = session.scalars(select(Investor)).one()
        decide(session, get_period(session, "2024-04"), unit, reason="Đã thống nhất")

    arrange()
    for place in places(app, deciding, DISTRICT):
        arrange()
        runs = race(app, deciding, deciding, stop_before=place)
        assert sorted(refused_in_words(run) for run in runs) == [False, True], place
        assert session.scalar(select(func.count()).select_from(ExpectedChange)) == 1


def test_two_months_are_opened_at_once(app: Flask, session: Session) -> None:
    """Both fill the calendar of the same year, of which each day stands once."""

    def opening(code: str) -> Callable[[Any], Any]:
        return lambda session: open_period(session, code, at=now())

    for place in places(app, opening("2024-04"), DISTRICT):
        empty(session)
        runs = race(app, opening("2024-04"), opening("2024-05"), stop_before=place)
        assert [run.error for run in runs] == [None, None]


@pytest.mark.parametrize("works", [("send", "reduce"), ("reduce", "send")])
def test_a_plan_is_not_reduced_under_figures_that_are_being_sent(
    app: Flask, session: Session, works: tuple[str, str]
) -> None:
    """500.000 stand in the draft, and 400.000 would be left: whoever comes second is refused.

    A draft is no disbursed money, so the reduction may come first; the report then breaks V1.
    """
    for place, *runs, _field in orders(app, session, *works):
        refused = {work for work, run in zip(works, runs, strict=True) if refused_in_words(run)}
        assert len(refused) == 1, (place, refused)
        status = session.scalars(select(Submission.status)).one()
        plan = session.scalar(select(func.sum(AllocationLine.amount)))
        sent = status is SubmissionStatus.SUBMITTED
        assert (sent, plan) == ((False, 400_000) if refused == {"send"} else (True, 1_000_000))


@pytest.mark.parametrize("works", [("send", "close"), ("close", "send")])
def test_a_unit_does_not_send_what_its_end_took_away(
    app: Flask, session: Session, works: tuple[str, str]
) -> None:
    for place, *runs, _field in orders(app, session, *works):
        assert sorted(refused_in_words(run) for run in runs) == [False, True], place


def test_two_corrections_accepted_at_once_are_both_in_the_last_version(
    app: Flask, session: Session
) -> None:
    ids: list[int] = []

    def arrange() -> None:
        empty(session)
        field = Field(session, status="accepted")
        other = make_investor(session)
        project = make_project(session, investor=other)
        capital = make_allocation(session, project=project)
        period = session.get(Period, field.period_id)
        report = make_submission(session, investor=other, period=period, status="accepted")
        entry = make_entry(session, submission=report, project=project)
        make_disbursement(session, entry, capital, completed=1)
        session.commit()
        lock_and_freeze(session, period, at=now() - timedelta(hours=2), actor=WHO)
        later = now() - timedelta(hours=1)
        for one in session.scalars(select(Submission)).all():
            make_reopening(
                session,
                period=period,
                investor=one.investor,
                from_at=later,
                until_at=now() + timedelta(days=1),
            )
            one.status, one.last_submitted_at = SubmissionStatus.SUBMITTED, now()
        for row in session.scalars(select(Disbursement)).all():
            row.completed += 70
        ids[:] = list(session.scalars(select(Submission.id).order_by(Submission.id)))
        session.commit()

    def accepting(index: int) -> Callable[[Any], Any]:
        def work(session: Any) -> None:
            report = session.scalars(select(Submission).where(Submission.id == ids[index])).one()
            accept_report(session, report, at=now(), actor=WHO)
            freeze(session, report.period, reason="Sửa", at=now(), actor=WHO)

        return work

    arrange()
    for place in places(app, accepting(0), DISTRICT):
        arrange()
        runs = race(app, accepting(0), accepting(1), stop_before=place)
        assert [run.error for run in runs] == [None, None]
        session.rollback()
        period = session.scalars(select(Period)).one()
        newest = read_version(session, period, 3, "accepted").source
        assert sum(line.figures.disbursed_total for line in newest.lines) == 500_141, place


def test_the_check_names_a_report_that_is_sent_and_not_frozen(app: Flask, session: Session) -> None:
    """What went wrong before the period was held: found afterwards, too."""
    field = Field(session)
    period = session.get(Period, field.period_id)
    lock_and_freeze(session, period, at=now(), actor=WHO)
    session.commit()
    assert list(prove_frozen(session)) == []
    report = field.report(session)
    at = datetime(2024, 4, 5, tzinfo=UTC)
    report.status = SubmissionStatus.SUBMITTED
    report.first_submitted_at = report.last_submitted_at = at
    session.commit()
    gaps = list(prove_frozen(session))
    assert [(gap.unit, gap.is_told) for gap in gaps] == [(field.unit.short_name, False)]
    runner = app.test_cli_runner()
    told = runner.invoke(args=["check"])
    assert told.exit_code == 1
    assert field.unit.short_name in told.output
    assert session.scalar(select(ProgressEntry.id)) == field.entry_id


def asked(app: Flask, client: Any, url: str, form: dict[str, str]) -> Callable[[Any], Any]:
    """A posted form as a work of a race; the client has no session of the test behind it."""
    client.arranged = None
    token = client.token()

    def work(_session: Any) -> Any:
        reply = client.post(url, data=form | {"csrf_token": token})
        return reply.status_code, reply.text

    return work


@pytest.mark.parametrize("place", [1, 4, 7, 10, 14, 20, 27])
def test_two_forms_at_once_get_one_answer_and_one_refusal_in_words(
    app: Flask, session: Session, client_for: Callable[..., Any], place: int
) -> None:
    """The same at the doors: opening a month, and reopening one, from two pages."""
    one, two = client_for("officer"), client_for("officer")
    opening = [
        asked(app, client, "/admin/period/open/", {"code": "2024-04", "form_key": key})
        for client, key in ((one, "a"), (two, "b"))
    ]
    runs = race(app, *opening, stop_before=place, first_scope=None, second_scope=None)
    assert [run.error for run in runs] == [None, None]
    assert sorted(run.result[0] for run in runs) == [303, 422]
    refused = next(run.result[1] for run in runs if run.result[0] == 422)
    assert "2024-04" in refused

    session.rollback()
    period = session.scalars(select(Period)).one()
    period.status, period.lock_at = PeriodStatus.LOCKED, now()
    session.commit()
    reopening = [
        asked(app, client, "/admin/review/2024-04/reopen", {"reason": "Sai", "form_key": key})
        for client, key in ((one, "c"), (two, "d"))
    ]
    runs = race(app, *reopening, stop_before=place, first_scope=None, second_scope=None)
    assert [run.error for run in runs] == [None, None]
    assert sorted(run.result[0] for run in runs) == [303, 422]


@pytest.mark.parametrize("place", [8, 14, 20, 26, 32, 40, 50])
def test_a_unit_sends_from_its_page_while_an_officer_locks(
    app: Flask, session: Session, client_for: Callable[..., Any], place: int
) -> None:
    field = Field(session)
    unit, officer = client_for("investor", field.unit), client_for("officer")
    session.commit()
    version = session.scalar(select(Submission.version))
    sending = asked(
        app,
        unit,
        "/admin/my-report/2024-03",
        {
            "action": "send",
            "form_key": "a",
            "version": str(version),
            f"a{field.capital_id}-completed": "600.000",
            f"p{field.project_id}-progress_text": "Đang làm",
        },
    )
    locking = asked(app, officer, "/admin/review/2024-03/lock", {"form_key": "b"})
    one, two = race(app, sending, locking, stop_before=place, first_scope=None, second_scope=None)
    assert (one.error, two.error) == (None, None)
    assert two.result[0] == 303
    frozen, has_reported = check_frozen(session)
    if one.result[0] == 303:
        assert (frozen, has_reported) == (600_000, True)
    else:
        assert one.result[0] == 422
        assert (frozen, has_reported) == (0, False)
        assert "600.000" in one.result[1]  # what was typed stays on the page


@pytest.mark.parametrize("has_second", [False, True])
def test_a_password_that_was_changed_lets_nobody_in_whatever_comes_first(
    app: Flask, session: Session, client_for: Callable[..., Any], has_second: bool
) -> None:
    """Whoever signs in by the old one while the office gives a new one is out, before or after."""
    user = make_user(session, "officer", username="canbo", password_hash=hash_password(OLD))
    if has_second:
        codes = new_recovery_codes(session, user)
        session.add(
            CodeMaker(user_id=user.id, secret=seal("A" * 32, [KEY]), last_counter=0, added_at=now())
        )
    session.commit()
    user_id, place, way = user.id, 0, {"username": "canbo", "password": OLD}

    def give_another(own: Any) -> None:
        give_password(own.get(User, user_id), "chín con ngựa hồng mao", must_change=False)

    while True:
        client = client_for(None)
        if has_second:
            assert client.post_form("/login", way).location == "/login/second"
            signing = asked(app, client, "/login/second", {"code": codes[0]})
        else:
            signing = asked(app, client, "/login", way)
        one, two = race(app, signing, give_another, stop_before=place, first_scope=None)
        assert one.error is None
        is_in = client.get("/admin/").status_code == 200
        if two.error is not None:  # the office is told that the account has changed under its hand
            assert isinstance(two.error, StaleDataError)
            assert is_in
        else:
            assert not is_in, place
        if one.statements <= place:
            break  # it was through before the other began
        session.rollback()
        session.expire_all()
        user = session.get(User, user_id)
        user.password_hash, place = hash_password(OLD), place + 1
        session.execute(delete(LoginAttempt))
        if has_second:
            codes = new_recovery_codes(session, user)
        session.commit()
    assert place > 5  # it had been stopped before each of its statements


def test_a_page_asked_while_one_signs_out_elsewhere_leads_to_the_sign_in(
    app: Flask, session: Session, client_for: Callable[..., Any]
) -> None:
    """The visit is noted in a row that is gone by then: the session has ended, no more."""
    client = client_for("officer")
    client.arranged = None
    with time_machine.travel(now() + timedelta(minutes=6), tick=False):
        one, two = race(
            app,
            lambda _own: client.get("/admin/account/").status_code,
            lambda own: own.execute(delete(SignIn)),
            stop_before=1,
            first_scope=None,
        )
    assert (one.result, one.error, two.error) == (302, None, None)


@pytest.mark.parametrize("place", range(6))
def test_two_who_sign_in_from_one_office_never_wait_for_each_other(
    app: Flask, session: Session, place: int
) -> None:
    """One deletes what is of yesterday, the other one begins with it and shares the address."""
    at = now()
    for key, age in (("a", timedelta(days=2)), ("b", timedelta(days=2)), ("z", timedelta(0))):
        session.add(LoginAttempt(key=key, failures=2, last_at=at - age))
    session.commit()

    def is_in(own: Any) -> None:
        take_back(own, {"m": PAIR, "z": ADDRESS}, own="m", at=at)
        forget_attempts(own, at=at)

    def begins(own: Any) -> int:
        return claim(own, {"a": PAIR, "z": ADDRESS}, at=at)

    one, two = race(app, is_in, begins, stop_before=place)
    assert (one.error, two.error, two.result) == (None, None, 0)
    assert "b" not in set(session.scalars(select(LoginAttempt.key)))


@pytest.mark.parametrize("place", range(5, 17))
def test_of_two_ways_that_are_taken_away_at_once_one_stays_where_the_role_needs_one(
    app: Flask,
    session: Session,
    client_for: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    place: int,
) -> None:
    """From two pages: the telephone here, the only passkey there."""
    monkeypatch.setitem(app.config, "REQUIRE_SECOND_STEP", ("officer",))
    user = make_user(session, "officer")
    own = {"user_id": user.id, "added_at": now()}
    session.add(CodeMaker(secret=seal("A" * 32, [KEY]), last_counter=0, **own))
    key = Passkey(name="Máy", credential_id="x", public_key="y", sign_count=0, **own)
    session.add(key)
    session.commit()
    url, key_id = "/admin/account/second-step", str(key.id)
    one, two = client_for(user), client_for(user)
    session.execute(update(SignIn).values(second="totp"))
    session.commit()
    runs = race(
        app,
        asked(app, one, f"{url}/telephone/off", {}),
        asked(app, two, f"{url}/passkeys/delete", {"id": key_id}),
        stop_before=place,
        first_scope=None,
        second_scope=None,
    )
    assert [run.error for run in runs] == [None, None]
    assert sorted(run.result[0] for run in runs) == [303, 422]
    session.rollback()
    assert has_second_step(session, user)

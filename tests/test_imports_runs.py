"""Imports as they are kept: whose they are, what they go through, and what they never do twice."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import delete, func, select

from admin.pages.import_look import look_apart, place_to_read
from models import (
    DISTRICT,
    Actor,
    AuditEntry,
    HolidayYear,
    ImportFile,
    ImportMap,
    ImportRun,
    Investor,
    Project,
    Role,
    RuleBroken,
    RunStatus,
    Scope,
    ScopeViolation,
    User,
    db,
)
from models.base import NotFound, Stale, now
from models.imports import (
    answer,
    apply_run,
    get_run,
    look,
    read_again,
    standing,
    start,
    undo_run,
    wait_for,
)
from models.imports.workers import TO_BEGIN, TO_READ, _began, this_worker
from models.sheets import Ask, Kind, Level
from models.sheets.opening import FILE_BYTES
from tests.factories import make_investor, make_period, make_project, make_user
from tests.imports import CSV, Act, act_with, finding, question
from tests.races import race

AT = datetime(2024, 5, 6, 2, tzinfo=UTC)
OFFICER = Actor(None, "Cán bộ")


@pytest.fixture
def act(monkeypatch):
    """What the file of the test does; change it before the look."""
    done = Act()
    act_with(monkeypatch, done)
    return done


@pytest.fixture
def units(session):
    """Two units, each with a project; that of the first is the one in the file."""
    own = make_project(session, code="P1", name="Mô hình trâu")
    other = make_project(session, code="P2", investor=make_investor(session))
    make_period(session, "2024-04")
    session.commit()
    return own.investor, other.investor


@pytest.fixture
def unit_key(session, units):
    """The key of the second unit."""
    key = units[1].id
    session.commit()
    return key


@pytest.fixture
def officer(session):
    """The key of an officer."""
    key = make_user(session, "officer").id
    session.commit()
    return key


@pytest.fixture
def office(app, units):
    """The application's session of somebody who sees the whole district."""
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        yield own
        own.rollback()


@pytest.fixture
def narrow(app, units, session):
    """The application's session, limited to the first unit."""
    key = units[0].id
    session.commit()
    with app.app_context():
        own = db.session()
        own.enter(Scope.of({key}))
        yield own
        own.rollback()


def begun(
    session, *, kind=Kind.MONTHLY, content=CSV, name="thang 4.csv", actor=OFFICER, at=AT, **ask
):
    run = start(
        session,
        Ask(kind=kind, **ask),
        name=name,
        content=content.encode(),
        at=at,
        actor=actor,
    )
    session.commit()
    return run.id


def ready(session, **more):
    run_id = begun(session, **more)
    assert look(session, run_id, at=AT).status is RunStatus.READY
    return run_id


def name_of(session, code="P1"):
    session.rollback()
    return session.scalar(select(Project.name).where(Project.code == code))


# ------------------------------------------------------------------------------ whose they are


@pytest.fixture
def three_runs(session, units, app):
    """A run of each unit's people and one of the office, with file and remembered sheet each."""
    keys = [units[0].id, units[1].id, None]
    session.commit()
    found = []
    with app.app_context():
        for key in keys:
            own = db.session()
            own.enter(DISTRICT if key is None else Scope.of({key}))
            run_id = begun(own, actor=Actor(None, "ai đó"))
            own.add(
                ImportMap(
                    investor_id=key,
                    sender="",
                    kind=Kind.MONTHLY,
                    fingerprint="f",
                    headings=[],
                    columns={},
                    answers={},
                    file_name="x",
                    user_name="x",
                    at=AT,
                )
            )
            own.commit()
            found.append(run_id)
    return found


def test_a_unit_reads_what_its_own_people_brought_and_nothing_else(three_runs, narrow, units):
    own, foreign, of_office = three_runs
    assert narrow.scalars(select(ImportRun.id)).all() == [own]
    assert narrow.scalars(select(ImportFile.run_id)).all() == [own]
    assert narrow.scalars(select(ImportMap.investor_id)).all() == [get_run(narrow, own).investor_id]
    assert narrow.scalar(select(func.count()).select_from(ImportRun)) == 1
    assert get_run(narrow, own).file.content == CSV.encode()
    for other in (foreign, of_office):
        assert narrow.get(ImportRun, other) is None
        assert narrow.get(ImportFile, other) is None
        with pytest.raises(NotFound):
            get_run(narrow, other)


@pytest.mark.parametrize("act_on", [answer, read_again, undo_run, apply_run, look])
def test_a_unit_moves_no_run_of_others(three_runs, narrow, act_on):
    more = {"actor": OFFICER} if act_on in (undo_run, apply_run) else {}
    for other in three_runs[1:]:
        with pytest.raises(NotFound):
            act_on(narrow, other, at=AT, **more)


def test_the_office_reads_all(three_runs, office):
    assert set(office.scalars(select(ImportRun.id))) == set(three_runs)
    assert office.scalar(select(func.count()).select_from(ImportMap)) == 3


def test_rows_of_the_office_do_not_answer_a_unit_from_memory(three_runs, app, units, session):
    key = units[0].id
    session.commit()
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        held = [own.get(ImportRun, run_id) for run_id in three_runs]
        own.enter(Scope.of({key}))
        assert [own.get(ImportRun, run_id) is not None for run_id in three_runs] == [
            True,
            False,
            False,
        ]
        assert not any(run in own for run in held)


@pytest.mark.parametrize("owner", ["foreign", "nobody"])
def test_a_unit_writes_no_row_that_is_not_its_own(three_runs, narrow, units, owner, session):
    key = session.scalar(select(ImportRun.investor_id).where(ImportRun.id == three_runs[1]))
    session.rollback()
    key = key if owner == "foreign" else None
    run = get_run(narrow, three_runs[0])
    fresh = {
        "kind": Kind.MONTHLY,
        "status": RunStatus.READING,
        "file_name": "x",
        "sha256": "x",
        "size": 1,
        "ask": {},
        "user_name": "x",
        "started_at": AT,
    }
    doors = (
        lambda: narrow.add(ImportRun(investor_id=key, **fresh)),
        lambda: setattr(run, "investor_id", key),
        lambda: narrow.add(ImportFile(run_id=three_runs[1], investor_id=key, content=b"")),
    )
    for door in doors:
        door()
        with pytest.raises(ScopeViolation):
            narrow.flush()
        narrow.rollback()
    narrow.execute(delete(ImportMap))
    narrow.commit()
    assert len(session.scalars(select(ImportMap)).all()) == 2


# ------------------------------------------------------------------------------ how they begin


def test_the_file_of_a_unit_is_its_own_without_naming_it(narrow, units, act):
    run = get_run(narrow, begun(narrow))
    assert run.investor_id is not None
    assert run.unit_code == run.asked.investor
    assert run.sha256 == hashlib.sha256(CSV.encode()).hexdigest()
    assert run.size == len(CSV.encode())


def test_who_works_for_two_units_names_the_one(app, units, session):
    keys, codes = {unit.id for unit in units}, [unit.code for unit in units]
    session.commit()
    with app.app_context():
        own = db.session()
        own.enter(Scope.of(keys))
        with pytest.raises(RuleBroken) as refused:
            begun(own)
        assert refused.value.field == "investor"
        own.rollback()
        assert get_run(own, begun(own, investor=codes[1])).unit_code == codes[1]


def test_a_foreign_unit_is_refused_as_a_missing_one_is(narrow, units, session):
    code = units[1].code
    session.rollback()
    said = []
    for typed in (code, "X-nowhere"):
        with pytest.raises(RuleBroken) as refused:
            begun(narrow, investor=typed, period="2024-04")
        narrow.rollback()
        said.append(str(refused.value).replace(typed, "…"))
    assert said[0] == said[1]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.MONTHLY])
def test_a_unit_brings_in_its_months_and_nothing_else(narrow, units, kind):
    with pytest.raises(RuleBroken):
        begun(narrow, kind=kind)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.MONTHLY])
def test_only_a_monthly_report_is_of_one_unit(office, units, kind):
    with pytest.raises(RuleBroken) as refused:
        begun(office, kind=kind, investor="X-1")
    assert refused.value.field == "investor"


def test_only_the_office_registers_a_receipt(narrow, units):
    with pytest.raises(RuleBroken) as refused:
        start(
            narrow,
            Ask(kind=Kind.MONTHLY),
            name="x.csv",
            content=b"x",
            at=AT,
            actor=OFFICER,
            received_at=AT,
        )
    assert refused.value.field == "received_at"


def test_a_period_that_was_never_opened_is_named(office, units):
    with pytest.raises(NotFound) as refused:
        begun(office, period="2024-09")
    assert refused.value.field == "period"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("C:\\Users\\lan\\Báo cáo.xlsx", "Báo cáo.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a\x00\r\nb.csv", "a b.csv"),
        ("Zq\u202exslx.exe", "Zqxslx.exe"),
        ("", "?"),
        ("d" * 250 + ".xlsx", "d" * 250 + ".xlsx"),
    ],
)
def test_of_the_name_only_the_file_is_kept(office, units, typed, kept):
    assert get_run(office, begun(office, name=typed)).file_name == kept


def test_a_name_that_is_too_long_is_refused_and_not_cut(office, units):
    with pytest.raises(RuleBroken, match="256 characters") as refused:
        begun(office, name="d" * 251 + ".xlsx")
    assert refused.value.field == "file"


def test_a_file_beyond_all_limits_is_refused_and_not_kept(office, units):
    run = start(
        office,
        Ask(kind=Kind.MONTHLY),
        name="x.xlsx",
        content=b"\0" * (FILE_BYTES + 1),
        at=AT,
        actor=OFFICER,
    )
    office.commit()
    run = look(office, run.id, at=AT)
    assert (run.status, run.file, run.size) == (RunStatus.REFUSED, None, FILE_BYTES + 1)
    assert [one["code"] for one in run.result["findings"]] == ["file_too_large"]


# ------------------------------------------------------------------------------ looking


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ((), "ready"),
        ((finding(Level.WARNING),), "ready"),
        ((finding(Level.HINT),), "ready"),
        ((replace(finding(Level.ERROR, "V1"), is_check=True),), "ready"),
        ((question(),), "questions"),
        ((finding(Level.ERROR),), "errors"),
        ((question(), finding(Level.ERROR)), "errors"),
    ],
)
def test_the_status_follows_from_what_stands_in_the_way(office, act, found, status):
    act.findings = found
    run = look(office, begun(office), at=AT)
    assert run.status == status
    assert (run.writes is None) == (status != "ready")
    assert run.counts == {"new": 0, "changed": 1, "same": 0}
    assert run.looked_at == AT
    assert sum(run.found.values()) == len(found)


def test_what_is_no_sheet_is_refused(office, act):
    run = look(office, begun(office, content="<html><table></table></html>", name="x.xls"), at=AT)
    assert run.status is RunStatus.REFUSED
    assert run.result["rows"] == []
    with pytest.raises(RuleBroken):
        apply_run(office, run.id, at=AT, actor=OFFICER)


def test_the_file_of_a_unit_is_read_as_that_unit_whoever_looks(office, act, units, session):
    key = units[0].id
    session.commit()
    run_id = begun(office)
    run = get_run(office, run_id)
    run.investor_id = run.file.investor_id = key
    office.commit()
    look(office, run_id, at=AT)
    [(_ask, known)] = act.asked
    assert known.units == ("P1",)
    assert office.scope == DISTRICT


def test_who_moved_to_a_unit_has_its_file_read_as_that_unit(officer, unit_key, office, act):
    look(office, begun(office, actor=Actor(officer, "ai đó")), at=AT)
    user, investor = office.get(User, officer), office.get(Investor, unit_key)
    with office.no_autoflush:
        user.role, user.investors = Role.INVESTOR, [investor]
    office.commit()
    look(office, begun(office, actor=Actor(officer, "ai đó")), at=AT)
    look(office, begun(office), at=AT)
    assert [known.units for _ask, known in act.asked] == [("P1", "P2"), ("P2",), ("P1", "P2")]


def test_looking_changes_no_figure(office, act):
    ready(office)
    assert name_of(office) == "Mô hình trâu"


def test_others_write_while_a_file_is_read(office, act, engine):
    """Under a lock of the reader this would wait for five seconds, and fail."""
    waited = []

    def another_saves():
        began = time.monotonic()
        with engine.connect() as other:
            if engine.dialect.name == "sqlite":
                other.exec_driver_sql("PRAGMA busy_timeout=300")
            else:
                other.exec_driver_sql("SET LOCAL lock_timeout = '300ms'")
            other.execute(sa.update(ImportRun.__table__).values(unit_code="X"))
            other.execute(sa.insert(HolidayYear.__table__).values(year=2031, version=1))
            other.commit()
            if engine.dialect.name == "sqlite":
                other.exec_driver_sql("PRAGMA busy_timeout=5000")
        waited.append(time.monotonic() - began)

    act.meanwhile = another_saves
    run = look(office, begun(office), at=AT)
    assert run.status is RunStatus.READY
    assert len(waited) == 1
    assert waited[0] < 1
    assert office.scalars(select(HolidayYear.year)).all() == [2031]


def test_an_answer_given_meanwhile_goes_before_an_older_look(app, office, act):
    run_id = begun(office)
    act.findings = (question(),)

    def somebody_answers():
        act.meanwhile = lambda: None
        with app.app_context():
            other = db.session()
            other.enter(DISTRICT)
            answer(other, run_id, answers={"unit_unclear": "trieu"}, at=AT)
            other.commit()

    act.meanwhile = somebody_answers
    assert look(office, run_id, at=AT).status is RunStatus.READING
    assert look(office, run_id, at=AT).status is RunStatus.READY
    assert [ask.answers for ask, _known in act.asked] == [{}, {"unit_unclear": "trieu"}]


def test_answers_are_kept_changed_and_taken_back(office, act):
    act.findings = (question(), question("source_unclear", options=("NSTW",)))
    run_id = begun(office)
    look(office, run_id, at=AT)
    answer(office, run_id, answers={"unit_unclear": "trieu"}, columns={"T4!B": "completed"}, at=AT)
    assert look(office, run_id, at=AT).status is RunStatus.QUESTIONS
    answer(office, run_id, answers={"source_unclear": "NSTW", "unit_unclear": "dong"}, at=AT)
    run = look(office, run_id, at=AT)
    assert run.status is RunStatus.READY
    assert run.asked.answers == {"unit_unclear": "dong", "source_unclear": "NSTW"}
    assert run.asked.columns == {"T4!B": "completed"}
    answer(office, run_id, answers={"unit_unclear": ""}, columns={"T4!B": " "}, at=AT)
    run = look(office, run_id, at=AT)
    assert (run.status, run.asked.columns) == (RunStatus.QUESTIONS, {})
    answer(office, run_id, sheet="T4", unit="trieu", period="2024-04", at=AT)
    asked = get_run(office, run_id).asked
    assert (asked.sheet, asked.unit, asked.period) == ("T4", "trieu", "2024-04")
    answer(office, run_id, sheet=None, at=AT)
    assert get_run(office, run_id).asked.sheet is None
    assert get_run(office, run_id).period.code == "2024-04"


def test_a_unit_that_names_another_of_its_units_takes_its_file_along(app, units, session, act):
    keys, (first, code) = [unit.id for unit in units], [unit.code for unit in units]
    session.commit()
    with app.app_context():
        own = db.session()
        own.enter(Scope.of(set(keys)))
        run_id = begun(own, investor=first)
        answer(own, run_id, investor=code, at=AT)
        own.commit()
        own.enter(Scope.of({keys[1]}))
        run = get_run(own, run_id)
        assert (run.unit_code, run.file.content) == (code, CSV.encode())


# ------------------------------------------------------------------------------ carrying out


def test_a_run_is_carried_out_and_undone_and_the_trail_names_it(office, act):
    run_id = ready(office)
    run = apply_run(office, run_id, at=AT, actor=OFFICER)
    office.commit()
    assert (run.status, run.applied_by, run.applied_at) == ("applied", "Cán bộ", AT)
    assert name_of(office) == "Mô hình bò"
    run = undo_run(office, run_id, at=AT, actor=Actor(None, "Trưởng phòng"))
    office.commit()
    assert (run.status, run.undone_by) == ("undone", "Trưởng phòng")
    assert name_of(office) == "Mô hình trâu"
    entries = office.scalars(
        select(AuditEntry)
        .where(AuditEntry.resource == "project", AuditEntry.action == "update")
        .order_by(AuditEntry.id)
    ).all()
    assert [(one.import_run, one.user_name) for one in entries] == [
        (run_id, "Cán bộ"),
        (run_id, "Trưởng phòng"),
    ]


def test_what_is_changed_afterwards_is_not_put_on_the_import(office, act):
    apply_run(office, ready(office), at=AT, actor=OFFICER)
    project = office.scalar(select(Project).where(Project.code == "P1"))
    project.name = "Mô hình dê"
    office.commit()
    last = office.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (last.resource, last.import_run) == ("project", None)


def test_the_trail_keeps_neither_the_file_nor_what_was_found(office, act):
    apply_run(office, ready(office), at=AT, actor=OFFICER)
    office.commit()
    noted = office.scalars(
        select(AuditEntry).where(AuditEntry.resource.in_(("import_run", "import_file")))
    )
    names = {name for entry in noted for name in entry.changes}
    assert names & {"content", "result", "writes", "written", "worker"} == set()
    assert {"status", "ask", "sha256", "file_name"} <= names


@pytest.mark.parametrize(
    "found", [(question(),), (finding(Level.ERROR),)], ids=["question", "error"]
)
def test_nothing_is_carried_out_while_something_stands_in_the_way(office, act, found):
    act.findings = found
    run_id = begun(office)
    with pytest.raises(RuleBroken):
        apply_run(office, run_id, at=AT, actor=OFFICER)  # not read yet
    look(office, run_id, at=AT)
    with pytest.raises(RuleBroken):
        apply_run(office, run_id, at=AT, actor=OFFICER)
    with pytest.raises(RuleBroken):
        undo_run(office, run_id, at=AT, actor=OFFICER)
    assert name_of(office) == "Mô hình trâu"


def test_a_run_is_carried_out_once_and_undone_once(office, act):
    run_id = ready(office)
    apply_run(office, run_id, at=AT, actor=OFFICER)
    office.commit()
    with pytest.raises(RuleBroken) as refused:
        apply_run(office, run_id, at=AT, actor=OFFICER)
    assert refused.value.values == {"person": "Cán bộ", "moment": AT}
    with pytest.raises(RuleBroken):
        answer(office, run_id, answers={"x": "y"}, at=AT)
    with pytest.raises(RuleBroken):
        read_again(office, run_id, at=AT)
    office.rollback()
    undo_run(office, run_id, at=AT, actor=OFFICER)
    office.commit()
    with pytest.raises(RuleBroken):
        undo_run(office, run_id, at=AT, actor=OFFICER)
    with pytest.raises(RuleBroken):
        apply_run(office, run_id, at=AT, actor=OFFICER)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("stop_before", range(6))
def test_two_at_once_carry_it_out_once(app, office, act, stop_before):
    run_id = ready(office)
    office.rollback()

    def confirm(own):
        apply_run(own, run_id, at=AT, actor=OFFICER)

    runs = race(app, confirm, confirm, stop_before=stop_before)
    assert sorted(type(one.error).__name__ for one in runs) == ["NoneType", "RuleBroken"]
    noted = select(AuditEntry.resource).where(AuditEntry.import_run == run_id)
    assert sorted(office.scalars(noted)) == ["import_run", "project"]


def test_a_plan_on_what_changed_meanwhile_is_looked_at_again(office, act):
    early, late = ready(office), ready(office)
    apply_run(office, late, at=AT, actor=OFFICER)
    office.commit()
    with pytest.raises(Stale):
        apply_run(office, early, at=AT, actor=OFFICER)
    office.rollback()
    assert get_run(office, early).status is RunStatus.READY
    read_again(office, early, at=AT)
    office.commit()
    run = look(office, early, at=AT)
    assert run.counts == {"new": 0, "changed": 0, "same": 1}
    apply_run(office, early, at=AT, actor=OFFICER)


def test_undoing_is_refused_where_somebody_changed_it_since(office, act):
    run_id = ready(office)
    apply_run(office, run_id, at=AT, actor=OFFICER)
    office.commit()
    office.scalar(select(Project).where(Project.code == "P1")).name = "Mô hình dê"
    office.commit()
    with pytest.raises(RuleBroken):
        undo_run(office, run_id, at=AT, actor=OFFICER)
    office.rollback()
    assert name_of(office) == "Mô hình dê"
    assert get_run(office, run_id).status is RunStatus.APPLIED


def test_the_same_file_again_names_the_run(office, act):
    first = ready(office, period="2024-04")
    apply_run(office, first, at=AT, actor=OFFICER)
    office.commit()

    def hints(run_id):
        found = look(office, run_id, at=AT).result["findings"]
        return [one["values"]["run"] for one in found if one["code"] == "file_imported"]

    assert hints(begun(office, period="2024-04")) == [first]
    assert hints(begun(office, period="2024-04", content=CSV + "x;y\n")) == []
    assert hints(begun(office)) == []  # of no period
    assert hints(begun(office, period="2024-04", kind=Kind.CONSOLIDATED)) == []
    undo_run(office, first, at=AT, actor=OFFICER)
    office.commit()
    assert hints(begun(office, period="2024-04")) == []


# ------------------------------------------------------------------------------ breaking off


def test_a_reading_that_fails_leaves_a_run_that_says_so(office, act):
    def fail():
        raise ZeroDivisionError

    act.meanwhile = fail
    run_id = begun(office)
    with pytest.raises(ZeroDivisionError):
        look(office, run_id, at=AT)
    assert get_run(office, run_id).status is RunStatus.BROKEN
    assert office.scope == DISTRICT
    act.meanwhile = lambda: None
    read_again(office, run_id, at=AT)
    office.commit()
    assert look(office, run_id, at=AT).status is RunStatus.READY


def sleeper():
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


def test_a_reader_that_was_killed_is_missed_at_once(office, units):
    run = get_run(office, begun(office))
    host, number, began = this_worker().split(" ")
    assert number == str(os.getpid())
    assert began.isdigit()
    child = sleeper()
    try:
        run.worker = f"{host} {child.pid} {_began(child.pid)}"
        assert standing(run, at=AT) is RunStatus.READING
    finally:
        os.kill(child.pid, signal.SIGKILL)
    for _look in range(500):  # until the system has taken note; it is a zombie first
        if standing(run, at=AT) is RunStatus.BROKEN:
            break
        time.sleep(0.01)
    assert standing(run, at=AT) is RunStatus.BROKEN
    child.wait()
    assert standing(run, at=AT) is RunStatus.BROKEN
    run.worker = f"{host} {os.getpid()} 12"  # the number was given out again
    assert standing(run, at=AT) is RunStatus.BROKEN


@pytest.mark.parametrize(
    ("worker", "after", "stands"),
    [
        (None, TO_BEGIN, "reading"),
        (None, TO_BEGIN + timedelta(seconds=1), "broken"),
        ("elsewhere 1 5", TO_READ, "reading"),
        ("elsewhere 1 5", TO_READ + timedelta(seconds=1), "broken"),
    ],
)
def test_without_a_process_to_ask_only_time_tells(office, units, worker, after, stands):
    run = get_run(office, begun(office))
    run.worker = worker
    assert standing(run, at=AT + after) == stands


@pytest.mark.parametrize("status", [one for one in RunStatus if one is not RunStatus.READING])
def test_what_is_not_being_read_does_not_break_off(status):
    run = ImportRun(status=status, reading_since=AT, worker=None)
    assert standing(run, at=AT + timedelta(days=9)) is status


def test_waiting_ends_with_the_reading_and_holds_nothing(office, act):
    run_id = begun(office, at=now())
    began = time.monotonic()
    assert wait_for(office, run_id, seconds=0.5).status is RunStatus.READING
    assert 0.4 < time.monotonic() - began < 5
    look(office, run_id, at=AT)
    began = time.monotonic()
    assert wait_for(office, run_id, seconds=30).status is RunStatus.READY
    assert time.monotonic() - began < 5


def test_the_server_has_a_file_read_by_a_process_of_its_own(app, office):
    """The real command, with the database and the settings of this very application."""
    run_id = begun(office, content="<html><table><tr><td>1</td></tr></table></html>", at=now())
    office.rollback()
    child = look_apart(run_id)
    run = wait_for(office, run_id, seconds=60)
    assert run.status is RunStatus.REFUSED
    assert [one["code"] for one in run.result["findings"]] == ["file_type"]
    assert child.wait(60) == 0


def test_a_process_that_is_killed_leaves_a_run_that_says_so(app, office):
    run_id = begun(office, at=now() - TO_BEGIN)
    office.rollback()
    child = look_apart(run_id)
    child.kill()
    assert child.wait(60) != 0
    time.sleep(0.01)  # the time to begin is over now
    run = wait_for(office, run_id, seconds=0)
    assert standing(run, at=now()) is RunStatus.BROKEN


def test_no_more_files_are_read_at_once_than_there_are_places(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    inside, most, lock = [], [], threading.Lock()

    def read_one(number):
        with place_to_read(2):
            with lock:
                inside.append(number)
                most.append(len(inside))
            time.sleep(0.02)
            with lock:
                inside.remove(number)

    readers = [threading.Thread(target=read_one, args=(number,)) for number in range(6)]
    for one in readers:
        one.start()
    for one in readers:
        one.join(30)
    assert (len(most), max(most), inside) == (6, 2, [])


# ------------------------------------------------------------------------------ remembering


def remembered(office, said=None, columns=None, **more):
    """A file looked at, answered, looked at again and carried out; else as it was looked at."""
    run_id = begun(office, **more)
    run = look(office, run_id, at=AT)
    if said is None:
        return run
    answer(office, run_id, answers=said, columns=columns, at=AT)
    office.commit()
    assert look(office, run_id, at=AT).status is RunStatus.READY
    apply_run(office, run_id, at=AT, actor=OFFICER)
    office.commit()
    return run


def test_what_was_said_is_proposed_to_the_same_sender_and_never_applied(office, act, units):
    act.findings = (
        question(for_file=True),
        question("name_unclear", options=("P1", "P2"), cell="A2", value="Yên Bìng"),
        question("number_unclear", options=("1", "1000"), cell="B2", value="1.000"),
        question("period_conflict", options=("2024-04",), for_file=True),
    )
    said = {
        "unit_unclear": "trieu",
        "name_unclear:T4!A2": "P2",
        "number_unclear:T4!B2": "1000",
        "period_conflict": "2024-04",
    }
    nothing = {"columns": {}, "answers": {}}
    own, other = units[0].code, units[1].code
    assert remembered(office, investor=own).result["proposed"] == nothing
    remembered(office, said, {"T4!B": "project"}, investor=own)
    [kept] = office.scalars(select(ImportMap)).all()
    assert kept.answers == {"unit_unclear": "trieu", "name_unclear:yen bing": "P2"}
    assert kept.columns == {"ten": "project"}
    again = remembered(office, investor=own)
    assert again.status is RunStatus.QUESTIONS
    assert (again.asked.answers, again.asked.columns) == ({}, {})
    assert again.result["proposed"] == {
        "columns": {"T4!B": "project"},
        "answers": {"unit_unclear": "trieu", "name_unclear:T4!A2": "P2"},
    }
    assert remembered(office, investor=other).result["proposed"] == nothing
    act.headings = ("Dự án", "Giải ngân")
    assert remembered(office, investor=own).result["proposed"] == nothing


def test_an_answer_that_is_no_option_any_more_is_not_proposed(office, act, units):
    act.findings = (question(for_file=True, options=("dong", "trieu")),)
    remembered(office, {"unit_unclear": "trieu"})
    act.findings = (question(for_file=True, options=("dong", "nghin")),)
    assert remembered(office).result["proposed"]["answers"] == {}


def test_of_one_form_there_is_one_memory(office, act, units):
    act.findings = (question(for_file=True),)
    for said in ("trieu", "dong"):
        remembered(office, {"unit_unclear": said})
    assert [one.answers for one in office.scalars(select(ImportMap))] == [{"unit_unclear": "dong"}]


def test_what_was_said_with_the_file_is_remembered_too(office, act, units):
    said = {"unit_unclear": "trieu", "period_conflict": "2024-04", "number_unclear:T4!B2": "1"}
    apply_run(office, ready(office, answers=said), at=AT, actor=OFFICER)
    [kept] = office.scalars(select(ImportMap))
    assert kept.answers == {"unit_unclear": "trieu"}


def test_who_said_nothing_leaves_nothing_to_remember(office, act):
    apply_run(office, ready(office), at=AT, actor=OFFICER)
    assert office.scalars(select(ImportMap)).all() == []

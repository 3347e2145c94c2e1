"""Sheets as offices send them: every example comes out right, to the đồng, and only once."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from admin.pages.import_look import look_apart
from models import DISTRICT, SYSTEM, Disbursement, ScopedSession, db
from models.base import Stale, now, reading_only
from models.exchange.package import dump_package
from models.imports import apply_run, look, read_again, undo_run, wait_for
from models.imports import start as begin
from models.sheets import Ask, Kind
from tests.workbooks import (
    CASES,
    FILES,
    NAMES,
    changes,
    differing,
    fits,
    is_known,
    read_package,
    total,
    words_of,
)

DEMO = Path(__file__).parent.parent / "models/exchange/demo"
EXITS = {"ready": 0, "applied": 0, "errors": 1, "refused": 1, "questions": 3}
ONCE_EACH = pytest.mark.parametrize(("case", "run"), CASES, ids=NAMES)
# on the other database: one of each kind, one that is asked, one that is refused
FEW = [
    pair
    for pair, name in zip(CASES, NAMES, strict=True)
    if name in {"d05", "d06+", "d07", "d08", "d09+", "d10", "d17", "d19"}
]


@pytest.fixture
def flask(app):
    """`flask("data", "runs")`: exit status and output."""

    def run(*words):
        done = app.test_cli_runner().invoke(args=[str(word) for word in words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout

    return run


@pytest.fixture
def april(made_once, flask):
    """The demonstration data with April opened."""

    def fill():
        assert flask("data", "load", DEMO)[0] == 0
        assert flask("periods", "open", "2024-04")[0] == 0

    made_once("demonstration with April", fill)


@pytest.fixture(scope="module")
def started():
    """What `april` is, as rows of the package, of each database."""
    return {}


@pytest.fixture
def start(app, april, database, started, tmp_path):
    """What an example starts from, as rows of the package."""
    if database not in started:
        started[database] = dumped(app, tmp_path / "before")
    return started[database]


def dumped(app, folder):
    """The rows of the data package as they stand now."""
    with app.app_context():
        session: ScopedSession = db.session()
        session.enter(DISTRICT)
        with reading_only(session):
            dump_package(session, folder)
    return read_package(folder)


def check(app, flask, start, folder, case, run):
    """All that is known of an example holds."""
    words = words_of(case, run)
    code, out = flask(*words, "--dry-run")
    told = json.loads(out)
    status = told["status"]
    expected = run["status"] if isinstance(run["status"], list) else [run["status"]]
    found = told["findings"]
    assert status in expected, found
    assert code == EXITS[status]
    assert [one for one in run["must"] if not any(fits(one, other) for other in found)] == []
    assert [one for one in found if one["blocks"] and not is_known(run, one)] == []
    assert all(one["message"].strip() for one in found)
    assert dumped(app, folder / "looked") == start
    if "differences" in run:
        assert sorted(told["differences"], key=lambda one: one["project_code"]) == sorted(
            run["differences"], key=lambda one: one["project_code"]
        )
    code, out = flask(*words)
    after = changes(start, dumped(app, folder / "after"))
    if status != "ready":
        assert (code, any(after.values())) == (EXITS[status], False)
        return
    assert code == 0, out
    assert differing(run.get("rows", {}), after) == []
    if "total" in run:
        assert total(after) == run["total"]
    again = json.loads(flask(*words, "--dry-run")[1])
    assert (again["status"], again["counts"]["new"], again["counts"]["changed"]) == ("ready", 0, 0)
    assert flask("check")[0] == 0
    assert flask("data", "undo", json.loads(out)["run"])[0] == 0
    assert dumped(app, folder / "undone") == start


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@ONCE_EACH
def test_every_example_comes_out_right(app, flask, start, tmp_path, case, run):
    check(app, flask, start, tmp_path, case, run)


def test_the_server_reads_an_example_apart(app, start):
    """From the upload to the outcome, by the process that the server starts."""
    with app.app_context():
        session = db.session()
        session.enter(DISTRICT)
        content = (FILES / "d01-dau-trang-chu-ky.xlsx").read_bytes()
        ask = Ask(kind=Kind.MONTHLY, period="2024-04", investor="TT-YTE")
        run = begin(session, ask, name="d01.xlsx", content=content, at=now(), actor=SYSTEM)
        session.commit()
        run_id = run.id
        look_apart(run_id)
        run = wait_for(session, run_id, seconds=60)
        assert (run.status, run.counts["new"]) == ("ready", 2)
        apply_run(session, run_id, at=now(), actor=SYSTEM)
        session.commit()
        amount = session.scalar(
            select(Disbursement.completed).where(Disbursement.completed == 31_333_333)
        )
        assert amount == 31_333_333


def told_of(flask, file, kind, *words):
    """Exit status and JSON of a command that brings in an example."""
    [path] = FILES.glob(f"{file}-*")
    code, out = flask("data", "import", path, "--kind", kind, "--format", "json", *words)
    return code, json.loads(out)


def test_a_unit_brings_in_its_own_month_and_learns_nothing_of_others(app, flask, start, tmp_path):
    for file in ("d01", "d02", "d05", "d13"):  # of other units
        code, told = told_of(flask, file, "monthly", "--as", "huulien", "--period", "2024-04")
        assert (code, told["status"]) == (1, "errors")
        assert told["rows"] == []
        said = json.dumps([(one["message"], one.get("names")) for one in told["findings"]])
        for secret in ("L06", "L08", "L04", "L02", "TT-YTE", "P-NNPTNT", "X-06406"):
            assert secret not in said
    assert dumped(app, tmp_path / "refused") == start
    code, told = told_of(flask, "d03", "monthly", "--as", "huulien")
    assert (code, told["status"], told["investor"]) == (0, "applied", "X-06388")
    rows = changes(start, dumped(app, tmp_path / "after"))
    assert total(rows) == 261_725_000


def test_a_report_that_came_as_a_file_is_registered_with_it(app, flask, start, tmp_path):
    words = ("--period", "2024-04", "--investor", "TT-YTE", "--as", "canbo")
    code, told = told_of(flask, "d01", "monthly", *words, "--received-at", "2024-05-06T08:00")
    assert (code, told["status"]) == (0, "applied")
    after = dumped(app, tmp_path / "after")
    [report] = [row for row in after["submissions"] if row not in start["submissions"]]
    assert (report["status"], report["first_submitted_at"]) == (
        "draft",
        "2024-05-06T08:00:00+07:00",
    )
    [more] = [row for row in after["submission_details"] if row["investor_code"] == "TT-YTE"]
    assert (more["received_via"], more["received_by"]) == ("file", "Cán bộ Phòng LĐTBXH-DT")
    assert "d01-dau-trang-chu-ky.xlsx" in more["received_note"]
    assert flask("data", "undo", told["run"])[0] == 0
    assert dumped(app, tmp_path / "undone") == start


def test_of_two_runs_on_one_report_the_later_is_looked_at_again(app, flask, start):
    with app.app_context():
        session = db.session()
        session.enter(DISTRICT)
        ask = Ask(kind=Kind.MONTHLY, period="2024-04", investor="X-06388")
        content = (FILES / "d03-so-dang-chu.xlsx").read_bytes()
        runs = []
        for name in ("a.xlsx", "b.xlsx"):
            run = begin(session, ask, name=name, content=content, at=now(), actor=SYSTEM)
            session.commit()
            runs.append(run.id)
            assert look(session, run.id, at=now()).counts["new"] == 3
        early, late = runs
        apply_run(session, late, at=now(), actor=SYSTEM)
        session.commit()
        with pytest.raises(Stale):
            apply_run(session, early, at=now(), actor=SYSTEM)
        session.rollback()
        read_again(session, early, at=now())
        session.commit()
        counts = look(session, early, at=now()).counts
        assert counts == {"new": 0, "changed": 0, "same": 3}
        apply_run(session, early, at=now(), actor=SYSTEM)
        session.commit()
        undo_run(session, early, at=now(), actor=SYSTEM)  # it has written nothing
        session.commit()
        undo_run(session, late, at=now(), actor=SYSTEM)
        session.commit()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("case", "run"), FEW, ids=lambda one: one.get("file", "")[:3] or None)
def test_the_other_database_says_the_same(app, flask, start, tmp_path, case, run):
    check(app, flask, start, tmp_path, case, run)

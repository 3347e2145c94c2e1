"""Commands: what they say, what they write, and what they refuse without a traceback."""

import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from models import (
    Allocation,
    AuditEntry,
    Component,
    Disbursement,
    Holiday,
    Investor,
    Period,
    PeriodStatus,
    SignIn,
    Submission,
    User,
)
from models.base import now
from models.calendar import setting
from models.people import password_fits
from reports.facts.figures import by_project
from reports.facts.source import _with_figures
from tests.factories import make_investor, make_user

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "models/exchange/demo"
PASSWORD = "Nương ngô trên đồi 7"


@pytest.fixture
def run(app, session):
    """`run("users", "list")` gives the result; `fails=True` expects a refusal in words."""
    runner = app.test_cli_runner()

    def invoke(*arguments, fails=False, **kwargs):
        session.commit()
        result = runner.invoke(args=[str(argument) for argument in arguments], **kwargs)
        session.commit()
        session.expire_all()
        assert (result.exit_code != 0) is fails, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        assert "Traceback" not in result.output
        return result

    return invoke


@pytest.fixture
def loaded(made_once, run):
    made_once("demonstration by command", lambda: run("data", "load", DEMO))


def subset(written, expected):
    """The rows of a report, in the columns of the expected file."""
    right = expected.read_text(encoding="utf-8")
    keys = right.splitlines()[0].split(",")
    rows = csv.DictReader(io.StringIO(written.removeprefix("\ufeff")))
    out = io.StringIO()
    writer = csv.DictWriter(out, keys, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue(), right


# ---------------------------------------------------------------- data


def test_demo_loads_and_gives_the_right_consolidated_report(run, loaded):
    written = run("reports", "consolidated", "--period", "2024-03", "--headers", "keys").stdout
    found, right = subset(written, DEMO / "expected" / "consolidated-2024-03.csv")
    assert found == right


def test_demo_loads_and_gives_the_right_late_list(run, loaded):
    written = run(
        *("reports", "late", "--period", "2024-03", "--headers", "keys"),
        *("--all", "--as-of", "2024-04-16T09:00"),
    ).stdout
    found, right = subset(written, DEMO / "expected" / "late-2024-03-as-of-2024-04-16T0900.csv")
    assert found == right


def test_data_comes_back_byte_for_byte(run, loaded, tmp_path):
    run("data", "dump", tmp_path / "out")
    for file in DEMO.glob("*.csv"):
        assert (tmp_path / "out" / file.name).read_bytes() == file.read_bytes()


def test_a_dump_never_mixes_with_files_that_are_there(run, loaded, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    run("data", "dump", tmp_path, fails=True)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_load_writes_to_the_audit_trail_in_its_own_name(run, loaded, session):
    names = set(session.scalars(select(AuditEntry.user_name)))
    assert names == {"data load"}
    money = session.scalars(select(AuditEntry).where(AuditEntry.resource == "disbursement"))
    assert len(money.all()) == 18


def test_every_fault_is_told_and_nothing_is_written(run, session, tmp_path):
    folder = tmp_path / "spoilt"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("expected"))
    for name, old, new in (
        ("projects", "2024-12-31", "2024-02-31"),
        ("disbursements", "60000000", "-5"),
        ("users", "leader", "boss"),
    ):
        path = folder / f"{name}.csv"
        path.write_text(path.read_text().replace(old, new, 1), newline="")
    told = run("data", "load", folder, fails=True).stderr
    for place in ("projects.csv", "disbursements.csv", "users.csv", "end_on", "completed", "role"):
        assert place in told
    assert session.scalars(select(Investor)).all() == []
    assert session.scalars(select(AuditEntry)).all() == []


def test_a_misspelt_file_is_named(run, tmp_path):
    shutil.copy(DEMO / "components.csv", tmp_path)
    shutil.copy(DEMO / "investors.csv", tmp_path / "investor.csv")
    assert "investor.csv" in run("data", "load", tmp_path).stderr


@pytest.mark.parametrize("folder", ["/nowhere", __file__])
def test_what_is_no_folder_is_refused_in_words(run, folder):
    run("data", "load", folder, fails=True)
    run("data", "dump", f"{__file__}/out", fails=True)


def test_demo_marks_its_figures_and_lets_everybody_try(run, session):
    told = run("demo").stdout
    assert "huulien" in told
    assert "Minhhoa-2024!" in told
    assert setting(session, "demo_data") is True
    user = session.scalar(select(User).where(User.username == "huulien"))
    assert not user.must_change_password
    assert password_fits("Minhhoa-2024!", user.password_hash)
    assert run("demo", "--if-empty").stdout.count("\n") == 1


def test_a_printed_sign_in_opens_the_door(run, client_for):
    run("demo")
    client = client_for(None)
    reply = client.post_form("/login", {"username": "huulien", "password": "Minhhoa-2024!"})
    assert reply.status_code == 302
    assert "password" not in reply.location
    assert client.get("/admin/project/").status_code == 200


def test_demo_never_touches_records_that_are_there(run, session):
    make_investor(session)
    run("demo", fails=True)
    run("demo", "--if-empty")
    assert setting(session, "demo_data") is False
    assert len(session.scalars(select(Investor)).all()) == 1


def test_there_is_no_demonstration_in_production(run, app, session, monkeypatch):
    monkeypatch.setitem(app.config, "APP_ENV", "production")
    run("demo", fails=True)
    assert session.scalars(select(User)).all() == []


def test_nor_does_one_come_with_a_data_package(run, app, session, tmp_path, monkeypatch):
    """A server that runs would not notice, and not start again."""
    shutil.copy(DEMO / "components.csv", tmp_path)
    (tmp_path / "settings.csv").write_text("key,value\ndemo_data,true\n")
    monkeypatch.setitem(app.config, "APP_ENV", "production")
    assert "không nạp số liệu minh họa" in run("data", "load", tmp_path, fails=True).stderr
    assert session.scalars(select(Component)).all() == []
    (tmp_path / "settings.csv").unlink()
    run("data", "load", tmp_path)
    assert session.scalars(select(Component)).all()


# ---------------------------------------------------------------- users


def test_a_user_is_added_with_units_and_must_change_the_password(run, session):
    make_investor(session, code="X-1")
    make_investor(session, code="X-2")
    run(
        *("users", "add", " Hữu Liên", "--full-name", "Cán bộ xã", "--role", "investor"),
        *("--investor", "X-1", "--investor", "X-2", "--email", "a@example.vn", "--ask"),
        input=f"{PASSWORD}\n{PASSWORD}\n",
    )
    user = session.scalar(select(User))
    assert (user.username, user.email) == ("huulien", "a@example.vn")
    assert [unit.code for unit in user.investors] == ["X-1", "X-2"]
    assert user.must_change_password
    assert password_fits(PASSWORD, user.password_hash)
    assert "Argon2id" not in run("users", "list").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("canbo", "--role", "officer", "--password", "ngan"),
        ("canbo", "--role", "officer", "--password", "canbocanbocanbo"),
        ("canbo", "--role", "officer", "--investor", "X-1", "--password", PASSWORD),
        ("canbo", "--role", "investor", "--password", PASSWORD),
        ("canbo", "--role", "investor", "--investor", "X-9", "--password", PASSWORD),
        ("canbo", "--role", "boss", "--password", PASSWORD),
        ("", "--role", "officer", "--password", PASSWORD),
        ("Đã Có", "--role", "officer", "--password", PASSWORD),
    ],
)
def test_a_user_that_does_not_fit_is_refused(run, session, arguments):
    make_investor(session, code="X-1")
    make_user(session, username="daco")
    run("users", "add", *arguments, "--full-name", "Cán bộ", fails=True)
    assert session.scalars(select(User.username)).all() == ["daco"]


def test_password_and_switch_end_open_sessions(run, session):
    user = make_user(session, username="canbo")
    before = user.session_epoch
    run("users", "password", "canbo", "--password", PASSWORD, "--no-change")
    assert not user.must_change_password
    run("users", "disable", "canbo")
    assert not user.enabled
    assert user.session_epoch == before + 2
    run("users", "enable", "canbo")
    assert user.enabled
    run("users", "disable", "nobody", fails=True)


# ---------------------------------------------------------------- periods


def test_a_period_is_opened_locked_and_reopened(run, session):
    told = run("periods", "open", "2024-04").stdout
    assert "09/05/2024" in told
    period = session.scalar(select(Period))
    run("periods", "lock", "2024-04")
    assert period.status is PeriodStatus.LOCKED
    run("periods", "lock", "2024-04", fails=True)
    run("periods", "reopen", "2024-04", "--reason", "Sửa số liệu")
    assert period.status is PeriodStatus.OPEN
    for wrong in ("2024-04", "2024-14", "tháng tư"):
        run("periods", "open", wrong, fails=True)


def test_days_off_are_added_once(run, session):
    run("holidays", "seed", "2024", "2025", "2024")
    count = len(session.scalars(select(Holiday)).all())
    run("holidays", "seed", "2024")
    assert len(session.scalars(select(Holiday)).all()) == count > 10
    run("holidays", "seed", "1900", fails=True)


# ---------------------------------------------------------------- reports and check


def test_a_report_goes_to_a_file_whole_or_not_at_all(run, loaded, tmp_path):
    file = tmp_path / "report.csv"
    asked = ("reports", "consolidated", "--period", "2024-03", "--unit", "trieu")
    run(*asked, "--delimiter", "semicolon", "--output", file)
    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b";14699;" in raw
    assert [path.name for path in tmp_path.iterdir()] == ["report.csv"]
    run(*asked, "--output", tmp_path / "no" / "report.csv", fails=True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("consolidated", "--period", "2024-05"),
        ("consolidated", "--period", "March"),
        ("consolidated", "--period", "2024-03", "--group", "colour"),
        ("late", "--period", "2024-03", "--as-of", "yesterday"),
    ],
)
def test_a_report_that_cannot_be_is_refused(run, loaded, arguments):
    run("reports", *arguments, fails=True)


def test_headings_are_words_unless_keys_are_asked_for(run, loaded):
    words = run("reports", "late", "--period", "2024-03").stdout.splitlines()[0]
    keys = run("reports", "late", "--period", "2024-03", "--headers", "keys").stdout.splitlines()[0]
    assert "first_submitted_at" in keys
    assert "first_submitted_at" not in words


def test_check_finds_that_every_report_adds_up(run, loaded):
    told = run("check").stdout.splitlines()
    assert len(told) == 3 * 5 + 2
    assert "Nhật ký nguyên vẹn" in told[0]


def test_check_fails_when_a_report_and_the_raw_sums_differ(run, loaded, monkeypatch):
    monkeypatch.setattr("reports.facts.figures.IN_BUDGET", Allocation.source == "NSTW")
    statements = by_project, _with_figures  # made once
    for one in statements:
        one.cache_clear()
    try:
        told = run("check", fails=True)
    finally:
        for one in statements:
            one.cache_clear()
    assert "plan_total" in told.stdout


# ---------------------------------------------------------------- backup


@pytest.fixture
def with_client_programs(monkeypatch, database, _applications):
    """The programs of the throw-away server's own version come first."""
    programs = _applications("postgresql").programs if database == "postgresql" else None
    if programs is not None:
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("with_client_programs")
def test_a_restored_database_is_the_one_that_was_kept(run, loaded, session, tmp_path):
    make = tmp_path / "b.zip"
    user = session.scalar(select(User).limit(1))
    session.add(
        SignIn(
            token_hash="x", user_id=user.id, started_at=now(), last_seen_at=now(), address="test"
        )
    )
    run("backup", make)
    run("backup", make, fails=True)
    session.execute(delete(Disbursement))
    run("restore", make)
    assert len(session.scalars(select(Disbursement)).all()) == 18
    assert session.scalars(select(SignIn)).all() == []
    assert session.scalars(select(AuditEntry.action)).all().count("restore") == 1
    run("check")


@pytest.mark.usefixtures("with_client_programs")
@pytest.mark.parametrize("harm", ["cut", "flip", "hash", "revision", "missing", "text", "engine"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_changes(
    run, loaded, session, tmp_path, harm
):
    file = tmp_path / "b.zip"
    run("backup", file)
    raw = bytearray(file.read_bytes())
    if harm == "cut":
        raw = raw[: len(raw) // 2]
    elif harm == "flip":
        middle = len(raw) // 2  # one bit alone may be padding, which carries nothing
        raw[middle : middle + 64] = bytes(byte ^ 0x10 for byte in raw[middle : middle + 64])
    elif harm == "text":
        raw = bytearray(b"no backup at all")
    file.write_bytes(raw)
    if harm == "hash":  # well packed, but not what was kept
        rewrite(file, sha256="0" * 64)
    if harm in {"revision", "engine"}:
        rewrite(file, **{harm: "of another kind"})
    if harm == "missing":
        file.unlink()
    before = len(session.scalars(select(Submission)).all())
    run("restore", file, fails=True)
    assert len(session.scalars(select(Submission)).all()) == before == 26
    assert not list(tmp_path.glob("*.before-restore"))


def put_aside(engine):
    return set(Path(engine.url.database).parent.glob("*.before-restore"))


def test_a_restore_waits_for_a_writer_but_not_for_ever(run, loaded, engine, tmp_path, monkeypatch):
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL waits by its own rules")
    run("backup", tmp_path / "b.zip")
    monkeypatch.setattr("models.exchange.backup.PATIENCE", 0.1)
    with closing(sqlite3.connect(engine.url.database)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        before = put_aside(engine)
        run("restore", tmp_path / "b.zip", fails=True)
    assert put_aside(engine) == before
    run("restore", tmp_path / "b.zip")
    assert len(put_aside(engine) - before) == 1


def test_a_damaged_database_is_put_aside_as_it_is(run, loaded, session, engine, tmp_path):
    if engine.dialect.name != "sqlite":
        pytest.skip("a damaged PostgreSQL is a matter of its own tools")
    run("backup", tmp_path / "b.zip")
    session.close()
    engine.dispose()
    live = Path(engine.url.database)
    live.write_bytes(b"no database at all" * 1000)
    before = put_aside(engine)
    run("restore", tmp_path / "b.zip")
    [kept] = put_aside(engine) - before
    assert kept.read_bytes().startswith(b"no database")
    assert len(session.scalars(select(Submission)).all()) == 26


def rewrite(file, **changed):
    """The same archive with other words in its manifest."""
    with zipfile.ZipFile(file) as archive:
        database, manifest = archive.read("database"), json.loads(archive.read("manifest.json"))
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("database", database)
        archive.writestr("manifest.json", json.dumps(manifest | changed))


def test_without_the_client_programs_the_command_says_what_to_install(
    run, database, tmp_path, monkeypatch
):
    if database == "sqlite":
        pytest.skip("SQLite needs no other program")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "pg_dump" in run("backup", tmp_path / "b.zip", fails=True).stderr
    assert not (tmp_path / "b.zip").exists()


# ---------------------------------------------------------------- from outside


@pytest.fixture
def program(tmp_path):
    """The program as a person types it, on an empty SQLite file of its own."""
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'own.sqlite3'}",
        "SECRET_KEY": "only for this test, not used anywhere else",
    }

    def flask(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *arguments],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    return flask


def test_the_tables_go_back_to_nothing_and_up_again(program):
    """Of an office with figures; SQLite gave up below 0009, at a column that a check names."""
    for step in (["upgrade"], ["downgrade", "base"], ["upgrade"], ["check"]):
        done = program("db", *step)
        assert done.returncode == 0, done.stderr
        if step == ["upgrade"]:
            assert program("data", "load", str(DEMO)).returncode == 0


def test_the_real_program_works_from_an_empty_file(program):
    """As a person types it: migrate, load, report, and a refusal in words with status 1."""
    flask = program
    early = flask("users", "list")
    assert early.returncode == 1
    assert "flask db upgrade" in early.stderr
    assert "Traceback" not in early.stderr
    assert flask("db", "upgrade").returncode == 0
    assert flask("data", "load", str(DEMO)).returncode == 0
    report = flask("reports", "consolidated", "--period", "2024-03", "--headers", "keys")
    assert ",total," in report.stdout
    assert ",14698733333,12641400000," in report.stdout
    unknown = flask("reports", "consolidated", "--period", "2030-01")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "Traceback" not in unknown.stderr

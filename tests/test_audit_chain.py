"""The audit trail is chained: whatever is done to it past the program shows, and is told."""

import re
import threading
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from models import AuditEntry, db
from models.base import DISTRICT, prove_chain, read_end, record
from models.base.chain import NO_END, SEALED, SEALS, end_of, settled_end_of, to_be_sealed
from tests.factories import make_component, make_user
from tests.test_cli import with_client_programs  # noqa: F401  fixture

GUARDED = ("audit_entry", "audit_seal")


@pytest.fixture
def run(app):
    def run(*args, fails=False):
        done = app.test_cli_runner().invoke(args=["audit", "verify", *args])
        assert (done.exit_code != 0) == fails, done.output
        return done.output

    return run


@pytest.fixture
def past(engine):
    """Statements of somebody who rules the database: no guard of a table hinders them."""

    def past(*statements):
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                for table in GUARDED:
                    connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            else:
                for table in GUARDED:
                    for act in ("update", "delete"):
                        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{act}")
            for one in statements:
                connection.exec_driver_sql(one)

    yield past
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            for table in GUARDED:
                connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def trail(app, own):
    """Ten entries of ten transactions: their ids."""
    with own() as session:
        for number in range(1, 11):
            record(session, action="backup", resource="database", label=f"lần {number}")
            session.commit()
        return list(session.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id)))


@pytest.fixture
def own(app):
    """`with own() as session`: the application's own, of the whole district."""

    @contextmanager
    def district():
        with app.app_context():
            session = db.session()
            session.enter(DISTRICT)
            yield session
            session.rollback()

    return district


def seal_again(own, which):
    with own() as session:
        stored = sa.select(AuditEntry.__table__).where(which).order_by(AuditEntry.id)
        connection = session.connection()
        to_be_sealed(connection, map(dict, connection.execute(stored).mappings()))
        session.commit()


def the_end(said):
    return re.search(r"\d+-[0-9a-f]{64}", said)[0]


def test_an_untouched_trail_is_whole_and_its_end_is_told(trail, run):
    said = run()
    assert "Nhật ký nguyên vẹn" in said
    assert the_end(said).startswith("10-")
    assert run("--head", the_end(said)) == said
    assert run("--head", the_end(said)[:30]) == said  # as much as one copies by hand
    assert run("--since", the_end(said)[3:]) == said


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("label", "'lần 5.'"), ("at", "'2020-01-01 00:00:00.000000+00:00'"),
        ("user_name", "'ai khác'"), ("changes", "'{\"a\": [1, 2]}'"), ("user_id", "7"),
        ("action", "'restore'"), ("resource", "'period'"), ("row_id", "'9'"),
        ("investor_id", "9"), ("import_run", "9"), ("search_text", "''"),
    ],
)  # fmt: skip
def test_a_changed_entry_is_told_with_its_number(trail, run, past, engine, column, value):
    if engine.dialect.name == "sqlite":
        value = value.replace("+00:00", "")
    past(f"UPDATE audit_entry SET {column} = {value} WHERE id = {trail[4]}")
    said = run(fails=True)
    assert f"Mục số 5 (id {trail[4]}) đã bị sửa sau khi ghi" in said
    assert said.count("Mục số") == 1


def test_every_column_of_an_entry_is_sealed():
    assert set(SEALED) == set(AuditEntry.__table__.c.keys())


def test_a_removed_entry_is_told_by_what_stood_before(trail, run, past):
    past(f"DELETE FROM audit_entry WHERE id IN ({trail[3]}, {trail[0]})")
    said = run(fails=True)
    assert f"Mục số 4 (id {trail[3]}) đã bị xóa. Mục đứng trước ghi lúc" in said
    assert f"Mục số 1 (id {trail[0]}), mục đầu tiên, đã bị xóa" in said


def test_an_entry_removed_with_its_seal_leaves_a_gap(trail, run, past):
    past(
        f"DELETE FROM audit_entry WHERE id IN ({trail[3]}, {trail[4]})",
        "DELETE FROM audit_seal WHERE number IN (4, 5)",
    )
    assert "Đã có 2 mục bị xóa cùng với dấu niêm phong: từ số 4 đến số 5." in run(fails=True)


def test_a_gap_closed_by_counting_anew_breaks_the_chain(trail, run, past):
    past(
        f"DELETE FROM audit_entry WHERE id = {trail[8]}",
        "DELETE FROM audit_seal WHERE number = 9",
        "UPDATE audit_seal SET number = 9 WHERE number = 10",
    )
    assert "Chuỗi bị đứt ở số 9" in run(fails=True)


def test_a_trail_whose_end_was_cut_off_shows_against_a_noted_end(trail, run, past):
    noted = the_end(run())
    past(
        f"DELETE FROM audit_entry WHERE id >= {trail[7]}",
        "DELETE FROM audit_seal WHERE number >= 8",
    )
    assert the_end(run()).startswith("7-")  # by itself it looks whole: that is why one notes
    said = run("--head", noted, fails=True)
    assert "Nhật ký chỉ còn đến số 7" in said
    assert "3 mục cuối đã bị xóa" in said
    assert "dấu đã ghi lại" in run("--head", noted.partition("-")[2], fails=True)


def test_a_chain_made_anew_shows_against_a_noted_end(trail, run, past, own):
    noted = the_end(run())
    past(f"UPDATE audit_entry SET label = 'x' WHERE id = {trail[4]}", "DELETE FROM audit_seal")
    seal_again(own, sa.true())
    assert the_end(run()).startswith("10-")
    assert "Số 10 mang dấu khác với dấu đã ghi lại" in run("--head", noted, fails=True)


def test_an_entry_put_in_past_the_program_has_no_seal(trail, run, past):
    past(
        "INSERT INTO audit_entry "
        "(at, user_name, action, resource, row_id, label, changes, investor_id, id) "
        "SELECT at, 'ai đó', action, resource, row_id, 'chen vào', changes, 0, 1000 "
        f"FROM audit_entry WHERE id = {trail[2]}"
    )
    said = run(fails=True)
    assert "được chèn thẳng vào cơ sở dữ liệu" in said
    assert "ai đó" in said
    assert "chen vào" in said


def test_exchanged_entries_are_both_told(trail, run, past):
    past(
        f"UPDATE audit_entry SET id = 999 WHERE id = {trail[1]}",
        f"UPDATE audit_entry SET id = {trail[1]} WHERE id = {trail[6]}",
        f"UPDATE audit_entry SET id = {trail[6]} WHERE id = 999",
    )
    said = run(fails=True)
    assert "Mục số 2 " in said
    assert "Mục số 7 " in said


def test_an_entry_sealed_again_without_an_act_that_says_why_is_told(trail, run, past, own):
    past(
        f"UPDATE audit_entry SET label = 'x' WHERE id = {trail[4]}",
        "UPDATE audit_seal SET salt = NULL WHERE number = 5",
    )
    seal_again(own, AuditEntry.id == trail[4])
    assert "đã bị viết lại, nhưng không có mục nào ghi việc ẩn danh" in run(fails=True)


def test_what_is_no_end_is_refused_in_words(trail, run):
    for text in ("12", "x" * 500, "12-zz", "9" * 400 + "-" + "a" * 64):
        assert "không phải là số cuối của nhật ký" in run("--head", text, fails=True)


def test_a_person_who_became_a_pseudonym_leaves_the_chain_whole(app, own, run):
    with own() as session:
        make_user(session, "admin", username="chu")
        make_user(session, "officer", username="lan", full_name="Vi Thị Lan")
        session.commit()
    before = the_end(run())
    salts = sa.select(sa.func.count()).select_from(SEALS).where(SEALS.c.salt.is_(None))
    done = app.test_cli_runner().invoke(args=["users", "anonymise", "lan", "--yes"])
    assert done.exit_code == 0, done.output
    said = run("--head", before)
    assert "được viết lại do ẩn danh người dùng" in said
    with own() as session:
        assert session.scalar(salts) > 0  # what they said of the name is past finding


def test_the_seals_refuse_to_be_altered(trail, engine):
    for statement in ("DELETE FROM audit_seal", "UPDATE audit_seal SET hash = 'x'"):
        with pytest.raises(sa.exc.DatabaseError, match="append-only"), engine.begin() as one:
            one.exec_driver_sql(statement)


def test_what_a_savepoint_took_back_gets_no_seal(own, engine):
    with own() as session:
        record(session, action="backup", resource="database", label="1")
        with session.begin_nested() as attempt:
            record(session, action="backup", resource="database", label="2")
            attempt.rollback()
        record(session, action="backup", resource="database", label="3")
        session.commit()
        record(session, action="backup", resource="database", label="4")
        session.rollback()
        with session.begin_nested():
            record(session, action="backup", resource="database", label="5")
        session.commit()
    with engine.connect() as connection:
        verdict = prove_chain(connection)
    assert (verdict.count, verdict.end.number) == (0, 3)


def test_many_who_write_at_once_make_one_chain(app, engine):
    failed = []

    def write(who):
        try:
            with app.app_context():
                session = db.session()
                session.enter(DISTRICT)
                for number in range(6):
                    make_component(session, code=f"{who}{number}")
                    record(session, action="backup", resource="database", label=f"{who}{number}")
                    session.commit()
        except Exception as error:  # told by the test
            failed.append(error)

    people = [threading.Thread(target=write, args=(chr(65 + who),)) for who in range(8)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert failed == []
    with engine.connect() as connection:
        verdict = prove_chain(connection)
    assert (verdict.faults, verdict.end.number) == ([], 96)


def test_who_waits_before_the_commit_keeps_nobody_waiting(app, own, engine):
    """The lock is the last thing taken: an import that computes for minutes does not hold it."""
    if engine.dialect.name == "sqlite":
        pytest.skip("one lock for all who write")
    with own() as slow:
        record(slow, action="backup", resource="database", label="under way")
        with own() as other:
            other.execute(sa.text("SET LOCAL lock_timeout = '2s'"))
            record(other, action="backup", resource="database", label="quick")
            other.commit()
        slow.commit()
    with engine.connect() as connection:
        assert prove_chain(connection).count == 0
        assert end_of(connection).number == 2


def test_whoever_is_committing_is_waited_for_and_nobody_waits_after_that(engine):
    if engine.dialect.name == "sqlite":
        pytest.skip("one lock for all who write")
    in_turn = sa.text("SELECT pg_advisory_xact_lock(7041912)")
    with engine.connect() as committing, engine.connect() as reading, engine.connect() as next_one:
        committing.execute(in_turn)
        for connection in (reading, next_one):
            connection.execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"), reading.begin_nested():
            settled_end_of(reading)
        committing.rollback()
        assert settled_end_of(reading) == NO_END
        next_one.execute(in_turn)


@pytest.mark.usefixtures("with_client_programs")
def test_a_restored_backup_is_whole_and_a_backup_keeps_the_end(app, trail, run, past, tmp_path):
    runner, file = app.test_cli_runner(), tmp_path / "kept.zip"
    said = runner.invoke(args=["backup", str(file)]).output
    assert "Nhật ký kết thúc tại 10-" in said
    assert "nguyên vẹn" in run("--backup", str(file))
    past(
        f"DELETE FROM audit_entry WHERE id >= {trail[7]}",
        "DELETE FROM audit_seal WHERE number >= 8",
    )
    assert "Nhật ký chỉ còn đến số 7" in run("--backup", str(file), fails=True)
    restored = runner.invoke(args=["restore", str(file)])
    assert restored.exit_code == 0, restored.output
    assert "nguyên vẹn" in run("--backup", str(file))


def test_flask_check_looks_at_the_chain(app, trail, past):
    runner = app.test_cli_runner()
    assert "Nhật ký nguyên vẹn" in runner.invoke(args=["check"]).output
    past(f"DELETE FROM audit_entry WHERE id = {trail[3]}")
    done = runner.invoke(args=["check"])
    assert done.exit_code == 1
    assert "đã bị xóa" in done.output


def test_an_end_is_read_in_each_form():
    digits = "0123456789abcdef"
    assert read_end(f" 12-{digits.upper()} ") == (12, digits)
    assert read_end(digits) == (None, digits)


def test_entries_of_before_the_chain_are_sealed_by_the_upgrade(app, own, trail, run, past):
    odd = {"a": [1.5, None], "ă": ["Hoà 🌾", 2**60]}
    with own() as session:
        record(session, action="refused", resource="sign_in", label="Đặng 🌾", changes=odd)
        session.commit()
    runner = app.test_cli_runner()
    for step in ("downgrade 0016", "upgrade"):
        done = runner.invoke(args=["db", *step.split()])
        assert done.exit_code == 0, done.output
    assert the_end(run()).startswith("11-")
    past(f"UPDATE audit_entry SET label = 'x' WHERE id = {trail[4]}")
    assert "Mục số 5" in run(fails=True)

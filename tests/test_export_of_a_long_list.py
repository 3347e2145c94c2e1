"""Exports that are read in parts: in the order of the list, of one moment, and however they end."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import create_app
from config import Config
from models import db
from tests.databases import KEY
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_investor,
    make_period,
    make_project,
    make_submission,
)
from tests.pooler import pooled
from tests.test_second_wall import client_of

EXPORT = "/admin/entry/export/csv/"
ON_A_SERVER = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
MONTHS = [f"2024-{month:02}" for month in range(1, 9)]


@pytest.fixture
def entries(session):
    """Of two units, a project each, in every month; what each was paid tells the month."""
    found = []
    units = [make_investor(session, code=f"X-{n}") for n in (1, 2)]
    projects = [make_project(session, code=f"P{unit.code}", investor=unit) for unit in units]
    for number, code in enumerate(MONTHS, 1):
        period = make_period(session, code)
        for project in projects:
            sent = make_submission(session, investor=project.investor, period=period)
            entry = make_entry(session, project=project, submission=sent)
            found.append(entry)
            if number == 3:
                continue  # nothing was paid
            memo = make_allocation(session, project=project, source="HDK", vintage=2000 + number)
            make_disbursement(session, entry, memo, completed=7)
            if number != 4:  # memo capital alone is no disbursement
                paid = make_allocation(session, project=project, vintage=2010 + number)
                more = make_allocation(session, project=project, vintage=2000 + number)
                make_disbursement(session, entry, paid, completed=number)
                make_disbursement(session, entry, more, completed=10, correction=-30)
    session.commit()
    return found


def rows_of(pieces) -> list[list[str]]:
    whole = b"".join(pieces).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(whole, newline="")))[1:]


def keys(rows) -> list[tuple[str, str]]:
    return [(row[0], row[4]) for row in rows]


def in_order(months) -> list[tuple[str, str]]:
    return [(month, project) for month in months for project in ("PX-1", "PX-2")]


def test_all_periods_stand_in_the_order_of_the_list(client_for, entries):
    client = client_for("leader")
    assert keys(rows_of([client.get(EXPORT).data])) == in_order(MONTHS[::-1])
    assert keys(rows_of([client.get(f"{EXPORT}?sort=0").data])) == in_order(MONTHS)
    narrowed = client.get(f"{EXPORT}?sort=0&search=px-2").data
    assert keys(rows_of([narrowed])) == [(month, "PX-2") for month in MONTHS]


def test_each_entry_has_what_was_paid_of_the_state_budget(client_for, entries):
    of_one = rows_of([client_for("leader").get(f"{EXPORT}?sort=0&search=px-1").data])
    assert [row[9] for row in of_one] == ["-19", "-18", "", "", "-15", "-14", "-13", "-12"]


def test_a_unit_finds_its_own_in_every_part(client_for, entries):
    own = client_for("investor", entries[0].project.investor)
    assert keys(rows_of([own.get(EXPORT).data])) == [(month, "PX-1") for month in MONTHS[::-1]]


def test_the_file_is_of_one_moment(client_for, session, entries, monkeypatch):
    monkeypatch.setattr("admin.records.export.AT_ONCE", 2)
    reply = client_for("leader").get(EXPORT, buffered=False)
    pieces = iter(reply.response)
    begun = [next(pieces), next(pieces)]
    for entry in entries[:2]:  # of the oldest month, which is read last
        entry.obstacles = "Sửa trong khi tải"
    with ThreadPoolExecutor(1) as somebody_else:  # and not this request
        somebody_else.submit(session.commit).result()

    rows = rows_of([*begun, *pieces])

    assert keys(rows) == in_order(MONTHS[::-1])
    assert not [row for row in rows if "Sửa trong khi tải" in row]


def test_who_hangs_up_in_the_middle_gives_the_connection_back(
    client_for, session, engine, entries, monkeypatch
):
    monkeypatch.setattr("admin.records.export.AT_ONCE", 2)
    client = client_for("leader")
    for _ in range(3):
        reply = client.get(f"{EXPORT}?sort=2", buffered=False)  # in one part
        pieces = iter(reply.response)
        for _ in range(4):
            next(pieces)
        reply.close()

    assert len(rows_of([client.get(EXPORT).data])) == len(entries)
    session.rollback()
    assert engine.pool.checkedout() <= 1  # the test's own


@ON_A_SERVER
def test_a_connection_that_breaks_ends_the_file_and_nothing_else(
    client_for, session, engine, entries, monkeypatch
):
    monkeypatch.setattr("admin.records.export.AT_ONCE", 2)
    client = client_for("leader")
    reply = client.get(f"{EXPORT}?sort=2", buffered=False)
    pieces = iter(reply.response)
    begun = [next(pieces) for _ in range(3)]
    session.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )

    with pytest.raises((DBAPIError, engine.dialect.loaded_dbapi.Error)):
        begun += list(pieces)
    reply.close()

    assert len(rows_of(begun)) < len(entries)
    assert len(rows_of([client.get(EXPORT).data])) == len(entries)


@ON_A_SERVER
def test_a_file_comes_whole_through_a_pool_of_one_connection(app, client_for, entries, monkeypatch):
    monkeypatch.setattr("admin.records.export.AT_ONCE", 2)
    known = client_for("leader")
    with pooled(app.config["SQLALCHEMY_DATABASE_URI"]) as address:
        behind = create_app(Config(secret_key=KEY, database_url=address, environment="testing"))
        for order in ("", "?sort=2", ""):
            reply = client_of(behind, known).get(f"{EXPORT}{order}")
            assert len(rows_of([reply.data])) == len(entries)
        with behind.app_context():
            db.engine.dispose()

"""The audit trail as an inspector reads it."""

import csv
import io
from datetime import UTC, datetime
from itertools import count
from urllib.parse import quote

import pytest
from sqlalchemy import insert

from models import AuditEntry, db
from models.base import DISTRICT, Actor, act_as
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_period,
    make_project,
    make_submission,
)

AT = datetime(2024, 4, 8, 17, 30, tzinfo=UTC)  # 00:30 on the 9th in Vietnam


IDS = count(1_000)


def put(session, **given):
    facts = {
        "id": next(IDS),
        "at": AT,
        "user_name": "Nguyễn Thị Đào",
        "action": "update",
        "resource": "project",
        "row_id": "1",
        "label": "L01",
        "changes": {"name": ["a", "b"]},
        "search_text": "l01 nguyen thi dao",
    }
    session.execute(insert(AuditEntry), [facts | given])
    session.commit()


@pytest.fixture
def auditor(client_for):
    return client_for("auditor")


def listed(auditor, query):
    page = auditor.soup(f"/admin/audit/?{query}")
    return [row.get_text(" ", strip=True) for row in page.select("tbody tr")]


def test_tables_and_acts_are_told_in_words(auditor, session):
    put(session, resource="progress_entry", label="L01 · 2024-03")
    [row] = listed(auditor, "flt0_table=progress_entry")
    assert "progress_entry" not in row
    assert "update" not in row
    assert "L01 · 2024-03" in row


def test_an_entry_is_titled_by_what_it_is(auditor, session):
    put(session)
    entry = session.query(AuditEntry).filter_by(label="L01").one()
    page = auditor.soup(f"/admin/audit/details/?id={entry.id}")
    heading = page.select_one("h1").get_text(" ", strip=True)
    assert heading.endswith("L01")
    assert "AuditEntry" not in heading


@pytest.mark.parametrize("typed", ["Đào", "dao", "nguyễn thị", "NGUYEN"])
def test_a_person_is_found_with_and_without_marks(auditor, session, typed):
    put(session)
    put(session, user_name="Trần Văn B", search_text="l01 tran van b")
    assert len(listed(auditor, f"flt0_person={quote(typed)}")) == 1
    assert len(listed(auditor, f"search={quote(typed)}")) == 1


@pytest.mark.parametrize("typed", ["L01", "l01"])
def test_the_code_of_a_project_finds_it(auditor, session, typed):
    put(session)
    put(session, label="L02", search_text="l02 nguyen thi dao")
    assert len(listed(auditor, f"search={typed}")) == 1


@pytest.mark.parametrize("day", ["09/04/2024", "2024-04-09", "9/4/2024"])
def test_a_day_is_a_day_in_vietnam(auditor, session, day):
    put(session)
    put(session, at=datetime(2024, 4, 9, 17, 0, tzinfo=UTC), label="L02")
    found = listed(auditor, f"flt0_from={quote(day)}&flt1_until={quote(day)}")
    assert len(found) == 1
    assert "L01" in found[0]


def test_a_day_that_is_none_is_said_to_be_so(auditor, session):
    reply = auditor.get("/admin/audit/?flt0_from=31/02/2024")
    assert reply.status_code == 422
    assert "“31/02/2024”" in reply.text


def test_the_file_has_words_and_times_of_vietnam(auditor, session):
    put(session, resource="progress_entry")
    text = auditor.get("/admin/audit/export/csv/?flt0_table=progress_entry").get_data(as_text=True)
    [row] = list(csv.reader(io.StringIO(text)))[1:]
    assert row[0] == "2024-04-09T00:30:00+07:00"
    assert "progress_entry" not in row
    assert "update" not in row


def test_rows_are_named_by_project_period_and_unit_as_they_are_written(app, count_queries):
    with app.app_context():
        session = db.session()
        session.enter(DISTRICT)
        act_as(Actor(None, "Cán bộ"))
        project = make_project(session, code="L77")
        submission = make_submission(
            session, investor=project.investor, period=make_period(session)
        )
        entry = make_entry(session, project=project, submission=submission)
        make_disbursement(session, entry, make_allocation(session, project=project))
        session.commit()
        labels = {
            row.resource: (row.label, row.search_text) for row in session.query(AuditEntry).all()
        }
        unit = project.investor.short_name
        assert labels["progress_entry"][0] == "L77 · 2024-03"
        assert labels["submission"][0] == f"{unit} · 2024-03"
        assert labels["disbursement"][0] == "L77 · 2024-03 · NSTW 2024/2024"
        assert all(
            "l77" in labels[name][1] for name in ("allocation_line", "disbursement", "project")
        )
        assert project.investor.code.lower() in labels["disbursement"][1]

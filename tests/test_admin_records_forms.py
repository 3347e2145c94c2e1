"""Saving a record: two people at once, a double click, and ledgers that only grow."""

import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from models import Allocation, AllocationLine, Decision, Disbursement, Holiday, Project, Submission
from tests.factories import (
    make_allocation,
    make_component,
    make_decision,
    make_entry,
    make_investor,
    make_line,
    make_period,
    make_project,
    make_reopening,
    make_submission,
)

DECISION = {
    "number": "12/QĐ-UBND",
    "issued_on": "05/02/2024",
    "issuer": "UBND huyện",
    "effective_on": "06/02/2024",
}


def fields(soup: BeautifulSoup) -> dict[str, str]:
    """What a browser would send for the form of the page, unchanged."""
    form = soup.select_one("form.admin-form")
    values = {}
    for field in form.select("input[name], textarea[name]"):
        values[field["name"]] = field.get("value") or field.get_text().strip()
    for field in form.select("select[name]"):
        chosen = field.select_one("option[selected]")
        values[field["name"]] = chosen["value"] if chosen else ""
    values.pop("csrf_token", None)
    return values


def count(session, model) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(model))


def test_opening_and_saving_a_form_changes_nothing(client_for, session):
    """Every stored value is preselected: nothing is lost by a save without a change."""
    row = make_project(session, total_investment=1_475_000_000, status="suspended")
    officer = client_for("officer")
    before = session.execute(sa.select(Project.__table__)).one()

    form = fields(officer.soup(f"/admin/project/edit/?id={row.id}"))
    reply = officer.post_form(f"/admin/project/edit/?id={row.id}", form)

    assert reply.status_code == 302
    session.rollback()
    assert session.execute(sa.select(Project.__table__)).one() == before


def test_the_second_of_two_people_sees_both_versions(client_for, session):  # row 88
    row = make_project(session, name="Nuôi dê")
    first, second = client_for("officer"), client_for("officer")
    address = f"/admin/project/edit/?id={row.id}"
    mine, theirs = fields(first.soup(address)), fields(second.soup(address))
    first.post_form(address, mine | {"name": "Nuôi trâu"})

    refused = second.post_form(address, theirs | {"name": "Nuôi bò"})

    page = BeautifulSoup(refused.text, "html.parser")
    assert refused.status_code == 409
    assert "Nuôi trâu" in page.select_one("main [role=alert]").get_text()
    assert "Nuôi bò" in page.select_one("main [role=alert]").get_text()
    assert page.select_one("textarea#name").get_text().strip() == "Nuôi bò"
    session.rollback()
    assert session.get(Project, row.id).name == "Nuôi trâu"

    again = second.post_form(address, fields(page))
    session.rollback()
    assert again.status_code == 302
    assert session.get(Project, row.id, populate_existing=True).name == "Nuôi bò"


def test_a_form_without_its_version_is_not_saved(client_for, session):
    row = make_decision(session)
    finance = client_for("finance")

    assert finance.post_form(f"/admin/decision/edit/?id={row.id}", DECISION).status_code == 409


def test_saving_a_record_that_was_deleted_is_404(client_for, session):
    key = make_decision(session).id
    finance = client_for("finance")
    form = fields(finance.soup(f"/admin/decision/edit/?id={key}"))
    finance.post_form("/admin/decision/delete/", {"id": key})

    reply = finance.post_form(f"/admin/decision/edit/?id={key}", form)

    assert reply.status_code == 404


def test_a_double_click_saves_once(client_for, session):  # row 89
    finance = client_for("finance")
    form = fields(finance.soup("/admin/decision/new/")) | DECISION

    replies = [finance.post_form("/admin/decision/new/", form) for _ in range(3)]

    assert [reply.status_code for reply in replies] == [302, 302, 302]
    assert count(session, Decision) == 1


def test_two_clicks_at_the_same_instant_save_once(client_for, session, app):  # row 89
    finance = client_for("finance")
    form = fields(finance.soup("/admin/decision/new/")) | DECISION
    form["csrf_token"] = finance.token()
    cookie = finance.get_cookie("session")
    statuses = []

    def click() -> None:
        client = app.test_client()
        client.set_cookie("session", cookie.value)
        statuses.append(client.post("/admin/decision/new/", data=form).status_code)

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [302, 302]
    assert count(session, Decision) == 1


def test_a_refused_form_keeps_its_key(client_for, session):
    finance = client_for("finance")
    form = fields(finance.soup("/admin/decision/new/"))

    refused = finance.post_form("/admin/decision/new/", form | DECISION | {"number": ""})
    kept = fields(BeautifulSoup(refused.text, "html.parser"))
    saved = finance.post_form("/admin/decision/new/", kept | {"number": "1/QĐ"})

    assert refused.status_code == 422
    assert kept["issuer"] == DECISION["issuer"]
    assert saved.status_code == 302
    assert count(session, Decision) == 1


def test_the_same_decision_twice_is_said_in_words(client_for, session):
    finance = client_for("finance")
    finance.post_form("/admin/decision/new/", DECISION)

    reply = finance.post_form("/admin/decision/new/", DECISION)

    assert reply.status_code == 422
    assert "uq_" not in reply.text
    assert "UNIQUE" not in reply.text
    assert count(session, Decision) == 1


@pytest.mark.parametrize("typed", ["", "__None", "999", "abc", "1,2", "9" * 30])
def test_a_choice_that_is_none_is_refused(client_for, session, typed):
    row = make_project(session)
    officer = client_for("officer")
    address = f"/admin/project/edit/?id={row.id}"

    reply = officer.post_form(address, fields(officer.soup(address)) | {"component": typed})

    assert reply.status_code == 422
    session.rollback()
    assert session.get(Project, row.id).component_id == row.component_id


def test_a_project_goes_to_the_lowest_level_only(client_for, session):
    parent = make_component(session)
    make_component(session, parent=parent)
    row = make_project(session)
    officer = client_for("officer")
    address = f"/admin/project/edit/?id={row.id}"

    reply = officer.post_form(address, fields(officer.soup(address)) | {"component": parent.id})

    assert reply.status_code == 422


def test_a_component_with_projects_is_not_divided(client_for, session):
    row = make_project(session)
    form = {"code": "N", "name": "n", "short_name": "n", "sort_order": "0"}
    form |= {"valid_from": "01/01/2024", "parent": row.component_id}

    assert client_for("admin").post_form("/admin/component/new/", form).status_code == 422


def test_a_component_does_not_lie_under_its_child(client_for, session):
    top = make_component(session)
    child = make_component(session, parent=top)
    admin = client_for("admin")
    address = f"/admin/component/edit/?id={top.id}"

    reply = admin.post_form(address, fields(admin.soup(address)) | {"parent": child.id})

    assert reply.status_code == 422


def test_a_code_is_free_again_after_a_unit_closed(client_for, session):
    make_investor(session, code="X-1", valid_to=date(2023, 12, 31))
    admin = client_for("admin")
    form = {"code": "X-1", "kind": "commune", "name": "n", "short_name": "n", "sort_order": "1"}

    early = admin.post_form("/admin/investor/new/", form | {"valid_from": "31/12/2023"})
    later = admin.post_form("/admin/investor/new/", form | {"valid_from": "01/01/2024"})

    assert (early.status_code, later.status_code) == (422, 302)


# Allocations and their ledger


@pytest.fixture
def finance(client_for) -> Any:
    return client_for("finance")


def test_an_allocation_begins_with_a_line_under_a_decision(finance, session):
    project, decision = make_project(session), make_decision(session)
    session.commit()
    form = {
        "project": project.id,
        "budget_year": "2024",
        "source": "NSTW",
        "nature": "SN",
        "vintage": "2024",
        "decision": decision.id,
        "kind": "initial",
        "amount": "1.150.000.000",
    }

    assert finance.post_form("/admin/allocation/new/", form).status_code == 302
    line = session.scalar(sa.select(AllocationLine))
    assert (line.amount, line.effective_on) == (1_150_000_000, decision.effective_on)
    # said in words, with the project: “NSTW · SN · 2024” are the codes of the files
    [told] = finance.soup("/admin/allocation/").select(".flash-ok, .flash-success")
    name = f"{project.code} · 2024 · Ngân sách trung ương · Vốn sự nghiệp"
    assert name in told.text
    allocation = session.scalar(sa.select(Allocation))
    for page in ("details", "delete-confirm"):
        assert name in finance.soup(f"/admin/allocation/{page}/?id={allocation.id}").h1.text

    again = finance.post_form("/admin/allocation/new/", form)
    assert again.status_code == 422
    assert (count(session, Allocation), count(session, AllocationLine)) == (1, 1)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"vintage": "2025"}, "vintage"),
        ({"kind": "carry_in"}, "kind"),
        ({"amount": "-1.000"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"decision": ""}, "decision"),
        ({"budget_year": "1999"}, "budget_year"),
    ],
)
def test_an_allocation_that_breaks_a_rule_is_not_stored(finance, session, changed, field):
    project, decision = make_project(session), make_decision(session)
    session.commit()
    form = {"project": project.id, "budget_year": "2024", "source": "NSTW", "nature": "SN"}
    form |= {"vintage": "2024", "decision": decision.id, "kind": "initial", "amount": "1.000"}

    reply = finance.post_form("/admin/allocation/new/", form | changed)

    assert reply.status_code == 422
    assert BeautifulSoup(reply.text, "html.parser").select_one(f"#{field}-error")
    assert (count(session, Allocation), count(session, AllocationLine)) == (0, 0)


def test_a_recall_below_zero_is_refused_and_a_smaller_one_runs_on(finance, session):
    allocation, decision = make_allocation(session, amount=1_000), make_decision(session)
    session.commit()
    address = f"/admin/allocation/line/?id={allocation.id}"
    form = {"decision": decision.id, "kind": "recall", "effective_on": "01/06/2024"}

    refused = finance.post_form(address, form | {"amount": "-1.001"})
    saved = finance.post_form(address, form | {"amount": "-400"})

    assert (refused.status_code, saved.status_code) == (422, 302)
    page = finance.soup(f"/admin/allocation/details/?id={allocation.id}")
    assert [cell.get_text() for cell in page.select("table td.num")] == [
        "1.000", "1.000", "-400", "600",
    ]  # fmt: skip


def test_ledger_lines_have_no_form_of_their_own(finance, session):
    line = make_line(session, make_allocation(session, amount=None))
    session.commit()

    for path in ("edit/", "delete/", "details/"):
        assert finance.get(f"/admin/allocation_line/{path}?id={line.id}").status_code == 404


def test_an_allocation_without_lines_can_be_deleted(finance, session):
    empty = make_allocation(session, amount=None)
    session.commit()

    assert finance.post_form("/admin/allocation/delete/", {"id": empty.id}).status_code == 302
    assert count(session, Allocation) == 0


# Entries


def test_an_entry_makes_the_draft_it_belongs_to(client_for, session):
    project, period = make_project(session), make_period(session)
    officer = client_for("officer")

    reply = officer.post_form(
        "/admin/entry/new/",
        {"period": period.id, "project": project.id, "physical_progress": "45,5"},
    )

    assert reply.status_code == 302
    draft = session.scalar(sa.select(Submission))
    assert (draft.status, draft.investor_id) == ("draft", project.investor_id)


def test_amounts_are_saved_per_allocation(client_for, session):
    project, period = make_project(session), make_period(session)
    allocation = make_allocation(session, project=project, amount=100_000)
    entry = make_entry(
        session,
        project=project,
        submission=make_submission(session, investor=project.investor, period=period),
    )
    officer = client_for("officer")
    address = f"/admin/entry/amounts/?id={entry.id}"
    name = f"a{allocation.id}"

    wrong = officer.post_form(
        address,
        {"row_version": "1", f"{name}-completed": "100", f"{name}-recovered": "101"},
    )
    right = officer.post_form(
        address,
        {"row_version": "1", f"{name}-completed": "1.000", f"{name}-recovered": "400"},
    )
    stale = officer.post_form(address, {"row_version": "1", f"{name}-completed": "5"})

    assert (wrong.status_code, right.status_code, stale.status_code) == (422, 302, 409)
    assert session.scalar(sa.select(Disbursement)).net == 600


def test_who_opens_a_form_that_could_not_be_saved_is_told_before_typing(client_for, session):
    project, period = make_project(session), make_period(session)
    submission = make_submission(session, investor=project.investor, period=period)
    entry, officer = (
        make_entry(session, project=project, submission=submission),
        client_for("officer"),
    )
    session.commit()
    form, amounts = (f"/admin/entry/{page}/?id={entry.id}" for page in ("edit", "amounts"))
    details = f"/admin/entry/details/?id={entry.id}"
    ways = f'a[href*="/admin/entry/edit/"][href*="id={entry.id}"]'
    assert officer.soup(form).select_one("form.admin-form")
    assert officer.soup("/admin/entry/").select_one(ways)

    sent = datetime(2024, 4, 2, tzinfo=UTC)
    submission.status = "submitted"
    submission.first_submitted_at = submission.last_submitted_at = sent
    session.commit()

    for address in (form, amounts):
        reply = officer.get(address)
        assert (reply.status_code, f"details/?id={entry.id}" in reply.location) == (302, True)
    page = officer.soup(details)
    assert "Đã gửi" in page.select_one(".note-warn").text
    assert page.select_one(f'.note-warn a[href="/admin/review/2024-03/{project.investor_id}"]')
    assert not page.select("a[href*=edit], a[href*=delete], a[href*=amounts]")
    listed = officer.soup("/admin/entry/")
    assert listed.select_one(f'a[href*="id={entry.id}"]')
    assert not listed.select(f"{ways}, .col-check, [data-bulk]")


def test_a_list_shows_no_way_to_the_forms_of_locked_periods_but_of_reopened_units(
    client_for, session
):
    period = make_period(session)
    kept, reopened = (
        make_entry(
            session,
            project=one,
            submission=make_submission(session, investor=one.investor, period=period),
        )
        for one in (make_project(session), make_project(session))
    )
    period.status, period.lock_at = "locked", datetime(2024, 4, 20, tzinfo=UTC)
    until = datetime(2099, 1, 1, tzinfo=UTC)
    make_reopening(session, period=period, investor=reopened.project.investor, until_at=until)
    session.commit()

    found = client_for("officer").soup("/admin/entry/").select('td.col-actions a[href*="edit"]')

    assert [f"id={reopened.id}" in one["href"] for one in found] == [True]
    assert kept.id != reopened.id


def test_a_list_asks_once_for_all_its_locked_periods(client_for, session, count_queries):
    """And a unit may change what it was let change, not the other period."""
    projects = make_project(session), make_project(session)
    officer = client_for("officer")
    counted, reopened = [], []
    for month, project in zip((3, 4), projects, strict=True):
        period = make_period(session, code=f"2024-{month:02d}")
        period.status, period.lock_at = "locked", datetime(2024, month + 1, 20, tzinfo=UTC)
        for one in projects:
            submission = make_submission(session, investor=one.investor, period=period)
            entry = make_entry(session, project=one, submission=submission)
            if one is project:
                reopened.append(entry.id)
        until = datetime(2099, 1, 1, tzinfo=UTC)
        make_reopening(session, period=period, investor=project.investor, until_at=until)
        session.commit()
        officer.soup("/admin/entry/")
        with count_queries() as seen:
            page = officer.soup("/admin/entry/")
        counted.append(len(seen))
        ways = {one["href"] for one in page.select('td.col-actions a[href*="edit"]')}
        assert len(ways) == len(reopened)
        assert all(any(f"id={known}" in way for way in ways) for known in reopened)
    assert counted[0] == counted[1]


@pytest.mark.parametrize("status", ["submitted", "accepted"])
def test_a_report_that_was_sent_takes_no_change(client_for, session, status):
    project, period = make_project(session), make_period(session)
    submission = make_submission(session, investor=project.investor, period=period, status=status)
    entry = make_entry(session, project=project, submission=submission)
    officer, unit = client_for("officer"), client_for("investor", project.investor)

    form = {"row_version": "1", "obstacles": "x"}
    assert officer.post_form(f"/admin/entry/edit/?id={entry.id}", form).status_code == 422
    assert officer.post_form("/admin/entry/delete/", {"id": entry.id}).status_code == 409
    typed = {"version": "1", f"p{project.id}-obstacles": "x", "form_key": "k"}
    assert unit.post_form("/admin/my-report/2024-03", typed).status_code == 422


# Days off


def test_a_year_of_days_is_filled_in_once(client_for, session):
    admin = client_for("admin")

    first = admin.post_form("/admin/holiday/fill/", {"year": "2025"})
    there = count(session, Holiday)
    admin.post_form("/admin/holiday/fill/", {"year": "2025"})

    assert first.status_code == 302
    assert there > 8
    assert count(session, Holiday) == there


@pytest.mark.parametrize("year", ["", "abc", "1", "99999", "-1", "٢٠٢٥"])
def test_a_year_that_is_none_fills_nothing(client_for, session, year):
    assert client_for("admin").post_form("/admin/holiday/fill/", {"year": year}).status_code == 302
    assert count(session, Holiday) == 0


def test_who_may_not_write_does_not_fill_the_calendar(client_for, session):
    assert (
        client_for("leader").post_form("/admin/holiday/fill/", {"year": "2025"}).status_code == 403
    )

"""Amounts on screen: the thousandfold question at every door, marks of the language, phones."""

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from models import AllocationLine, Disbursement
from models.base import SLIP, SUSPECT_RATIO
from tests.factories import (
    make_allocation,
    make_decision,
    make_disbursement,
    make_entry,
    make_period,
    make_project,
    make_submission,
)

SHEET = "/admin/my-report/2024-03"


def amounts(session, column=AllocationLine.amount):
    return sorted(session.scalars(sa.select(column)))


def question(reply, name="amount"):
    page = BeautifulSoup(reply.text, "html.parser")
    return page.select_one(f"#{name}-error").get_text(strip=True)


def asked(reply, name):
    """The box that confirms the amount, after the question was checked to stand there."""
    page = BeautifulSoup(reply.text, "html.parser")
    assert reply.status_code == 422
    assert "Có phải ý bạn là" in page.select_one(f"#{name}-error").get_text()
    return page.select_one(f"input[name={name}-sure]")["value"]


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("supplement", "15"),  # what “1.5” once became
        ("supplement", "575.000.000.000"),
        ("recall", "-2.300.000"),
    ],
)
def test_a_suspect_line_of_the_ledger_is_confirmed_first(client_for, session, kind, typed):
    allocation, decision = make_allocation(session, 1_150_000_000), make_decision(session)
    session.commit()
    finance, address = client_for("finance"), f"/admin/allocation/line/?id={allocation.id}"
    form = {"decision": decision.id, "kind": kind, "amount": typed}

    sure = asked(finance.post_form(address, form), "amount")
    # the consent holds for the amount it was given for
    other = form | {"amount": "16", "amount-sure": sure}
    assert asked(finance.post_form(address, other), "amount") == "16"
    assert amounts(session) == [1_150_000_000]
    assert finance.post_form(address, form | {"amount-sure": sure}).status_code == 302
    assert sorted((1_150_000_000, int(sure))) == amounts(session)


@pytest.mark.parametrize(
    ("investment", "said"),
    [
        (None, "kế hoạch vốn đến nay là 1.150.000.000 đồng"),
        (
            4_000_000_000,
            "tổng mức đầu tư của dự án là 4.000.000.000 đồng, "
            "kế hoạch vốn đến nay là 1.150.000.000 đồng",
        ),
    ],
)
def test_the_question_names_what_the_amount_is_held_against(client_for, session, investment, said):
    project = make_project(session, total_investment=investment)
    allocation = make_allocation(session, 1_150_000_000, project=project)
    form = {"decision": make_decision(session).id, "kind": "supplement", "amount": "15"}
    session.commit()
    reply = client_for("finance").post_form(f"/admin/allocation/line/?id={allocation.id}", form)
    assert question(reply) == f"Bạn nhập 15 đồng; {said}. Có phải ý bạn là 15.000 đồng?"


@pytest.mark.parametrize("typed", ["250.000.000", "1.000.000.000", "-100.000.000"])
def test_an_ordinary_line_is_not_asked_about(client_for, session, typed):
    project = make_project(session, total_investment=4_000_000_000)
    allocation = make_allocation(session, 1_150_000_000, project=project)
    decision = make_decision(session)
    session.commit()
    address = f"/admin/allocation/line/?id={allocation.id}"
    form = {"decision": decision.id, "kind": "adjust", "amount": typed}

    assert client_for("finance").post_form(address, form).status_code == 302


def test_the_first_line_is_measured_by_the_investment(client_for, session):
    project = make_project(session, total_investment=1_500_000_000)
    decision = make_decision(session)
    session.commit()
    form = {"project": project.id, "budget_year": "2024", "source": "NSTW", "nature": "SN"}
    form |= {"vintage": "2024", "decision": decision.id, "kind": "initial"}
    finance, address = client_for("finance"), "/admin/allocation/new/"

    unread = finance.post_form(address, form | {"amount": "1.5"})
    assert "1,5 triệu" in unread.text
    reply = finance.post_form(address, form | {"amount": "1.500.000"})
    assert question(reply) == (
        "Bạn nhập 1.500.000 đồng; tổng mức đầu tư của dự án là 1.500.000.000 đồng. Có phải ý bạn "
        "là 1.500.000.000 đồng?"
    )
    sure = asked(reply, "amount")
    assert amounts(session) == []
    form |= {"amount": "1.500.000", "amount-sure": sure}
    assert finance.post_form(address, form).status_code == 302
    assert amounts(session) == [1_500_000]


def test_amounts_of_an_entry_are_measured_by_plan_and_last_month(client_for, session):
    project = make_project(session)
    allocation = make_allocation(session, 900_000_000, project=project)
    for code, amount in (("2024-02", 80_000_000), ("2024-03", None)):
        period = make_period(session, code)
        report = make_submission(session, period=period, investor=project.investor)
        entry = make_entry(session, submission=report, project=project)
        if amount:
            make_disbursement(session, entry, allocation, completed=amount)
    session.commit()
    officer, address = client_for("officer"), f"/admin/entry/amounts/?id={entry.id}"
    name = f"a{allocation.id}-completed"

    form = {"row_version": "1", name: "2.000.000"}
    sure = asked(officer.post_form(address, {"row_version": "1", name: "80.000"}), name)
    assert sure == "80000"
    assert officer.post_form(address, form).status_code == 302
    assert amounts(session, Disbursement.completed) == [2_000_000, 80_000_000]


def hidden(client):
    fields = client.soup(SHEET).select("form.sheet [type=hidden]:not([name=csrf_token])")
    return {one["name"]: one["value"] for one in fields}


@pytest.fixture
def sheet(client_for, session):
    project = make_project(session)
    allocation = make_allocation(session, 1_000_000, project=project)
    make_period(session)
    return client_for("investor", project.investor), allocation


def test_the_page_carries_the_numbers_of_the_rule(sheet):
    form = sheet[0].soup(SHEET).select_one("form.sheet")

    assert form["data-suspect-ratio"] == str(SUSPECT_RATIO)
    assert form["data-slip"] == str(SLIP)


@pytest.mark.parametrize(("unit", "pad"), [("dong", "numeric"), ("trieu", "decimal")])
def test_a_phone_can_type_a_minus_where_one_may_be_needed(sheet, unit, pad):
    client, allocation = sheet
    page = client.soup(f"{SHEET}?unit={unit}")
    pads = {one["id"]: one["inputmode"] for one in page.select("input[data-money]")}

    signed = {"stated_total", f"a{allocation.id}-correction"}
    assert {pads[name] for name in signed} == {"text"}
    assert {pads[name] for name in pads if name not in signed} == {pad}


@pytest.mark.parametrize(
    ("language", "typed", "shown"),
    [("vi", "600.000", "600.000"), ("en", "600,000", "600,000"), ("en", "0.6 million", "600,000")],
)
def test_pages_read_and_print_the_marks_of_their_language(sheet, session, language, typed, shown):
    client, allocation = sheet
    client.post_form("/language", {"language": language, "next": SHEET})
    name = f"a{allocation.id}-completed"
    form = hidden(client)

    assert client.post_form(SHEET, form | {name: typed, "action": "save"}).status_code == 303

    assert amounts(session, Disbursement.completed) == [600_000]
    page = client.soup(SHEET)
    assert page.select_one(f"#{name}")["value"] == shown
    assert page.select_one("[data-after]").get_text() == shown


def test_the_marks_of_another_language_are_asked_about_and_never_misread(sheet, session):
    client, allocation = sheet
    client.post_form("/language", {"language": "en", "next": SHEET})
    name = f"a{allocation.id}-completed"
    form = hidden(client)

    reply = client.post_form(SHEET, form | {name: "600.000", "action": "save"})

    assert reply.status_code == 422
    assert "Write 600000, or 600.000 million" in reply.text
    assert amounts(session, Disbursement.completed) == []


def test_saving_remembers_the_unit_that_was_switched_to_in_place(sheet, session):
    client, allocation = sheet
    name = f"a{allocation.id}-completed"
    form = hidden(client)
    form |= {"unit": "nghin", name: "600,5", "action": "save"}

    assert client.post_form(SHEET, form).status_code == 303

    assert amounts(session, Disbursement.completed) == [600_500]
    assert client.soup(SHEET).select_one(f"#{name}")["value"] == "600,5"

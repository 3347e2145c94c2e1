"""Terms of capital on screen: the rules, the usual days beside them, and those in force."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from models import CapitalTerm, Decision
from models.capital import usual_term
from reports.capital_terms import terms_in_force
from tests.factories import make_allocation, make_capital_term, make_decision, make_project
from tests.forms import typed

NEW = "/admin/capital_term/new/"
TERM = {"budget_year": "2024", "vintage": "2023", "disburse_until": "31/12/2024"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2024, 4, 12, 2, tzinfo=UTC), tick=True):
        yield


def save(client, **given):
    return client.post_form(NEW, typed(client.soup(NEW), **TERM | given))


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, None),
        ({"vintage": "2024"}, None),
        ({"vintage": "2025"}, "vintage"),
        ({"disburse_until": "31/12/2023"}, "disburse_until"),
        ({"disburse_until": "01/01/2024"}, None),
        ({"disburse_until": "02/01/2024"}, None),
        ({"disburse_until": ""}, "disburse_until"),
        ({"budget_year": "1999"}, "budget_year"),
        ({"vintage": "1989"}, "vintage"),
        ({"vintage": "hai"}, "vintage"),
    ],
)
def test_what_a_term_may_be(session, client_for, given, wrong):
    reply = save(client_for("finance"), **given)
    assert reply.status_code == (422 if wrong else 302)
    assert session.query(CapitalTerm).count() == (0 if wrong else 1)
    if wrong:
        assert f'id="{wrong}-error"' in reply.text


def test_one_term_for_each_year_and_vintage(session, client_for):
    client = client_for("finance")
    assert save(client).status_code == 302
    again = save(client, disburse_until="30/06/2024")
    assert again.status_code == 422
    assert 'id="vintage-error"' in again.text
    assert save(client, vintage="2022").status_code == 302
    assert save(client, budget_year="2025").status_code == 422  # its last day lies before 2025
    assert save(client, budget_year="2025", disburse_until="31/12/2025").status_code == 302
    assert session.query(CapitalTerm).count() == 3


def test_saving_one_without_a_change_does_not_meet_itself(session, client_for):
    row = make_capital_term(session)
    client = client_for("finance")
    url = f"/admin/capital_term/edit/?id={row.id}"
    assert client.post_form(url, typed(client.soup(url), basis="NQ 104")).status_code == 302
    session.expire_all()
    assert row.basis == "NQ 104"


@pytest.mark.parametrize("role", ["officer", "admin", "leader", "auditor", "investor"])
def test_only_finance_changes_terms(session, client_for, role):
    row = make_capital_term(session)
    units = [make_project(session).investor] if role == "investor" else []
    client = client_for(role, *units)
    assert client.get("/admin/capital_term/").status_code == 200
    for url in (NEW, f"/admin/capital_term/edit/?id={row.id}"):
        assert client.get(url).status_code == 403
        assert client.post_form(url, TERM).status_code == 403
    assert client.post_form("/admin/capital_term/delete/", {"id": row.id}).status_code == 403


@pytest.mark.parametrize(
    ("year", "vintage", "day"),
    [(2024, 2024, date(2025, 1, 31)), (2024, 2023, date(2024, 12, 31)),
     (2024, 2021, date(2024, 12, 31))],
)  # fmt: skip
def test_the_usual_term(year, vintage, day):
    assert usual_term(year, vintage) == day


def test_the_list_shows_the_usual_day_beside_the_one_set(session, client_for):
    make_capital_term(session, vintage=2023, disburse_until=date(2024, 6, 30))
    page = client_for("leader").soup("/admin/capital_term/")
    [row] = page.select("table.model-list tbody tr")
    assert row.select_one(".col-disburse_until").text == "30/06/2024"
    assert row.select_one(".col-usual").text == "31/12/2024"
    assert len(page.select("table")) == 1  # no allocation, so nothing is in force


def test_terms_in_force_of_the_newest_year_with_allocations(session, client_for):
    project = make_project(session)
    make_allocation(session, project=project, budget_year=2023)
    make_allocation(session, project=project, budget_year=2024)
    make_allocation(session, project=project, budget_year=2024, vintage=2023)
    make_allocation(
        session, project=project, budget_year=2024, vintage=2022, disburse_until=date(2024, 5, 1)
    )
    make_capital_term(session, vintage=2023, disburse_until=date(2024, 4, 11), basis="NQ 104")
    make_capital_term(session, budget_year=2025, vintage=2024, disburse_until=date(2025, 6, 30))
    found = terms_in_force(session)
    assert [(one.vintage, one.last_day, one.is_set, one.basis, one.own_days) for one in found] == [
        (2024, date(2025, 1, 31), False, "", 0),
        (2023, date(2024, 4, 11), True, "NQ 104", 0),
        (2022, date(2024, 12, 31), False, "", 1),
    ]
    page = client_for("leader").soup("/admin/capital_term/")
    lines = page.select("section.card tbody tr")
    assert [line.th.text for line in lines] == ["2024", "2023", "2022"]
    assert [bool(line.select(".badge")) for line in lines] == [False, True, False]


@pytest.mark.parametrize(("last", "is_past"), [(11, True), (12, False), (13, False)])
def test_a_term_has_passed_on_the_day_after_it(session, client_for, last, is_past):
    make_allocation(session)
    make_capital_term(session, vintage=2024, disburse_until=date(2024, 4, last))
    [line] = client_for("leader").soup("/admin/capital_term/").select("section.card tbody tr")
    assert bool(line.select(".badge")) is is_past


def test_a_unit_sees_the_vintages_of_its_own_capital(session, client_for):
    own = make_project(session)
    make_allocation(session, project=own, budget_year=2023)
    make_allocation(session, budget_year=2024)
    client = client_for("investor", own.investor)
    lines = client.soup("/admin/capital_term/").select("section.card tbody tr")
    assert [line.th.text for line in lines] == ["2023"]


def test_the_page_costs_the_same_for_1_and_20(session, client_for, count_queries):
    client, sent = client_for("leader"), []
    for years in (range(2023, 2024), range(2004, 2023)):
        for year in years:
            make_capital_term(session, vintage=year)
            make_allocation(session, vintage=year, budget_year=2024)
        client.get("/admin/capital_term/")
        with count_queries() as seen:
            assert client.get("/admin/capital_term/").status_code == 200
        sent.append(len(seen))
    assert sent[0] == sent[1]


@pytest.mark.parametrize(("sent", "stored"), [({}, False), ({"crosses_level": "y"}, True)])
def test_a_decision_may_reach_another_level(session, client_for, sent, stored):
    client = client_for("finance")
    url = "/admin/decision/new/"
    form = typed(client.soup(url))
    answers = {
        "number": "12/QĐ-UBND",
        "issued_on": "05/02/2024",
        "issuer": "UBND tỉnh",
        "effective_on": "06/02/2024",
    }
    assert client.post_form(url, form | answers | sent).status_code == 302
    row = session.query(Decision).one()
    assert row.crosses_level is stored
    page = client.soup(f"/admin/decision/edit/?id={row.id}")
    assert page.select_one("#crosses_level").has_attr("checked") is stored


def test_details_and_export_of_a_decision_say_so(session, client_for):
    rows = [make_decision(session, crosses_level=crosses) for crosses in (True, False)]
    client = client_for("leader")
    said = [
        client.soup(f"/admin/decision/details/?id={row.id}").select("dl.facts dd")[-1].text
        for row in rows
    ]
    assert said == ["Có", "Không"]
    export = client.get("/admin/decision/export/csv/").data.decode("utf-8-sig").splitlines()
    last = {line.split(",")[0]: line.rsplit(",", 1)[1] for line in export[1:]}
    assert last == {rows[0].number: "true", rows[1].number: "false"}

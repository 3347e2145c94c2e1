"""Record screens work: lists, filters, sorts, details, search-as-you-type, and their cost."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask_babel import force_locale

from admin.access import GRANTS, May
from admin.records import Records
from admin.screens import decisions_and_days, periods, submissions
from models import ExpectedReport, Role
from models.base import today
from tests.factories import (
    make_allocation,
    make_component,
    make_decision,
    make_disbursement,
    make_entry,
    make_expected,
    make_investor,
    make_line,
    make_period,
    make_project,
    make_submission,
)

RESOURCES = {
    "component": May.EDIT_COMPONENTS,
    "investor": May.EDIT_INVESTORS,
    "project": May.EDIT_PROJECTS,
    "decision": May.EDIT_DECISIONS,
    "allocation": May.EDIT_ALLOCATIONS,
    "entry": May.EDIT_ENTRIES,
    "holiday": May.EDIT_HOLIDAYS,
    "period": None,
    "submission": None,
}


def fill(session, units: int = 1) -> Any:
    """So many units, each with a project, its capital, a sent report and an entry in March."""
    period = make_period(session)
    decision = make_decision(session)
    component = make_component(session)
    for _ in range(units):
        investor = make_investor(session)
        make_expected(session, period, investor)
        project = make_project(session, investor=investor, component=component)
        allocation = make_allocation(session, amount=None, project=project)
        make_line(session, allocation, decision=decision, amount=1_000_000)
        submission = make_submission(
            session,
            investor=investor,
            period=period,
            status="submitted",
            first_submitted_at=datetime(2024, 4, 5, 2, tzinfo=UTC),
        )
        entry = make_entry(session, project=project, submission=submission)
        make_disbursement(session, entry, allocation, completed=250_000)
    session.commit()
    return SimpleNamespace(
        period=period,
        decision=decision,
        component=component,
        investor=investor,
        project=project,
        allocation=allocation,
        submission=submission,
        entry=entry,
    )


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_and_only_the_right_ones_write(client_for, session, role):
    rows = fill(session)
    client = client_for(role, rows.investor) if role is Role.INVESTOR else client_for(role)
    for resource, needed in RESOURCES.items():
        may = needed in GRANTS[role]

        page = client.soup(f"/admin/{resource}/")
        assert bool(page.select_one(f"main a[href^='/admin/{resource}/new/']")) is may, resource
        new = client.get(f"/admin/{resource}/new/")
        assert new.status_code == (200 if may else 403), resource
        row = getattr(rows, resource, None)
        if row is not None:
            shown = client.get(f"/admin/{resource}/details/?id={row.id}")
            assert shown.status_code == 200, resource
            if resource != "entry":
                edit = client.get(f"/admin/{resource}/edit/?id={row.id}")
                assert edit.status_code == (200 if may else 403), resource


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("role", ["officer", "investor"])
def test_a_list_costs_the_same_whatever_its_length(
    client_for, session, count_queries, resource, role
):
    first = fill(session)
    investors = [first.investor] if role == "investor" else []
    client = client_for(role, *investors)
    client.get(f"/admin/{resource}/")
    with count_queries() as short:
        client.get(f"/admin/{resource}/")
    for month in range(4, 12):
        submission = make_submission(
            session, investor=first.investor, period=make_period(session, f"2024-{month:02d}")
        )
        for _ in range(2):
            project = make_project(session, investor=first.investor, component=first.component)
            entry = make_entry(session, project=project, submission=submission)
            make_disbursement(session, entry, make_allocation(session, project=project), advance=1)
    session.commit()
    with count_queries() as long:
        client.get(f"/admin/{resource}/")

    asked = [statement for statement in long if not statement.startswith("BEGIN")]
    assert len(long) == len(short)
    assert len(asked) <= 8, "\n".join(asked)


@pytest.mark.parametrize(
    ("resource", "query", "rows"),
    [
        ("project", "flt0_status=active", 3),
        ("project", "flt0_status=suspended", 0),
        ("project", "flt0_from=2024-01-01&flt1_until=01/01/2024", 3),
        ("project", "flt0_until=2023-12-31", 0),
        ("entry", "flt0_period=2024-03", 3),
        ("entry", "flt0_period=2024-04", 0),
        ("entry", "flt0_status=submitted&flt1_period=2024-03", 3),
        ("allocation", "flt0_year=2024", 3),
        ("allocation", "flt0_year=2023", 0),
        ("allocation", "flt0_carried=0", 3),
        ("allocation", "flt0_source=NSTW&flt1_nature=SN", 3),
        ("submission", "flt0_status=submitted", 3),
        ("submission", "flt0_nil=1", 0),
        ("decision", "flt0_from=18/12/2023", 1),
        ("investor", "flt0_kind=commune", 3),
        ("investor", "flt0_closed=1", 0),
        ("period", "flt0_status=open", 1),
        ("component", "flt0_programme=1", 1),
    ],
)
def test_a_filter_narrows_the_list(client_for, session, resource, query, rows):
    fill(session, units=3)

    page = client_for("leader").soup(f"/admin/{resource}/?{query}")

    assert len(page.select("table.model-list tbody tr")) == rows
    assert page.select(".chips .chip")


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_column_with_an_arrow_sorts_both_ways(client_for, session, resource):
    fill(session, units=2)
    client = client_for("leader")
    links = [a["href"] for a in client.soup(f"/admin/{resource}/").select("thead a")]

    for link in links:
        client.soup(link)
        client.soup(f"{link}&desc=1")


def test_pages_follow_each_other_without_gap_or_repeat(client_for, session):
    component, investor = make_component(session), make_investor(session)
    for _ in range(45):
        make_project(session, component=component, investor=investor, name="Cùng tên")
    client = client_for("leader")

    seen = [
        row.select_one("a")["href"]
        for page in range(3)
        for row in client.soup(f"/admin/project/?page_size=20&sort=1&page={page}").select(
            "table.model-list tbody th"
        )
    ]

    assert len(seen) == len(set(seen)) == 45


def test_search_goes_over_related_names_without_accents(client_for, session):
    investor = make_investor(session, short_name="UBND xã Hữu Liên", name="UBND xã Hữu Liên")
    make_project(session, investor=investor, name="Nuôi dê", code="L1")
    make_project(session, name="Nuôi trâu", code="L2")
    client = client_for("leader")

    for term in ("huu lien", "nuoi de", "l1"):
        page = client.soup(f"/admin/project/?search={term}")
        assert [row.get_text(strip=True) for row in page.select("table.model-list tbody th")] == [
            "L1"
        ]


def test_a_project_shows_its_capital_and_its_history(client_for, session):
    rows = fill(session)
    rows.project.name = "Tên mới"
    session.commit()
    address = f"/admin/project/details/?id={rows.project.id}"

    auditor = client_for("auditor").soup(address).find("main").get_text(" ", strip=True)
    leader = client_for("leader").soup(address).find("main").get_text(" ", strip=True)

    assert "1.000.000" in leader
    assert "750.000" in leader
    assert "25,00" in leader
    assert "History" in auditor or "Lịch sử" in auditor
    assert "History" not in leader


def test_an_investor_shows_its_projects_and_punctuality(client_for, session):
    rows = fill(session)
    late = make_period(session, "2024-02")
    make_expected(session, late, rows.investor)
    make_submission(
        session,
        investor=rows.investor,
        period=late,
        status="accepted",
        first_submitted_at=datetime(2024, 3, 12, 2, tzinfo=UTC),
    )
    make_expected(session, make_period(session, "2024-01"), rows.investor)
    session.commit()

    page = client_for("leader").soup(f"/admin/investor/details/?id={rows.investor.id}")

    values = [value.get_text(strip=True) for value in page.select("main .figure-value")]
    assert values == ["1", "1", "1"]  # on time, late, missing
    assert rows.project.code in page.get_text()


def test_an_allocation_shows_the_plan_of_today_apart_from_what_comes(client_for, session):
    allocation = make_allocation(session, amount=700)
    make_line(session, allocation, amount=300, kind="supplement", effective_on=date(2099, 1, 1))
    page = client_for("leader").soup(f"/admin/allocation/details/?id={allocation.id}")

    assert page.select_one("main .figure-value").get_text(strip=True).startswith("700")
    assert [cell.get_text() for cell in page.select("main table td.num")] == [
        "700", "700", "300", "1.000",
    ]  # fmt: skip


def test_a_look_up_finds_without_accents(client_for, session):
    wanted = make_project(session, code="L01", name="Đường liên thôn Hữu Liên")
    make_project(session, code="L02", name="Khác")
    client = client_for("officer")

    for term in ("huu lien", "DUONG", "đường", "l01"):
        found = client.get(
            "/admin/entry/ajax/lookup/", query_string={"name": "project", "query": term}
        ).json
        assert [key for key, _words in found] == [wanted.id], term


def test_a_unit_chooses_among_its_own(client_for, session):
    rows = fill(session, units=2)
    client = client_for("investor", rows.investor)

    filters = client.soup("/admin/entry/")

    names = [option.get_text() for option in filters.select("[name$='_investor'] option")]
    assert names[1:] == [rows.investor.short_name]


def test_a_type_error_in_a_page_is_shown_as_itself(client_for, session, monkeypatch):
    """Flask-Admin would call the page again and hide where the error came from."""
    calls = []

    def broken(self) -> None:
        calls.append(1)
        raise TypeError("as it is")

    monkeypatch.setattr("admin.records.base.Records.get_list_row_actions", broken)

    assert client_for("leader").get("/admin/project/").status_code == 500
    assert len(calls) == 1


def test_a_unit_is_closed_from_the_day_after_its_last(client_for, session):
    """One whose last day is known beforehand is at work until then."""
    day = today()
    for name, last in (("Mở", None), ("Hôm nay", day), ("Xong", day - timedelta(days=1))):
        make_investor(session, short_name=name, valid_to=last)
    session.commit()
    client = client_for("officer")
    for asked, found in (("1", ["Xong"]), ("0", ["Mở", "Hôm nay"])):
        page = client.soup(f"/admin/investor/?flt0_closed={asked}").select_one("table.model-list")
        assert [name for name in ("Mở", "Hôm nay", "Xong") if name in page.get_text()] == found


def test_what_a_record_holds_beyond_the_rows_of_its_page_is_counted(
    client_for, session, monkeypatch
):
    monkeypatch.setattr(decisions_and_days, "MOST_LINES", 2)
    monkeypatch.setattr(submissions, "MOST_ENTRIES", 2)
    decision, first = make_decision(session), make_project(session)
    report = make_submission(session, investor=first.investor)
    for project in (first, *(make_project(session, investor=first.investor) for _ in range(2))):
        capital = make_allocation(session, amount=None, project=project)
        make_line(session, capital, amount=1_000, decision=decision)
        make_entry(session, submission=report, project=project)
    session.commit()
    client = client_for("finance")
    page = client.soup(f"/admin/decision/details/?id={decision.id}").get_text(" ", strip=True)
    assert "Cộng: 3.000 đồng" in page
    assert "và 1 bút toán khác" in page
    page = client.soup(f"/admin/submission/details/?id={report.id}").get_text(" ", strip=True)
    assert "và 1 dòng tiến độ khác" in page


def test_of_the_units_of_a_period_its_page_has_the_first(client_for, session, monkeypatch):
    monkeypatch.setattr(periods, "MOST_UNITS", 2)
    period = make_period(session)
    units = [make_investor(session) for _ in range(3)]
    session.add_all(ExpectedReport(investor_id=one.id, period_id=period.id) for one in units)
    session.commit()
    own = client_for("investor", units[2])
    for client, many, more in ((client_for("officer"), 3, ["và 1 đơn vị khác"]), (own, 1, [])):
        page = client.soup(f"/admin/period/details/?id={period.id}").select("section.card")[-1]
        text = page.get_text(" ", strip=True)
        assert f"({many})" in text
        assert [one for one in ("và 1 đơn vị khác",) if one in text] == more


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing is asked of it
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_filter_has_a_name_of_its_own_in_its_list(app, language):
    """The form finds it by its name."""
    with app.test_request_context(), force_locale(language):
        names = {
            view.endpoint: [str(flt.name) for flt in view.filters]
            for view in app.extensions["admin"][0]._views
            if isinstance(view, Records)
        }
    assert len(names) > 10
    assert {name: len(set(own)) for name, own in names.items()} == {
        name: len(own) for name, own in names.items()
    }

"""Links to the present page keep what was asked for, whatever names that bears."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from admin.pages import explain, report_part, reports
from models import Actor, Period
from reports.frozen import freeze
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_expected,
    make_investor,
    make_period,
    make_project,
    make_sending,
    make_submission,
)

sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # of addresses alone
AT, WHO = datetime(2024, 4, 16, 2, tzinfo=UTC), Actor(None, "Cán bộ")
# parameters of `url_for` and of its addresses
STRANGE = "endpoint=x&code=x&filename=x&_method=POST&_external=1&_scheme=javascript&_anchor=x"


@pytest.fixture
def long_pages(monkeypatch, session):
    """An office of three units whose pages have a row or a unit each; one of them has sent."""
    for module, name in (
        (report_part, "AT_ONCE"),
        (report_part, "ON_A_PAGE"),
        (explain, "ON_A_PAGE"),
        (reports, "GRID_UNITS"),
    ):
        monkeypatch.setattr(module, name, 1)
    period = make_period(session, "2024-03")
    for _ in range(2):
        make_expected(session, period, make_investor(session))
    project = make_project(session)
    make_expected(session, period, project.investor)
    report = make_submission(session, period=period, investor=project.investor, status="submitted")
    entry = make_entry(session, submission=report, project=project)
    for source in ("NSTW", "NSH"):
        capital = make_allocation(session, project=project, source=source, amount=100)
        make_disbursement(session, entry, capital, completed=5)
    make_sending(session, report)
    session.commit()
    return project.investor


@sqlite
@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/admin/reports/late?period=2024-03&all=1", "page=1"),
        ("/admin/reports/late?period=2024-03&all=1", "grid=1"),
        ("/admin/reports/consolidated?period=2024-03", "page=1"),
        ("/admin/reports/explain?period=2024-03&column=plan_total", "page=1"),
        ("/admin/my-report/2024-03/print?number=1", "unit=trieu"),
    ],
)
def test_a_page_leads_to_itself_with_one_thing_changed(client_for, long_pages, address, link):
    who = client_for("investor", long_pages) if "my-report" in address else client_for("officer")
    for asked in (address, f"{address}&{STRANGE}"):
        page = who.soup(asked)
        others = [a["href"] for a in page.select("[href]") if link in a["href"]]
        assert others
        for other in others:
            assert other.startswith(f"{address}&"), other
            assert who.get(other).status_code == 200, other


@sqlite
def test_each_page_of_the_grid_has_its_own_units(client_for, session, long_pages):
    who = client_for("officer")
    address, named = "/admin/reports/late?period=2024-03", []
    for n in range(3):
        page = who.soup(f"{address}&grid={n}")
        named += [one.get_text() for one in page.select(".grid-months tbody th")]
    assert len(set(named)) == 3


@sqlite
def test_a_version_stays_as_long_as_its_period(client_for, load_demo):
    """Whoever chooses another month above an old version gets the newest of that month."""
    session = load_demo(AT)
    for code, versions in (("2024-02", 2), ("2024-03", 3)):
        period = session.query(Period).filter_by(code=code).one()
        period.status, period.lock_at = "locked", AT
        for n in range(1, versions + 1):
            freeze(session, period, reason="sửa", at=AT + timedelta(hours=n), actor=WHO)
    session.commit()
    reader = client_for("leader")

    def chosen(address, page, **given):
        form = reader.soup(page).select_one("form.report-form")
        fields = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
        reply = reader.get(address, query_string=fields | given)
        assert reply.status_code == 200, (address, given)
        return reply.text

    for report in ("consolidated", "ranking", "carry-over", "allocation-changes", "narrative"):
        for version in ("1", "3") if report == "consolidated" else ("3",):
            address = f"/admin/reports/{report}"
            page = f"{address}?period=2024-03&version={version}"
            assert f"Phiên bản {version}" in chosen(address, page, period="2024-03"), report
            assert "Phiên bản 2" in chosen(address, page, period="2024-02"), report
        page = f"{address}?period=2024-03&version=live"
        assert "Phiên bản 2" not in chosen(address, page, period="2024-02"), report


@sqlite
@pytest.mark.parametrize("report", ["late", "obstacles", "treasury", "charts", "narrative"])
def test_files_and_choices_of_a_page_keep_the_moment_that_it_tells_of(client_for, session, report):
    make_period(session, "2024-03")
    session.commit()
    moment = "2024-04-16T09:00"
    page = client_for("leader").soup(f"/admin/reports/{report}?period=2024-03&as_of={moment}")
    files = [a["href"] for a in page.select("a") if re.search(r"\.(csv|xlsx|docx)\?", a["href"])]
    assert files
    assert all(f"as_of={moment}" in unquote(one) for one in files), files
    assert page.select_one("form.report-form input[name=as_of]")["value"] == moment


@sqlite
def test_a_message_of_the_late_list_says_what_its_page_has_not(client_for, long_pages):
    reader = client_for("officer")
    for asked in ("", "&page=2"):
        message = reader.soup(f"/admin/reports/late?period=2024-03&all=1{asked}").select_one(
            "textarea#message"
        )
        assert message.text.strip().endswith("và 2 đơn vị khác")


def test_no_template_takes_all_names_of_an_address_for_its_own():
    for path in Path(__file__).parent.parent.glob("templates/**/*.html"):
        assert "request.args.to_dict" not in path.read_text(encoding="utf-8"), path

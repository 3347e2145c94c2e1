"""Every address × every role: strangers are turned away, nobody reaches past the table."""

import re

import pytest

from admin.access import GRANTS, Guarded, May
from models import Base, Role
from reports.tables import REPORTS
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_expected,
    make_period,
    make_project,
    make_submission,
)

ROLES = [role.value for role in Role]
OPEN = {
    "auth.login",
    "auth.logout",
    "auth.language",
    "health.healthz",
    "health.readyz",
    "metrics.metrics",
    "root",
    "second.by_passkey",
    "second.step",
}
# the page of a resource: the permission to look at it
PAGES = {
    "/admin/": May.SEE_HOME,
    "/admin/account/": May.OWN_ACCOUNT,
    "/admin/account/second-step/": May.OWN_ACCOUNT,
    "/admin/component/": May.SEE_COMPONENTS,
    "/admin/investor/": May.SEE_INVESTORS,
    "/admin/project/": May.SEE_PROJECTS,
    "/admin/decision/": May.SEE_DECISIONS,
    "/admin/allocation/": May.SEE_ALLOCATIONS,
    "/admin/entry/": May.SEE_ENTRIES,
    "/admin/submission/": May.SEE_SUBMISSIONS,
    "/admin/period/": May.SEE_PERIODS,
    "/admin/holiday/": May.SEE_HOLIDAYS,
    "/admin/user/": May.EDIT_USERS,
    "/admin/audit/": May.SEE_AUDIT,
    "/admin/settings/": May.EDIT_SETTINGS,
    "/admin/column-sets/": May.EDIT_COLUMN_SETS,
    "/admin/column-sets/new?report=late": May.EDIT_COLUMN_SETS,
    "/admin/my-report/": May.FILL_REPORT,
    "/admin/my-report/2024-03": May.FILL_REPORT,
    "/admin/my-report/2024-03/form.xlsx": May.FILL_REPORT,
    "/admin/review/": May.SEE_REVIEW,
    "/admin/review/2024-03": May.SEE_REVIEW,
    "/admin/reminders/?period=2024-03": May.SEE_REMINDERS,
    "/admin/letters/": May.SEE_LETTERS,
    "/admin/letters/?period=2024-03": May.SEE_LETTERS,
    "/admin/letters/template.docx": May.SEE_LETTERS,
    "/admin/letter_head/": May.SEE_LETTERS,
    "/admin/reports/sentences?period=2024-03": May.SEE_REVIEW,
    "/admin/reports/charts?period=2024-03": May.SEE_REPORTS,
    "/admin/reports/charts.xlsx?period=2024-03": May.SEE_REPORTS,
    "/admin/reports/charts.docx?period=2024-03": May.SEE_REPORTS,
    "/admin/reports/pace/why?period=2024-03": May.SEE_REPORTS,
    "/admin/reports/narrative?period=2024-03": May.SEE_REVIEW,
    "/admin/letters/narrative?period=2024-03": May.SEE_LETTERS,
    "/admin/versions/": May.SEE_REPORTS,
    "/admin/versions/2024-03": May.SEE_REPORTS,
    "/admin/versions/2024-03/compare?a=now&b=now": May.SEE_REPORTS,
    "/admin/imports/": May.SEE_IMPORTS,
    "/admin/imports/new": May.SEE_IMPORTS,
    "/admin/imports/maps/": May.SEE_IMPORTS,
    "/admin/organisation/": May.SEE_ORGANISATION,
    "/admin/checks/": May.SEE_CHECKS,
    "/admin/obstacle/": May.SEE_OBSTACLES,
    "/admin/capital_term/": May.SEE_TERMS,
    **{
        f"/admin/reports/{name}{ending}?period=2024-03": May.SEE_REPORTS
        for name in REPORTS
        for ending in ("", ".csv", ".xlsx", ".docx")
    },
}
WRITES = {
    "/admin/component/new/": May.EDIT_COMPONENTS,
    "/admin/investor/new/": May.EDIT_INVESTORS,
    "/admin/project/new/": May.EDIT_PROJECTS,
    "/admin/decision/new/": May.EDIT_DECISIONS,
    "/admin/allocation/new/": May.EDIT_ALLOCATIONS,
    "/admin/entry/new/": May.EDIT_ENTRIES,
    "/admin/holiday/new/": May.EDIT_HOLIDAYS,
    "/admin/obstacle/new/": May.EDIT_OBSTACLES,
    "/admin/capital_term/new/": May.EDIT_TERMS,
    "/admin/user/new/": May.EDIT_USERS,
    "/admin/period/open/": May.EDIT_PERIODS,
    "/admin/letter_head/new/": May.EDIT_LETTER_HEADS,
}


@pytest.fixture
def two_units(session):
    """A's and B's rows of every owned table, in one open period."""
    period = make_period(session)

    def rows():
        project = make_project(session)
        allocation = make_allocation(session, project=project)
        make_expected(session, period, project.investor)
        submission = make_submission(session, period=period, investor=project.investor)
        entry = make_entry(session, submission=submission, project=project)
        make_disbursement(session, entry, allocation, completed=5)
        return {
            "investor": project.investor,
            "project": project,
            "allocation": allocation,
            "submission": submission,
            "entry": entry,
        }

    return rows(), rows()


def addresses(app, method):
    """Every address of the app that answers `method`, with 1 for its places."""
    for rule in app.url_map.iter_rules():
        if method in rule.methods and not rule.endpoint.endswith("static"):
            with app.test_request_context():
                url = rule.build(dict.fromkeys(rule.arguments, "1"))[1]
            yield rule.endpoint, url


def test_strangers_are_turned_away_everywhere(app, client_for):
    stranger = client_for(None)
    for endpoint, url in addresses(app, "GET"):
        if endpoint not in OPEN:
            reply = stranger.get(url)
            assert reply.status_code in {302, 401}, url
            if reply.status_code == 302:
                assert "/login" in reply.location, url
    for endpoint, url in addresses(app, "POST"):
        if endpoint not in OPEN:
            assert stranger.post_form(url).status_code == 401, url


def test_no_post_is_taken_without_its_token(app, client_for):
    for role in ("officer", "admin"):
        client = client_for(role)
        for _endpoint, url in addresses(app, "POST"):
            assert client.post(url, data={"id": "1"}).status_code == 400, url


def test_every_page_names_its_permission(app):
    admin = app.extensions["admin"][0]
    for view in admin._views:
        assert isinstance(view, Guarded), view
        assert view.read is not None, view


@pytest.mark.parametrize("role", ROLES)
def test_roles_reach_what_the_table_grants(two_units, client_for, role):
    own = [two_units[0]["investor"]] if role == "investor" else []
    client = client_for(role, *own)
    for url, may in (PAGES | WRITES).items():
        expected = 200 if may in GRANTS[Role(role)] else 403
        assert client.get(url).status_code == expected, url


@pytest.mark.parametrize("resource", ["investor", "project", "allocation", "submission", "entry"])
def test_a_foreign_row_is_the_same_as_a_missing_one(two_units, client_for, session, resource):
    own, foreign = two_units
    client = client_for("investor", own["investor"])
    ids = own[resource].id, foreign[resource].id, 999_999_999

    def seen(path, row_id, method="get"):
        url = f"/admin/{resource}/{path}/?id={row_id}"
        reply = client.get(url) if method == "get" else client.post_form(url, {"id": row_id})
        text = re.sub(r'nonce="[^"]*"|value="[^"]*"|reference">\w+|\d{6,}', "", reply.text)
        return reply.status_code, text

    assert seen("details", ids[0])[0] == 200
    for path in ("details", "edit", "delete-confirm"):
        foreign_answer, missing = seen(path, ids[1]), seen(path, ids[2])
        assert foreign_answer == missing, path
        assert foreign_answer[0] in {403, 404}, path
    for path in ("edit", "delete"):
        assert seen(path, ids[1], "post")[0] in {403, 404}, path
    listed = (
        client.get(f"/admin/{resource}/").text + client.get(f"/admin/{resource}/export/csv/").text
    )
    assert foreign["investor"].short_name not in listed
    assert foreign["project"].code not in listed


def test_a_foreign_report_is_missing(two_units, client_for):
    own, foreign = two_units
    client = client_for("investor", own["investor"])
    other = foreign["investor"].id
    assert client.get(f"/admin/my-report/2024-03?investor={other}").status_code == 404
    assert client.get(f"/admin/review/2024-03/{other}").status_code == 403
    for report in ("consolidated", "late", "ranking"):
        text = client.get(f"/admin/reports/{report}.csv?period=2024-03&all=1").text
        assert foreign["investor"].code not in text
        assert own["investor"].code in text


def contents(session):
    """All rows of all tables but the sign-ins."""
    session.rollback()
    return {
        table.name: sorted(map(repr, session.execute(table.select())))
        for table in Base.metadata.sorted_tables
        if table.name not in {"sign_in"}
    }


@pytest.mark.parametrize("role", ["officer", "admin", "investor"])
def test_looking_changes_nothing(app, two_units, client_for, session, role):
    own = [two_units[0]["investor"]] if role == "investor" else []
    client = client_for(role, *own)
    before = contents(session)
    for _endpoint, url in addresses(app, "GET"):
        assert client.get(url).status_code < 500, url
    assert contents(session) == before

"""Rows of other units at every door of the record screens (battery, rows 1-19, 22, 23, 84)."""

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from models import (
    AuditEntry,
    Disbursement,
    Obstacle,
    ProgressEntry,
    Submission,
)
from tests.factories import (
    make_allocation,
    make_component,
    make_decision,
    make_disbursement,
    make_entry,
    make_investor,
    make_line,
    make_period,
    make_project,
    make_submission,
)

OWNED = ("investor", "project", "allocation", "submission", "entry")
FOREIGN_WORD = "Vân Nham"


@pytest.fixture
def two(session) -> Any:
    """Units A and B, each with a project, an allocation, a draft and an entry in March."""
    period, later = make_period(session), make_period(session, "2024-04")
    component = make_component(session)
    sides = {}
    for name, word in (("a", "Hữu Liên"), ("b", FOREIGN_WORD)):
        investor = make_investor(session, short_name=f"UBND xã {word}", name=f"UBND xã {word}")
        project = make_project(
            session, investor=investor, component=component, name=f"Mô hình xã {word}"
        )
        allocation = make_allocation(session, project=project)
        submission = make_submission(session, investor=investor, period=period)
        entry = make_entry(session, project=project, submission=submission, obstacles=word)
        make_disbursement(session, entry, allocation, advance=1_000)
        sides[name] = SimpleNamespace(
            investor=investor,
            project=project,
            allocation=allocation,
            submission=submission,
            entry=entry,
        )
    session.commit()
    return SimpleNamespace(period=period, later=later, component=component, **sides)


@pytest.fixture
def commune(client_for, two) -> Any:
    return client_for("investor", two.a.investor)


def stored(session, row) -> Any:
    """The row as it is in the database now."""
    session.rollback()
    return session.execute(
        sa.select(type(row).__table__).where(type(row).__table__.c.id == row.id)
    ).one_or_none()


@pytest.mark.parametrize("resource", OWNED)
def test_a_list_never_shows_a_foreign_row(commune, two, resource):  # row 1
    by_unit = f"?flt0_investor={two.b.investor.id}"
    for query in ("", "?sort=0", "?sort=1&desc=1", "?search=van+nham", by_unit, "?page=1"):
        reply = commune.get(f"/admin/{resource}/{query}")
        page = BeautifulSoup(reply.text, "html.parser")

        assert reply.status_code in (200, 422), query  # not every list has this filter
        assert FOREIGN_WORD not in page.find("main").get_text().replace("“Vân Nham”", ""), query
        assert len(page.select("table.model-list tbody tr")) <= 1, query


@pytest.mark.parametrize("resource", OWNED)
def test_the_count_leaves_foreign_rows_out(commune, resource):  # row 1
    text = commune.soup(f"/admin/{resource}/").select_one(".list-foot p").get_text()

    assert text.strip().startswith("1 ")


@pytest.mark.parametrize("resource", OWNED)
def test_a_foreign_row_looks_like_a_missing_one(commune, two, resource):  # row 2
    page = "details/"
    foreign = commune.get(f"/admin/{resource}/{page}?id={getattr(two.b, resource).id}")
    missing = commune.get(f"/admin/{resource}/{page}?id=987654321")

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert FOREIGN_WORD not in foreign.text


@pytest.mark.parametrize("page", ["edit/", "delete-confirm/", "amounts/", "new/"])
def test_no_entry_opens_at_a_form_for_a_unit(commune, two, page):  # row 3
    """Foreign, missing and own alike: a unit types on My report."""
    for key in (two.b.entry.id, 987654321, two.a.entry.id):
        assert commune.get(f"/admin/entry/{page}?id={key}").status_code == 403


def test_the_history_of_a_unit_is_read_and_leads_to_its_report(commune, two):
    page = commune.soup(f"/admin/entry/details/?id={two.a.entry.id}")

    assert page.select_one("main a[href='/admin/my-report/2024-03']") is not None
    links = [one["href"] for one in page.select("main a[href]")]
    assert not any(part in link for link in links for part in ("/edit/", "/delete", "/amounts/"))
    rows = commune.soup("/admin/entry/").select_one("main")
    assert rows.select_one(f"a[href*='details/?id={two.a.entry.id}']") is not None
    assert not rows.select("a[href*='/new/'], a[href*='/edit/'], a[href*='/delete'], [name=rowid]")


def test_my_report_of_a_foreign_unit_is_a_missing_one(commune, two):
    for key in (two.b.investor.id, 987654321):
        assert commune.get(f"/admin/my-report/2024-03?investor={key}").status_code == 404


def test_editing_a_foreign_entry_writes_nothing(commune, session, two):  # row 4
    before = stored(session, two.b.entry)

    reply = commune.post_form(
        f"/admin/entry/edit/?id={two.b.entry.id}", {"row_version": "1", "obstacles": "changed"}
    )
    commune.post_form(
        "/admin/my-report/2024-03",
        {"version": "1", f"p{two.b.project.id}-obstacles": "changed", "form_key": "k"},
    )

    assert reply.status_code == 403
    assert stored(session, two.b.entry) == before


@pytest.mark.parametrize("resource", OWNED)
def test_inline_editing_is_no_door(commune, session, two, resource):  # row 5
    row = getattr(two.b, resource)
    before = stored(session, row)

    reply = commune.post_form(
        f"/admin/{resource}/ajax/update/", {"list_form_pk": row.id, "name": "x", "code": "x"}
    )

    assert reply.status_code == 404
    assert stored(session, row) == before


def test_a_unit_deletes_no_entry(commune, session, two):  # row 6
    for entry in (two.b.entry, two.a.entry):
        assert commune.post_form("/admin/entry/delete/", {"id": entry.id}).status_code == 403
        assert stored(session, entry) is not None


def test_bulk_delete_of_mixed_rows_refuses_them_all(commune, session, two):  # row 7
    reply = commune.post_form(
        "/admin/entry/action/",
        [("action", "delete"), ("rowid", two.a.entry.id), ("rowid", two.b.entry.id)],
    )

    assert reply.status_code == 403
    assert stored(session, two.a.entry) is not None
    assert stored(session, two.b.entry) is not None


def test_bulk_delete_by_the_office_works_and_is_audited(client_for, session, two):  # row 7
    key = two.a.entry.id

    reply = client_for("officer").post_form(
        "/admin/entry/action/", {"action": "delete", "rowid": key}
    )

    assert reply.status_code == 302
    session.rollback()
    assert session.scalar(sa.select(ProgressEntry.id).where(ProgressEntry.id == key)) is None
    assert session.scalar(
        sa.select(AuditEntry.row_id).where(
            AuditEntry.action == "delete", AuditEntry.resource == "progress_entry"
        )
    ) == str(key)


@pytest.mark.parametrize("resource", ["component", "investor", "project", "allocation", "decision"])
def test_an_action_hidden_from_the_role_is_403(commune, two, resource):  # row 8
    row = two.component if resource in {"component", "decision"} else getattr(two.a, resource)

    reply = commune.post_form(f"/admin/{resource}/action/", {"action": "delete", "rowid": row.id})

    assert reply.status_code == 403


def test_look_ups_name_own_rows_only(commune, two):  # row 9
    found = commune.get("/admin/entry/ajax/lookup/?name=project&query=").json

    assert [key for key, _words in found] == [two.a.project.id]


@pytest.mark.parametrize(
    "query", ["limit=100000", "limit=-1", "offset=1e30", f"offset={10**30}", "limit=x", "offset=-9"]
)
def test_look_ups_are_clamped(client_for, session, query):  # row 10
    investor, component = make_investor(session), make_component(session)
    for _ in range(25):
        make_project(session, investor=investor, component=component)
    officer = client_for("officer")

    reply = officer.get(f"/admin/entry/ajax/lookup/?name=project&query=&{query}")

    assert reply.status_code == 200
    assert len(reply.json) <= 20


@pytest.mark.parametrize("name", ["decision", "", "user", "__class__"])
def test_a_look_up_of_another_view_is_404(commune, name):  # row 11
    assert commune.get(f"/admin/entry/ajax/lookup/?name={name}&query=").status_code == 404


@pytest.mark.parametrize("resource", OWNED)
@pytest.mark.parametrize("query", ["", "?search=van", "?flt0_investor={b}"])
def test_an_export_holds_own_rows_only(commune, two, resource, query):  # row 12
    reply = commune.get(f"/admin/{resource}/export/csv/{query.format(b=two.b.investor.id)}")

    assert reply.status_code in (200, 422)  # not every list has this filter
    assert FOREIGN_WORD not in reply.text


def test_an_unknown_export_is_404(commune):  # row 12
    assert commune.get("/admin/entry/export/xlsx/").status_code == 404
    assert commune.get("/admin/entry/export/json/").status_code == 404


def test_a_new_row_of_a_foreign_project_is_422(commune, session, two):  # row 14
    form = {"content": "Mưa", "cause": "season", "solver": "unit", "raised_on": "01/03/2024"}
    foreign = commune.post_form("/admin/obstacle/new/", form | {"project": two.b.project.id})
    entry = {"period": two.later.id, "project": two.b.project.id}

    assert foreign.status_code == 422
    assert commune.post_form("/admin/entry/new/", entry).status_code == 403
    commune.post_form(
        "/admin/my-report/2024-04",
        {"version": "0", f"p{two.b.project.id}-progress_text": "x", "form_key": "k"},
    )
    assert session.scalar(sa.select(sa.func.count()).select_from(Obstacle)) == 0
    assert (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(ProgressEntry)
            .where(ProgressEntry.project_id == two.b.project.id)
        )
        == 1
    )


def test_moving_an_entry_to_a_foreign_project_is_422(client_for, session, two):  # row 15
    before = stored(session, two.a.entry)

    reply = client_for("officer").post_form(
        f"/admin/entry/edit/?id={two.a.entry.id}",
        {"row_version": "1", "project": two.b.project.id},
    )

    assert reply.status_code == 422
    assert stored(session, two.a.entry) == before


def test_an_investor_of_a_project_never_changes(client_for, commune, session, two):  # row 16
    before = stored(session, two.a.project)
    form = {"row_version": "1", "investor": two.b.investor.id, "code": "X", "name": "X"}

    assert commune.post_form(f"/admin/project/edit/?id={two.a.project.id}", form).status_code == 403
    reply = client_for("officer").post_form(
        f"/admin/project/edit/?id={two.a.project.id}",
        form | {"component": two.component.id, "start_on": "01/01/2024", "status": "active"},
    )

    assert reply.status_code == 422
    assert stored(session, two.a.project) == before


def test_amounts_of_a_foreign_allocation_are_ignored(client_for, commune, session, two):  # row 17
    foreign = session.scalars(
        sa.select(Disbursement).where(Disbursement.allocation_id == two.b.allocation.id)
    ).one()
    before = stored(session, foreign)

    typed = {"row_version": "1", f"a{two.b.allocation.id}-advance": "5.000"}
    client_for("officer").post_form(f"/admin/entry/amounts/?id={two.a.entry.id}", typed)
    commune.post_form("/admin/my-report/2024-03", typed | {"version": "1", "form_key": "k"})

    assert stored(session, foreign) == before
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Disbursement)) == 2


def test_fields_that_the_form_does_not_have_are_ignored(client_for, session, two):  # row 18
    extra = {
        "is_admin": "1",
        "investor_id": two.b.investor.id,
        "submission_id": two.b.submission.id,
        "locked": "0",
        "approved_by": "1",
        "version": "99",
        "id": "1",
        "search_text": "x",
    }

    reply = client_for("officer").post_form(
        f"/admin/entry/edit/?id={two.a.entry.id}",
        {"row_version": "1", "physical_progress": "20", "obstacles": "mưa"} | extra,
    )

    assert reply.status_code == 302
    row = stored(session, two.a.entry)
    assert (row.id, row.investor_id, row.submission_id, row.version, row.obstacles) == (
        two.a.entry.id,
        two.a.investor.id,
        two.a.submission.id,
        2,
        "mưa",
    )


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["edit/", "delete/", "new/", "action/", ""])
def test_other_methods_are_405(commune, two, method, path):  # row 19
    reply = commune.open(
        f"/admin/entry/{path}?id={two.a.entry.id}",
        method=method,
        headers={"X-CSRFToken": commune.token()},
    )

    assert reply.status_code == 405


def test_a_method_override_header_overrides_nothing(commune, session, two):  # row 19
    reply = commune.get(
        f"/admin/entry/delete/?id={two.a.entry.id}",
        headers={"X-HTTP-Method-Override": "POST", "X-CSRFToken": commune.token()},
    )

    assert reply.status_code == 405
    assert stored(session, two.a.entry) is not None


@pytest.mark.parametrize("resource", ["component", "investor", "project", "allocation", "decision"])
def test_a_reader_gets_403_at_every_form(commune, two, resource):
    row = two.component if resource in {"component", "decision"} else getattr(two.a, resource)

    for path in ("new/", f"edit/?id={row.id}", f"delete-confirm/?id={row.id}"):
        assert commune.get(f"/admin/{resource}/{path}").status_code == 403, path
    assert commune.post_form(f"/admin/{resource}/new/", {"code": "x"}).status_code == 403
    assert commune.post_form(f"/admin/{resource}/delete/", {"id": row.id}).status_code == 403


@pytest.mark.parametrize("resource", [*OWNED, "component", "decision", "period", "holiday"])
def test_a_key_that_is_none_is_404(commune, resource):  # row 22
    for key in ("999", "abc", "1,2", "", "-1", "9" * 30, "1e3", "%00", "٣", "0x10"):
        assert commune.get(f"/admin/{resource}/details/?id={key}").status_code == 404, key


def test_guessing_ids_opens_own_rows_only(commune, two):  # row 22
    opened = [
        key
        for key in range(two.b.investor.id + 3)
        if commune.get(f"/admin/investor/details/?id={key}").status_code == 200
    ]

    assert opened == [two.a.investor.id]


STRANGE = (
    "sort=-1",
    "sort=99",
    "sort=abc",
    "page=-5",
    f"page={10**25}",
    "page_size=100000",
    "page_size=-1",
    "desc=x",
    "_scheme=javascript&_external=1&endpoint=x&export_type=x",
)


@pytest.mark.parametrize("resource", ["entry", "project", "allocation", "holiday"])
def test_a_strange_address_is_ignored(commune, resource):  # row 23
    for query in STRANGE:
        reply = commune.get(f"/admin/{resource}/?{query}")

        assert reply.status_code == 200, query
        assert "javascript:" not in reply.text, query


def test_an_entry_of_a_locked_period_is_not_changed(client_for, commune, session, two):  # row 77
    before = stored(session, two.a.entry)
    session.get(type(two.period), two.period.id).status = "locked"
    session.commit()
    key = two.a.entry.id

    typed = {"version": "1", f"p{two.a.project.id}-obstacles": "late", "form_key": "k"}
    assert commune.post_form("/admin/my-report/2024-03", typed).status_code == 422
    for who in (client_for("officer"),):
        form = {"row_version": "1", "obstacles": "late"}
        assert who.post_form(f"/admin/entry/edit/?id={key}", form).status_code == 422
        assert (
            who.post_form(
                f"/admin/entry/amounts/?id={key}",
                {"row_version": "1", f"a{two.a.allocation.id}-advance": "9"},
            ).status_code
            == 422
        )
        assert who.post_form("/admin/entry/delete/", {"id": key}).status_code == 409
        assert (
            who.post_form("/admin/entry/action/", {"action": "delete", "rowid": key}).status_code
            == 302
        )
        assert (
            who.post_form(
                "/admin/entry/new/", {"period": two.period.id, "project": two.a.project.id}
            ).status_code
            == 422
        )
    assert stored(session, two.a.entry) == before


@pytest.mark.parametrize(
    ("resource", "role"),
    [
        ("component", "admin"),
        ("investor", "admin"),
        ("project", "officer"),
        ("allocation", "finance"),
        ("decision", "finance"),
    ],
)
def test_a_row_with_dependents_is_kept_with_their_count(  # row 84
    client_for, session, two, resource, role
):
    if resource == "decision":
        row = make_decision(session)
        make_line(session, two.a.allocation, decision=row)
    else:
        row = two.component if resource == "component" else getattr(two.a, resource)
    client = client_for(role)

    asked = client.soup(f"/admin/{resource}/delete-confirm/?id={row.id}")
    reply = client.post_form(f"/admin/{resource}/delete/", {"id": row.id})

    assert any(char.isdigit() for char in asked.select_one(".note-warn").get_text())
    assert asked.select_one("main form[action$='/delete/']") is None
    assert reply.status_code == 409
    assert stored(session, row) is not None


def test_periods_and_submissions_cannot_be_deleted(client_for, two):  # row 84
    for role in ("admin", "officer", "finance", "leader"):
        client = client_for(role)
        for resource, row in (("period", two.period), ("submission", two.a.submission)):
            reply = client.post_form(f"/admin/{resource}/delete/", {"id": row.id})
            assert reply.status_code == 403


def test_a_user_of_two_units_reaches_both(client_for, session, two):
    client = client_for("investor", two.a.investor, two.b.investor)

    for side in (two.a, two.b):
        page = client.soup(f"/admin/entry/details/?id={side.entry.id}")
        address = page.select_one("main a[href*='/admin/my-report/']")["href"]
        assert address == f"/admin/my-report/2024-03?investor={side.investor.id}"
        assert side.project.name in client.soup(address).text
    assert session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 2

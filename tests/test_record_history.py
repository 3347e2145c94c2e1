"""The history tells changes in the words of the fields, and names the rows that they point to."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import render_template_string

from admin.records import changes_in_words
from models import AuditEntry, Base, EventKind
from models.base import fields_of
from models.base.columns import SERVICE
from tests.factories import make_component, make_project
from tests.test_record_fields import BY_NAME


@pytest.mark.parametrize("model", BY_NAME)
def test_the_history_knows_every_field_by_its_words(model, app):
    for one in fields_of(model).values():
        if one.column is None and one.relation is None:
            continue
        columns = [one.column] if one.column is not None else list(one.relation.local_columns)
        names = [column.key for column in columns if column.key not in SERVICE or len(columns) == 1]
        with app.test_request_context():
            for name in names:
                if name != "id":  # a relation over a table between: kept under its own name
                    said = list(changes_in_words(model.__tablename__, {name: [None, "x"]}))
                    assert said[0].field != name, name
                    assert said[0].new == "x"


@pytest.mark.parametrize(
    "table", ["sending", "submission_event", "reopening", "report_version", "version_paper"]
)
def test_the_steps_of_a_report_are_told_in_words(table, app):
    """The trail had “stands_submitted” and “user_id” among words."""
    columns = {mapper.local_table.name: mapper.local_table.c for mapper in Base.registry.mappers}
    names = [one.name for one in columns[table] if one.name not in {"version", "content"}]
    with app.test_request_context():
        said = list(changes_in_words(table, {name: [None, "x"] for name in names}))
        assert [one.field for one in said if "_" in one.field or one.field in names] == []
        times = {"sent_at": [None, "2024-04-09T10:05:00+00:00"], "outcome": ["waiting", "accepted"]}
        sending = {one.old + one.new for one in changes_in_words("sending", times)}
    assert sending == {"17:05 09/04/2024", "Đã gửiĐã tiếp nhận"}


def test_the_history_says_values_as_people_know_them(app):
    changes = {
        "status": ["active", "no such"],
        "start_on": ["2024-04-09", None],
        "total_investment": [None, 1_475_000_000],
        "component_id": [1, 2],
        "gone": [None, "x"],
    }
    with app.test_request_context(headers={"Accept-Language": "vi"}):
        said = {one.field: (one.old, one.new) for one in changes_in_words("project", changes)}
    assert said == {
        "Trạng thái": ("Đang thực hiện", "no such"),
        "Bắt đầu": ("09/04/2024", ""),
        "Tổng mức đầu tư (đồng)": ("", "1.475.000.000"),
        "Dự án/tiểu dự án thành phần": ("1", "2"),
        "gone": ("", "x"),
    }


def test_the_history_of_a_project_names_the_rows_it_points_to(client_for, session, count_queries):
    first, second = make_component(session), make_component(session)
    project = make_project(session, component=first)
    session.commit()
    officer, auditor = client_for("officer"), client_for("auditor")
    address = f"/admin/project/edit/?id={project.id}"

    def move(to):
        page = officer.soup(address)
        form = {one["name"]: one.get("value", "") for one in page.select("form input[name]")}
        form |= {"name": project.name, "component": str(to.id), "status": "suspended"}
        assert officer.post_form(address, form).status_code == 302

    move(second)
    details = f"/admin/project/details/?id={project.id}"
    auditor.get(details)
    with count_queries() as once:
        page = auditor.soup(details)
    for turn in (first, second, first):
        move(turn)
    with count_queries() as often:
        auditor.get(details)

    said = [cell.get_text(" ", strip=True) for cell in page.select("table")[-1].select("td")]
    assert ["Dự án/tiểu dự án thành phần", str(first), str(second)] == said[1:4]
    assert said[4:7] == ["Trạng thái", "Đang thực hiện", "Tạm dừng"]
    assert len(often) == len(once)
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    trail = auditor.soup(f"/admin/audit/details/?id={entry.id}").select_one("main").get_text(" ")
    assert "Dự án/tiểu dự án thành phần" in trail
    assert str(second) in trail
    assert "component_id" not in trail


@pytest.mark.parametrize("typed", ["không có", "a@b, c@d", "a@", "@b", "<a@b>"])
@pytest.mark.parametrize("resource", ["investor", "user"])
def test_what_is_no_address_of_mail_is_refused_by_name(client_for, session, resource, typed):
    page = client_for("admin").post_form(f"/admin/{resource}/new/", {"email": typed})

    assert page.status_code == 422
    refused = BeautifulSoup(page.text, "html.parser")
    assert "thư điện tử" in refused.select_one("#email-error").get_text()
    assert refused.select_one("#email")["value"] == typed


@pytest.mark.parametrize(("who", "said"), [("system", "Hệ thống"), ("Vi Thị Lan", "Vi Thị Lan")])
def test_what_no_person_did_is_said_to_be_of_the_system(app, who, said):
    macro = (
        "{% import 'review/_acts.html' as acts with context %}{{ acts.history(events, [], none) }}"
    )
    event = SimpleNamespace(
        at=datetime(2024, 4, 9, tzinfo=UTC), kind=EventKind.ACCEPTED, user_name=who, reason=None
    )
    with app.test_request_context(headers={"Accept-Language": "vi"}):
        told = BeautifulSoup(render_template_string(macro, events=[event]), "html.parser")
    assert told.li.text.endswith(f"· {said}")

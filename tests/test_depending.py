"""What others depend on is deleted by no door, with one sentence that says by what."""

import pytest
import sqlalchemy as sa

from admin.words import say
from admin.words.texts import shown_as
from models import Base, RuleBroken
from models.base import put_back, recording
from models.base.checked import watch
from tests.factories import (
    make_allocation,
    make_component,
    make_entry,
    make_investor,
    make_line,
    make_obstacle,
    make_project,
    make_remark,
    make_submission,
    make_user,
)


@pytest.fixture(autouse=True)
def asks_the_rules(session):
    """As every session of the application does."""
    watch(session)


def refusal(session, row):
    session.delete(row)
    with pytest.raises(RuleBroken) as refused:
        session.flush()
    session.rollback()
    return refused.value


def test_a_flush_refuses_whoever_deletes(app, session):
    """As a command, an import and an action do: through the session and no screen."""
    project = make_project(session, name="Kênh Bản Cọ")
    for _ in range(2):
        make_obstacle(session, project=project)
    make_entry(session, project=project)
    session.commit()
    broken = refusal(session, project)
    assert broken.values["what"] == {"obstacle": 2, "progress_entry": 1}
    with app.test_request_context():
        assert say(broken) == (
            f"Không xóa được {project}: còn 2 nội dung vướng mắc, 1 tiến độ dự án."
        )


def test_what_goes_in_the_same_moment_or_points_elsewhere_is_not_in_the_way(session):
    one, two = make_project(session), make_project(session)
    gone, moved = make_obstacle(session, project=one), make_obstacle(session, project=one)
    session.commit()
    assert refusal(session, one).values["what"] == {"obstacle": 2}
    session.delete(gone)
    assert refusal(session, one).values["what"] == {"obstacle": 1}
    session.delete(gone)
    moved.project_id = None
    session.delete(one)
    session.commit()
    assert session.scalars(sa.select(type(one))).all() == [two]


def test_what_was_made_is_not_taken_back_under_what_stands_on_it(session):
    """As taking back an import does."""
    with recording(session) as kept:
        project = make_project(session)
    session.commit()
    make_obstacle(session, project=project)
    session.commit()
    with pytest.raises(RuleBroken) as refused:
        put_back(session, [one for one in kept.steps() if one.table == "project"])
    session.rollback()
    assert refused.value.values["what"] == {"obstacle": 1}


def test_a_report_and_a_period_count_what_hangs_on_them(session):
    report = make_submission(session)
    make_remark(session, report)
    session.commit()
    assert refusal(session, report).values["what"]["remark"] == 1
    assert refusal(session, report.period).values["what"]["submission"] == 1


def arranged(session, kind):
    """A row with something on it, and the lists that the refusal leads to."""
    if kind == "investor":
        unit = make_investor(session)
        make_user(session, "investor", username="xa", investors=[unit])
        project = make_project(session, investor=unit)
        users, projects = (
            f"/admin/{kind}/?flt0_investor={unit.id}" for kind in ("user", "project")
        )
        return unit, "admin", {users: "xa", projects: project.name}
    if kind == "component":
        row = make_component(session)
        part = make_component(session, parent=row)
        return row, "admin", {f"/admin/component/?flt0_parent={row.id}": part.name}
    project = make_project(session)
    allocation = make_allocation(session, project=project)
    if kind == "project":
        make_obstacle(session, project=project, content="Vướng mặt bằng")
        code, unit = project.code, project.investor_id
        return (
            project,
            "officer",
            {
                f"/admin/obstacle/?flt0_investor={unit}&flt1_project={code}": "Vướng mặt bằng",
                f"/admin/allocation/?flt0_investor={unit}&flt1_project={code}": project.name,
            },
        )
    line = make_line(session, allocation)
    session.flush()
    return (
        allocation,
        "finance",
        {f"/admin/allocation/details/?id={allocation.id}": line.note or ""},
    )


@pytest.mark.parametrize("kind", ["investor", "component", "project", "allocation"])
def test_the_screen_says_by_what_and_leads_there(session, client_for, kind):
    row, role, lists = arranged(session, kind)
    session.commit()
    client, place = client_for(role), f"/admin/{kind}"
    page = client.soup(f"{place}/delete-confirm/?id={row.id}")
    assert f"Không xóa được {row}: còn " in page.get_text()
    links = {one["href"] for one in page.select(".note-warn li a")}
    assert set(lists) <= links
    for address in links:
        shown = client.get(address)
        assert shown.status_code == 200
        assert lists.get(address, "") in shown.text
    assert client.post_form(f"{place}/delete/", {"id": str(row.id)}).status_code == 409
    client.post_form(f"{place}/action/", {"action": "delete", "rowid": str(row.id)})
    told = client.soup(f"{place}/")
    assert f"Không xóa được {row}: còn " in told.get_text()
    session.expire_all()
    assert session.get(type(row), sa.inspect(row).identity) is not None


def test_whatever_stands_in_the_way_has_a_name(app):
    with app.test_request_context(headers={"Accept-Language": "vi"}):
        tables = set(Base.metadata.tables) - {"audit_seal"}  # nothing points from there
        assert [table for table in tables if shown_as(table) == table] == []

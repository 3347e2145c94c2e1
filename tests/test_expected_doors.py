"""Who must report, and what takes figures: screens, commands and import give one answer."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models import ExpectedChange, ExpectedReport, Period, ProgressEntry, Project, Submission
from models.exchange.package import FILES, PackageRefused, dump_package, load_package
from tests.factories import (
    make_allocation,
    make_component,
    make_decision,
    make_expected,
    make_investor,
    make_period,
    make_project,
    make_submission,
)
from tests.test_admin_my_report import hidden
from tests.test_admin_review import key
from tests.test_cli import run  # noqa: F401  fixture

MARCH = "/admin/review/2024-03"
AT = datetime(2024, 4, 1, tzinfo=UTC)
ENDED = {"start_on": date(2024, 1, 1), "end_on": date(2024, 2, 29)}


@pytest.fixture
def march(session):
    return make_period(session)


def listed(session):
    session.expire_all()
    return {row.investor_id for row in session.query(ExpectedReport)}


def has_page(client, unit):
    """Whether the unit is in Review, and its page opens."""
    names = {link.text for link in client.soup(MARCH).select("tbody th a")}
    assert client.get(f"{MARCH}/{unit.id}").status_code == 200
    return unit.short_name in names


def count(client):
    return client.soup("/admin/review/").select_one("tbody").text


def test_a_new_project_on_the_screen_brings_its_unit_into_review(session, march, client_for):
    """Found: first project and 500 m in an open March, outside “8/9”, page 404."""
    unit, component = make_investor(session), make_component(session)
    officer = client_for("officer")
    assert "–" in count(officer)
    page = officer.soup("/admin/project/new/")
    form = {
        "code": "DA-1", "name": "Đường liên thôn", "component": component.id,
        "investor": unit.id, "start_on": "01/03/2024", "status": "active",
    }  # fmt: skip
    key_field = page.select_one("input[name=form_key]")
    if key_field is not None:
        form["form_key"] = key_field["value"]
    reply = officer.post_form("/admin/project/new/", form)
    assert reply.status_code in (302, 303), reply.text[:3000]
    assert listed(session) == {unit.id}
    assert has_page(officer, unit)
    assert "0/1" in count(officer)
    changes = officer.soup(MARCH).select_one("#duty-changes").text
    assert "Dự án DA-1 được nhập, sửa hoặc xóa." in changes
    assert "Đơn vị có dự án đang thực hiện trong kỳ." in changes
    assert session.query(Project).one().investor_id == unit.id


def test_an_officer_decides_on_the_screen_with_a_reason(session, march, client_for):
    idle = make_investor(session)
    officer = client_for("officer")
    page = officer.soup(f"{MARCH}/{idle.id}")
    assert "Đơn vị không có trong danh sách của kỳ này" in page.text
    for form, status in (
        ({"unit": str(idle.id), "duty_reason": " "}, 422),
        ({"unit": "", "duty_reason": "x"}, 422),
        ({"unit": "9" * 30, "duty_reason": "x"}, 422),
        ({"unit": str(idle.id), "duty_reason": "Huyện yêu cầu"}, 303),
    ):
        reply = officer.post_form(f"{MARCH}/expect", key(officer, MARCH) | form)
        assert reply.status_code == status
        if status == 422 and form["duty_reason"].strip():
            assert "Chọn đơn vị" in reply.text
    assert listed(session) == {idle.id}
    address = f"{MARCH}/{idle.id}"
    form = {"action": "release", "duty_reason": "Nhầm đơn vị"}
    assert officer.post_form(f"{address}/duty", key(officer, address) | form).status_code == 303
    assert listed(session) == set()
    assert "Cán bộ quyết định: Nhầm đơn vị" in officer.soup(address).text
    form = {"action": "expect", "duty_reason": ""}
    assert officer.post_form(f"{address}/duty", key(officer, address) | form).status_code == 422
    form = {"action": "expect", "duty_reason": "Phải báo cáo"}
    assert officer.post_form(f"{address}/duty", key(officer, address) | form).status_code == 303
    assert listed(session) == {idle.id}


@pytest.mark.parametrize("role", ["admin", "finance", "leader", "auditor", "investor"])
def test_nobody_else_decides_who_must_report(session, march, client_for, role):
    idle = make_investor(session)
    client = client_for(role, *([idle] if role == "investor" else []))
    form = {"form_key": "k", "unit": str(idle.id), "action": "expect", "duty_reason": "x"}
    for address in (f"{MARCH}/expect", f"{MARCH}/{idle.id}/duty"):
        assert client.post_form(address, form).status_code == 403
    assert listed(session) == set()


def test_commands_decide_with_a_reason_and_settle_old_data(session, run, march):  # noqa: F811
    idle, works = make_investor(session, code="X-1"), make_project(session).investor
    run("periods", "expect", "2024-03", "X-1", fails=True)
    run("periods", "expect", "2024-03", "X-9", "--reason", "x", fails=True)
    run("periods", "expect", "2024-03", "X-1", "--reason", "Huyện yêu cầu")
    assert listed(session) == {idle.id}
    run("periods", "expect", "2024-03", "X-1", "--reason", "x", fails=True)
    assert "1" in run("periods", "settle").stdout
    assert listed(session) == {idle.id, works.id}
    run("periods", "release", "2024-03", "X-1", "--reason", "Nhầm")
    run("periods", "release", "2024-03", "X-1", "--reason", "Nhầm", fails=True)
    run("periods", "settle")
    assert listed(session) == {works.id}
    told = session.query(ExpectedChange).order_by(ExpectedChange.at).all()
    assert [(one.added, one.by_hand) for one in told] == [
        (True, True),
        (True, False),
        (False, True),
    ]
    run("periods", "lock", "2024-03")
    run("periods", "expect", "2024-03", "X-1", "--reason", "x", fails=True)


def figures(project, allocation, **more):
    return {
        f"a{allocation.id}-completed": "100.000.000", f"p{project.id}-progress_text": "Xong",
        f"p{project.id}-physical_progress": "1",
    } | more  # fmt: skip


def test_a_project_that_ended_with_money_left_is_asked_and_taken_at_every_door(
    session, march, client_for
):
    """Found: the page sends, the record screen refuses, the list does not ask."""
    project = make_project(session, **ENDED)
    allocation = make_allocation(session, 836_000_000, project=project)
    session.commit()
    officer, mine = client_for("officer"), client_for("investor", project.investor)
    assert not has_page(officer, project.investor)  # arranged behind the session's back
    form = hidden(mine) | figures(project, allocation, action="send")
    reply = mine.post_form("/admin/my-report/2024-03", form)
    assert reply.status_code == 303, reply.text
    assert session.query(Submission).one().status.value == "submitted"
    assert listed(session) == {project.investor_id}, "sending settles the duty of the unit"
    assert has_page(officer, project.investor)

    other = make_project(session, investor=project.investor, **ENDED)
    make_allocation(session, 5, project=other)
    april = make_period(session, "2024-04")
    page = officer.soup("/admin/entry/new/")
    entry = {"period": april.id, "project": other.id, "progress_text": "Xong"}
    if (field := page.select_one("input[name=form_key]")) is not None:
        entry["form_key"] = field["value"]
    assert officer.post_form("/admin/entry/new/", entry).status_code in (302, 303)
    assert session.query(ProgressEntry).filter_by(project_id=other.id).count() == 1


def test_a_project_without_work_and_capital_is_taken_at_no_door(
    session, march, client_for, tmp_path
):
    unit = make_project(session).investor
    project = make_project(session, investor=unit, **ENDED)
    session.commit()
    mine, officer = client_for("investor", unit), client_for("officer")
    assert project.code not in mine.soup("/admin/my-report/2024-03").text
    form = hidden(mine) | {f"p{project.id}-progress_text": "x", "action": "save"}
    mine.post_form("/admin/my-report/2024-03", form)
    page = officer.soup("/admin/entry/new/")
    entry = {"period": march.id, "project": project.id, "progress_text": "Xong"}
    if (field := page.select_one("input[name=form_key]")) is not None:
        entry["form_key"] = field["value"]
    reply = officer.post_form("/admin/entry/new/", entry)
    assert reply.status_code == 422
    assert "kết thúc ngày 29/02/2024" in reply.text
    session.commit()
    folder = package(session, tmp_path)
    append(folder, "entries", f"{project.code},2024-03,,,Xong,,,")
    with pytest.raises(PackageRefused) as refusal:
        load_package(session, folder, at=AT, by="test")
    [problem] = refusal.value.problems
    assert (problem.file, problem.column) == ("entries.csv", "project_code")
    session.rollback()
    assert session.query(ProgressEntry).filter_by(project_id=project.id).count() == 0


def package(session, folder: Path) -> Path:
    dump_package(session, folder)
    return folder


def append(folder: Path, name: str, row: str) -> None:
    with (folder / f"{name}.csv").open("a", encoding="utf-8", newline="") as out:
        out.write(row + "\r\n")
    assert name in FILES


def test_a_unit_that_is_not_expected_may_report_and_is_marked(session, march, client_for):
    """Figures that a unit has are taken; Review says that nobody asked for them."""
    project = make_project(session, **ENDED)
    allocation = make_allocation(session, None, project=project)  # capital decided later
    session.commit()
    mine, officer = client_for("investor", project.investor), client_for("officer")
    assert "Không phải nộp" in mine.soup("/admin/my-report/").select_one("tbody").text
    form = hidden(mine) | {
        f"p{project.id}-progress_text": "Đang quyết toán", "nil_report": "y", "action": "send",
        f"p{project.id}-physical_progress": "1",
    }  # fmt: skip
    reply = mine.post_form("/admin/my-report/2024-03", form)
    assert reply.status_code == 303, reply.text[:2000]
    assert listed(session) == set()
    row = officer.soup(MARCH).select_one("tbody tr").text
    assert project.investor.short_name in row
    assert "Không phải nộp" in row
    page = officer.soup(f"{MARCH}/{project.investor_id}")
    assert "Không phải nộp" in page.select_one(".deadline").text
    assert allocation.id


def test_what_was_sent_stays_visible_when_the_duty_ends(session, march, client_for, run):  # noqa: F811
    project = make_project(session)
    make_expected(session, march, project.investor)
    make_submission(session, period=march, investor=project.investor, status="submitted")
    session.commit()
    run("periods", "release", "2024-03", project.investor.code, "--reason", "Chuyển đơn vị khác")
    assert listed(session) == set()
    officer = client_for("officer")
    assert has_page(officer, project.investor)
    assert "–" in count(officer)


@pytest.mark.parametrize(
    "life", [{"valid_from": date(2024, 4, 1)}, {"valid_to": date(2024, 3, 30)}]
)
def test_a_unit_that_does_not_exist_on_the_last_day_reports_at_no_door(
    session, march, client_for, tmp_path, life
):
    project = make_project(session, investor=make_investor(session, **life))
    allocation = make_allocation(session, project=project)
    session.commit()
    mine, officer = client_for("investor", project.investor), client_for("officer")
    assert officer.get(f"{MARCH}/{project.investor_id}").status_code == 404
    form = hidden(mine) | figures(project, allocation, action="send")
    assert mine.post_form("/admin/my-report/2024-03", form).status_code == 422
    page = officer.soup("/admin/entry/new/")
    entry = {"period": march.id, "project": project.id, "progress_text": "Xong"}
    if (field := page.select_one("input[name=form_key]")) is not None:
        entry["form_key"] = field["value"]
    assert officer.post_form("/admin/entry/new/", entry).status_code in (409, 422)
    session.commit()
    folder = package(session, tmp_path)
    moment = "2024-04-05T08:00:00+07:00"
    append(
        folder, "submissions", f"{project.investor.code},2024-03,submitted,{moment},{moment},false"
    )
    with pytest.raises(PackageRefused) as refusal:
        load_package(session, folder, at=AT, by="test")
    assert [problem.column for problem in refusal.value.problems] == ["investor_code"]
    session.rollback()
    assert session.query(Submission).count() == 0


def test_capital_that_is_imported_brings_its_unit_onto_the_list(session, run, march, tmp_path):  # noqa: F811
    project = make_project(session, **ENDED)
    decision = make_decision(session)
    session.commit()
    folder = package(session, tmp_path)
    append(
        folder, "allocations",
        f"{project.code},2024,2024,NSTW,SN,initial,500000000,{decision.number},"
        f"{decision.issued_on},2024-01-01",
    )  # fmt: skip
    run("data", "load", folder)
    assert listed(session) == {project.investor_id}
    [change] = session.query(ExpectedChange)
    assert change.details == {"project": project.code}


def test_what_a_package_brings_in_counts_for_its_own_periods(session, run, tmp_path):  # noqa: F811
    """February is paid in full in the same package: March is not asked for, and nothing logged."""
    project = make_project(session, **ENDED)
    make_allocation(session, 5, project=project)
    session.commit()
    folder = package(session, tmp_path)
    append(folder, "periods", "2024-02,locked")
    append(folder, "periods", "2024-03,locked")
    moment = "2024-03-05T08:00:00+07:00"
    append(
        folder, "submissions", f"{project.investor.code},2024-02,submitted,{moment},{moment},false"
    )
    append(folder, "entries", f"{project.code},2024-02,,,Xong,,,")
    append(folder, "disbursements", f"{project.code},2024-02,2024,2024,NSTW,SN,0,5,0,0")
    run("data", "load", folder)
    found = {row.period.code: row.investor_id for row in session.query(ExpectedReport).join(Period)}
    assert found == {"2024-02": project.investor_id}
    assert session.query(ExpectedChange).count() == 0

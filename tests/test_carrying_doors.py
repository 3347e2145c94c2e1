"""A carry-in at every door; year ends on the page of findings and in the command."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine

from models import AllocationLine
from tests.factories import (
    make_allocation,
    make_decision,
    make_disbursement,
    make_entry,
    make_line,
    make_period,
    make_project,
    make_submission,
)

NOW = datetime(2025, 3, 20, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def source(session):
    """1.000 đồng of 2024, of which 700 were disbursed in November."""
    project = make_project(session, end_on=date(2025, 12, 31))
    source = make_allocation(session, 1_000, project=project)
    period = make_period(session, "2024-11")
    sent = make_submission(session, period=period, investor=project.investor, status="submitted")
    entry = make_entry(session, project=project, submission=sent, progress_text="Xong")
    make_disbursement(session, entry, source, completed=700)
    return source


def row(source, decision, amount, **changed):
    """A line of allocations.csv that carries into 2025."""
    return {
        "project_code": source.project.code,
        "budget_year": 2025,
        "vintage": 2024,
        "source": source.source,
        "nature": source.nature,
        "kind": "carry_in",
        "amount": amount,
        "decision_number": decision.number,
        "decision_issued_on": decision.issued_on,
        "effective_on": "2025-02-01",
    } | changed


def carried(session):
    session.rollback()
    return session.scalar(
        sa.select(sa.func.sum(AllocationLine.amount)).where(AllocationLine.kind == "carry_in")
    )


@pytest.mark.parametrize("door", ["new allocation", "line", "import", "session"])
@pytest.mark.parametrize(("amount", "fits"), [(300, True), (301, False)])
def test_no_more_than_is_left_is_carried_in_at_any_door(doors, session, source, door, amount, fits):
    decision, project = make_decision(session), source.project
    booked = {"decision": decision.id, "kind": "carry_in", "amount": str(amount)}
    booked |= {"effective_on": "01/02/2025"}
    key = {"budget_year": "2025", "source": "NSTW", "nature": "SN", "vintage": "2024"}
    if door in ("line", "session"):
        empty = make_allocation(session, None, project=project, budget_year=2025, vintage=2024)
    session.commit()
    if door == "new allocation":
        said = doors.post(
            "finance", "/admin/allocation/new/", booked | key | {"project": project.id}
        )
    elif door == "line":
        said = doors.post("finance", f"/admin/allocation/line/?id={empty.id}", booked)
    elif door == "import":
        said = doors.load(allocations=[row(source, decision, amount)])
    else:
        line = AllocationLine(
            investor_id=empty.investor_id,
            allocation_id=empty.id,
            decision_id=decision.id,
            kind="carry_in",
            amount=amount,
            effective_on=date(2025, 2, 1),
        )
        said = doors.flush(lambda own: own.add(line))
    assert (said is None) is fits, said
    assert carried(session) == (300 if fits else None)
    if not fits and door != "session":
        assert "chỉ còn lại 300 đồng" in said
    if not fits and door in ("new allocation", "line"):
        assert 'value="301"' in said


@pytest.mark.parametrize(("amount", "fits"), [(1_000, True), (1_001, False)])
def test_a_package_is_weighed_as_a_whole_whatever_the_order_of_its_lines(
    doors, session, amount, fits
):
    project = make_project(session, end_on=date(2025, 12, 31))
    source = make_allocation(session, None, project=project)
    decision = make_decision(session)
    session.commit()
    lines = [
        row(source, decision, amount),
        row(source, decision, 1_000, budget_year=2024, kind="initial", effective_on="2024-01-01"),
    ]
    said = doors.load(allocations=lines)
    assert (said is None) is fits, said
    if not fits:
        assert "allocations.csv" in said


def test_a_carry_in_of_a_package_is_weighed_with_its_disbursements(doors, session):
    project = make_project(session, end_on=date(2025, 12, 31))
    source = make_allocation(session, 1_000, project=project)
    decision, period = make_decision(session), make_period(session, "2024-11")
    sent = make_submission(session, period=period, investor=project.investor, status="submitted")
    make_entry(session, project=project, submission=sent)
    session.commit()
    paid = {
        "project_code": project.code,
        "period": "2024-11",
        "budget_year": 2024,
        "vintage": 2024,
        "source": source.source,
        "nature": source.nature,
        "advance": 0,
        "completed": 700,
        "recovered": 0,
        "returned": 0,
    }
    assert "allocations.csv" in doors.load(
        allocations=[row(source, decision, 301)], disbursements=[paid]
    )
    assert doors.load(allocations=[row(source, decision, 300)], disbursements=[paid]) is None


def test_the_page_and_the_command_say_what_does_not_close(session, source, client_for, app):
    target = make_allocation(session, 200, project=source.project, budget_year=2025, vintage=2024)
    make_line(session, target, kind="supplement", amount=50, effective_on=date(2025, 3, 1))
    session.commit()
    page = client_for("officer").soup("/admin/findings/?period=2024-11")
    [found] = [one for one in page.select(".finding") if one.strong.text == "V6"]
    told = " ".join(found.text.split())
    assert "100 đồng chưa được kéo dài, cũng chưa thu hồi" in told
    assert "(Ngân sách trung ương, Vốn sự nghiệp, 2024)" in told  # no codes of the files
    link = found.select_one("a")["href"]
    assert link == f"/admin/allocation/details/?id={source.id}"
    assert client_for("officer").get(link).status_code == 200
    listed = app.test_cli_runner().invoke(args=["findings", "--period", "2024-11"]).output
    assert "100 đồng chưa được kéo dài, cũng chưa thu hồi" in listed


def test_the_closing_of_carried_capital_is_on_the_page(session, client_for):
    project = make_project(session, start_on=date(2023, 1, 1), end_on=date(2025, 12, 31))
    make_allocation(session, 500, project=project, vintage=2023)
    closing = make_period(session, "2025-01")
    closing.code, closing.kind, closing.budget_year, closing.number = "2024-13", "closing", 2024, 13
    session.commit()
    officer = client_for("officer")
    assert "tiếp tục kéo dài" not in officer.soup("/admin/findings/?period=2024-13").text
    session.get(type(closing), closing.id).status = "locked"
    session.commit()
    said = " ".join(officer.soup("/admin/findings/?period=2024-13").text.split())
    assert (
        "kế hoạch được kéo dài 500 đồng, giải ngân trong năm 2024 0 đồng, tiếp tục kéo dài 0 đồng, "
        "hủy bỏ 0 đồng; còn thiếu 500 đồng"
    ) in said


def test_the_findings_cost_the_same_for_1_and_20_chains(session, client_for, count_queries):
    make_period(session, "2024-11")
    client, sent = client_for("officer"), []
    for number in (1, 19):
        for _n in range(number):
            first = make_allocation(session, 1_000)
            make_allocation(session, 900, project=first.project, budget_year=2025, vintage=2024)
        session.commit()
        client.get("/admin/findings/?period=2024-11")
        with count_queries() as seen:
            page = client.soup("/admin/findings/?period=2024-11")
        sent.append(len(seen))
    assert len(page.select(".finding")) == 20
    assert sent[0] == sent[1]

"""Correcting, returning and confirming through the pages: what was sent stands until replaced."""

from datetime import UTC, datetime

import pytest
import time_machine

from models import Explanation, ProgressEntry, Remark, Submission
from models.duty import lock_period, open_period
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_project,
    make_reopening,
    make_submission,
)

NOW = datetime(2024, 4, 12, 3, tzinfo=UTC)
M = 1_000_000
SHEET = "/admin/my-report/2024-03"


@pytest.fixture(autouse=True)
def then():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def place(session):
    """March accepted with 120 m, locked, reopened for the unit; another unit waits as well."""
    project = make_project(session)
    allocation = make_allocation(session, 1_000 * M, project=project)
    other = make_allocation(session, 1_000 * M)
    march = open_period(session, "2024-03", at=NOW)
    for one, status in ((allocation, "accepted"), (other, "submitted")):
        report = make_submission(
            session, period=march, investor=one.project.investor, status=status,
            narrative_results="Kết quả lần một",
        )  # fmt: skip
        entry = make_entry(session, submission=report, project=one.project, progress_text="Cũ")
        make_disbursement(session, entry, one, completed=120 * M)
    lock_period(session, march, at=datetime(2024, 4, 11, tzinfo=UTC))
    make_reopening(
        session, period=march, investor=project.investor,
        from_at=datetime(2024, 4, 11, 5, tzinfo=UTC), until_at=datetime(2024, 4, 13, tzinfo=UTC),
    )  # fmt: skip
    session.commit()
    return project, allocation, other


def typed(client, allocation, amount, action="send", **more):
    page = client.soup(SHEET)
    form = {
        name: page.select_one(f"input[name={name}]")["value"] for name in ("form_key", "version")
    }
    form |= {
        "unit": "dong", "action": action, f"a{allocation.id}-completed": str(amount),
        f"p{allocation.project_id}-progress_text": "Mới",
    }  # fmt: skip
    return client.post_form(SHEET, form | more)


def district(client, basis):
    reply = client.get(
        f"/admin/reports/consolidated.csv?period=2024-03&headers=keys&basis={basis}&version=live"
    )
    head, total = (line.split(",") for line in reply.data.decode("utf-8-sig").splitlines()[:2])
    return int(total[head.index("disbursed_total")])


def judge(client, unit, action, **more):
    there = f"/admin/review/2024-03/{unit.id}"
    key = client.soup(there).select_one("input[name=form_key]")["value"]
    return client.post_form(there, {"form_key": key, "action": action, **more})


def test_a_correction_through_the_pages(session, place, client_for):
    project, allocation, _other = place
    unit, officer = client_for("investor", project.investor), client_for("officer")
    before = {basis: district(officer, basis) for basis in ("submitted", "accepted")}
    assert before == {"submitted": 240 * M, "accepted": 120 * M}
    assert typed(unit, allocation, 50 * M, "save").status_code == 303
    assert {basis: district(officer, basis) for basis in before} == before
    assert "vẫn được tính" in unit.soup(SHEET).text
    behind = "/admin/reports/explain?period=2024-03&column=disbursed_total"
    [kept] = officer.soup(behind).select('td a[href*="/sendings/1"]')
    assert (kept.text, officer.get(kept["href"]).status_code) == ("120.000.000", 200)
    assert "120.000.000" in unit.soup(behind).text
    reply = typed(unit, allocation, 115 * M)
    assert reply.status_code == 303
    sent = unit.soup(SHEET)
    [flash] = [one for one in sent.select(".flash a") if "sendings/2" in one["href"]]
    assert "115.000.000" in flash.text
    assert "115.000.000" in unit.soup(flash["href"]).text
    assert district(officer, "submitted") == 235 * M
    assert district(officer, "accepted") == 120 * M
    there = f"/admin/review/2024-03/{project.investor_id}"
    page = officer.soup(there)
    assert "120.000.000" in page.select_one("small.was").text
    assert page.select_one("button[value=return]") is not None
    remark = {f"remark-allocation:{allocation.id}-completed": "Thiếu chứng từ"}
    assert judge(officer, project.investor, "return", **remark).status_code == 303
    assert session.query(Remark).one().text == "Thiếu chứng từ"
    assert {basis: district(officer, basis) for basis in before} == before
    assert typed(unit, allocation, 110 * M).status_code == 303
    assert judge(officer, project.investor, "accept").status_code == 303
    assert district(officer, "submitted") == 230 * M
    assert district(officer, "accepted") == 110 * M
    numbers = [one.text for one in unit.soup(SHEET).select("#sendings li > a:first-child")]
    assert numbers == ["Lần gửi 3", "Lần gửi 2", "Lần gửi 1"]


def test_the_officer_goes_on_to_the_next_unit(place, client_for):
    project, _allocation, other = place
    page = client_for("officer").soup(f"/admin/review/2024-03/{project.investor_id}")
    link = page.select_one(f'a[href$="/2024-03/{other.project.investor_id}"]')
    assert other.project.investor.short_name in link.text


def test_a_receipt_is_for_those_who_may_read_the_report(place, client_for):
    project, _allocation, other = place
    address = f"/admin/review/2024-03/{project.investor_id}/sendings/1"
    assert client_for("leader").get(address).status_code == 200
    assert client_for("investor", project.investor).get(address).status_code in (403, 404)
    assert client_for("investor", other.project.investor).get(address).status_code in (403, 404)
    assert client_for("officer").get(address.replace("/1", "/9")).status_code == 404


def test_a_receipt_marks_what_stands_in_no_total(session, place, client_for):
    project, _allocation, _other = place
    memo = make_allocation(session, 1_000 * M, project=project, source="HDK")
    entry = session.query(ProgressEntry).filter_by(project_id=project.id).one()
    make_disbursement(session, entry, memo, completed=7 * M)
    session.commit()
    address = f"/admin/review/2024-03/{project.investor_id}/sendings/1"
    rows = client_for("officer").soup(address).select("table tbody tr")
    marked = {row.select("td")[-1].text: "ngoài tổng" in row.text for row in rows}
    assert marked == {"120.000.000": False, "7.000.000": True}


def test_an_explanation_is_asked_again_and_confirmed(session, place, client_for):
    project, allocation, _other = place
    unit = client_for("investor", project.investor)
    key = f"V14-project:{project.id}"
    treasury = {f"p{project.id}-treasury_cumulative": "100.000.000"}
    told = treasury | {f"explain-{key}": "Kho bạc ghi chậm"}
    assert typed(unit, allocation, 101 * M, "save", **treasury).status_code == 303
    assert typed(unit, allocation, 101 * M, "save", **told).status_code == 303
    again = typed(unit, allocation, 161 * M, "send", **told)
    assert again.status_code == 422
    assert f'name="again-{key}"' in again.text
    assert session.query(Submission).filter_by(investor_id=project.investor_id).one().status == (
        "draft"
    )
    assert (
        typed(unit, allocation, 161 * M, "send", **told, **{f"again-{key}": "yes"}).status_code
        == 303
    )
    assert session.query(Explanation).one().text == "Kho bạc ghi chậm"


def test_errors_and_warnings_are_told_in_one_go(place, client_for):
    project, allocation, _other = place
    unit = client_for("investor", project.investor)
    wrong = {
        f"a{allocation.id}-returned": "200.000.000",
        f"a{allocation.id}-correction": "-5.000.000",
        f"p{project.id}-treasury_cumulative": "1",
    }
    reply = typed(unit, allocation, 1, "send", **wrong)
    assert reply.status_code == 422
    told = reply.text
    for words in ("chứng từ", "lý do", "Kho bạc xác nhận", "số cảnh báo phải giải trình"):
        assert words in told, words


def test_the_words_of_a_quarter_stand_beside_those_sent_before(session, place, client_for):
    project, _allocation, _other = place
    quarter = open_period(session, "2024-Q1", at=NOW)
    report = make_submission(
        session, period=quarter, investor=project.investor, status="accepted",
        narrative_results="Kết quả lần một",
    )  # fmt: skip
    session.commit()
    officer, unit = client_for("officer"), client_for("investor", project.investor)
    there = f"/admin/review/2024-Q1/{project.investor_id}"
    key = officer.soup(there).select_one("input[name=form_key]")["value"]
    form = {"form_key": key, "action": "return", "reason": "Bổ sung"}
    assert officer.post_form(there, form).status_code == 303
    page = unit.soup("/admin/my-report/2024-Q1")
    form = {
        name: page.select_one(f"input[name={name}]")["value"] for name in ("form_key", "version")
    }
    form |= {"action": "send", "narrative_results": "Kết quả lần hai"}
    assert unit.post_form("/admin/my-report/2024-Q1", form).status_code == 303
    shown = officer.soup(there)
    assert "Kết quả lần một" in shown.select_one("small.was").text
    assert "Kết quả lần một" in unit.soup("/admin/my-report/2024-Q1/sendings/1").text
    assert report.id

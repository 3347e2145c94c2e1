"""What a figure is called, whose it is and what lies behind it, on every page (issue: figures)."""

from datetime import UTC, datetime, timedelta

import pytest

from models import DISTRICT, Actor, act_as, db
from models.duty import get_period, lock_period, open_period
from models.filing import read_sheet
from models.filing.checks import check_sheet
from reports.consolidated import consolidated
from reports.frozen import compare, freeze, live, side
from reports.sentences import sentences
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_project,
    make_submission,
)

NOW = datetime(2024, 5, 12, 2, tzinfo=UTC)
CLERK = Actor(None, "Trần Thị Hoa")
M = 1_000_000


def reported(session, allocation, code, amount, *, status="accepted", **told):
    period = get_period(session, code)
    report = make_submission(
        session, period=period, investor=allocation.project.investor, status=status
    )
    entry = make_entry(session, submission=report, project=allocation.project, **told)
    make_disbursement(session, entry, allocation, completed=amount)
    return entry


@pytest.fixture
def quarter(session):
    """Two units with three months and the quarter open; the first has sent its months."""
    allocations = [
        make_allocation(session, 1_000 * M, project=make_project(session, code=f"Q{n}"))
        for n in range(2)
    ]
    for code in ("2024-01", "2024-02", "2024-03", "2024-Q1"):
        open_period(session, code, at=NOW)
    for code, amount in (("2024-01", 80), ("2024-02", 80), ("2024-03", 120)):
        reported(session, allocations[0], code, amount * M)
    session.commit()
    return allocations


def test_a_quarter_whose_months_are_in_is_not_of_an_earlier_period(session, quarter):
    first, second = (one.project.investor.short_name for one in quarter)
    period = get_period(session, "2024-Q1")
    report = consolidated(session, period=period, detail="project")
    assert set(report.status.missing) == {first, second}
    assert (report.status.stale, report.status.unsent) == ((second,), (first,))
    assert [place.is_stale for place in report.places if place.project_id] == [False, True]
    reported(session, quarter[1], "2024-01", 1 * M)
    reported(session, quarter[1], "2024-03", 1 * M)  # February is still owed
    assert consolidated(session, period=period).status.stale == (second,)
    reported(session, quarter[1], "2024-02", 1 * M)
    assert consolidated(session, period=period).status.stale == ()
    text = sentences(session, period=period, as_of=NOW)[0].text
    assert "số liệu kỳ trước" not in text


def test_the_heading_and_review_of_a_quarter(session, quarter, client_for):
    officer = client_for("officer")
    page = officer.soup("/admin/reports/consolidated?period=2024-Q1")
    status = page.select_one(".report-status").get_text(" ", strip=True)
    first, second = (one.project.investor.short_name for one in quarter)
    old, _sep, unsent = status.partition("chưa gửi báo cáo kỳ này")
    assert (first in old, second in old, first in unsent) == (False, True, True)
    desk = officer.soup("/admin/review/2024-Q1")
    link = desk.select_one(f'a[href$="/2024-Q1/{quarter[0].project.investor_id}"]')
    assert "280.000.000" in link.find_parent("tr").text


def test_a_sum_that_holds_what_counts_nowhere_says_of_which_months(session, client_for):
    """A sheet goes by the drafts of earlier months as well; the report does not."""
    allocation = make_allocation(session, 1_000 * M)
    unit = allocation.project.investor
    for code in ("2023-12", "2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06"):
        open_period(session, code, at=NOW)
    old = make_allocation(session, project=allocation.project, budget_year=2023, vintage=2023)
    reported(session, old, "2023-12", 1, status="draft")  # of another budget year
    reported(session, allocation, "2024-01", 10 * M)
    reported(session, allocation, "2024-02", 20 * M, status="draft")
    reported(session, allocation, "2024-03", 40 * M, status="returned")
    reported(session, allocation, "2024-04", 0, status="draft")
    reported(session, allocation, "2024-05", 5 * M, status="submitted")
    reported(session, allocation, "2024-06", 7 * M, status="draft")
    session.commit()
    officer, people = client_for("officer"), client_for("investor", unit)

    def notes(month):
        pages = (
            officer.soup(f"/admin/review/2024-{month}/{unit.id}"),
            people.soup(f"/admin/my-report/2024-{month}"),
        )
        return {
            tuple(
                note.text
                for note in page.select(".sheet-sums .note")
                if "chưa được tính" in note.text
            )
            for page in pages
        }

    assert notes("02") == {()}
    (((text,),),) = (notes("05"),)
    assert text.strip().endswith("bị trả lại: tháng 2/2024, tháng 3/2024.")
    assert "10.000.000" in officer.soup("/admin/reports/consolidated?period=2024-04&unit=dong").text
    sums = officer.soup(f"/admin/review/2024-05/{unit.id}").select_one(".sheet-sums").text
    assert "70.000.000" in sums


@pytest.mark.parametrize(("estimates", "whole"), [((1100, None), None), ((1100, 300), 1400 * M)])
def test_some_estimates_are_no_total(session, client_for, estimates, whole):
    open_period(session, "2024-03", at=NOW)
    project = make_project(session, code="E1")
    other = make_project(session, code="E2", investor=project.investor, component=project.component)
    report = make_submission(
        session, period=get_period(session, "2024-03"), investor=project.investor, status="accepted"
    )
    for one, estimate in zip((project, other), estimates, strict=True):
        allocation = make_allocation(session, 2_000 * M, project=one)
        entry = make_entry(
            session, submission=report, project=one, estimate=estimate and estimate * M
        )
        make_disbursement(session, entry, allocation, completed=700 * M)
    session.commit()
    found = consolidated(session, period=get_period(session, "2024-03"), detail="project")
    assert [row.estimate for row in found.rows if row.level != "project"] == [whole] * 3
    assert next(row.estimate for row in found.rows if row.level == "project") == 1100 * M
    page = client_for("leader").soup("/admin/reports/consolidated?period=2024-03")
    assert ("1/2 dự án" in page.select_one("tr.level-total").text) is (whole is None)
    file = client_for("leader").get("/admin/reports/consolidated.csv?period=2024-03&headers=keys")
    head, total = (line.split(",") for line in file.data.decode("utf-8-sig").splitlines()[:2])
    assert total[head.index("estimate")] == (str(whole) if whole else "")


def test_a_comparison_names_no_entry_of_a_later_month(app, session):
    allocation = make_allocation(session, 1_000 * M)
    for code in ("2024-02", "2024-03", "2024-04"):
        open_period(session, code, at=NOW)
        reported(session, allocation, code, 10 * M)
    lock_period(session, get_period(session, "2024-03"), at=NOW)
    session.commit()
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        act_as(CLERK)
        march = get_period(own, "2024-03")
        freeze(own, march, reason=None, at=NOW, actor=CLERK)
        first = side(own, march, number=1, basis="submitted")
        from models import AllocationLine, Disbursement, Submission

        rows = {row.entry.submission.period.code: row for row in own.query(Disbursement).all()}
        rows["2024-03"].completed = 11 * M
        rows["2024-04"].completed = 99 * M
        own.flush()
        line = own.query(AllocationLine).first()
        own.add(
            AllocationLine(
                investor_id=line.investor_id, allocation_id=line.allocation_id, kind="supplement",
                amount=5, decision_id=line.decision_id, effective_on=datetime(2024, 4, 2).date(),  # noqa: DTZ001
            )
        )  # fmt: skip
        own.flush()
        at = datetime.now(UTC) + timedelta(hours=1)
        found = compare(own, first, live(own, march, basis="submitted", at=at, actor=CLERK))
        [difference] = found.differences
        assert [one.changes for one in difference.traces] == [{"completed": [10 * M, 11 * M]}]
        assert own.query(Submission).count() == 3
        own.rollback()


def test_names_of_the_field_of_completed_volume(session, client_for):
    allocation = make_allocation(session, 1_000 * M)
    open_period(session, "2024-03", at=NOW)
    session.commit()
    unit = client_for("investor", allocation.project.investor)
    field = f"a{allocation.id}-"

    def shown(page):
        label = page.select_one(f'label[for="{field}completed"]')
        names = [one.text for one in label.select("span") if one.get("hidden") is None]
        net = page.select_one("[data-net-shown]")
        return names, None if net.get("hidden") is not None else net.select_one("output").text

    page = unit.soup("/admin/my-report/2024-03")
    assert shown(page) == (["Giải ngân trong kỳ"], None)
    form = {
        name: page.select_one(f"input[name={name}]")["value"] for name in ("form_key", "version")
    }
    form |= {
        "unit": "dong", "action": "save", f"{field}completed": "315.000.000",
        f"{field}advance": "200.000.000", f"{field}recovered": "50.000.000",
    }  # fmt: skip
    assert unit.post_form("/admin/my-report/2024-03", form).status_code == 303
    page = unit.soup("/admin/my-report/2024-03")
    assert shown(page) == (["Thanh toán khối lượng hoàn thành"], "465.000.000")
    assert page.select_one(f'label[for="{field}returned"]').text == "Nộp trả"


@pytest.mark.parametrize(("stated", "is_wrong"), [(100, False), (130, False), (131, True)])
def test_the_stated_total_may_leave_memo_sources_out(session, stated, is_wrong):
    budget = make_allocation(session, 1_000 * M)
    memo = make_allocation(session, 500 * M, project=budget.project, source="HDK")
    march = open_period(session, "2024-03", at=NOW)
    report = make_submission(
        session, period=march, investor=budget.project.investor, stated_total=stated * M
    )
    entry = make_entry(session, submission=report, project=budget.project)
    make_disbursement(session, entry, budget, completed=100 * M)
    make_disbursement(session, entry, memo, completed=30 * M)
    sheet = read_sheet(session, period=march, investor=budget.project.investor, at=NOW)
    assert sheet.total.this_period == 100 * M
    assert ("V6" in {one.rule for one in check_sheet(sheet)}) is is_wrong

"""What was accepted stands until it is replaced; every sending is kept whole (design §4)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from models import (
    Actor,
    Explanation,
    Remark,
    Sending,
    SentDisbursement,
    SubmissionStatus,
)
from models.base import PeriodLocked
from models.duty import lock_period, open_period, reopen_for_unit
from models.filing import (
    DisbursementInput,
    ProjectInput,
    accept_report,
    add_remarks,
    read_sheet,
    resolve_thread,
    return_report,
    save_report,
    send_report,
    threads_of,
)
from models.filing.checks import check_sheet, outdated, unexplained
from models.ledger import sums_of
from reports.consolidated import consolidated, explain
from reports.home import cumulative_by_month
from reports.proof import prove
from reports.quarter import quarter_sheet
from reports.review import period_counts, review_rows
from reports.sendings import before_now, receipt, sendings_of
from tests.factories import make_allocation, make_expected, make_project

MARCH = datetime(2024, 4, 5, 3, tzinfo=UTC)
LATER = MARCH + timedelta(days=10)
UNIT, CLERK = Actor(None, "Chị Lan"), Actor(None, "Anh Cường")
M = 1_000_000


@pytest.fixture
def place(session):
    project = make_project(session, code="P1")
    allocation = make_allocation(session, 1_000 * M, project=project)
    march = open_period(session, "2024-03", at=MARCH)
    april = open_period(session, "2024-04", at=MARCH + timedelta(days=20))
    session.flush()
    return project, allocation, march, april


def save(session, place, period, amount, *, at=MARCH, texts=None, **more):
    project, allocation, *_rest = place
    sheet = read_sheet(session, period=period, investor=project.investor, at=at)
    paid = DisbursementInput(allocation_id=allocation.id, completed=amount, **more.pop("money", {}))
    return save_report(
        session,
        period=period,
        investor=project.investor,
        projects=[
            ProjectInput(
                project_id=project.id,
                disbursements=[paid],
                **{"progress_text": f"Đã chi {amount}"} | more.pop("told", {}),
            )
        ],
        nil_report=False,
        explanations=texts or {},
        version=sheet.version,
        at=at,
        actor=UNIT,
        **more,
    )


def send(session, place, period, amount, *, at=MARCH, **more):
    report = save(session, place, period, amount, at=at, **more)
    send_report(session, report, at=at, actor=UNIT)
    return report


def reopened(session, place, period, *, at=LATER):
    reopen_for_unit(
        session, period, place[0].investor, until_at=at + timedelta(days=1),
        reason="Sai số", at=at, actor=CLERK,
    )  # fmt: skip


def total(session, period, basis="submitted"):
    row = consolidated(session, period=period, basis=basis, version="live").rows[0]
    return row.disbursed_total


@pytest.fixture
def accepted(session, place):
    """March accepted with 120 m, April with 160 m; March is locked."""
    _project, _allocation, march, april = place
    for period, amount in ((march, 120 * M), (april, 160 * M)):
        accept_report(session, send(session, place, period, amount), at=MARCH, actor=CLERK)
    lock_period(session, march, at=MARCH + timedelta(days=5))
    session.flush()
    return place


def everywhere(session, place, period):
    """The cumulative sum of the period on every page that shows it."""
    project, allocation, march, april = place
    last = cumulative_by_month(session, period)[1][0].values[period.number - 1]
    explained = explain(session, period=period, column="disbursed_total")
    sums = sums_of(session, [allocation.id], day=period.data_to)
    sheet = read_sheet(session, period=april, investor=project.investor, at=LATER)
    rows = review_rows(session, period=march, as_of=LATER)
    shown = {
        "report": total(session, period),
        "explained": explained.money_sum,
        "home": last,
        "allocation": sums[allocation.id].disbursed,
        "sheet": sheet.total.after,
        "march in review": next(r.disbursed for r in rows if r.investor.id == project.investor_id),
    }
    for proof in prove(session):
        assert proof.differences == (), (proof.period, proof.variant)
    return shown


def test_opening_for_correction_and_typing_change_no_total(session, accepted):
    _project, _allocation, march, april = accepted
    before = everywhere(session, accepted, april)
    assert set(before.values()) == {280 * M, 120 * M}
    reopened(session, accepted, march)
    assert everywhere(session, accepted, april) == before
    report = save(session, accepted, march, 115 * M, at=LATER)
    assert report.status is SubmissionStatus.DRAFT
    assert everywhere(session, accepted, april) == before
    assert total(session, april, "accepted") == 280 * M
    counts = period_counts(session, [march], as_of=LATER)[0]
    assert (counts.sent, counts.drafts) == (counts.expected, 1)


def test_the_accepted_one_stands_until_the_corrected_one_is_accepted(session, accepted):
    _project, _allocation, march, april = accepted
    reopened(session, accepted, march)
    report = send(session, accepted, march, 115 * M, at=LATER)
    assert total(session, april) == 275 * M
    assert total(session, april, "accepted") == 280 * M
    everywhere(session, accepted, april)
    accept_report(session, report, at=LATER, actor=CLERK)
    assert total(session, april) == total(session, april, "accepted") == 275 * M
    everywhere(session, accepted, april)


def test_after_a_return_the_one_before_counts_again(session, accepted):
    project, _allocation, march, april = accepted
    reopened(session, accepted, march)
    report = send(session, accepted, march, 115 * M, at=LATER)
    return_report(session, report, reason="Thiếu chứng từ", at=LATER, actor=CLERK)
    assert total(session, april) == total(session, april, "accepted") == 280 * M
    everywhere(session, accepted, april)
    send(session, accepted, march, 110 * M, at=LATER)
    assert (total(session, april), total(session, april, "accepted")) == (270 * M, 280 * M)
    everywhere(session, accepted, april)
    quarter = open_period(session, "2024-Q1", at=LATER)
    rows = quarter_sheet(session, period=quarter, investor=project.investor, at=LATER).rows
    assert rows[0].after == 110 * M


def test_in_an_open_month_a_returned_report_does_not_count(session, place):
    _project, _allocation, march, _april = place
    report = send(session, place, march, 120 * M)
    accept_report(session, report, at=MARCH, actor=CLERK)
    return_report(session, report, reason="Sai", at=MARCH, actor=CLERK)
    assert total(session, march) == total(session, march, "accepted") == 0
    send(session, place, march, 90 * M)
    assert (total(session, march), total(session, march, "accepted")) == (90 * M, 0)
    everywhere(session, place, march)


def test_a_locked_month_never_loses_its_figures_by_a_return(session, accepted):
    _project, _allocation, march, _april = accepted
    reopened(session, accepted, march)
    report = sendings_report(session, march)
    with pytest.raises(PeriodLocked):
        return_report(session, report, reason="Sai", at=LATER, actor=CLERK)


def sendings_report(session, period):
    from models import Submission

    return session.scalars(select(Submission).where(Submission.period_id == period.id)).one()


def test_every_sending_is_kept_whole_with_who_and_when(session, accepted):
    _project, allocation, march, _april = accepted
    reopened(session, accepted, march)
    send(
        session, accepted, march, 115 * M, at=LATER,
        money={"advance": 10 * M, "recovered": 5 * M},
        told={"progress_text": "Lần hai", "physical_progress": 40},
    )  # fmt: skip
    report = sendings_report(session, march)
    newest, first = sendings_of(session, report)
    assert (first.number, first.sent_by, first.outcome, first.net) == (
        1, "Chị Lan", "accepted", 120 * M,
    )  # fmt: skip
    assert (first.counts, newest.counts) == (("accepted",), ("submitted",))
    assert (newest.number, newest.sent_at, newest.net) == (2, LATER, 120 * M)
    old, new = (receipt(session, report, number) for number in (1, 2))
    assert old.projects[0].told["progress_text"] == "Đã chi 120000000"
    assert new.projects[0].told["progress_text"] == "Lần hai"
    assert old.money[0].amounts["completed"] == 120 * M
    assert new.money[0].amounts["recovered"] == 5 * M
    before = before_now(session, report, sendings_of(session, report))
    assert before.net("last", allocation.id) == before.net("accepted", allocation.id) == 120 * M
    assert receipt(session, report, 3) is None


def test_what_is_kept_cannot_be_changed(session, accepted):
    _project, _allocation, march, _april = accepted
    reopened(session, accepted, march)
    save(session, accepted, march, 115 * M, at=LATER)
    session.commit()
    for statement in (update(SentDisbursement).values(completed=1), delete(SentDisbursement)):
        with pytest.raises(DBAPIError, match="never changed"):
            session.execute(statement)
        session.rollback()
    assert session.query(Sending).one().stands_accepted


def test_an_explanation_holds_for_its_figures_only(session, place):
    project, _allocation, march, _april = place
    key = ("V14", f"project:{project.id}")

    def open_warnings(amount, texts, **more):
        save(session, place, march, amount, texts=texts,
             told={"treasury_cumulative": 100 * M}, **more)  # fmt: skip
        sheet = read_sheet(session, period=march, investor=project.investor, at=MARCH)
        findings = check_sheet(sheet)
        return [one.rule for one in unexplained(sheet, findings)], outdated(sheet, findings)

    assert open_warnings(101 * M, {}) == (["V14"], set())
    assert open_warnings(101 * M, {key: "Kho bạc ghi chậm"}) == ([], set())
    assert open_warnings(161 * M, {key: "Kho bạc ghi chậm"}) == (["V14"], {key})
    assert open_warnings(161 * M, {key: "Kho bạc ghi chậm"}) == (["V14"], {key})
    assert open_warnings(161 * M, {key: "Kho bạc ghi chậm"}, confirmed={key}) == ([], set())
    assert open_warnings(171 * M, {key: "Chứng từ ngày 31/3"}) == ([], set())


def test_an_explanation_of_before_holds_until_the_figure_changes(session, place):
    project, _allocation, march, _april = place
    key = ("V14", f"project:{project.id}")
    told = {"treasury_cumulative": 100 * M}
    save(session, place, march, 101 * M, texts={key: "Ghi chậm"}, told=told)
    session.execute(update(Explanation).values(figures=None))
    session.expire_all()

    def old():
        sheet = read_sheet(session, period=march, investor=project.investor, at=MARCH)
        return outdated(sheet, check_sheet(sheet))

    assert old() == set()
    save(session, place, march, 101 * M, texts={key: "Ghi chậm"}, told=told)
    assert old() == set()
    session.execute(update(Explanation).values(figures=None))
    session.expire_all()
    save(session, place, march, 102 * M, texts={key: "Ghi chậm"}, told=told)
    assert old() == {key}


@pytest.mark.parametrize(("amount", "is_open"), [(120, False), (121, True)])
def test_a_closed_remark_opens_again_when_other_figures_are_sent(session, place, amount, is_open):
    project, allocation, march, _april = place
    report = send(session, place, march, 120 * M)
    sheet = read_sheet(session, period=march, investor=project.investor, at=MARCH)
    add_remarks(
        session, sheet, {(f"allocation:{allocation.id}", "completed"): "Xem lại"},
        at=MARCH, actor=CLERK,
    )  # fmt: skip
    thread = threads_of(session, report)[0]
    return_report(session, report, reason="Xem lại", at=MARCH, actor=CLERK)
    resolve_thread(session, report, thread.id, at=MARCH, actor=CLERK)
    send(session, place, march, amount * M, told={"progress_text": "Giữ nguyên"})
    assert threads_of(session, report)[0].is_open is is_open
    assert session.query(Remark).count() == 1 + is_open


@pytest.mark.parametrize(
    ("march_amount", "april", "found"),
    [
        (800, {"completed": 200}, None),
        (801, {"completed": 200}, "more than the plan"),
        (0, {"completed": 0, "returned": 50, "return_document": "UNC 1"}, "falls to"),
    ],
)
def test_a_correction_is_checked_against_later_months(session, place, march_amount, april, found):
    project, allocation, march, next_month = place
    save(session, place, march, 300 * M)
    money = {k: v * M if isinstance(v, int) else v for k, v in april.items() if k != "completed"}
    save(session, place, next_month, april["completed"] * M, money=money)
    save(session, place, march, march_amount * M)
    sheet = read_sheet(session, period=march, investor=project.investor, at=MARCH)
    messages = [one.message for one in check_sheet(sheet) if one.rule == "V16"]
    assert all(one.asks_explanation for one in check_sheet(sheet) if one.rule == "V16")
    assert [found in message for message in messages] == ([True] if found else [])
    assert allocation.id


def test_a_later_recovery_rests_on_the_advance(session, place):
    project, _allocation, march, april = place
    save(session, place, march, 0, money={"advance": 100 * M})
    save(session, place, april, 100 * M, money={"recovered": 100 * M})
    save(session, place, march, 0, money={"advance": 60 * M})
    sheet = read_sheet(session, period=march, investor=project.investor, at=MARCH)
    [finding] = [one for one in check_sheet(sheet) if one.rule == "V16"]
    assert (finding.values["missing"], finding.values["month"]) == (40 * M, april.named)


def test_all_that_is_missing_is_told_in_one_go(session, place):
    project, _allocation, march, _april = place
    save(session, place, march, 0, money={"returned": 5 * M, "correction": 10 * M})
    sheet = read_sheet(session, period=march, investor=project.investor, at=MARCH)
    told = [one.message for one in check_sheet(sheet) if one.rule == "V2"]
    assert [("reason" in m, "Explain" in m, "document" in m) for m in told] == [
        (True, False, False), (False, False, True), (False, True, False),
    ]  # fmt: skip


def test_the_row_scope_guards_what_was_sent(session, accepted, client_for):
    project, _allocation, march, _april = accepted
    make_expected(session, march, make_project(session).investor)
    reopened(session, accepted, march)
    save(session, accepted, march, 115 * M, at=LATER)
    session.commit()
    other = make_project(session)
    address = f"/admin/my-report/2024-03/sendings/1?investor={project.investor_id}"
    own = client_for("investor", project.investor).soup(address)
    assert "120.000.000" in own.text
    assert client_for("investor", other.investor).get(address).status_code == 404
    officer = client_for("officer")
    page = officer.soup(f"/admin/review/2024-03/{project.investor_id}/sendings/1")
    assert "120.000.000" in page.text
    beside = officer.soup(f"/admin/review/2024-03/{project.investor_id}")
    assert "120.000.000" in beside.select_one("small.was").text


@pytest.mark.parametrize(
    ("typed", "balance"),
    [
        ({"advance": 300 * M}, 300 * M),
        ({"advance": 300 * M, "returned": 50 * M}, 300 * M),  # volume money is paid back first
        ({"advance": 300 * M, "returned": 150 * M}, 250 * M),
    ],
)
def test_the_balance_of_advances_follows_the_capital_into_the_next_year(session, typed, balance):
    project = make_project(session)
    old = make_allocation(session, 1_000 * M, project=project)
    carried = make_allocation(session, 700 * M, project=project, budget_year=2025, vintage=2024)
    at = datetime(2025, 4, 5, tzinfo=UTC)
    december, march = (open_period(session, code, at=at) for code in ("2024-12", "2025-03"))
    save(session, (project, old), december, 100 * M, at=at, money=typed)
    sheet = read_sheet(session, period=march, investor=project.investor, at=at)
    [row] = sheet.allocations
    assert (row.allocation_id, row.advance_balance_before) == (carried.id, balance)
    assert row.before == 0
    place = (project, carried)
    save(session, place, march, balance, at=at, money={"recovered": balance})
    sheet = read_sheet(session, period=march, investor=project.investor, at=at)
    assert [one.rule for one in check_sheet(sheet) if one.rule == "V4"] == []
    save(session, place, march, balance + 1, at=at, money={"recovered": balance + 1})
    sheet = read_sheet(session, period=march, investor=project.investor, at=at)
    assert [one.rule for one in check_sheet(sheet) if one.rule == "V4"] == ["V4"]


def test_the_words_of_a_quarter_are_kept_as_well(session, accepted):
    from models.filing import save_narrative

    project, _allocation, _march, _april = accepted
    quarter = open_period(session, "2024-Q1", at=MARCH)

    def write(text, at):
        sheet = quarter_sheet(session, period=quarter, investor=project.investor, at=at)
        return save_narrative(
            session, period=quarter, investor=project.investor, at=at, actor=UNIT,
            narrative={"narrative_results": text}, version=sheet.version,
        )  # fmt: skip

    report = write("Lần một", MARCH)
    send_report(session, report, at=MARCH, actor=UNIT)
    accept_report(session, report, at=MARCH, actor=CLERK)
    lock_period(session, quarter, at=MARCH)
    reopened(session, accepted, quarter)
    report = write("Lần hai", LATER)
    assert report.status is SubmissionStatus.DRAFT
    counts = period_counts(session, [quarter], as_of=LATER)[0]
    assert counts.sent == 1
    send_report(session, report, at=LATER, actor=UNIT)
    texts = [one.said["narrative_results"] for one in sendings_of(session, report)]
    assert texts == ["Lần hai", "Lần một"]

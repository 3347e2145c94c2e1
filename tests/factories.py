"""Rows for tests: `make_x(session, **what_matters)`; the rest is filled in sensibly."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from models import (
    Allocation,
    AllocationLine,
    CapitalTerm,
    ColumnSet,
    Component,
    Decision,
    Disbursement,
    ExpectedReport,
    Explanation,
    FormerName,
    Investor,
    LetterHead,
    Obstacle,
    OrgEvent,
    Period,
    ProgressEntry,
    Project,
    Remark,
    Reopening,
    Sending,
    Submission,
    Succession,
    TreasuryLine,
    TreasuryStatement,
    User,
)
from models.column_sets import COLUMNS_OF
from reports.tables import Issue, issue

_numbers = count(1)


def _add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def make_component(session: Session, **given: Any) -> Component:
    n = next(_numbers)
    defaults = {
        "code": f"C{n}",
        "name": f"Component {n}",
        "short_name": f"Dự án {n}",
        "sort_order": n,
        "valid_from": date(2021, 1, 1),
    }
    return _add(session, Component(**defaults | given))


def make_investor(session: Session, **given: Any) -> Investor:
    n = next(_numbers)
    defaults = {
        "code": f"X-{n}",
        "kind": "commune",
        "name": f"Ủy ban nhân dân xã {n}",
        "short_name": f"UBND xã {n}",
        "sort_order": n,
        "valid_from": date(2020, 1, 1),
    }
    return _add(session, Investor(**defaults | given))


def make_project(session: Session, **given: Any) -> Project:
    n = next(_numbers)
    if "component" not in given and "component_id" not in given:
        given["component"] = make_component(session)
    if "investor" not in given and "investor_id" not in given:
        given["investor"] = make_investor(session)
    defaults = {
        "code": f"P{n}",
        "name": f"Mô hình {n}",
        "start_on": date(2024, 1, 1),
        "end_on": date(2024, 12, 31),
        "status": "active",
    }
    return _add(session, Project(**defaults | given))


def make_decision(session: Session, **given: Any) -> Decision:
    n = next(_numbers)
    defaults = {
        "number": f"{n}/QĐ-UBND",
        "issued_on": date(2023, 12, 18),
        "issuer": "UBND huyện Hữu Lũng",
        "summary": "Giao dự toán",
        "effective_on": date(2024, 1, 1),
    }
    return _add(session, Decision(**defaults | given))


def make_allocation(session: Session, amount: int | None = 1_000_000, **given: Any) -> Allocation:
    """An allocation with one ledger line of `amount` đồng (None: without a line)."""
    if "project" not in given:
        given["project"] = make_project(session)
    year = given.get("budget_year", 2024)
    defaults = {"budget_year": year, "vintage": year, "source": "NSTW", "nature": "SN"}
    allocation = _add(session, Allocation(**defaults | given))
    if amount is not None:
        kind = "initial" if allocation.vintage == allocation.budget_year else "carry_in"
        decision = make_decision(session, issued_on=date(year - 1, 12, 18))
        day = date(year, 1, 1)
        make_line(
            session, allocation, amount=amount, kind=kind, effective_on=day, decision=decision
        )
    return allocation


def make_line(session: Session, allocation: Allocation, **given: Any) -> AllocationLine:
    if "decision" not in given and "decision_id" not in given:
        given["decision"] = make_decision(session)
    defaults = {"kind": "initial", "amount": 1_000_000, "effective_on": date(2024, 1, 1)}
    return _add(session, AllocationLine(allocation=allocation, **defaults | given))


def make_period(session: Session, code: str = "2024-03", **given: Any) -> Period:
    """A period with the window of its month and the deadline of the 9th of the next month."""
    year, month = int(code[:4]), int(code[5:])
    following = date(year + (month == 12), month % 12 + 1, 1)
    defaults = {
        "code": code,
        "kind": "month",
        "budget_year": year,
        "number": month,
        "data_from": date(year, month, 1),
        "data_to": date.fromordinal(following.toordinal() - 1),
        "deadline_at": datetime(following.year, following.month, 9, 16, 59, 59, tzinfo=UTC),
        "deadline_reason": "trước ngày 10",
        "status": "open",
        "opened_at": datetime(year, month, 1, tzinfo=UTC),
    }
    return _add(session, Period(**defaults | given))


def make_expected(session: Session, period: Period, investor: Investor, **given: Any) -> Any:
    return _add(session, ExpectedReport(period=period, investor=investor, **given))


def make_submission(session: Session, **given: Any) -> Submission:
    """A submission; a sent one needs moments, so these are filled in for every status but draft."""
    if "period" not in given:
        given["period"] = make_period(session)
    investor = given.pop("investor", None) or make_investor(session)
    if given.get("status", "draft") != "draft":
        at = given.get("first_submitted_at", datetime(2024, 4, 5, tzinfo=UTC))
        given = {"first_submitted_at": at, "last_submitted_at": at} | given
    return _add(session, Submission(investor_id=investor.id, **given))


def make_entry(session: Session, **given: Any) -> ProgressEntry:
    if "project" not in given:
        given["project"] = make_project(session)
    if "submission" not in given:
        given["submission"] = make_submission(session, investor=given["project"].investor)
    return _add(session, ProgressEntry(**given))


def make_disbursement(
    session: Session, entry: ProgressEntry, allocation: Allocation, **given: Any
) -> Any:
    return _add(session, Disbursement(entry=entry, allocation=allocation, **given))


def make_user(session: Session, role: str = "officer", **given: Any) -> User:
    n = next(_numbers)
    defaults = {
        "username": f"user{n}",
        "full_name": f"Người dùng {n}",
        "role": role,
        "must_change_password": False,
    }
    return _add(session, User(**defaults | given))


def make_capital_term(session: Session, **given: Any) -> CapitalTerm:
    defaults = {"budget_year": 2024, "vintage": 2023, "disburse_until": date(2024, 12, 31)}
    return _add(session, CapitalTerm(**defaults | given))


def make_statement(session: Session, **given: Any) -> TreasuryStatement:
    defaults = {
        "day": date(2024, 3, 31),
        "budget_year": 2024,
        "made_at": datetime(2024, 4, 5, tzinfo=UTC),
        "made_by": "Cán bộ",
    }
    return _add(session, TreasuryStatement(**defaults | given))


def make_treasury_line(session: Session, **given: Any) -> TreasuryLine:
    project = given.pop("project", None) or make_project(session)
    statement = given.pop("statement", None) or make_statement(session)
    defaults = {
        "investor_id": project.investor_id,
        "project_id": project.id,
        "statement_id": statement.id,
        "confirmed": 100,
    }
    return _add(session, TreasuryLine(**defaults | given))


def make_reopening(session: Session, *, period: Period, investor: Investor, **given: Any) -> Any:
    defaults = {
        "from_at": datetime(2024, 4, 20, tzinfo=UTC),
        "until_at": datetime(2024, 4, 21, tzinfo=UTC),
        "reason": "Sai số liệu",
        "user_name": "Cán bộ",
    }
    owner = {"period_id": period.id, "investor_id": investor.id}
    return _add(session, Reopening(**defaults | owner | given))


def make_remark(session: Session, submission: Submission, **given: Any) -> Remark:
    defaults = {
        "investor_id": submission.investor_id,
        "submission_id": submission.id,
        "thread_id": next(_numbers),
        "subject": "report",
        "text": "Đề nghị làm rõ",
        "at": datetime(2024, 4, 10, tzinfo=UTC),
        "user_name": "Cán bộ",
        "by_office": True,
    }
    return _add(session, Remark(**defaults | given))


def make_explanation(session: Session, submission: Submission, **given: Any) -> Explanation:
    defaults = {
        "investor_id": submission.investor_id,
        "submission_id": submission.id,
        "rule": "V14",
        "subject": "report",
        "text": "Kho bạc ghi sổ sau ngày cuối tháng",
    }
    return _add(session, Explanation(**defaults | given))


def make_sending(session: Session, submission: Submission, **given: Any) -> Sending:
    """A kept sending without content, accepted where nothing else is said."""
    defaults = {
        "investor_id": submission.investor_id,
        "submission_id": submission.id,
        "period_id": submission.period_id,
        "number": 1,
        "sent_at": datetime(2024, 4, 5, tzinfo=UTC),
        "outcome": "accepted",
    }
    return _add(session, Sending(**defaults | given))


def make_obstacle(session: Session, **given: Any) -> Obstacle:
    project = given.pop("project", None) or make_project(session)
    defaults = {
        "investor_id": project.investor_id,
        "project_id": project.id,
        "content": "Giá giống tăng cao",
        "cause": "season",
        "solver": "district",
        "state": "open",
        "raised_on": date(2024, 2, 15),
    }
    return _add(session, Obstacle(**defaults | given))


def make_column_set(session: Session, *columns: str, **given: Any) -> ColumnSet:
    """A set of the late list, or of another report; its first two columns are added."""
    report = given.get("report", "late")
    defaults = {
        "report": report,
        "name": f"Bộ {next(_numbers)}",
        "columns": [*COLUMNS_OF[report][:2], *(columns or COLUMNS_OF[report][2:3])],
        "headings": {},
    }
    return _add(session, ColumnSet(**defaults | given))


def make_letter_head(session: Session, **given: Any) -> LetterHead:
    defaults = {
        "valid_from": date(2024, 1, 1),
        "issuer": "ỦY BAN NHÂN DÂN\nHUYỆN HỮU LŨNG",
        "issuer_short": "UBND huyện",
        "symbol": "UBND-LĐTBXHDT",
        "place": "Hữu Lũng",
        "authority": "KT. CHỦ TỊCH",
        "position": "PHÓ CHỦ TỊCH",
        "signer": "Trần Quốc Phong",
        "via_office": "Phòng Lao động, Thương binh, Xã hội - Dân tộc",
        "legal_basis": "Công văn số 318/UBND-LĐTBXHDT ngày 18/3/2024 của UBND huyện",
        "recipients": "Như trên;\nCT, các PCT UBND huyện;\nLưu: VT, LĐTBXHDT.",
    }
    return _add(session, LetterHead(**defaults | given))


def make_org_event(session: Session, **given: Any) -> OrgEvent:
    if "decision" not in given:
        given["decision"] = make_decision(session)
    defaults = {
        "kind": "merge",
        "effective_on": date(2024, 12, 1),
        "summary": "Sáp nhập",
        "details": {"created": [], "changed": []},
        "done_at": datetime(2024, 12, 1, tzinfo=UTC),
        "done_by": "Cán bộ",
    }
    return _add(session, OrgEvent(**defaults | given))


def make_former_name(
    session: Session, event: OrgEvent, investor: Investor, **given: Any
) -> FormerName:
    defaults = {
        "investor_id": investor.id,
        "event_id": event.id,
        "code": investor.code,
        "name": "Tên cũ",
        "short_name": "Tên cũ",
        "valid_from": date(2020, 1, 1),
        "valid_to": date(2024, 11, 30),
    }
    return _add(session, FormerName(**defaults | given))


def make_succession(
    session: Session, event: OrgEvent, investor: Investor, successor: Investor
) -> Succession:
    return _add(
        session,
        Succession(
            investor_id=investor.id,
            successor_id=successor.id,
            event_id=event.id,
            effective_on=date(2024, 12, 1),
        ),
    )


def make_issue(session: Session, at: datetime) -> Issue:
    """What a table says around its figures, with the ids of its sentences as their words."""
    return issue(session, say=lambda text, **at: text % at if at else text, language="vi", at=at)

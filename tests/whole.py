"""A district in which every column and table that people type into says something."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from models import (
    Actor,
    Allocation,
    AllocationLine,
    Decision,
    Digest,
    Disbursement,
    ExpectedReport,
    Explanation,
    Holiday,
    HolidayYear,
    Investor,
    InvestorKind,
    LetterTemplate,
    Obstacle,
    Period,
    ProgressEntry,
    Project,
    ReceiptWay,
    Reminder,
    RuleSetting,
    Submission,
    SubmissionEvent,
    User,
)
from models.calendar import confirm_year, put_setting, seed_holidays
from models.duty import (
    expect_unit,
    extend_deadline,
    lock_period,
    open_period,
    override_deadline,
    release_unit,
    reopen_for_unit,
    set_exemption,
    settle_periods,
)
from models.exchange.package import load_package
from models.filing import (
    add_remarks,
    open_for_correction,
    read_sheet,
    register_receipt,
    reply,
    resolve_thread,
    restand,
    return_report,
    save_narrative,
)
from models.reminders import ensure_default_head
from models.reorganisation import Act, NewUnit, found, merge, rename, undo
from tests.factories import (
    make_allocation,
    make_capital_term,
    make_column_set,
    make_decision,
    make_letter_head,
    make_obstacle,
    make_statement,
    make_treasury_line,
)

DEMO = Path(__file__).parent.parent / "models/exchange/demo"
AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
LATER = datetime(2024, 12, 3, 2, tzinfo=UTC)


def build(session) -> None:
    """The demonstration data, and everything else through the functions of the screens."""
    load_package(session, DEMO, at=AT, by="data load")
    officer = session.scalar(select(User).where(User.username == "canbo")) or session.scalar(
        select(User).where(User.role == "officer")
    )
    clerk = Actor(officer.id, officer.full_name)
    _office(session)
    _march(session, clerk)
    _quarter(session, clerk)
    _capital(session)
    _reorganise(session, clerk)
    session.flush()


def _office(session) -> None:
    put_setting(session, "office_contact", "Chị Lan, 0205 3825 000")
    put_setting(session, "rank_buckets", "50;40;30")
    session.add(RuleSetting(code="V4", since=date(2024, 2, 1), is_trial=True))
    first = session.scalars(select(Holiday).order_by(Holiday.day)).first()
    first.name, first.source_note = "Tết Dương lịch (sửa)", "Thông báo 5015/TB-LĐTBXH"
    session.add(Holiday(day=date(2024, 4, 9), kind="local_off", name="Hội xuân", source_note="X"))
    seed_holidays(session, [2027])
    confirm_year(session, 2027, note="Thông báo 100/TB-BNV", at=AT, actor=Actor(None, "Cán bộ"))
    session.get(HolidayYear, 2027).seeded_at = AT
    ensure_default_head(session)
    session.flush()
    head = make_letter_head(session, valid_from=date(2023, 1, 1), valid_to=date(2023, 12, 31))
    head.superior = "TỈNH LẠNG SƠN"
    for content, name in ((b"PK\x03\x04 \xff\x00 Word", "Mẫu đôn đốc.docx"), (b"", "")):
        session.add(LetterTemplate(content=content, file_name=name, at=AT, user_name="Cán bộ"))
        session.flush()
    make_column_set(
        session,
        "remaining",
        "plan_total",
        report="consolidated",
        name="Lãnh đạo; gọn",
        headings={"plan_total": "Tổng vốn, triệu", "note": "Ghi chú riêng"},
    )
    session.add(
        Digest(day=date(2024, 4, 8), recipient="a@b.vn", at=AT, delivery="failed", problem="550")
    )
    user = session.scalars(select(User).where(User.role == "investor")).first()
    user.enabled = False
    session.flush()


def _march(session, clerk) -> None:
    march = session.scalar(select(Period).where(Period.code == "2024-03"))
    override_deadline(
        session, march, deadline_at=AT + timedelta(days=3), reason="UBND huyện cho lùi\nba ngày"
    )
    expected = session.scalars(
        select(ExpectedReport).where(ExpectedReport.period_id == march.id)
    ).all()
    extend_deadline(
        session, expected[0], deadline_at=AT + timedelta(days=5), reason="Bão, mất điện"
    )
    for row in expected[1:3]:
        set_exemption(session, row, reason="Chưa có vốn", until=date(2024, 6, 30))
    spare = session.scalar(
        select(Investor).where(Investor.id.not_in([row.investor_id for row in expected]))
    )
    if spare is None:
        spare = Investor(
            code="X-NEW",
            kind="commune",
            name="Xã mới",
            short_name="Xã mới",
            valid_from=date(2024, 1, 1),
            sort_order=99,
        )
        session.add(spare)
        session.flush()
    expect_unit(session, march, spare, reason="Tiếp nhận nhiệm vụ")
    release_unit(session, march, expected[2].investor, reason="Giao đơn vị khác báo cáo")
    # one that fell off without anybody's decision comes back by the rule
    session.delete(expected[3])
    session.flush()
    settle_periods(session, [march])
    expected[0].note = "Báo cáo thay Phòng Y tế"
    march.lock_at = LATER + timedelta(days=90)
    register_receipt(
        session,
        march,
        spare,
        received_at=AT,
        way=ReceiptWay.PAPER,
        note="Công văn số 12",
        at=AT,
        actor=clerk,
    )
    sent = session.scalars(
        select(Submission)
        .join(ProgressEntry, ProgressEntry.submission_id == Submission.id)
        .join(ProgressEntry.disbursements)
        .where(Submission.period_id == march.id, Submission.status == "submitted")
        .order_by(Submission.id)
    ).first()
    sent.stated_total = 123_456_789
    entry = session.scalars(
        select(ProgressEntry)
        .join(ProgressEntry.disbursements)
        .where(ProgressEntry.submission_id == sent.id)
        .order_by(ProgressEntry.id)
    ).first()
    entry.treasury_cumulative = 987_654_321
    entry.volume_value, entry.estimate = 1_000_000_000, 2_000_000_000
    entry.obstacles, entry.proposals = "Mưa; lũ", "Lùi hạn"
    money = session.scalars(
        select(Disbursement)
        .join(Disbursement.entry)
        .where(ProgressEntry.submission_id != sent.id)
        .order_by(Disbursement.id)
    ).all()
    money[0].correction, money[0].correction_reason = 5_000_000, "Tháng 2 ghi thiếu"
    money[1].correction, money[1].correction_reason = -1, "Tháng 2 ghi nhầm\n1 đồng"
    money[2].return_document, money[2].awaits_decision = "Giấy nộp trả số 3", True
    own = session.scalars(select(Disbursement).where(Disbursement.entry_id == entry.id)).first()
    own.correction, own.correction_reason = 7, "Tháng 1 ghi thiếu 7 đồng"
    own.return_document, own.awaits_decision = "Giấy nộp trả số 4", True
    held = session.get(Allocation, (money[0].investor_id, money[0].allocation_id))
    for subject in (f"allocation:{held.id}", f"project:{entry.project_id}", "report"):
        session.add(
            Explanation(
                investor_id=sent.investor_id,
                submission_id=sent.id,
                rule="V3",
                figures="0f" * 32,
                subject=subject,
                text="Đã đối chiếu; với\nkho bạc",
            )
        )
    sheet = read_sheet(session, period=march, investor=sent.investor, at=AT)
    project = sheet.projects[0]
    texts = {
        (f"allocation:{project.allocations[0].allocation_id}", "completed"): "Xem lại số này",
        ("report", ""): "Thiếu chữ ký",
    }
    add_remarks(session, sheet, texts, at=AT, actor=clerk)
    from models import Remark

    first = session.scalars(select(Remark).order_by(Remark.id)).first()
    reply(
        session, sent, first.thread_id, text="Đã sửa", at=AT, actor=Actor(None, "Xã"),
        by_office=False,
    )  # fmt: skip
    resolve_thread(session, sent, first.thread_id, at=AT, actor=clerk)
    for name in ("narrative_results", "narrative_obstacles", "narrative_tasks"):
        setattr(sent, name, f"Nội dung;\n{name}")
    sent.narrative_proposals, sent.nil_report = "Bổ sung vốn", False
    sent.received_via, sent.received_note = ReceiptWay.CHAT, "Ảnh chụp Zalo"
    sent.received_by = "Cán bộ"
    session.flush()
    # what was accepted stands until the corrected report is sent
    open_for_correction(session, sent, at=AT, actor=clerk)
    sent.status = "submitted"
    restand(session, sent)
    return_report(session, sent, reason="Sai số liệu\ncột 5", at=AT, actor=clerk)
    make_obstacle(
        session,
        project=entry.project,
        content="Thiếu giống, giá tăng",
        proposal="Cho lùi; gia hạn",
        promised_on=date(2024, 5, 1),
        state="solved",
        solved_on=date(2024, 4, 1),
        solution="Đã mua",
    )
    session.add(
        Obstacle(
            investor_id=spare.id,
            period_id=march.id,
            content="Chưa có cán bộ",
            cause="staff",
            solver="district",
            state="open",
            raised_on=date(2024, 2, 1),
        )
    )
    session.add(
        Reminder(
            period_id=march.id,
            investor_id=spare.id,
            step="before-3",
            channel="mail",
            recipient="a@b.vn",
            at=AT,
            user_name="system",
            delivery="failed",
            problem="Hộp thư đầy",
        )
    )
    january = session.scalar(select(Period).where(Period.code == "2024-01"))
    reopen_for_unit(
        session,
        january,
        sent.investor,
        until_at=AT + timedelta(days=2),
        reason="Nhầm đơn vị tính",
        at=AT,
        actor=clerk,
    )
    session.flush()


def _quarter(session, clerk) -> None:
    period = open_period(session, "2024-Q1", at=AT)
    investor = session.scalars(select(Investor).join(ExpectedReport)).first()
    save_narrative(
        session,
        period=period,
        investor=investor,
        narrative={
            "narrative_results": "Đạt 35,5%;\n\nvượt kế hoạch",
            "narrative_obstacles": "=SUM(A1)",
            "narrative_tasks": "Hoàn thành hồ sơ",
            "narrative_proposals": "Bổ sung vốn",
        },
        version=0,
        at=AT,
    )


def _capital(session) -> None:
    make_capital_term(session, basis="Nghị quyết 112/2024/QH15")
    decision = session.scalars(select(Decision)).first()
    decision.crosses_level = True
    lines = session.scalars(select(AllocationLine)).all()
    lines[0].note = "Theo phụ lục 2"
    held = session.scalars(select(Allocation)).first()
    held.disburse_until = date(2024, 11, 30)
    project = session.scalars(select(Project)).first()
    make_allocation(session, None, project=project, budget_year=2025, nature="DTPT")
    statement = make_statement(session, note="KBNN huyện, xác nhận lần 1")
    make_treasury_line(session, project=project, statement=statement, text="Mô hình nuôi trâu")
    # equal lines of the ledger, told apart by their notes alone
    for note in (None, "Lần hai"):
        session.add(
            AllocationLine(
                investor_id=held.investor_id,
                allocation_id=held.id,
                decision_id=decision.id,
                kind="supplement",
                amount=1_000,
                effective_on=date(2024, 3, 1),
                note=note,
            )
        )
        session.flush()


def _reorganise(session, clerk) -> None:
    decision = make_decision(session, number="1286/NQ-UBTVQH15", issued_on=date(2024, 11, 14))
    period = open_period(session, "2024-12", at=LATER)
    units = session.scalars(
        select(Investor).join(Project).where(Investor.kind == "commune").order_by(Investor.id)
    ).all()
    units = list(dict.fromkeys(units))
    old = units[0]
    act = Act(effective_on=date(2024, 12, 1), decision=decision, at=LATER, actor=clerk)
    rename(session, units[2], act, code=units[2].code, name="Tên mới", short_name="Tên mới")
    # the new unit takes the code of one that ends
    new = NewUnit(
        code=old.code, kind=InvestorKind.COMMUNE, name="UBND xã Mới", short_name="Xã Mới",
        gso_code="06400",
    )  # fmt: skip
    merge(session, units[:2], new, act)
    again = Act(effective_on=date(2024, 12, 20), decision=decision, at=LATER, actor=clerk)
    successor = session.scalars(select(Investor).where(Investor.short_name == "Xã Mới")).one()
    merge(session, [successor], units[3], again)
    taken = found(
        session,
        NewUnit(code="X-9", kind=InvestorKind.COMMUNE, name="Xã Chín", short_name="Xã Chín"),
        again,
    )
    undo(session, taken, at=LATER, actor=clerk)
    user = session.scalars(select(User).where(User.role == "investor")).first()
    submission = Submission(investor_id=units[2].id, period_id=period.id, status="draft")
    session.add(submission)
    session.flush()
    session.add(
        SubmissionEvent(
            investor_id=submission.investor_id,
            submission_id=submission.id,
            kind="sent",
            at=LATER,
            user_id=user.id,
            user_name=user.full_name,
        )
    )
    lock_period(session, session.scalar(select(Period).where(Period.code == "2024-12")), at=LATER)

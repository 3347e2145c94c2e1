"""What people decided, and what stands of a report under correction, moves with the package."""

import csv
import filecmp
import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, func, select

from models import (
    Actor,
    Disbursement,
    ExpectedChange,
    ExpectedReport,
    Holiday,
    HolidayYear,
    Investor,
    InvestorKind,
    Period,
    ProgressEntry,
    Project,
    Sending,
    Submission,
    User,
)
from models.calendar import confirm_year, seed_days, seed_holidays
from models.duty import (
    expect_unit,
    lock_period,
    open_period,
    release_unit,
    set_exemption,
    settle_periods,
)
from models.exchange.package import PackageRefused, dump_package, load_package
from models.filing import open_for_correction
from models.ledger import prove_counted
from models.reorganisation import Act, NewUnit, merge
from reports.consolidated import consolidated
from reports.facts import stamp
from tests.factories import (
    make_decision,
    make_entry,
    make_investor,
    make_project,
    make_submission,
    make_user,
)
from tests.whole import DEMO

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
CLERK = Actor(None, "Anh Cường")


def load(session, folder):
    return load_package(session, folder, at=AT, by="data load")


def moved(session, folder):
    """The package of what is there, loaded into the emptied database; and it is the same again."""
    session.flush()
    dump_package(session, folder / "first")
    session.rollback()
    assert session.query(Project).count() == 0
    load(session, folder / "first")
    session.commit()
    dump_package(session, folder / "again")
    names = sorted(path.name for path in (folder / "first").iterdir())
    assert names == sorted(path.name for path in (folder / "again").iterdir())
    for name in names:
        assert filecmp.cmp(folder / "first" / name, folder / "again" / name, shallow=False), name
    return folder / "first"


def march(session):
    return session.scalar(select(Period).where(Period.code == "2024-03"))


def totals(session, basis):
    report = consolidated(session, period=march(session), basis=basis)
    return [repr(row) for row in report.rows]


@pytest.fixture
def corrected(session):
    """A report of March under correction: the draft says more than what was sent."""
    load(session, DEMO)
    money, report = session.execute(
        select(Disbursement, Submission)
        .join(Disbursement.entry)
        .join(Submission, Submission.id == ProgressEntry.submission_id)
        .where(Submission.period_id == march(session).id, Submission.status == "submitted")
    ).first()
    open_for_correction(session, report, at=AT, actor=CLERK)
    money.completed += 1_000_000
    session.flush()
    return report


@pytest.mark.parametrize("basis", ["submitted", "accepted"])
def test_what_stands_of_a_report_under_correction_counts_on(session, corrected, tmp_path, basis):
    before = totals(session, basis)
    folder = moved(session, tmp_path)
    assert totals(session, basis) == before
    kept = session.scalars(select(Sending)).one()
    assert (kept.stands_submitted, kept.submission.status) == (True, "draft")
    rows = list(
        csv.DictReader((folder / "sent_disbursements.csv").read_text(encoding="utf-8").splitlines())
    )
    assert rows
    assert rows[0]["number"] == "1"


def test_no_report_counts_twice_whatever_the_file_says(session, corrected, tmp_path):
    """Which sending counts is worked out: here the file says it of a report that counts itself."""
    dump_package(session, tmp_path)
    session.rollback()
    code, period = corrected_code(tmp_path)
    path = tmp_path / "submissions.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            f"{code},{period},draft", f"{code},{period},submitted"
        ),
        encoding="utf-8",
        newline="",
    )
    load(session, tmp_path)
    kept = session.scalars(select(Sending)).one()
    assert (kept.stands_submitted, kept.submission.status) == (False, "submitted")


def test_a_report_to_which_sendings_are_added_is_another_one(session, corrected, tmp_path):
    """For pages that are open from before, and for a version that is being computed."""
    dump_package(session, tmp_path / "rest")
    session.rollback()
    (tmp_path / "kept").mkdir()
    for name in ("sendings", "sent_entries", "sent_disbursements"):
        (tmp_path / "rest" / f"{name}.csv").rename(tmp_path / "kept" / f"{name}.csv")
    load(session, tmp_path / "rest")
    session.commit()
    versions = dict(session.execute(select(Submission.id, Submission.version)).all())
    seen = stamp(session, march(session))
    load(session, tmp_path / "kept")
    session.commit()
    kept = session.scalars(select(Sending)).one()
    assert kept.stands_submitted
    changed = {
        row.id for row in session.scalars(select(Submission)) if row.version > versions[row.id]
    }
    assert changed == {kept.submission_id}
    assert stamp(session, march(session)) != seen
    assert list(prove_counted(session)) == []


def corrected_code(folder):
    with (folder / "sendings.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    return row["investor_code"], row["period"]


def spoil(folder, name, old, new):
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


@pytest.mark.parametrize(
    ("name", "old", "new", "column"),
    [
        ("sendings.csv", "waiting", "lost", "outcome"),
        ("sendings.csv", "waiting", "returned", "stands_accepted"),
        ("sendings.csv", ",2024-03,1,", ",2024-03,0,", "number"),
        ("sent_entries.csv", ",2024-03,1,", ",2024-03,2,", "investor_code"),
        ("sent_disbursements.csv", ",2024-03,1,", ",2024-03,2,", "project_code"),
        ("sent_disbursements.csv", ",NSTW,", ",NSX,", "project_code"),
    ],
)
def test_a_fault_in_a_kept_sending_is_named(session, corrected, tmp_path, name, old, new, column):
    dump_package(session, tmp_path)
    session.rollback()
    spoil(tmp_path, name, old, new)
    with pytest.raises(PackageRefused) as refused:
        load(session, tmp_path)
    assert (name, column) in {(one.file, one.column) for one in refused.value.problems}


@pytest.mark.parametrize(
    "said", ["[1]", "{}", '[{"rule": "V3"}]', '[{"rule": "V3", "subject": 1, "text": "x"}]', "x"]
)
def test_explanations_of_a_sending_that_cannot_be_read_are_named(
    session, corrected, tmp_path, said
):
    kept = session.scalars(select(Sending)).one()
    kept.explanations = [{"rule": "V3", "subject": "report", "text": "Đã đối chiếu"}]
    session.flush()
    dump_package(session, tmp_path)
    session.rollback()
    lines = list(csv.reader((tmp_path / "sendings.csv").read_text(encoding="utf-8").splitlines()))
    at = lines[0].index("explanations")
    assert json.loads(lines[1][at])[0]["text"] == "Đã đối chiếu"
    lines[1][at] = said
    with (tmp_path / "sendings.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(lines)
    with pytest.raises(PackageRefused) as refused:
        load(session, tmp_path)
    [problem] = refused.value.problems
    assert (problem.file, problem.line, problem.column) == ("sendings.csv", 2, "explanations")


def test_who_was_put_on_and_taken_off_by_hand_stays_so(session, tmp_path):
    load(session, DEMO)
    period = march(session)
    off = period.expected[0].investor
    listed = [row.investor_id for row in period.expected]
    on = session.scalars(select(Investor).where(Investor.id.not_in(listed))).first()
    release_unit(session, period, off, reason="Giao đơn vị khác")
    expect_unit(session, period, on, reason="Tiếp nhận nhiệm vụ")
    codes = off.code, on.code
    moved(session, tmp_path)
    listed = {row.investor.code for row in march(session).expected}
    assert [code in listed for code in codes] == [False, True]
    rows = session.scalars(select(ExpectedChange).order_by(ExpectedChange.at)).all()
    assert [(row.added, row.by_hand, row.details) for row in rows] == [
        (False, True, {"reason": "Giao đơn vị khác"}),
        (True, True, {"reason": "Tiếp nhận nhiệm vụ"}),
    ]


def test_who_came_after_the_lock_is_not_missing_in_a_locked_month(district_session, tmp_path):
    """Found: loaded by the command, which settles lists, the unit was expected there, and late."""
    session = district_session
    before, project = make_investor(session, code="X-1"), make_project(session)
    work, lists = make_project(session, investor=before), {}
    for code in ("2024-02", "2024-03"):
        opened = open_period(session, code, at=AT)
        lists[code] = sorted((before.code, project.investor.code))
        if code == "2024-02":
            lock_period(session, opened, at=AT)
    late = make_project(session)  # at work since January, entered once February was locked
    work.end_on = date(2024, 1, 31)
    settle_periods(session, session.query(Period))
    lists["2024-03"] = sorted((project.investor.code, late.investor.code))
    moved(session, tmp_path)
    for period in session.query(Period):
        assert sorted(one.investor.code for one in period.expected) == lists[period.code]


@pytest.mark.parametrize("starts", [date(2024, 1, 1), date(2025, 1, 15)])
def test_people_projects_and_reports_stay_with_their_unit_where_a_code_is_used_again(
    district_session, tmp_path, starts
):
    """Found: the account of a unit that ended had become one of the new unit with its code; a draft
    of each in one month, or a project of the next year, and nothing could be loaded at all.
    """
    session = district_session
    unit = make_investor(session, code="X-06391")
    december = open_period(session, "2024-12", at=AT)
    for start in (date(2024, 1, 1), starts):
        make_project(session, investor=unit, start_on=start, end_on=date(2025, 12, 31))
    project = session.query(Project).first()
    report = make_submission(session, investor=unit, period=december)
    make_entry(session, project=project, submission=report, progress_text="Đang làm")
    new = NewUnit(
        code="X-06391", kind=InvestorKind.COMMUNE, name="UBND xã mới", short_name="Xã mới"
    )
    day = date(2024, 12, 20)
    merge(
        session,
        [unit],
        new,
        Act(effective_on=day, decision=make_decision(session), at=AT, actor=CLERK),
    )
    settle_periods(session, [december])
    heir = session.scalar(select(Investor).where(Investor.valid_from == day))
    make_user(session, role="investor", username="cu", investors=[unit])
    make_user(session, role="investor", username="ca-hai", investors=[unit, heir])

    def owners():
        return {
            "users": {
                one.username: sorted(of.valid_from for of in one.investors)
                for one in session.query(User)
            },
            "projects": {one.code: one.investor.valid_from for one in session.query(Project)},
            "reports": sorted(one.investor.valid_from for one in session.query(Submission)),
        }

    before = owners()
    folder = moved(session, tmp_path)
    assert owners() == before
    assert before["users"] == {"cu": [date(2020, 1, 1)], "ca-hai": [date(2020, 1, 1), day]}
    assert sum(load(session, folder).added.values()) == 0


def test_an_exemption_that_lasts_comes_back_in_the_months_it_reaches(district_session, tmp_path):
    """Found: they had been opened before it came, and the unit stood as missing there."""
    session = district_session
    project = make_project(session)
    months = [open_period(session, f"2024-0{n}", at=AT) for n in (2, 3, 4, 5)]
    [first, *_rest] = (month.expected[0] for month in months)
    set_exemption(session, first, reason="Chưa có vốn", until=date(2024, 4, 30))
    before = [month.expected[0].exempt_until for month in months]
    assert before == [*[date(2024, 4, 30)] * 3, None]
    code = project.investor.code
    moved(session, tmp_path)
    rows = session.query(ExpectedReport).join(Period).order_by(Period.data_to).all()
    assert [(one.investor.code, one.exempt_until) for one in rows] == [(code, x) for x in before]
    assert {one.exempt_reason for one in rows[:3]} == {"Chưa có vốn"}


def test_a_confirmed_year_stays_confirmed_with_its_days(session, tmp_path):
    load(session, DEMO)
    seed_holidays(session, [2028])
    confirm_year(session, 2028, note="Thông báo 12", at=AT, actor=CLERK)
    moved(session, tmp_path)
    year = session.get(HolidayYear, 2028)
    assert (year.confirmed_at, year.confirmed_by, year.note) == (AT, "Anh Cường", "Thông báo 12")
    days = select(func.count()).where(Holiday.day.between(date(2028, 1, 1), date(2028, 12, 31)))
    assert session.scalar(days) == len(seed_days(2028))


@pytest.mark.parametrize("left", [0, 1])
def test_days_that_people_took_out_do_not_come_back(session, tmp_path, left):
    load(session, DEMO)
    of_year = Holiday.day.between(date(2024, 1, 1), date(2024, 12, 31))
    keep = session.scalars(select(Holiday.id).where(of_year).limit(left)).all()
    session.execute(delete(Holiday).where(of_year, Holiday.id.not_in(keep)))
    moved(session, tmp_path)
    open_period(session, "2024-04", at=AT)
    assert session.scalar(select(func.count()).where(of_year)) == left

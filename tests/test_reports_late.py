"""The late list: the right answers of the demonstration, and the second that decides."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models import ExpectedReport, Period
from models.calendar import put_setting
from models.duty import open_period
from reports.late import grid, late
from tests.factories import (
    make_expected,
    make_investor,
    make_period,
    make_sending,
    make_submission,
)

DEMO = Path(__file__).parent.parent / "models/exchange/demo"
TAKEN = datetime.fromisoformat("2024-04-16T09:00+07:00")
DEADLINE = datetime(2024, 4, 9, 16, 59, 59, tzinfo=UTC)


@pytest.fixture
def march(session):
    return make_period(session)


def unit(session, period, first=None, **given):
    investor = make_investor(session)
    make_expected(session, period, investor, **given)
    if first is not None:
        make_submission(
            session, period=period, investor=investor, status="submitted", first_submitted_at=first
        )
    return investor


def listed(session, period, *, as_of=TAKEN, show_all=True):
    rows = late(session, period=period, as_of=as_of, show_all=show_all)
    return [(row.status, row.days_late) for row in rows]


def test_demo_gives_the_right_answers(session, load_demo):
    load_demo(TAKEN)
    period = session.query(Period).filter_by(code="2024-03").one()
    expected = (DEMO / "expected" / "late-2024-03-as-of-2024-04-16T0900.csv").read_text()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["code", "status", "days_late"])
    for row in late(session, period=period, as_of=TAKEN, show_all=True):
        writer.writerow([row.code, row.status, row.days_late])
    assert out.getvalue() == expected
    short = late(session, period=period, as_of=TAKEN)
    assert [row.code for row in short] == ["P-VHTT", "X-06388", "X-06391"]
    assert [row.no for row in short] == [1, 2, 3]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, ("on_time", 0)), (0, ("on_time", 0)), (1, ("late", 1)), (86_401, ("late", 2))],
)
def test_one_second_decides(session, march, seconds, expected):
    unit(session, march, DEADLINE + timedelta(seconds=seconds))
    assert listed(session, march) == [expected]


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0, []), (1, [("missing", 1)]), (86_401, [("missing", 2)])]
)
def test_nobody_is_missing_before_the_deadline(session, march, seconds, expected):
    unit(session, march)
    assert listed(session, march, as_of=DEADLINE + timedelta(seconds=seconds)) == expected


def test_the_list_as_of_a_moment_knows_nothing_later(session, march):
    unit(session, march, TAKEN + timedelta(seconds=1))
    assert listed(session, march) == [("missing", 7)]


def test_an_exempt_unit_is_neither_late_nor_missing(session, march):
    unit(session, march, exempt_reason="Không có vốn")
    assert listed(session, march) == [("exempt", 0)]
    assert listed(session, march, show_all=False) == []


def test_an_exemption_that_ended_before_the_period_does_not_count(session, march):
    unit(session, march, exempt_reason="x", exempt_until=march.data_to - timedelta(1))
    assert listed(session, march) == [("missing", 7)]


def test_an_exemption_until_the_last_day_of_the_period_counts(session, march):
    unit(session, march, exempt_reason="x", exempt_until=march.data_to)
    assert listed(session, march) == [("exempt", 0)]


def test_a_unit_with_an_extension_has_its_own_deadline(session, march):
    unit(
        session,
        march,
        DEADLINE + timedelta(days=1),
        deadline_at=DEADLINE + timedelta(days=1),
        deadline_reason="Mưa lũ",
    )
    assert listed(session, march) == [("on_time", 0)]


def test_resending_after_a_return_keeps_the_first_moment_and_is_noted(session, march):
    investor = make_investor(session)
    make_expected(session, march, investor)
    make_submission(
        session,
        period=march,
        investor=investor,
        status="submitted",
        first_submitted_at=DEADLINE,
        last_submitted_at=DEADLINE + timedelta(days=3),
    )
    [row] = late(session, period=march, as_of=TAKEN, show_all=True)
    assert (row.status, row.note) == ("on_time", "Nộp lại ngày 12/04/2024")


def test_figures_of_a_paper_typed_in_later_are_no_second_sending(session, march):
    investor = make_investor(session)
    make_expected(session, march, investor)
    report = make_submission(
        session, period=march, investor=investor, status="submitted",
        first_submitted_at=DEADLINE, last_submitted_at=DEADLINE + timedelta(days=3),
        received_via="paper", received_note="Số đến 321", received_by="Cán bộ",
    )  # fmt: skip
    make_sending(session, report, sent_at=DEADLINE + timedelta(days=3), outcome="returned")
    [row] = late(session, period=march, as_of=TAKEN, show_all=True)
    assert (row.status, row.note) == ("on_time", "")
    report.last_submitted_at = DEADLINE + timedelta(days=6)
    [row] = late(session, period=march, as_of=TAKEN, show_all=True)
    assert (row.status, row.note) == ("on_time", "Nộp lại ngày 15/04/2024")


def test_days_of_grace_affect_the_list_only(session, march):
    unit(session, march, DEADLINE + timedelta(days=1))
    put_setting(session, "grace_days", "1")
    assert listed(session, march) == [("on_time", 0)]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("before", "Trước ngày 10 của tháng thứ 1 sau tháng lấy số liệu, tính đến hết 23:59:59; "),
        ("on_or_before", "Chậm nhất ngày 10 của tháng thứ 1 sau tháng lấy số liệu, tính đến hết "),
    ],
)
def test_the_page_that_says_why_says_the_rule(session, march, client_for, rule, said):
    put_setting(session, "due_rule", rule)
    one = unit(session, march)
    page = client_for("leader").soup(f"/admin/reports/late/why?period=2024-03&investor={one.id}")
    assert said in page.select_one("dl.facts").text


def test_the_page_that_says_why_says_what_the_days_of_grace_do(session, march, client_for):
    put_setting(session, "grace_days", "1")
    units = [unit(session, march, DEADLINE + timedelta(hours=hours)) for hours in (-1, 3)]
    missing = unit(session, march)
    reader = client_for("leader")

    def said(one, as_of):
        address = f"/admin/reports/late/why?period=2024-03&investor={one.id}"
        page = reader.soup(f"{address}&as_of={as_of.isoformat()[:19]}Z")
        return page.select("dl.facts dd")[-1].get_text(strip=True)

    after = DEADLINE + timedelta(hours=5)
    assert said(units[0], after) == "Gửi trước hoặc đúng hạn nên đúng hạn."
    assert said(units[1], after).startswith("Gửi sau hạn nhưng trong số ngày châm chước")
    assert said(missing, DEADLINE) == "Chưa hết hạn nộp."
    assert said(missing, after).startswith("Đã hết hạn nộp; trong số ngày châm chước")
    assert said(missing, DEADLINE + timedelta(days=3)).startswith("Đã quá hạn mà chưa có")


def test_an_empty_list_says_the_same_on_the_page_and_on_paper(session, march, client_for):
    """By the moment that is asked about, not by that of asking."""
    reader = client_for("leader")
    for at, told in (
        ("2024-04-01T09:00", "Chưa hết hạn nộp."),
        ("2024-04-09T23:59:59.900000", "Chưa hết hạn nộp."),
        ("2024-04-10T00:00", "Không đơn vị nào"),
        ("2024-04-30T09:00", "Không đơn vị nào"),
    ):
        page = reader.soup(f"/admin/reports/late?period=2024-03&as_of={at}")
        assert [told in one.text for one in page.select(".empty")][:2] == [True, True]


def test_missed_in_year_counts_late_and_missing_months_up_to_this_one(session, march):
    february = make_period(session, "2024-02")
    april = make_period(session, "2024-04")
    investor = unit(session, march)
    for period in (february, april):
        make_expected(session, period, investor)
    [row] = late(session, period=march, as_of=datetime(2024, 6, 1, tzinfo=UTC))
    assert row.missed_in_year == 2


def test_the_year_of_the_closing_period_has_its_months_and_that_of_a_quarter_its_quarters(
    session, march
):
    investor = unit(session, march)
    quarter, closing = (open_period(session, code, at=TAKEN) for code in ("2024-Q1", "2024-13"))
    for period in (quarter, closing):
        if session.get(ExpectedReport, (investor.id, period.id)) is None:
            make_expected(session, period, investor)
    later = datetime(2025, 6, 1, tzinfo=UTC)
    counted = {
        period.code: late(session, period=period, as_of=later)[0].missed_in_year
        for period in (march, quarter, closing)
    }
    assert counted == {"2024-03": 1, "2024-Q1": 1, "2024-13": 2}


def test_the_grid_has_a_cell_for_every_unit_and_month(session, march):
    make_period(session, "2024-04")
    unit(session, march, DEADLINE)
    unit(session, march, DEADLINE + timedelta(seconds=1))
    result = grid(session, year=2024, as_of=TAKEN)
    assert [period.code for period in result.periods] == ["2024-03", "2024-04"]
    assert [[cell and cell.status.value for cell in row.cells] for row in result.rows] == [
        ["on_time", None],
        ["late", None],
    ]


def test_list_and_grid_cost_the_same_for_1_and_20_units(session, march, count_queries):
    counts = []
    for units in (1, 19):
        for _n in range(units):
            unit(session, march)
        session.commit()
        period = session.query(Period).one()
        with count_queries() as seen:
            list(late(session, period=period, as_of=TAKEN))
            grid(session, year=2024, as_of=TAKEN)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12

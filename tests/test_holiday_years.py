"""A year's days off are known only when somebody has confirmed the notice for it."""

from datetime import UTC, date, datetime

import pytest

from models import Holiday, HolidayYear, Period, RuleBroken
from models.base import Actor, local_day
from models.calendar import (
    confirm_year,
    is_provisional,
    seed_holidays,
    take_back_confirmation,
    years_of_days,
)
from models.duty import open_period, weigh_provisional
from tests.factories import make_project
from tests.test_admin_review import key
from tests.test_cli import run  # noqa: F401  fixture

AT = datetime(2026, 11, 26, tzinfo=UTC)
CLERK = Actor(None, "Nguyễn Văn A")
OPEN = "/admin/period/open/"
TET = {date(2027, 2, day) for day in range(4, 11)}


def confirm(session, year, **given):
    return confirm_year(session, year, **{"note": "TB 1/TB-BNV", "at": AT, "actor": CLERK} | given)


def test_one_day_typed_by_hand_makes_no_calendar(session):
    """Found: with one day of 2027 in the table a deadline fell into Tết."""
    session.add(Holiday(day=date(2027, 9, 3), kind="local_off", name="Bão"))
    session.flush()
    period = open_period(session, "2027-01", at=AT)
    assert local_day(period.deadline_at) not in TET
    assert {row.day for row in session.query(Holiday)} >= TET
    assert "Tạm tính: chưa xác nhận thông báo ngày nghỉ năm 2027." in period.deadline_reason


def test_a_day_that_was_taken_out_of_a_filled_in_year_stays_out(session):
    seed_holidays(session, [2027])
    session.delete(session.query(Holiday).filter_by(day=date(2027, 2, 10)).one())
    session.flush()
    open_period(session, "2027-01", at=AT)
    assert session.query(Holiday).filter_by(day=date(2027, 2, 10)).count() == 0


@pytest.mark.parametrize(
    ("code", "is_marked"),
    [("2024-03", False), ("2026-11", False), ("2026-12", True), ("2026-13", True)],
)
def test_what_rests_on_a_year_without_a_notice_is_provisional(session, code, is_marked):
    assert is_provisional(open_period(session, code, at=AT).deadline_reason) is is_marked


def test_a_confirmed_year_is_known(session):
    seed_holidays(session, [2027])
    row = confirm(session, 2027, note=" ")
    assert (row.confirmed_at, row.confirmed_by, row.note) == (AT, "Nguyễn Văn A", None)
    assert not is_provisional(open_period(session, "2026-12", at=AT).deadline_reason)
    [found] = [one for one in years_of_days(session) if one.year == 2027]
    assert found.is_confirmed
    with pytest.raises(RuleBroken, match="already"):
        confirm(session, 2027)
    take_back_confirmation(session, 2027)
    with pytest.raises(RuleBroken, match="Nobody"):
        take_back_confirmation(session, 2027)
    assert is_provisional(open_period(session, "2027-03", at=AT).deadline_reason)


def test_confirming_takes_the_remark_off_but_moves_no_deadline(session):
    december, january = (open_period(session, code, at=AT) for code in ("2026-12", "2027-01"))
    due = december.deadline_at, january.deadline_at
    day = local_day(january.deadline_at)
    session.add(Holiday(day=day, kind="local_off", name="Bão"))
    confirm(session, 2027)
    [(period, fresh)] = weigh_provisional(session, at=AT)
    assert period is january
    assert local_day(fresh.deadline_at) > day
    assert (december.deadline_at, january.deadline_at) == due
    assert not is_provisional(december.deadline_reason)
    assert is_provisional(january.deadline_reason)


@pytest.mark.parametrize("year", [2024, 2026])
def test_years_of_published_notices_need_no_confirmation(session, year):
    with pytest.raises(RuleBroken, match="already"):
        confirm(session, year)
    with pytest.raises(RuleBroken, match="no day"):
        confirm(session, 2031)


def test_opening_asks_while_the_year_is_not_confirmed(session, client_for):
    officer = client_for("officer")
    asked = officer.post_form(OPEN, key(officer, OPEN) | {"code": "2027-01"})
    assert asked.status_code == 422
    assert "chưa có ai xác nhận ngày nghỉ" in asked.text
    assert "Tạm tính: chưa xác nhận thông báo ngày nghỉ năm 2027." in asked.text
    assert session.query(Period).count() == 0
    yes = key(officer, OPEN) | {"code": "2027-01", "provisional": "yes"}
    assert officer.post_form(OPEN, yes).status_code == 303
    period = session.query(Period).one()
    assert is_provisional(period.deadline_reason)
    project = make_project(session, end_on=date(2027, 12, 31))
    mine = client_for("investor", project.investor)
    for client, url in (
        (officer, "/admin/review/2027-01"),
        (officer, f"/admin/period/details/?id={period.id}"),
        (officer, "/admin/reports/late?period=2027-01"),
        (mine, "/admin/my-report/2027-01"),
    ):
        assert "Tạm tính" in client.soup(url).text, url


def test_the_screen_confirms_a_year_and_takes_it_back(session, client_for):
    officer = client_for("officer")
    assert officer.post_form("/admin/holiday/fill/", {"year": "2027"}).status_code == 302
    assert "chưa xác nhận, tạm tính" in officer.soup("/admin/holiday/").text
    open_period(session, "2027-01", at=AT)
    for year in ("2031", "x", "1"):
        officer.post_form("/admin/holiday/confirm/", {"year": year})
    assert session.query(HolidayYear).filter(HolidayYear.confirmed_at.is_not(None)).count() == 0
    form = {"year": "2027", "note": "TB 6150/TB-BNV"}
    assert officer.post_form("/admin/holiday/confirm/", form).status_code == 302
    page = officer.soup("/admin/holiday/").text
    assert "TB 6150/TB-BNV" in page
    session.expire_all()
    assert not is_provisional(session.query(Period).one().deadline_reason)
    officer.post_form("/admin/holiday/confirm/", {"year": "2027", "action": "end"})
    assert "chưa xác nhận, tạm tính" in officer.soup("/admin/holiday/").text


@pytest.mark.parametrize("role", ["finance", "leader", "auditor"])
def test_only_who_keeps_the_calendar_confirms_it(session, client_for, role):
    seed_holidays(session, [2027])
    client = client_for(role)
    client.post_form("/admin/holiday/confirm/", {"year": "2027"})
    assert session.get(HolidayYear, 2027).confirmed_at is None
    assert not client.soup("/admin/holiday/").select("form[action*=confirm]")


def test_the_command_confirms_and_opening_warns(session, run):  # noqa: F811
    told = run("periods", "open", "2026-12")
    assert "Tạm tính" in told.stdout
    assert "holidays confirm" in told.stderr
    run("holidays", "confirm", "2031", fails=True)
    run("holidays", "confirm", "1999", fails=True)
    run("holidays", "confirm", "2027", "--note", "TB 6150/TB-BNV")
    row = session.get(HolidayYear, 2027)
    assert (row.confirmed_by, row.note) == ("holidays confirm", "TB 6150/TB-BNV")
    assert not is_provisional(session.query(Period).one().deadline_reason)
    run("holidays", "confirm", "2027", fails=True)
    run("holidays", "confirm", "2027", "--take-back")
    assert "holidays confirm" not in run("periods", "open", "2026-11").stderr

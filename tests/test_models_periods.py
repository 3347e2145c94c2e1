"""Periods: opened once, resolved and stored; locked, reopened, overridden with reasons."""

from datetime import UTC, date, datetime

import pytest

from models import DISTRICT, AuditEntry, Holiday, RuleBroken, db
from models.base import NotFound, at_local, local
from models.calendar import deadline_settings, put_setting, seed_holidays
from models.duty import (
    get_period,
    lock_period,
    open_period,
    override_deadline,
    reopen_period,
    set_exemption,
)
from tests.factories import make_expected, make_investor, make_period, make_project

AT = datetime(2024, 4, 1, tzinfo=UTC)


def test_opening_stores_window_deadline_and_reason(session):
    period = open_period(session, "2024-02", at=AT)
    assert (period.data_from, period.data_to) == (date(2024, 2, 1), date(2024, 2, 29))
    assert f"{local(period.deadline_at):%d/%m/%Y %H:%M:%S}" == "11/03/2024 23:59:59"
    assert "thứ Bảy" in period.deadline_reason


def test_a_stored_deadline_stays_when_settings_and_days_off_change(session):
    period = open_period(session, "2024-03", at=AT)
    before = period.deadline_at
    put_setting(session, "due_day", "20")
    session.add(Holiday(day=date(2024, 4, 9), kind="local_off", name="Bão"))
    session.flush()
    session.refresh(period)
    assert period.deadline_at == before
    assert local(open_period(session, "2024-04", at=AT).deadline_at).day == 20


def test_the_table_of_days_off_decides_and_edited_days_stay(session):
    seed_holidays(session, [2024])
    session.add(Holiday(day=date(2024, 4, 9), kind="local_off", name="Bão"))
    session.flush()
    assert local(open_period(session, "2024-03", at=AT).deadline_at).day == 10
    assert seed_holidays(session, [2024]) == 0


def test_opening_twice_is_refused(session):
    open_period(session, "2024-03", at=AT)
    with pytest.raises(RuleBroken, match="already open"):
        open_period(session, "2024-03", at=AT)
    with pytest.raises(NotFound):
        get_period(session, "2024-04")


def test_closing_period_belongs_to_the_year_before(session):
    period = open_period(session, "2024-13", at=AT)
    assert (period.kind.value, period.budget_year) == ("closing", 2024)
    assert (period.data_from, period.data_to) == (date(2025, 1, 1), date(2025, 1, 31))
    assert local(period.deadline_at).date() == date(2025, 2, 10)  # the 9th is a Sunday


def test_expected_are_units_with_a_project_active_in_the_window(session):
    march = {"start_on": date(2024, 3, 31), "end_on": date(2024, 4, 30)}
    begins = make_project(session, **march)
    ends = make_project(session, start_on=date(2024, 1, 1), end_on=date(2024, 3, 1))
    suspended = make_project(session, status="suspended")
    make_project(session, start_on=date(2024, 4, 1))
    make_project(session, start_on=date(2024, 1, 1), end_on=date(2024, 2, 29))
    make_project(session, status="planned")
    make_project(session, investor=make_investor(session, valid_to=date(2024, 2, 29)))
    make_investor(session)

    period = open_period(session, "2024-03", at=AT)

    expected = {row.investor_id for row in period.expected}
    assert expected == {begins.investor_id, ends.investor_id, suspended.investor_id}


def test_lock_and_reopen_with_a_reason_in_the_audit_trail(app, session):
    make_period(session)
    session.commit()
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        period = get_period(own, "2024-03")
        lock_period(own, period, at=AT)
        with pytest.raises(RuleBroken, match="already locked"):
            lock_period(own, period, at=AT)
        with pytest.raises(RuleBroken, match="reason"):
            reopen_period(own, period, reason=" ", at=AT)
        reopen_period(own, period, reason="Sai số liệu", at=AT)
        own.commit()
        assert not period.is_locked(AT)
        with pytest.raises(RuleBroken, match="not locked"):
            reopen_period(own, period, reason="x", at=AT)
    noted = session.query(AuditEntry).filter_by(action="reopen").one()
    assert noted.changes == {"reason": [None, "Sai số liệu"]}


def test_a_deadline_is_overridden_with_a_reason_after_the_window(session):
    period = make_period(session)
    with pytest.raises(RuleBroken, match="after"):
        override_deadline(
            session, period, deadline_at=at_local(period.data_to, local(AT).time()), reason="x"
        )
    moved = datetime(2024, 4, 15, 16, 59, 59, tzinfo=UTC)
    override_deadline(session, period, deadline_at=moved, reason="Mưa lũ")
    assert (period.deadline_at, period.deadline_reason) == (moved, "Mưa lũ")


def test_exemption_needs_a_reason_and_can_be_taken_back(session):
    expected = make_expected(session, make_period(session), make_investor(session))
    with pytest.raises(RuleBroken):
        set_exemption(session, expected, reason="", until=None)
    set_exemption(session, expected, reason="Không có vốn", until=date(2024, 12, 31))
    assert expected.exempt_reason
    set_exemption(session, expected, reason=None, until=None)
    assert expected.exempt_until is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("due_day", "0"),
        ("due_day", "29"),
        ("due_day", "mười"),
        ("due_month_offset", "4"),
        ("due_rule", "maybe"),
        ("due_time", "25:00"),
        ("grace_days", "-1"),
        ("district_name", " "),
        ("unknown", "1"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_its_name(session, key, value):
    with pytest.raises(RuleBroken) as refusal:
        put_setting(session, key, value)
    assert refusal.value.field == key


def test_settings_begin_with_the_reading_of_the_letter(session):
    settings = deadline_settings(session)
    assert (settings.due_day, settings.due_rule.value, settings.due_month_offset) == (
        10,
        "before",
        1,
    )


@pytest.mark.parametrize("code", ["2000-01", "2100-10", "2100-11", "2100-Q4", "2100-13"])
def test_every_period_that_has_a_code_can_be_opened(session, code):
    period = open_period(session, code, at=AT)
    assert period.deadline_at.date() > period.data_to

"""When reports are due: the whole table of domain §5.3, the days of §5.4, the clock of Vietnam."""

import time as server_clock
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest
import time_machine

from models.base import HANOI, RuleBroken, at_local, end_of_day, local, local_day, now, today
from models.calendar import (
    Cutoff,
    DayKind,
    DeadlineSettings,
    DueRule,
    HolidayShift,
    PeriodCode,
    Punctuality,
    days_late,
    is_day_off,
    punctuality,
    resolve,
    seed_days,
)

YEARS = (2024, 2025, 2026)
SEEDED = [off for year in YEARS for off in seed_days(year)]
TABLE = {off.day: off.kind for off in SEEDED}
NAMES = {off.day: off.name for off in SEEDED}

STRICT = DeadlineSettings(holiday_shift=HolidayShift.NONE)
DEFAULT = DeadlineSettings()
INCLUSIVE = DeadlineSettings(due_rule=DueRule.ON_OR_BEFORE)
EARLIER = DeadlineSettings(holiday_shift=HolidayShift.PREVIOUS)
COLUMNS = (STRICT, DEFAULT, INCLUSIVE, EARLIER)

# Domain §5.3: due month → day and month of A, B, C, P. In all other months 9, 9, 10, 9.
MOVED = {
    (2024, 2): ("09/02", "15/02", "15/02", "07/02"),
    (2024, 3): ("09/03", "11/03", "11/03", "08/03"),
    (2024, 6): ("09/06", "10/06", "10/06", "07/06"),
    (2024, 8): ("09/08", "09/08", "12/08", "09/08"),
    (2024, 11): ("09/11", "11/11", "11/11", "08/11"),
    (2025, 2): ("09/02", "10/02", "10/02", "07/02"),
    (2025, 3): ("09/03", "10/03", "10/03", "07/03"),
    (2025, 5): ("09/05", "09/05", "12/05", "09/05"),
    (2025, 8): ("09/08", "11/08", "11/08", "08/08"),
    (2025, 11): ("09/11", "10/11", "10/11", "07/11"),
    (2026, 1): ("09/01", "09/01", "12/01", "09/01"),
    (2026, 5): ("09/05", "11/05", "11/05", "08/05"),
    (2026, 8): ("09/08", "10/08", "10/08", "07/08"),
    (2026, 10): ("09/10", "09/10", "12/10", "09/10"),
}


def resolved(code, settings=DEFAULT, table=TABLE, names=NAMES):
    return resolve(PeriodCode.parse(code), settings, table, names)


def month_before(year, month):
    last = date(year, month, 1) - timedelta(days=1)
    return f"{last:%Y-%m}"


@pytest.mark.parametrize(("year", "month"), list(product(YEARS, range(1, 13))))
def test_the_table_of_due_days(year, month):
    due = [local(resolved(month_before(year, month), settings).deadline_at) for settings in COLUMNS]

    expected = MOVED.get(
        (year, month), tuple(f"{day}/{month:02d}" for day in ("09", "09", 10, "09"))
    )
    assert tuple(f"{moment:%d/%m}" for moment in due) == expected
    assert {(moment.year, moment.time()) for moment in due} == {(year, time(23, 59, 59))}


@pytest.mark.parametrize(
    ("code", "deadline"),
    [
        ("2024-03", "2024-04-09T16:59:59+00:00"),
        ("2024-12", "2025-01-09T16:59:59+00:00"),
        ("2024-Q1", "2024-04-09T16:59:59+00:00"),
        ("2024-Q4", "2025-01-09T16:59:59+00:00"),
        ("2024-13", "2025-02-10T16:59:59+00:00"),
    ],
)
def test_quarters_and_the_closing_period_follow_the_same_rule(code, deadline):
    assert resolved(code).deadline_at == datetime.fromisoformat(deadline)


@pytest.mark.parametrize(
    ("code", "settings", "reason"),
    [
        ("2024-03", DEFAULT, "Trước ngày 10/04/2024."),
        ("2024-03", INCLUSIVE, "Chậm nhất ngày 10/04/2024."),
        (
            "2024-02",
            DEFAULT,
            "Trước ngày 10/03/2024; 09/03/2024 là thứ Bảy nên lùi đến ngày làm việc tiếp theo "
            "11/03/2024 (thứ Hai).",
        ),
        (
            "2024-05",
            EARLIER,
            "Trước ngày 10/06/2024; 09/06/2024 là Chủ nhật nên đưa lên ngày làm việc liền trước "
            "07/06/2024 (thứ Sáu).",
        ),
        (
            "2024-01",
            DEFAULT,
            "Trước ngày 10/02/2024; 09/02/2024 là ngày nghỉ lễ “Giao thừa Tết Nguyên Đán” nên lùi "
            "đến ngày làm việc tiếp theo 15/02/2024 (thứ Năm).",
        ),
        ("2024-02", STRICT, "Trước ngày 10/03/2024."),
    ],
)
def test_the_reason_is_a_sentence_that_a_letter_can_print(code, settings, reason):
    assert resolved(code, settings).reason == reason


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (DayKind.HOLIDAY, "ngày nghỉ lễ"),
        (DayKind.COMPENSATORY, "ngày nghỉ bù"),
        (DayKind.SWAP_OFF, "ngày nghỉ hoán đổi"),
        (DayKind.LOCAL_OFF, "ngày nghỉ tại địa phương"),
    ],
)
def test_every_kind_of_day_off_moves_the_deadline_and_is_named(kind, words):
    moved = resolved("2024-03", table={date(2024, 4, 9): kind}, names={})

    assert local_day(moved.deadline_at) == date(2024, 4, 10)
    assert f"09/04/2024 là {words} nên lùi đến" in moved.reason
    assert moved.nominal_day == date(2024, 4, 9)


def test_a_worked_saturday_moves_nothing():
    worked = {date(2024, 3, 9): DayKind.WORKING_OVERRIDE}

    assert resolved("2024-02", table=worked).reason == "Trước ngày 10/03/2024."


def test_the_office_adds_what_the_library_does_not_know():
    """02/01/2026 off for Saturday 10/01/2026 was decided on 25/12/2025, after the library."""
    assert not {date(2026, 1, 2), date(2026, 1, 10)} & set(TABLE)
    edited = TABLE | {
        date(2026, 1, 2): DayKind.SWAP_OFF,
        date(2026, 1, 10): DayKind.WORKING_OVERRIDE,
    }

    assert local_day(resolved("2025-12", INCLUSIVE).deadline_at) == date(2026, 1, 12)
    assert local_day(resolved("2025-12", INCLUSIVE, edited).deadline_at) == date(2026, 1, 10)


def test_a_table_without_working_days_is_refused():
    closed = {date(2024, 4, 1) + timedelta(days=n): DayKind.LOCAL_OFF for n in range(200)}

    with pytest.raises(RuleBroken, match="no working day"):
        resolved("2024-03", table=closed)


def test_other_settings():
    def due(**changes):
        return local(resolved("2024-03", DeadlineSettings(**changes), {}).deadline_at)

    assert due(due_month_offset=0).date() == date(2024, 3, 11)
    assert due(due_month_offset=3).date() == date(2024, 6, 10)
    assert due(due_day=1).date() == date(2024, 4, 1)  # 31/3 is a Sunday
    assert due(due_time=time(17, 0)) == datetime(2024, 4, 9, 17, 0, tzinfo=HANOI)
    assert due(grace_days=5) == due(cutoff=Cutoff.DAY_14) == due()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("due_month_offset", -1),
        ("due_month_offset", 4),
        ("due_day", 0),
        ("due_day", 29),
        ("grace_days", -1),
        ("grace_days", 16),
    ],
)
def test_settings_that_make_no_sense_are_refused(field, value):
    with pytest.raises(RuleBroken) as refused:
        DeadlineSettings(**{field: value})

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("year", "days_off", "worked"),
    [
        (
            2024,
            "01/01 08/02 09/02 10/02 11/02 12/02 13/02 14/02 18/04 29/04 30/04 01/05 02/09 03/09",
            "04/05",
        ),
        (
            2025,
            "01/01 27/01 28/01 29/01 30/01 31/01 01/02 07/04 30/04 01/05 02/05 01/09 02/09",
            "26/04",
        ),
        (
            2026,
            "01/01 16/02 17/02 18/02 19/02 20/02 26/04 27/04 30/04 01/05 31/08 01/09 02/09 24/11",
            "22/08",
        ),
    ],
)
def test_the_days_of_the_yearly_notices(year, days_off, worked):
    seeded = seed_days(year)

    off = [one for one in seeded if one.kind is not DayKind.WORKING_OVERRIDE]
    assert " ".join(f"{one.day:%d/%m}" for one in off) == days_off
    assert [f"{one.day:%d/%m}" for one in seeded if one not in off] == [worked]
    assert all(one.name and one.source_note and one.day.year == year for one in seeded)
    assert [one.day for one in seeded] == sorted({one.day for one in seeded})


def test_swapped_days_and_days_in_lieu_are_told_from_holidays():
    assert TABLE[date(2024, 4, 29)] is DayKind.SWAP_OFF
    assert TABLE[date(2025, 5, 2)] is DayKind.SWAP_OFF
    assert TABLE[date(2026, 8, 31)] is DayKind.SWAP_OFF
    assert TABLE[date(2026, 4, 27)] is DayKind.COMPENSATORY
    assert TABLE[date(2024, 4, 30)] is DayKind.HOLIDAY


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (date(2024, 5, 3), False),  # Friday
        (date(2024, 5, 4), True),  # Saturday, worked by the table
        (date(2024, 4, 29), False),  # Monday, off by the table
    ],
)
def test_only_the_table_changes_the_ordinary_week(day, off):
    assert is_day_off(day, {}) is off
    assert is_day_off(day, TABLE) is (not off if day in TABLE else off)


DEADLINE = resolved("2024-03").deadline_at
READ_AT = at_local(date(2024, 4, 16), time(9, 0))


@pytest.mark.parametrize(
    ("sent", "status", "late"),
    [
        ("2024-04-05T10:00:00", Punctuality.ON_TIME, 0),
        ("2024-04-07T20:15:00", Punctuality.ON_TIME, 0),
        ("2024-04-09T23:59:59", Punctuality.ON_TIME, 0),
        ("2024-04-10T00:00:00", Punctuality.LATE, 1),
        ("2024-04-10T23:59:59", Punctuality.LATE, 1),
        ("2024-04-15T08:30:00", Punctuality.LATE, 6),
    ],
)
def test_the_last_second_of_the_day_decides(sent, status, late):
    moment = datetime.fromisoformat(sent).replace(tzinfo=HANOI).astimezone(UTC)

    assert days_late(moment, DEADLINE) == late
    assert punctuality(first_submitted_at=moment, deadline_at=DEADLINE, as_of=READ_AT) is status


def test_the_last_second_lasts_until_midnight():
    sent = DEADLINE + timedelta(microseconds=999_999)

    assert days_late(sent, DEADLINE) == 0
    assert (
        punctuality(first_submitted_at=sent, deadline_at=DEADLINE, as_of=READ_AT)
        is Punctuality.ON_TIME
    )


def test_an_hour_late_on_the_due_day_is_a_day():
    at_five = at_local(date(2024, 4, 9), time(17, 0))

    assert days_late(at_five + timedelta(hours=1), at_five) == 1
    assert days_late(at_five + timedelta(hours=8), at_five) == 1


def test_what_has_not_come():
    def status(as_of, *, sent=None, exempt=False):
        return punctuality(
            first_submitted_at=sent, deadline_at=DEADLINE, as_of=as_of, exempt=exempt
        )

    assert status(DEADLINE) is Punctuality.PENDING
    assert status(DEADLINE + timedelta(seconds=1)) is Punctuality.MISSING
    assert status(READ_AT, exempt=True) is Punctuality.EXEMPT
    assert status(READ_AT, sent=READ_AT + timedelta(seconds=1)) is Punctuality.MISSING
    assert status(READ_AT, sent=READ_AT, exempt=True) is Punctuality.LATE


def test_the_days_a_missing_report_is_overdue():
    assert days_late(READ_AT, DEADLINE) == 7


@pytest.fixture(params=["UTC", "Asia/Ho_Chi_Minh", "America/Los_Angeles"])
def server_zone(request, monkeypatch):
    """The server's own clock, which must not matter."""
    monkeypatch.setenv("TZ", request.param)
    server_clock.tzset()
    yield request.param
    monkeypatch.undo()
    server_clock.tzset()


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-10-31T16:59:59+00:00", date(2026, 10, 31)),
        ("2026-10-31T17:00:00+00:00", date(2026, 11, 1)),
        ("2026-12-31T16:59:59+00:00", date(2026, 12, 31)),
        ("2026-12-31T17:00:00+00:00", date(2027, 1, 1)),
    ],
)
def test_days_and_years_change_at_midnight_in_vietnam(server_zone, instant, day):
    moment = datetime.fromisoformat(instant)

    assert local_day(moment) == day
    with time_machine.travel(moment, tick=False):
        server_clock.tzset()
        assert now() == moment
        assert today() == day


def test_the_end_of_a_day_is_the_same_instant_on_every_server(server_zone):
    assert end_of_day(date(2024, 4, 9)) == datetime(2024, 4, 9, 16, 59, 59, tzinfo=UTC)
    assert end_of_day(date(2024, 4, 9)).utcoffset() == timedelta(0)
    assert f"{local(DEADLINE):%H:%M:%S %d/%m/%Y}" == "23:59:59 09/04/2024"


def test_a_time_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="time zone"):
        local(datetime(2024, 4, 9, 12, 0))  # noqa: DTZ001

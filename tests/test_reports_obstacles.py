"""Biểu 05: which days put an obstacle on the list of a period, and how it stands there."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from models import DISTRICT, Obstacle, Period, Scope, db
from models.base import HANOI
from reports.obstacles import KEYS, counts, obstacles_by_part, open_of, overdue, unsolved
from tests.factories import make_investor, make_obstacle, make_period, make_project

FIRST, LAST = date(2024, 3, 1), date(2024, 3, 31)
LATER = datetime(2024, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def obstacles(session, **asked):
    return obstacles_by_part(session, **asked)[:]


@pytest.fixture
def march(session):
    return make_period(session)


def solved(session, day):
    return make_obstacle(
        session, state="solved", solved_on=day, solution="Đã có giống", raised_on=FIRST - DAY
    )


@pytest.mark.parametrize(("shift", "shown"), [(-1, 1), (0, 1), (1, 0)])
def test_raised_by_the_last_day_of_the_period(session, march, shift, shown):
    make_obstacle(session, raised_on=LAST + shift * DAY)
    assert len(obstacles(session, period=march, as_of=LATER)) == shown


@pytest.mark.parametrize(("shift", "shown"), [(-1, 0), (0, 1), (1, 1)])
def test_not_solved_before_the_first_day_of_the_period(session, march, shift, shown):
    solved(session, FIRST + shift * DAY)
    assert len(obstacles(session, period=march, as_of=LATER)) == shown


@pytest.mark.parametrize(
    ("shift", "state", "age"), [(-1, "solved", 30), (0, "solved", 31), (1, "open", 31)]
)
def test_it_stands_as_it_stood_at_the_end_of_the_period(session, march, shift, state, age):
    solved(session, LAST + shift * DAY)
    [row] = obstacles(session, period=march, as_of=LATER)
    assert (row.state, row.age_days) == (state, age)


@pytest.mark.parametrize(
    ("shift", "note"), [(-1, "Quá hạn 1 ngày"), (0, ""), (1, "")]
)  # promised, from the end of the period
def test_overdue_from_the_day_after_the_promised_one(session, march, shift, note):
    make_obstacle(session, promised_on=LAST + shift * DAY)
    [row] = obstacles(session, period=march, as_of=LATER)
    assert row.note == note


def test_each_obstacle_leads_to_the_register(session, march, client_for):
    obstacle = make_obstacle(session, raised_on=FIRST, content="Thiếu giống")
    page = client_for("leader").soup("/admin/reports/obstacles?period=2024-03")
    [link] = page.select(".obstacle-table td.words a")
    assert (link.text, link["href"]) == (
        "Thiếu giống",
        f"/admin/obstacle/details/?id={obstacle.id}",
    )


def test_solved_late_says_both(session, march):
    row = solved(session, date(2024, 3, 20))
    row.promised_on = date(2024, 3, 18)
    session.commit()
    [row] = obstacles(session, period=march, as_of=LATER)
    assert row.note == "Quá hạn 2 ngày; Giải quyết ngày 20/03/2024"


@pytest.mark.parametrize(
    ("as_of", "age"),
    [
        (datetime(2024, 3, 15, 23, 59, tzinfo=HANOI), 14),
        (datetime(2024, 3, 16, 0, 0, tzinfo=HANOI), 15),
        (datetime(2024, 3, 31, 23, 59, tzinfo=HANOI), 30),
        (datetime(2024, 4, 1, 0, 0, tzinfo=HANOI), 30),
    ],
)
def test_age_counts_to_the_moment_but_not_beyond_the_period(session, march, as_of, age):
    make_obstacle(session, raised_on=FIRST)
    [row] = obstacles(session, period=march, as_of=as_of)
    assert row.age_days == age


def test_what_was_solved_after_the_moment_is_not_known_yet(session, march):
    solved(session, date(2024, 3, 20))
    [row] = obstacles(session, period=march, as_of=datetime(2024, 3, 19, 5, tzinfo=UTC))
    assert (row.state, row.note) == ("open", "")
    [row] = obstacles(session, period=march, as_of=datetime(2024, 3, 20, 5, tzinfo=UTC))
    assert row.state == "solved"


def test_it_is_carried_from_month_to_month_until_it_is_solved(session):
    periods = [make_period(session, f"2024-0{n}") for n in range(1, 6)]
    solved(session, date(2024, 4, 2)).raised_on = date(2024, 2, 10)
    session.flush()
    found = [[row.state for row in obstacles(session, period=one, as_of=LATER)] for one in periods]
    assert found == [[], ["open"], ["open"], ["solved"], []]


def test_units_in_their_order_then_the_oldest_first(session, march):
    second = make_project(session, investor=make_investor(session, code="B", sort_order=2))
    first = make_project(session, investor=make_investor(session, code="A", sort_order=1))
    for project, day in ((second, 1), (first, 9), (first, 2)):
        make_obstacle(session, project=project, raised_on=date(2024, 3, day), state="in_hand")
    rows = obstacles(session, period=march, as_of=LATER)
    assert [(row.no, row.code, row.age_days) for row in rows] == [
        (1, "A", 29),
        (2, "A", 22),
        (3, "B", 30),
    ]
    assert {row.state for row in rows} == {"in_hand"}


def test_those_not_solved_are_those_that_the_list_says_are_not(session, march):
    for day in (LAST, LAST + DAY):
        solved(session, day)
    for solver in ("district", "province", "central"):
        make_obstacle(session, solver=solver, proposal="Sớm hướng dẫn")
    found = obstacles(session, period=march, as_of=LATER)
    still = [row.obstacle_id for row in found if row.state != "solved"]
    rows = unsolved(session, period=march, as_of=LATER)
    assert [row.obstacle_id for row in rows] == still
    assert len(still) == 4
    first = unsolved(session, period=march, as_of=LATER, most=3)
    assert first == rows[:3]
    [one] = unsolved(session, Obstacle.solver == "central", period=march, as_of=LATER)
    assert (one.no, one.obstacle_id) == (1, still[-1])


def test_counts_leave_out_what_is_solved(session, march):
    for cause, solver in (("site", "district"), ("site", "province"), ("staff", "province")):
        make_obstacle(session, cause=cause, solver=solver)
    solved(session, date(2024, 3, 20))
    causes, solvers = counts(session, period=march, as_of=LATER)
    assert causes == [("site", 2), ("staff", 1)]
    assert solvers == [("province", 2), ("district", 1)]


@pytest.mark.parametrize(("shift", "late"), [(-1, 1), (0, 0), (1, 0)])
def test_overdue_of_today(session, shift, late):
    today = date(2024, 3, 15)
    make_obstacle(session, promised_on=today + shift * DAY)
    make_obstacle(session)
    done = solved(session, date(2024, 3, 14))
    done.promised_on = today - 5 * DAY
    session.flush()
    found = overdue(session, today=today)
    assert overdue(session, today=today, most=1) == found[:1]
    assert len(found) == late
    if late:
        assert (found[0].promised_on, found[0].age_days) == (today - DAY, 29)


def test_open_ones_of_a_unit(session):
    mine = make_obstacle(session, state="in_hand")
    solved(session, date(2024, 3, 14))
    make_obstacle(session)
    session.commit()
    [row] = open_of(session, mine.investor_id, today=date(2024, 2, 15))
    assert (row.id, row.project, row.age_days) == (mine.id, mine.project.code, 0)


def test_the_scope_limits_every_list(app, session, march):
    mine, foreign = make_obstacle(session), make_obstacle(session, promised_on=FIRST)
    ids = mine.investor_id, foreign.investor_id
    session.commit()
    for scope, whole in ((Scope.of({ids[0]}), False), (DISTRICT, True)):
        with app.app_context():
            own = db.session()
            own.enter(scope)
            period = own.query(Period).one()
            assert len(obstacles(own, period=period, as_of=LATER)) == 1 + whole
            assert len(overdue(own, today=LAST)) == whole
            assert len(open_of(own, ids[1], today=LAST)) == whole
            own.rollback()


def test_a_part_is_read_when_it_is_looked_at(session, march, count_queries):
    for number in range(7):
        make_obstacle(session, content=f"Vướng mắc {number}")
    session.commit()
    whole = obstacles(session, period=march, as_of=LATER)

    with count_queries() as seen:
        found = obstacles_by_part(session, period=march, as_of=LATER)
        assert (len(found), found[2:4], found[3]) == (7, whole[2:4], whole[3])
    assert len(seen) == 3  # how many there are, what they were called, and those shown
    assert list(found) == found[:] == whole
    assert (found[0], found[-1], found[9:]) == (whole[0], whole[-1], [])


def test_one_query_for_1_and_for_20(session, march, count_queries):
    sent = []
    for number in (1, 19):
        for _n in range(number):
            make_obstacle(session, promised_on=FIRST)
        session.commit()
        period = session.query(Period).one()
        with count_queries() as seen:
            obstacles(session, period=period, as_of=LATER)
            overdue(session, today=LAST)
        sent.append(len(seen))
    assert sent == [4, 4]


def test_the_command_writes_the_same_rows(app, session, march):
    row = make_obstacle(session, content="=1+1", promised_on=LAST - DAY)
    session.commit()
    runner = app.test_cli_runner()
    asked = ["reports", "obstacles", "--period", "2024-03", "--as-of", "2024-06-01T09:00"]

    result = runner.invoke(args=[*asked, "--headers", "keys"])

    assert result.exit_code == 0, result.output
    heading, cells = csv.reader(io.StringIO(result.stdout.removeprefix("\ufeff")))
    assert tuple(heading) == KEYS
    found = dict(zip(heading, cells, strict=True))
    assert found["code"] == row.investor.code
    assert found["content"] == "'=1+1"
    assert (found["cause"], found["state"]) == ("season", "open")
    assert (found["promised_on"], found["note"]) == ("2024-03-30", "Quá hạn 1 ngày")

    words = runner.invoke(args=asked)
    assert ",season," not in words.stdout

    missing = runner.invoke(args=["reports", "obstacles", "--period", "2031-01"])
    assert missing.exit_code == 1
    assert "Traceback" not in missing.output

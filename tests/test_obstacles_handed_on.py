"""An obstacle that goes on with a successor is one obstacle, in every month and at every door."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from models import Actor, Obstacle
from models.duty import open_period
from models.reorganisation import Act, NewUnit, merge
from reports.obstacles import counts, obstacles_by_part, open_of, overdue, unsolved
from tests.factories import (
    make_allocation,
    make_decision,
    make_investor,
    make_obstacle,
    make_project,
)

AT = datetime(2024, 6, 10, 2, tzinfo=UTC)
DAY, BEFORE = date(2024, 5, 16), datetime(2024, 5, 10, 2, tzinfo=UTC)


@pytest.fixture
def session(district_session):
    return district_session


@pytest.fixture(params=["into a new unit", "into one that was there"])
def merged(request, session):
    """(months, the unit that ended, its successor); the obstacle was told in February."""
    units = [make_investor(session, short_name=name) for name in ("Cũ", "Cũ hai", "Có sẵn")]
    projects = [make_project(session, investor=unit) for unit in units]
    for project in projects:
        make_allocation(session, project=project)
    make_obstacle(session, project=projects[0], promised_on=date(2024, 3, 1))
    months = {code: open_period(session, code, at=AT) for code in ("2024-03", "2024-05", "2024-06")}
    new = NewUnit(code="N1", name="UBND xã Mới", short_name="Mới", kind="commune")
    into = new if request.param == "into a new unit" else units[2]
    decision = make_decision(session, issued_on=date(2024, 2, 1))
    act = Act(effective_on=DAY, decision=decision, at=AT, actor=Actor(None, "Cán bộ"))
    merge(session, units[:2], into, act)
    session.commit()
    heir = projects[0].investor if into is new else into
    return months, units[0], "Mới" if into is new else heir.short_name


def told(session, period, as_of):
    found = obstacles_by_part(session, period=period, as_of=as_of)
    one_by_one = unsolved(session, period=period, as_of=as_of)
    causes, _solvers = counts(session, period=period, as_of=as_of)
    assert sum(n for _cause, n in causes) == len(one_by_one)
    assert len(found) == len(list(found))
    return [(row.investor, row.state) for row in found], [row.investor for row in one_by_one]


def test_a_month_before_has_it_once_with_the_unit_of_then(session, merged):
    months, _old, heir = merged
    assert told(session, months["2024-03"], AT) == ([("Cũ", "open")], ["Cũ"])
    assert told(session, months["2024-05"], BEFORE) == ([("Cũ", "open")], ["Cũ"])
    both, left = told(session, months["2024-05"], AT)
    assert (sorted(both), left) == (sorted([("Cũ", "solved"), (heir, "open")]), [heir])
    assert told(session, months["2024-06"], AT) == ([(heir, "open")], [heir])


def test_what_is_open_is_open_with_the_unit_that_is_there_on_the_day(session, merged):
    """Also where the merger was entered before its day."""
    _months, old, heir = merged
    for day, name, many in ((date(2024, 5, 15), heir, 0), (BEFORE.date(), "Cũ", 1)):
        [late] = overdue(session, today=day)
        assert late.investor == name
        assert late.state.value == "open"
        assert len(open_of(session, old.id, today=day)) == many


@pytest.mark.parametrize("at", [BEFORE, AT])
@pytest.mark.usefixtures("merged")
def test_the_register_has_the_same_past_their_day_as_the_first_page(session, client_for, at):
    """Of a merger entered ahead it had the one of the unit that is not there yet."""
    with time_machine.travel(at, tick=False):
        officer = client_for("officer")
        rows = officer.soup("/admin/obstacle/?flt0_overdue=1").select("tbody tr")
        others = officer.soup("/admin/obstacle/?flt0_overdue=0").select("tbody tr")
    [late] = overdue(session, today=at.date())
    units = [[one.get_text(strip=True) for one in row.select("[data-label='Chủ đầu tư']")]
             for row in (*rows, *others)]  # fmt: skip
    assert units[0] == [late.investor]
    assert len(rows) == len(others) == 1
    assert units[1] != units[0]


@pytest.mark.parametrize(("at", "age"), [(BEFORE, 55), (datetime(2024, 6, 1, tzinfo=UTC), 60)])
def test_its_age_is_counted_to_today_until_the_unit_has_ended(session, merged, at, age):
    """The register and the list of the month count alike: raised on 16/3, ended with 15/5."""
    months, old, _heir = merged
    obstacle = session.scalar(select(Obstacle).where(Obstacle.investor_id == old.id))
    obstacle.raised_on = date(2024, 3, 16)
    session.flush()
    with time_machine.travel(at, tick=False):
        assert obstacle.age == age
        rows = obstacles_by_part(session, period=months["2024-05"], as_of=at)
        assert [row.age_days for row in rows if row.investor == "Cũ"] == [age]

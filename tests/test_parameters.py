"""No page, file or rule sends a statement that grows with the office: PostgreSQL takes
65,535 parameters in one, and an office may have more projects than that.
"""

import re
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from bench import offices
from models import (
    DISTRICT,
    Actor,
    Allocation,
    AllocationLine,
    Decision,
    Period,
    User,
    db,
)
from models.ledger.line_rules import too_low_when_it_came
from reports import findings
from reports.frozen import lock_and_freeze

MANY = 160  # units, each with a project; more than any statement has that does not grow
AT = datetime(2024, 5, 2, 2, tzinfo=UTC)
REPORTS = (
    "consolidated", "consolidated?group=investor&detail=project", "ranking",
    "late?all=1", "obstacles", "carry-over?detail=project", "allocation-changes", "charts",
    "pace?detail=project", "pace/why?investor=7", "late/why?investor=7", "treasury", "sentences",
    "explain?column=disbursed_total", "explain?column=plan_total", "explain?column=rate_total",
)  # fmt: skip
FILES = ("consolidated", "ranking", "late", "obstacles", "carry-over", "allocation-changes", "pace")


@pytest.fixture
def office(engine, session, client_for, monkeypatch):
    """An office of many units; of March there is a version, and what changed since."""
    with engine.begin() as connection:
        offices.fill(connection, offices.Size(MANY, 1, 4), date(2024, 4, 30))
    monkeypatch.setattr(findings, "AT_ONCE", 12)  # these are read by so many units at a time
    return session


@pytest.fixture
def longest(app):
    """The most parameters of one statement, by what sent it; rows put in are no question."""
    found = {}

    def note(_connection, _cursor, statement, parameters, _context, executemany):
        if not executemany and not statement.startswith("INSERT") and len(parameters) >= MANY:
            found[statement] = len(parameters)

    with app.app_context():
        one = db.engine
    sa.event.listen(one, "before_cursor_execute", note)
    yield found
    sa.event.remove(one, "before_cursor_execute", note)


def booked(capital, decision, **given):
    """A line on each of these, from the first of March on."""
    return [
        AllocationLine(
            investor_id=one.investor_id, allocation_id=one.id, decision=decision,
            effective_on=date(2024, 3, 1), **given,
        )
        for one in capital
    ]  # fmt: skip


def frozen(app, session):
    """March is locked and frozen; then an amount of each unit is changed, with its trail."""
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        march = own.scalars(sa.select(Period).where(Period.code == "2024-03")).one()
        lock_and_freeze(own, march, at=AT, actor=Actor(None, "Cán bộ"))
        own.commit()
        decision = own.scalars(sa.select(Decision)).one()
        year = sa.select(Allocation).where(Allocation.vintage == Allocation.budget_year)
        own.add_all(booked(own.scalars(year), decision, kind="supplement", amount=1_000))
        own.commit()


def test_no_page_and_no_file_asks_with_a_parameter_for_each_unit(
    app, office, client_for, longest, monkeypatch
):
    frozen(app, office)
    officer = client_for(office.scalars(sa.select(User).where(User.role == "officer")).one())
    menu = re.findall(
        r'href="(/admin/[a-z][^"#?0-9]*)"', officer.get("/admin/").get_data(as_text=True)
    )
    reports = [f"/admin/reports/{one}{'&' if '?' in one else '?'}period=2024-03" for one in REPORTS]
    files = [f"/admin/reports/{one}.csv?period=2024-04" for one in FILES]
    more = [
        "/admin/review/2024-04",
        "/admin/reports/consolidated?period=2024-04&group=investor&split=nature",
        "/admin/versions/2024-03/compare?a=1&b=now",
        *(f"/admin/{one}/export/csv/" for one in ("project", "entry", "submission", "allocation")),
    ]  # fmt: skip
    for address in dict.fromkeys([*menu, *reports, *files, *more]):
        reply = officer.get(address, follow_redirects=True)
        assert reply.status_code == 200, address
        assert not longest, (address, longest)
        assert reply.data


def test_rules_ask_with_one_parameter_for_all_rows_of_a_flush(app, office, longest):
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        decision = own.scalars(sa.select(Decision)).one()
        capital = own.scalars(sa.select(Allocation)).all()

        lines = booked(capital, decision, kind="adjust", amount=-1_000)
        own.add_all(lines)
        own.flush()
        assert too_low_when_it_came(own, lines) == []
        own.rollback()
    assert not longest

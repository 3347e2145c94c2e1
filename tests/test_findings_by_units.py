"""Findings of the ledger some units at a time: together they are those of all capital, whatever
mergers moved, for whom, on which day; and the pages together are the list.
"""

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from random import Random

import pytest
import sqlalchemy as sa

from admin.pages import checks as checks_page
from admin.pages import findings as findings_page
from admin.pages import report_part
from models import DISTRICT, AllocationLine, Investor, Scope, db
from models.catalogue import CapitalTransfer
from models.filing.checks import check_ledger
from reports import findings
from tests.factories import (
    make_allocation,
    make_decision,
    make_disbursement,
    make_entry,
    make_investor,
    make_line,
    make_org_event,
    make_period,
    make_project,
    make_submission,
)

LAST = date(2025, 1, 31)  # of what the year 2024 is closed with


@contextmanager
def looking(app, session, scope=DISTRICT):
    """The application's session, which sees what was arranged with the test's own."""
    session.commit()
    with app.app_context():
        own = db.session()
        own.enter(scope)
        yield own
        own.rollback()


def a_line(session, allocation, kind, amount, decision=None):
    """A line as it may have come before there was a rule against it."""
    decision = decision or make_decision(session)
    session.execute(
        sa.insert(AllocationLine).values(
            id=allocation.id * 10 + len(kind), investor_id=allocation.investor_id,
            allocation_id=allocation.id, kind=kind, decision_id=decision.id,
            amount=amount, effective_on=date(allocation.budget_year, 1, 1), version=1,
        )
    )  # fmt: skip


def random_office(session, chance, units=7):
    """Units with capital of some years, carried on or not, paid or not, and some of it moved from
    unit to unit, over several steps; some years are closed.
    """
    for code in ("2022-12", "2023-12", "2024-12"):
        make_period(session, code).status = chance.choice(["locked", "open"])
    closed = make_period(session, "2024-11")
    owners = [make_investor(session, sort_order=chance.randint(1, 3)) for _n in range(units)]
    held = []
    of_many = [make_decision(session, issued_on=date(year, 3, 1)) for year in (2021, 2023)]
    for owner in owners:
        sent = make_submission(session, period=closed, investor=owner, status="submitted")
        for _n in range(chance.randint(0, 3)):
            project = make_project(session, investor=owner)
            entry = make_entry(session, project=project, submission=sent)
            for vintage in chance.sample(range(2022, 2025), 2):
                for year in range(vintage, vintage + chance.randint(1, 3)):
                    key = {"project": project, "budget_year": year, "vintage": vintage}
                    one = make_allocation(session, None, **key)
                    kind = "initial" if vintage == year else "carry_in"
                    decision = chance.choice([*of_many, None])
                    a_line(session, one, kind, chance.randint(1, 5) * 100, decision)
                    if chance.random() < 0.3:
                        a_line(session, one, "recall", -100)
                    if year == 2024 and chance.random() < 0.5:
                        make_disbursement(session, entry, one, completed=100)
                    held.append(one)
    event = make_org_event(session)
    for _n in range(4):
        before, after = chance.sample(held, 2)
        session.add(
            CapitalTransfer(
                investor_id=before.investor_id, allocation_id=before.id, event_id=event.id,
                to_investor_id=after.investor_id, to_allocation_id=after.id,
                effective_on=date(2024, chance.randint(1, 12), 1),
            )
        )  # fmt: skip
        session.flush()
    session.commit()
    return owners


def told(found):
    return [(one.level, one.subject, one.message, one.figures) for one in found]


def by_parts(session, monkeypatch, at_once, day):
    """The list in parts of so many units, and how many findings each part has."""
    monkeypatch.setattr(findings, "LEDGER_AT_ONCE", at_once)
    at = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    many = findings.units_of_ledger(session)
    parts = [
        told(
            one.finding
            for one in findings.ledger_findings(
                session, at=at, units=slice(start, min(start + at_once, many))
            )
        )
        for start in range(0, max(many, 1), at_once)
    ]
    whole = told(one.finding for one in findings.ledger_findings(session, at=at))
    assert once([one for part in parts for one in part]) == whole
    return parts


def once(found):
    """What a decision gives to units of several parts is told with each of them."""
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("seed", range(6))
def test_units_by_units_is_the_whole_list(app, session, monkeypatch, seed):
    chance = Random(seed)
    owners = random_office(session, chance)
    some = frozenset(one.id for one in chance.sample(owners, 4))
    seen = []
    for scope in (DISTRICT, Scope.of(some)):
        for day in (LAST, LAST + timedelta(days=1)):
            with looking(app, session, scope) as own:
                whole = told(check_ledger(own, day=day))
                seen.append(Counter(whole))
                for at_once in (1, 2, 5, len(owners)):
                    parts = by_parts(own, monkeypatch, at_once, day)
                    assert Counter(once(chain.from_iterable(parts))) == Counter(whole)
                    for part in parts:
                        levels = [level for level, *_more in part]
                        assert levels == sorted(levels, key=["error", "warning"].index)
    assert seen[0]
    assert seen[2] != seen[0]


def test_the_days_beside_the_end_of_a_year(app, session, monkeypatch):
    """A year that is closed by its December is closed when the January after it is over."""
    make_period(session, "2024-12").status = "locked"
    for _n in range(3):
        make_allocation(session, 500, budget_year=2024, vintage=2023)
    found = []
    for day in (LAST - timedelta(days=1), LAST, LAST + timedelta(days=1)):
        with looking(app, session) as own:
            found.append(sum(map(len, by_parts(own, monkeypatch, 2, day))))
    assert found == [0, 0, 3]


@pytest.mark.parametrize(
    ("more", "level"), [(-1, ["warning"]), (0, []), (1, ["error"])], ids=["less", "all", "more"]
)
def test_a_dong_beside_what_is_left_though_another_unit_paid(
    app, session, monkeypatch, more, level
):
    """Capital of a unit that was merged, paid there, carried on by the unit that came after."""
    first = make_allocation(session, 1_000, project=make_project(session, end_on=date(2026, 1, 1)))
    november = make_period(session, "2024-11")
    sent = make_submission(
        session, period=november, investor=first.project.investor, status="accepted"
    )
    entry = make_entry(session, project=first.project, submission=sent)
    make_disbursement(session, entry, first, completed=300)
    after = make_allocation(session, None, project=make_project(session, end_on=date(2026, 1, 1)))
    event = make_org_event(session)
    session.add(
        CapitalTransfer(
            investor_id=first.investor_id, allocation_id=first.id, event_id=event.id,
            to_investor_id=after.investor_id, to_allocation_id=after.id,
            effective_on=date(2024, 12, 1),
        )
    )  # fmt: skip
    carried = make_allocation(session, None, project=after.project, budget_year=2025, vintage=2024)
    session.flush()
    a_line(session, carried, "carry_in", 700 + more)
    holder = after.investor_id
    with looking(app, session) as own:
        parts = by_parts(own, monkeypatch, 1, date(2025, 3, 1))
        order = (Investor.sort_order, Investor.code, Investor.id)
        place = own.scalars(sa.select(Investor.id).order_by(*order)).all().index(holder)
    assert [one[0] for part in parts for one in part] == level
    assert [n for n, part in enumerate(parts) if part] == ([place] if level else [])


def listed(page):
    return [
        (one.strong.text, one.a["href"], "finding-error" in one["class"])
        for one in page.select(".finding")
    ]


def through(client, address):
    """The findings of all pages that follow on one another, page by page."""
    while address:
        page = client.soup(address)
        yield listed(page)
        further = page.select(".list-foot")[-1].select_one("a[rel=next]")
        address = further and further["href"]


def test_the_pages_of_the_ledger_are_the_list(session, client_for, monkeypatch):
    make_period(session, "2024-03")
    for _n in range(5):
        first = make_allocation(session, 1_000)
        make_allocation(session, 900, project=first.project, budget_year=2025, vintage=2024)
    key = {"project": first.project, "source": "NST"}  # an error, of the last unit
    make_allocation(session, 1_000, **key)
    into = make_allocation(session, None, budget_year=2025, vintage=2024, **key)
    session.flush()
    a_line(session, into, "carry_in", 1_001)
    late = make_decision(session, issued_on=date(2024, 12, 18))
    make_line(session, first, amount=-1, kind="adjust", decision=late)
    session.commit()
    officer, address = client_for("officer"), "/admin/findings/?period=2024-03&of=ledger"
    page = officer.soup(address)
    whole = listed(page)
    assert not page.select(".pager")
    assert [is_error for *_more, is_error in whole] == [True, True, *[False] * 6]

    for module in (findings, findings_page, checks_page):
        monkeypatch.setattr(module, "LEDGER_AT_ONCE", 2)
    monkeypatch.setattr(report_part, "AT_ONCE", 1)
    monkeypatch.setattr(report_part, "ON_A_PAGE", 1)
    assert "1–2" in officer.soup(address).select_one(".list-foot").text
    pages = [one for n in range(3) for one in through(officer, f"{address}&part={n}")]
    assert Counter(one for page in pages for one in page) == Counter(whole)
    assert max(map(len, pages)) == 1

    reports = officer.soup("/admin/findings/?period=2024-03")
    assert not reports.select(".finding")
    assert reports.select("nav.tabs a")[1]["href"] == address
    of_checks = client_for("admin").soup("/admin/checks/")
    assert listed(of_checks)[0] == whole[0]
    assert "of=ledger" in of_checks.select(".card > p > a")[-1]["href"]

"""Capital that one unit hands to another without a merger, on a day in or between months: pages of
the consolidated report, the ranking, explanations and the first page say what adding up all says.
"""

from datetime import date

import pytest

from models import CapitalTransfer, Investor, ProgressEntry
from reports.consolidated import consolidated, page_of
from reports.facts import keep_sums
from reports.ranking import ranking
from tests.factories import (
    make_allocation,
    make_component,
    make_disbursement,
    make_entry,
    make_investor,
    make_line,
    make_org_event,
    make_period,
    make_project,
    make_submission,
)
from tests.test_kept_sums import both, own, stale  # noqa: F401  a fixture
from tests.test_reports_paged import SHAPES, asked

MARCH = date(2024, 3, 31)
DAYS = [
    (date(2024, 4, 15), None),
    (date(2024, 3, 30), None),
    (MARCH, None),
    (date(2024, 4, 1), None),
    (date(2024, 4, 30), None),
    (date(2024, 5, 1), None),
    (date(2024, 2, 1), date(2024, 3, 30)),
    (date(2024, 2, 1), MARCH),
    (date(2024, 2, 1), date(2024, 4, 1)),
    (MARCH, MARCH),
]


def move(session, source, target, first, last):
    """Most of the plan by a pair of lines, what is disbursed by the rule."""
    for capital, sign in ((source, -1), (target, 1)):
        make_line(session, capital, kind="transfer", amount=sign * 900, effective_on=first)
    session.add(
        CapitalTransfer(
            investor_id=source.investor_id, allocation_id=source.id,
            to_investor_id=target.investor_id, to_allocation_id=target.id,
            event_id=make_org_event(session, effective_on=first).id,
            effective_on=first, until_on=last,
        )
    )  # fmt: skip


@pytest.fixture
def months(own):  # noqa: F811
    """A unit for each of the days, of which the capital moves to the same other unit and component
    then; 1, 2, 4, 8 … đồng were disbursed of it in March. That of the first was a third unit's
    for a month before.
    """
    march, april = (make_period(own, code) for code in ("2024-03", "2024-04"))
    heir = make_project(own, investor=make_investor(own, code="HEIR"))
    third = make_project(own, investor=make_investor(own, code="THIRD"), component=heir.component)
    parts = [make_component(own) for _n in (1, 2)]
    kept, between = (make_allocation(own, 5_000, project=one) for one in (heir, third))
    for n, days in enumerate(DAYS):
        unit = make_investor(own, code=f"UNIT-{n}")
        project = make_project(own, code=f"MOVED-{n}", investor=unit, component=parts[n % 2])
        capital = make_allocation(own, 5_000, project=project)
        report = make_submission(own, investor=unit, period=march, status="submitted")
        entry = make_entry(own, submission=report, project=project)
        make_disbursement(own, entry=entry, allocation=capital, completed=2**n)
        if not n:
            move(own, capital, between, date(2024, 3, 15), date(2024, 4, 14))
        move(own, capital, kept, *days)
    own.commit()
    for month in (march, april):
        keep_sums(own, month, "submitted")
        own.commit()
    return [march, april]


def check(session, months, monkeypatch, shapes):
    by_kept, by_all = both(session, months, monkeypatch, ["submitted"])
    assert by_kept == by_all
    for month in months:
        for group, detail in shapes:
            report = asked(month, group, detail)
            whole = consolidated(session, **report)
            for n in range(0, len(whole.rows), 7):
                page = page_of(session, lambda _many, n=n: slice(n, n + 7), **report)
                assert page.many == len(whole.rows)
                assert page.rows == whole.rows[n : n + 7]
                assert page.places == whole.places[n : n + 7]
        ranked = ranking(session, period=month)
        with monkeypatch.context() as patch:
            patch.setattr("reports.facts.together.stale_units", lambda *_of: None)
            by_all = ranking(session, period=month)
        assert (list(ranked.rows), ranked.rate) == (list(by_all.rows), by_all.rate)


def test_moved_capital_counts_on_its_days_alike_however_it_is_read(own, months, monkeypatch):  # noqa: F811
    for month in months:
        rows = consolidated(own, period=month, group="investor", detail="group").rows
        paid = {row.code: row.disbursed_total for row in rows}
        heir = sum(
            2**n
            for n, (first, last) in enumerate(DAYS)
            if first <= month.data_to and (last is None or month.data_to <= last)
        )
        assert paid["HEIR"] == heir
        assert paid["THIRD"] == (month.code == "2024-03")
        assert sum(2**n - paid[f"UNIT-{n}"] for n in range(len(DAYS))) == heir + paid["THIRD"]
        assert rows[0].disbursed_total == 2 ** len(DAYS) - 1
    check(own, months, monkeypatch, SHAPES)
    # what one of them reports later counts with all with whom it ever exchanged capital
    entry = own.query(ProgressEntry).filter(ProgressEntry.project.has(code="MOVED-2")).one()
    entry.disbursements[0].completed += 2_000
    own.commit()
    heir = own.query(Investor.id).filter_by(code="HEIR").scalar()
    assert {entry.investor_id, heir} <= stale(own, months[0])
    check(own, months, monkeypatch, SHAPES[1::3])

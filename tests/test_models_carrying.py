"""Capital that goes on over years: what may be carried in, what closes, which advances live on."""

from datetime import UTC, date, datetime
from random import Random

import pytest
import sqlalchemy as sa

from models import Allocation, AllocationLine, RuleBroken
from models.catalogue import CapitalTransfer, ProjectSuccession
from models.filing import read_sheet
from models.filing.checks import check_ledger, check_sheet
from models.ledger import year_ends
from tests.factories import (
    make_allocation,
    make_decision,
    make_disbursement,
    make_entry,
    make_line,
    make_org_event,
    make_period,
    make_project,
    make_submission,
    make_succession,
)

AT = datetime(2025, 3, 20, tzinfo=UTC)
TODAY = date(2025, 3, 20)


@pytest.fixture
def session(ruled_session):
    return ruled_session


@pytest.fixture
def project(session):
    return make_project(session, end_on=date(2025, 12, 31))


def report(session, allocation, code, status="submitted", **amounts):
    """One sent month (or the closing period) of the allocation's unit with these amounts."""
    project = allocation.project
    if code.endswith("-13"):
        year = int(code[:4])
        period = make_period(session, f"{year + 1}-01")
        period.code, period.kind, period.budget_year, period.number = code, "closing", year, 13
    else:
        period = make_period(session, code)
    sent = make_submission(session, period=period, investor=project.investor, status=status)
    make_disbursement(
        session, make_entry(session, project=project, submission=sent), allocation, **amounts
    )
    return period


def carry(session, project, amount, *, year=2025, **key):
    return make_allocation(
        session, amount, project=project, budget_year=year, vintage=key.pop("vintage", 2024), **key
    )


def ledger(session, day=TODAY):
    return [
        (one.level.value, one.message.partition(":")[0], one.values)
        for one in check_ledger(session, day=day)
        if one.subject.startswith("allocation:")
    ]


def test_what_is_left_may_be_carried_in_to_the_dong_and_no_more(session, project):
    source = make_allocation(session, 1_000, project=project)
    report(session, source, "2024-11", completed=600)
    report(session, source, "2024-13", completed=100)
    with pytest.raises(RuleBroken, match="carried into") as refused:
        carry(session, project, 301)
    assert refused.value.field == "amount"
    assert (int(refused.value.values["left"]), int(refused.value.values["over"])) == (300, 1)
    session.rollback()


def test_all_that_is_left_is_carried_in(session, project):
    source = make_allocation(session, 1_000, project=project)
    report(session, source, "2024-13", completed=700)
    carry(session, project, 300)
    assert ledger(session) == []


def test_less_than_is_left_is_said(session, project):
    source = make_allocation(session, 1_000, project=project)
    report(session, source, "2024-11", completed=700)
    carry(session, project, 200)
    [(level, _words, values)] = ledger(session)
    assert level == "warning"
    assert (int(values["left"]), int(values["carried"]), int(values["rest"])) == (300, 200, 100)
    make_line(session, source, kind="recall", amount=-100, effective_on=date(2024, 12, 31))
    assert ledger(session) == []


@pytest.mark.parametrize(
    "other", [{"source": "NST"}, {"nature": "DTPT"}, {"vintage": 2023}], ids=str
)
def test_another_key_is_no_source(session, project, other):
    make_allocation(session, 1_000, project=project)
    with pytest.raises(RuleBroken, match="only"):
        carry(session, project, 1, **other)


def test_the_first_year_of_use_has_nothing_to_compare_with(session, project):
    make_allocation(session, 1_000)  # another unit, whose year before is here
    carry(session, project, 500)
    assert ledger(session) == []


def test_the_second_carry_in_counts_with_the_first(session, project):
    make_allocation(session, 1_000, project=project)
    target = carry(session, project, 900)
    make_line(session, target, kind="carry_in", amount=100, effective_on=date(2025, 3, 1))
    with pytest.raises(RuleBroken):
        make_line(session, target, kind="carry_in", amount=1, effective_on=date(2025, 3, 1))


def test_the_source_is_not_reduced_below_what_was_carried_on(session, project):
    source = make_allocation(session, 1_000, project=project)
    carry(session, project, 900)
    make_line(session, source, kind="recall", amount=-100, effective_on=date(2024, 12, 31))
    with pytest.raises(RuleBroken, match="Reduce what is carried in first"):
        make_line(session, source, kind="recall", amount=-1, effective_on=date(2024, 12, 31))


def test_a_report_that_comes_later_makes_it_too_much_and_a_recall_puts_it_right(session, project):
    source = make_allocation(session, 1_000, project=project)
    target = carry(session, project, 400)
    report(session, source, "2024-13", completed=700)
    [(level, _words, values)] = ledger(session)
    assert (level, int(values["rest"])) == ("error", 100)
    make_line(session, target, kind="recall", amount=-100, effective_on=date(2025, 3, 1))
    assert ledger(session) == []


def test_capital_carried_twice_closes_when_the_year_is_closed(session, project):
    make_allocation(session, 1_000, project=project, budget_year=2023, vintage=2023)
    second = make_allocation(session, 800, project=project, budget_year=2024, vintage=2023)
    make_line(session, second, kind="supplement", amount=200, effective_on=date(2024, 2, 1))
    closing = report(session, second, "2024-13", completed=500)
    found = [values for _level, _words, values in ledger(session) if values["year"] == 2024]
    assert found == []  # the year is not closed yet
    closing.status = "locked"
    session.flush()
    [values] = [values for _level, _words, values in ledger(session) if values["year"] == 2024]
    assert [int(values[n]) for n in ("plan", "paid", "carried", "recalled", "rest")] == [
        1_000, 500, 0, 0, 500,
    ]  # fmt: skip
    carry(session, project, 300, vintage=2023)
    make_line(session, second, kind="recall", amount=-200, effective_on=date(2024, 12, 31))
    assert [v for _level, _words, v in ledger(session) if v["year"] == 2024] == []


def test_a_year_without_a_closing_period_is_closed_by_december(session, project):
    second = make_allocation(session, 800, project=project, budget_year=2024, vintage=2023)
    december = report(session, second, "2024-12", completed=500)
    december.status = "locked"
    session.flush()
    assert ledger(session, date(2025, 1, 31)) == []
    assert [level for level, _words, _values in ledger(session, date(2025, 2, 1))] == ["warning"]


def of(sheet, allocation):
    return next(row for row in sheet.allocations if row.allocation_id == allocation.id)


def sheet_of(session, allocation, period):
    return read_sheet(session, period=period, investor=allocation.project.investor, at=AT)


def test_an_advance_of_last_year_is_recovered_out_of_the_carried_capital(session, project):
    source = make_allocation(session, 1_000, project=project)
    report(session, source, "2024-11", advance=300)
    report(session, source, "2024-13", advance=100, completed=50, recovered=50)
    target = carry(session, project, 600)
    march = report(session, target, "2025-03", status="draft", completed=350, recovered=350)
    sheet = sheet_of(session, target, march)
    row = of(sheet, target)
    assert (row.advance_balance_before, row.before, row.this_period) == (350, 0, 0)
    assert [one for one in check_sheet(sheet) if one.rule == "V4"] == []


def test_one_dong_more_than_the_advance_is_refused(session, project):
    source = make_allocation(session, 1_000, project=project)
    report(session, source, "2024-11", advance=300)
    target = carry(session, project, 600)
    march = report(session, target, "2025-03", status="draft", completed=301, recovered=301)
    assert "V4" in {one.rule for one in check_sheet(sheet_of(session, target, march))}


def test_other_capital_inherits_no_advance(session, project):
    report(session, make_allocation(session, 1_000, project=project), "2024-11", advance=300)
    fresh = make_allocation(session, 500, project=project, budget_year=2025)
    other = make_allocation(session, None, project=project, budget_year=2025, vintage=2023)
    sheet = sheet_of(session, fresh, make_period(session, "2025-03"))
    assert [of(sheet, one).advance_balance_before for one in (fresh, other)] == [0, 0]


def test_money_returned_of_paid_volume_leaves_the_advance_alone(session, project):
    allocation = make_allocation(session, 1_000, project=project)
    report(session, allocation, "2024-01", advance=300, completed=200)
    report(session, allocation, "2024-02", returned=200)
    march = make_period(session)
    assert of(sheet_of(session, allocation, march), allocation).advance_balance_before == 300


def test_money_returned_beyond_paid_volume_comes_out_of_the_advance(session, project):
    allocation = make_allocation(session, 1_000, project=project)
    report(session, allocation, "2024-01", advance=300)
    report(session, allocation, "2024-02", returned=100)
    march = make_period(session)
    assert of(sheet_of(session, allocation, march), allocation).advance_balance_before == 200


@pytest.mark.parametrize("moved_in", [2024, 2025])
def test_the_advance_goes_with_the_capital_through_a_merger(session, project, moved_in):
    source = make_allocation(session, 1_000, project=project)
    report(session, source, "2024-06", advance=300)
    after = make_project(session, end_on=date(2025, 12, 31))
    event = make_org_event(session)
    make_succession(session, event, project.investor, after.investor)
    session.add(
        ProjectSuccession(
            investor_id=project.investor_id,
            project_id=project.id,
            to_investor_id=after.investor_id,
            to_project_id=after.id,
            event_id=event.id,
        )
    )
    before = source
    if moved_in == 2025:  # carried in first, then the carried capital moves
        before = carry(session, project, 600)
    target = make_allocation(session, None, project=after, budget_year=moved_in, vintage=2024)
    session.add(
        CapitalTransfer(
            investor_id=project.investor_id,
            allocation_id=before.id,
            to_investor_id=after.investor_id,
            to_allocation_id=target.id,
            event_id=event.id,
            effective_on=date(moved_in, 7, 1),
        )
    )
    if moved_in == 2024:  # as a merger does: the pair of lines and the transfer at once
        decision = event.decision
        for one, amount in ((target, 1_000), (source, -1_000)):
            session.add(
                AllocationLine(
                    allocation=one,
                    decision=decision,
                    kind="transfer",
                    amount=amount,
                    effective_on=date(2024, 7, 1),
                )
            )
    session.flush()
    if moved_in == 2024:
        target = carry(session, after, 600)
    sheet = sheet_of(session, target, make_period(session, "2025-09"))
    assert of(sheet, target).advance_balance_before == 300
    assert [level for level, _words, _values in ledger(session) if level == "error"] == []


def test_capital_that_goes_nowhere_is_rightly_not_asked(session, monkeypatch):
    """Of random offices the findings are those of looking at all capital there is."""
    random = Random(7)
    for code in ("2022-12", "2023-12", "2024-12"):
        make_period(session, code).status = "locked"
    for _n in range(8):
        project = make_project(session)
        for year in random.sample(range(2022, 2026), 3):
            vintage = random.randint(2022, year)
            kind = random.choice(["initial", "carry_in"] if vintage < year else ["initial"])
            one = make_allocation(session, None, project=project, budget_year=year, vintage=vintage)
            session.execute(
                sa.insert(AllocationLine).values(
                    id=one.id, investor_id=one.investor_id, allocation_id=one.id, kind=kind,
                    decision_id=make_decision(session).id, amount=random.randint(1, 9) * 100,
                    effective_on=date(year, 1, 1), version=1,
                )
            )  # fmt: skip
    held = session.scalars(sa.select(Allocation).order_by(Allocation.id)).all()
    event = make_org_event(session)
    for before, after in zip(held[::5], held[1::5], strict=False):
        session.add(
            CapitalTransfer(
                investor_id=before.investor_id, allocation_id=before.id, event_id=event.id,
                to_investor_id=after.investor_id, to_allocation_id=after.id,
                effective_on=date(2024, 7, 1),
            )
        )  # fmt: skip
    session.flush()
    found = ledger(session)
    monkeypatch.setattr(year_ends, "_goes_on", sa.true)
    assert found == ledger(session)
    assert {level for level, *_more in found} == {"error", "warning"}

"""The ledger: what a plan may become, to the đồng and on every later day."""

import threading
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Allocation, Component, Decision, LineKind, Nature, RuleBroken, Source, Submission
from models.base.checked import watch
from models.ledger import add_line, find_or_add_allocation, sums_of
from tests.factories import (
    make_allocation,
    make_component,
    make_decision,
    make_disbursement,
    make_entry,
    make_line,
    make_period,
    make_project,
    make_submission,
)

APRIL = date(2024, 4, 1)


@pytest.fixture
def session(ruled_session):
    return ruled_session


@pytest.fixture
def allocation(session):
    """1.000 đồng from January, of which 600 were disbursed in March."""
    allocation = make_allocation(session, amount=1_000)
    march = make_submission(
        session,
        period=make_period(session),
        investor=allocation.project.investor,
        status="submitted",
    )
    entry = make_entry(session, submission=march, project=allocation.project)
    make_disbursement(session, entry, allocation, completed=600)
    return allocation


def add(session, allocation, amount, kind=LineKind.RECALL, day=APRIL):
    return add_line(
        session,
        allocation=allocation,
        decision=make_decision(session),
        kind=kind,
        amount=amount,
        effective_on=day,
    )


def plan_of(session, allocation, *, as_of):
    return sums_of(session, [allocation.id], day=as_of)[allocation.id].plan


def test_plan_is_the_sum_of_lines_in_force_on_the_day(session):
    allocation = make_allocation(session, amount=1_000)
    make_line(session, allocation, kind="supplement", amount=50, effective_on=date(2024, 4, 1))
    assert plan_of(session, allocation, as_of=date(2023, 12, 31)) == 0
    assert plan_of(session, allocation, as_of=date(2024, 3, 31)) == 1_000
    assert plan_of(session, allocation, as_of=date(2024, 4, 1)) == 1_050


@pytest.mark.parametrize(
    ("status", "counts"),
    [("draft", False), ("returned", False), ("submitted", True), ("accepted", True)],
)
def test_what_is_disbursed_is_what_was_reported(session, allocation, status, counts):
    session.scalar(select(Submission)).status = status
    session.flush()
    if counts:
        with pytest.raises(RuleBroken, match="already disbursed"):
            add(session, allocation, -401)
    else:
        add(session, allocation, -1_000)


@pytest.mark.parametrize("amount", [-399, -400])
def test_a_recall_may_reach_what_is_disbursed(session, allocation, amount):
    add(session, allocation, amount)
    assert plan_of(session, allocation, as_of=APRIL) == 1_000 + amount


def test_a_recall_below_what_is_disbursed_names_the_figures(session, allocation):
    with pytest.raises(RuleBroken) as refusal:
        add(session, allocation, -401)
    assert refusal.value.values == {
        "plan": 599,
        "day": APRIL,
        "disbursed": 600,
        "most": 400,
    }


def test_a_recall_before_the_disbursement_is_weighed_on_its_later_days_too(session, allocation):
    with pytest.raises(RuleBroken) as refusal:
        add(session, allocation, -401, day=date(2024, 2, 1))
    assert refusal.value.values["day"] == date(2024, 3, 31)


@pytest.mark.parametrize(("amount", "fits"), [(-999, True), (-1_000, True), (-1_001, False)])
def test_a_plan_never_falls_below_zero(session, amount, fits):
    allocation = make_allocation(session, amount=1_000)
    if fits:
        add(session, allocation, amount)
    else:
        with pytest.raises(RuleBroken, match="below zero"):
            add(session, allocation, amount)


def test_an_adjustment_down_is_refused_when_a_later_recall_needs_the_money(session):
    allocation = make_allocation(session, amount=1_000)
    add(session, allocation, -800, day=date(2024, 6, 1))
    with pytest.raises(RuleBroken, match="below zero"):
        add(session, allocation, -201, kind=LineKind.ADJUST, day=APRIL)


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        (LineKind.SUPPLEMENT, 0),
        (LineKind.SUPPLEMENT, -1),
        (LineKind.RECALL, 1),
        (LineKind.CARRY_IN, 1),  # capital of the year itself
        (LineKind.SUPPLEMENT, 10**15),
    ],
)
def test_lines_that_make_no_sense_are_refused(session, kind, amount):
    with pytest.raises(RuleBroken):
        add(session, make_allocation(session), amount, kind=kind)


def test_a_first_allocation_is_capital_of_its_year(session):
    carried = make_allocation(session, vintage=2023, budget_year=2024)
    add(session, carried, 1, kind=LineKind.CARRY_IN)
    with pytest.raises(RuleBroken, match="carried over"):
        add(session, carried, 1, kind=LineKind.INITIAL)


def key(project, **given):
    return {
        "project": project,
        "budget_year": 2024,
        "source": Source.NSTW,
        "nature": Nature.SN,
        "vintage": 2024,
    } | given


def test_one_key_has_one_allocation(session):
    project = make_project(session)
    first = find_or_add_allocation(session, **key(project))
    assert find_or_add_allocation(session, **key(project)) is first
    assert find_or_add_allocation(session, **key(project, vintage=2023)) is not first
    with pytest.raises(RuleBroken, match="after the budget year"):
        find_or_add_allocation(session, **key(project, vintage=2025))


def test_capital_goes_to_a_leaf_of_the_programme_tree(session):
    project = make_project(session)
    below = make_component(session)  # divided before there was a rule against it
    session.execute(
        update(Component).where(Component.id == below.id).values(parent_id=project.component_id)
    )
    with pytest.raises(RuleBroken, match="sub-projects"):
        find_or_add_allocation(session, **key(project))


def test_two_recalls_at_once_cannot_both_pass(session, engine):
    allocation = make_allocation(session, amount=1_000)
    decision = make_decision(session)
    session.commit()
    ids, outcomes = ((allocation.investor_id, allocation.id), decision.id), []
    session.rollback()
    together = threading.Barrier(2)

    def recall() -> None:
        with Session(engine) as own:
            watch(own)
            together.wait(5)
            if engine.dialect.name == "sqlite":
                own.connection().exec_driver_sql("UPDATE allocation SET version = version")
            found = own.get(Allocation, ids[0])
            try:
                add_line(
                    own,
                    allocation=found,
                    decision=own.get(Decision, ids[1]),
                    kind=LineKind.RECALL,
                    amount=-600,
                    effective_on=APRIL,
                )
                own.commit()
                outcomes.append("added")
            except RuleBroken:
                outcomes.append("refused")

    threads = [threading.Thread(target=recall) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["added", "refused"]

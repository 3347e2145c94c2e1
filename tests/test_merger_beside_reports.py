"""A merger while the unit that takes over sends: what it sent holds nothing that it never saw."""

from datetime import date

import pytest
from sqlalchemy import func, select

from models import Actor, Decision, Investor, OrgEvent, ProgressEntry, RuleBroken, Submission
from models.base import Stale, now
from models.filing.writable import draft_to_write
from models.ledger import prove_counted
from models.reorganisation import Act, merge, undo
from tests.factories import (
    make_allocation,
    make_decision,
    make_disbursement,
    make_entry,
    make_investor,
    make_project,
    make_submission,
)
from tests.races import count_statements, race
from tests.test_two_at_once import Field, empty


class TwoUnits(Field):
    """The field, and beside it a unit with a draft of its own that ends in the middle of March."""

    def __init__(self, session):
        super().__init__(session)
        ending = make_investor(session)
        project = make_project(session, investor=ending)
        capital = make_allocation(session, 1_000_000, project=project)
        draft = make_submission(session, investor=ending, period=self.period)
        entry = make_entry(session, submission=draft, project=project)
        make_disbursement(session, entry, capital, completed=400_000)
        self.ending_id, self.decision_id = ending.id, make_decision(session).id
        session.commit()

    def entries(self, session):
        wanted = select(func.count()).select_from(ProgressEntry)
        return session.scalar(wanted.where(ProgressEntry.submission_id == self.report_id))

    def send(self, session):
        super().send(session)
        self.sent = self.entries(session)

    def merge(self, session):
        units = {row.id: row for row in session.scalars(select(Investor))}
        act = Act(
            effective_on=date(2024, 3, 16),
            decision=session.get(Decision, self.decision_id),
            at=now(),
            actor=Actor(None, "Cán bộ"),
        )
        merge(session, [units[self.ending_id]], units[self.unit_id], act)


def test_a_page_from_before_the_merger_is_old(session):
    """Who sends from it would send what it does not show."""
    field = TwoUnits(session)
    report = field.report(session)
    before = report.version
    field.merge(session)
    session.flush()
    assert field.entries(session) == 2
    with pytest.raises(Stale):
        draft_to_write(
            session, report.period, report.investor, version=before, at=now(), actor=None
        )
    event = session.scalars(select(OrgEvent)).one()
    undo(session, event, at=now(), actor=Actor(None, "Cán bộ"))
    assert field.entries(session) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("works", [("send", "merge"), ("merge", "send")])
def test_a_draft_is_handed_over_before_the_successor_sends_or_not(app, session, works):
    first, second = works
    field = TwoUnits(session)
    for place in range(0, count_statements(app, getattr(field, first)), 3):
        empty(session)
        field = TwoUnits(session)
        runs = dict(
            zip(
                works,
                race(app, getattr(field, first), getattr(field, second), stop_before=place),
                strict=True,
            )
        )
        session.rollback()
        for run in runs.values():
            assert run.error is None or isinstance(run.error, RuleBroken), run.error
        report = session.scalars(select(Submission).filter_by(id=field.report_id)).one()
        if report.status == "submitted":
            assert field.entries(session) == field.sent, place
        assert list(prove_counted(session)) == []
        session.rollback()

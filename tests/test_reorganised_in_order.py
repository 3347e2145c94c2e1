"""Acts about one unit follow each other by their days, and are taken back one after the other."""

from datetime import date

import pytest

from models import (
    Investor,
    InvestorKind,
    OrgEvent,
    Project,
    RuleBroken,
    Submission,
    Succession,
)
from models.duty import open_period
from models.reorganisation import NewUnit, close, merge, rename, split, undo
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_investor,
    make_obstacle,
    make_project,
    make_submission,
)
from tests.reorganising import AT, CLERK, act

EARLIER, LATER = date(2024, 12, 10), date(2024, 12, 20)
NAMES = {"code": "X-1", "name": "UBND phường Một", "short_name": "UBND phường Một"}


@pytest.fixture
def session(district_session):
    return district_session


@pytest.fixture
def units(session):
    """Three communes, each with a project, capital, an obstacle and a draft of December."""
    december = open_period(session, "2024-12", at=AT)
    made = []
    for number in (1, 2, 3):
        unit = make_investor(session, code=f"X-{number}", short_name=f"UBND xã {number}")
        project = make_project(session, investor=unit, code=f"L{number}")
        allocation = make_allocation(session, 1_000, project=project)
        report = make_submission(session, period=december, investor=unit)
        make_disbursement(
            session,
            make_entry(session, project=project, submission=report),
            allocation,
            completed=7,
        )
        make_obstacle(session, project=project)
        made.append(unit)
    session.commit()
    return made


def chain(session, units):
    """The first into the second, and that one into the third."""
    one, two, three = units
    merge(session, [one], two, act(session, day=EARLIER))
    merge(session, [two], three, act(session, day=LATER))


def star(session, units):
    """The first and the second into the third, on one day: its draft goes through both hands."""
    one, two, three = units
    merge(session, [one], three, act(session, day=EARLIER))
    merge(session, [two], three, act(session, day=EARLIER))


def renamed(session, units):
    """The successor bears another name later, and is closed."""
    one, two, _three = units
    merge(session, [one], two, act(session, day=EARLIER))
    rename(session, two, act(session, day=LATER), **NAMES | {"code": "X-2"})
    close(session, two, act(session, day=date(2024, 12, 31)))


def steps(session):
    return session.query(OrgEvent).order_by(OrgEvent.id.desc()).all()


def stands(session):
    """What a reorganisation changes of units and projects."""
    session.expire_all()
    return (
        sorted((one.code, one.short_name, one.valid_to) for one in session.query(Investor)),
        sorted((one.code, one.end_on) for one in session.query(Project)),
        session.query(Succession).count(),
        session.query(Submission).count(),
    )


@pytest.mark.parametrize("acts", [chain, star, renamed])
def test_acts_that_met_the_same_records_are_taken_back_one_by_one(session, units, acts):
    before = stands(session)
    acts(session, units)
    session.commit()
    for event in steps(session):
        undo(session, event, at=AT, actor=CLERK)
        session.commit()
    assert stands(session) == before


def test_what_somebody_changed_between_two_acts_stays(session, units):
    """Only what the later act changed by itself is as the earlier one had left it."""
    one, two, three = units
    first = merge(session, [one], two, act(session, day=EARLIER))
    session.query(Project).filter_by(code="L1-2").one().name = "Tên khác"
    session.commit()
    undo(session, merge(session, [two], three, act(session, day=LATER)), at=AT, actor=CLERK)
    with pytest.raises(RuleBroken, match="were changed since"):
        undo(session, first, at=AT, actor=CLERK)


def test_what_somebody_changed_after_the_later_act_stays(session, units):
    chain(session, units)
    session.commit()
    session.query(Project).filter_by(code="L1-2").one().name = "Tên khác"
    session.commit()
    last, first = steps(session)
    undo(session, last, at=AT, actor=CLERK)
    with pytest.raises(RuleBroken, match="were changed since"):
        undo(session, first, at=AT, actor=CLERK)


def into_third(session, unit, third, day):
    return merge(session, [unit], third, act(session, day=day))


def divided(session, unit, third, day):
    new = NewUnit(code="X-4", kind=InvestorKind.COMMUNE, name="UBND xã 4", short_name="UBND xã 4")

    def all_to_third(projects):
        return dict.fromkeys((one.id for one in projects), 0)

    return split(session, unit, [third, new], all_to_third, act(session, day=day))


def closed(session, unit, _third, day):
    return close(session, unit, act(session, day=day))


ENDS = [into_third, divided, closed]


@pytest.mark.parametrize("then", ENDS)
@pytest.mark.parametrize("first", ENDS)
@pytest.mark.parametrize("bare", [True, False], ids=["bare", "with capital"])
def test_a_unit_ends_once(session, units, first, then, bare):
    """Another page may be older than the act: the unit would have two successors, or none of the
    days between would have it.
    """
    one, _two, three = units
    unit = make_investor(session, short_name="UBND xã 9") if bare else one
    first(session, unit, three, LATER)
    with pytest.raises(RuleBroken, match="is 2024-12-19 already"):
        then(session, unit, three, EARLIER)


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize(("day", "is_taken"), [(19, False), (20, False), (21, True)])
def test_a_unit_does_not_end_before_it_bears_its_name(session, units, ends, day, is_taken):
    """Else every page would call it for good by a name that it never had."""
    one, _two, three = units
    rename(session, one, act(session, day=LATER), **NAMES)
    if is_taken:
        ends(session, one, three, date(2024, 12, day))
        assert one.valid_to == date(2024, 12, day - 1)
    else:
        with pytest.raises(RuleBroken, match="present name only since"):
            ends(session, one, three, date(2024, 12, day))


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize(("day", "is_taken"), [(19, False), (20, False), (21, True)])
def test_a_unit_does_not_end_before_it_takes_over(session, units, ends, day, is_taken):
    """Found: closed from an earlier day on, it took what nobody reported any more."""
    one, two, three = units
    merge(session, [one], two, act(session, day=LATER))
    if is_taken:
        ends(session, two, three, date(2024, 12, day))
        assert two.valid_to == date(2024, 12, day - 1)
    else:
        with pytest.raises(RuleBroken, match="takes over from other units on 2024-12-20"):
            ends(session, two, three, date(2024, 12, day))

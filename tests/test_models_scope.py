"""The row scope below all views: every door, with two investors."""

from datetime import date

import pytest
from sqlalchemy import delete, exists, func, insert, select, text, update
from sqlalchemy.exc import MultipleResultsFound
from sqlalchemy.orm import aliased, selectinload

from models import (
    DISTRICT,
    NOBODY,
    Allocation,
    AuditEntry,
    Investor,
    ProgressEntry,
    Project,
    Scope,
    ScopeViolation,
    db,
)
from models.returns import Explanation
from tests.factories import (
    make_allocation,
    make_component,
    make_entry,
    make_period,
    make_project,
    make_submission,
)


@pytest.fixture
def units(session):
    """(own project, foreign project), each with an allocation and an entry."""
    rows, period = [], make_period(session)
    for _n in range(2):
        project = make_project(session)
        make_allocation(session, project=project)
        submission = make_submission(session, period=period, investor=project.investor)
        make_entry(session, project=project, submission=submission)
        owner = {"investor_id": project.investor_id, "submission_id": submission.id}
        session.add(Explanation(rule="V9", subject="report", text="x", **owner))
        rows.append((project.investor_id, project.id))
    session.commit()
    return rows


@pytest.fixture
def narrow(app, units):
    """The application's session, limited to the first unit."""
    with app.app_context():
        session = db.session()
        session.enter(Scope.of({units[0][0]}))
        yield session
        session.rollback()


def test_reading_by_every_way_finds_only_own_rows(narrow, units):
    (own_unit, own), (_foreign_unit, foreign) = units
    assert narrow.scalars(select(Project.id)).all() == [own]
    assert narrow.scalars(select(Investor.id)).all() == [own_unit]
    assert narrow.scalar(select(func.count()).select_from(Allocation)) == 1
    assert narrow.scalar(select(func.count(ProgressEntry.id))) == 1
    assert narrow.scalars(select(Project.id).where(Project.id == foreign)).all() == []
    below = select(Allocation.project_id).scalar_subquery()
    assert narrow.scalars(select(Project.id).where(Project.id.in_(below))).all() == [own]
    assert narrow.get(Project, foreign) is None
    assert {row.investor_id for row in narrow.scalars(select(AuditEntry))} <= {own_unit}


def test_units_that_ask_the_same_by_turns_each_find_their_own(app, units):
    """The statements are compiled once for all: whose rows are meant travels with each question."""
    other = aliased(Project)
    questions = (
        select(Project.id),
        select(other.investor_id),
        select(func.min(Allocation.investor_id)),
        select(Project.investor_id).where(exists().where(Allocation.project_id == Project.id)),
        select(Investor.id).join(Project, Project.investor_id == Investor.id),
        select(Project.investor_id).union_all(select(ProgressEntry.investor_id)),
    )
    for turn in range(4):
        unit, project = units[turn % 2]
        with app.app_context():
            session = db.session()
            session.enter(Scope.of({unit}))
            for question in questions:
                assert set(session.scalars(question)) <= {unit, project}
            (lazy,) = session.scalars(select(ProgressEntry))
            assert lazy.project.id == project  # read along, by another statement
            with_amounts = select(ProgressEntry).options(selectinload(ProgressEntry.disbursements))
            assert [row.investor_id for row in session.scalars(with_amounts)] == [unit]
            session.enter(NOBODY)
            assert not [row for question in questions for row in session.scalars(question) if row]


def test_plain_rows_are_bounded_as_all_others(narrow, app, units):
    (own_unit, own), (_foreign_unit, foreign) = units
    asked = select(Project.id, Investor.id).join(Project.investor).order_by(Project.id)
    assert [tuple(row) for block in narrow.plain_rows(asked, at_once=1) for row in block] == [
        (own, own_unit)
    ]
    narrow.rollback()
    narrow.enter(NOBODY)
    assert list(narrow.plain_rows(asked, at_once=1)) == []
    narrow.rollback()
    narrow.enter(DISTRICT)
    blocks = list(narrow.plain_rows(asked, at_once=1))
    assert [len(block) for block in blocks] == [1, 1]
    assert {block[0][0] for block in blocks} == {own, foreign}


def test_a_session_without_a_scope_sees_nothing(app, units):
    with app.app_context():
        assert db.session().scope == NOBODY
        assert db.session.scalars(select(Project.id)).all() == []


def test_rows_read_under_a_wider_scope_do_not_answer_from_memory(app, units):
    with app.app_context():
        session = db.session()
        session.enter(DISTRICT)
        held = session.get(Project, units[1][1])  # or the session would forget it by itself
        assert held in session
        session.enter(Scope.of({units[0][0]}))
        assert held not in session
        assert session.get(Project, units[1][1]) is None


@pytest.fixture
def component(session):
    """The key of a component, made before anybody is limited to a unit."""
    key = make_component(session).id
    session.commit()
    return key


def test_writing_outside_is_refused(component, narrow, units):
    (own_unit, own), (foreign_unit, foreign) = units
    new = {"component_id": component, "start_on": date(2024, 1, 1), "status": "active"}
    doors = (
        lambda: narrow.add(Project(code="x", name="x", investor_id=foreign_unit, **new)),
        lambda: narrow.add(
            Allocation(
                investor_id=own_unit,
                project_id=foreign,
                budget_year=2024,
                vintage=2023,
                source="NSTW",
                nature="SN",
            )
        ),
        lambda: setattr(narrow.get(Project, own), "investor_id", foreign_unit),
        lambda: narrow.add(Project(code="x", name="x", **new)),
    )
    for door in doors:
        door()
        with pytest.raises(ScopeViolation):
            narrow.flush()
        narrow.rollback()


def test_statements_that_pass_the_criteria_by_are_refused(narrow, units):
    foreign = units[1][1]
    for statement in (
        text("SELECT 1"),
        select(Project.__table__),
        update(Project).where(Project.id == foreign).values(name="x"),
        insert(Project).values(name="x"),
        select(Project).from_statement(text("SELECT * FROM project")),
    ):
        with pytest.raises(ScopeViolation):
            narrow.execute(statement)
    with pytest.raises(ScopeViolation):
        narrow.connection()
    own = {"id": units[0][1], "investor_id": units[0][0], "name": "x"}
    for bulk in (
        lambda: narrow.bulk_save_objects([]),
        lambda: narrow.bulk_insert_mappings(Project, [own]),
        lambda: narrow.bulk_update_mappings(Project, [own]),
    ):
        with pytest.raises(ScopeViolation):
            bulk()


def test_a_mass_delete_reaches_own_rows_only(narrow, session, units):
    narrow.execute(delete(Explanation))
    narrow.commit()
    left = session.scalars(select(Explanation.investor_id)).all()
    assert left == [units[1][0]]


def test_reading_may_be_wider_than_writing(app, session, units):
    (own_unit, _own), (former, theirs) = units
    with app.app_context():
        narrow = db.session()
        narrow.enter(Scope(read=frozenset({own_unit, former}), write=frozenset({own_unit})))
        row = narrow.get(Project, theirs)
        row.name = "changed"
        with pytest.raises(ScopeViolation):
            narrow.flush()
        narrow.rollback()


def test_a_mass_delete_spares_what_may_only_be_read(app, session, units):
    own_unit, former = units[0][0], units[1][0]
    with app.app_context():
        narrow = db.session()
        narrow.enter(Scope(read=frozenset({own_unit, former}), write=frozenset({own_unit})))
        assert len(narrow.scalars(select(Explanation)).all()) == 2
        narrow.execute(delete(Explanation))
        narrow.commit()
    assert session.scalars(select(Explanation.investor_id)).all() == [former]


def test_equal_ids_of_two_units_hide_no_row_and_neither_is_taken_for_the_other(app, session):
    one, two = make_project(session), make_project(session)
    session.commit()
    units, key = (one.investor_id, two.investor_id), one.id
    moved = update(Project.__table__).where(Project.__table__.c.id == two.id).values(id=key)
    session.execute(moved)
    session.commit()
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        rows = own.scalars(select(Project)).all()
        assert {(row.investor_id, row.id) for row in rows} == {(unit, key) for unit in units}
        assert own.get(Project, (units[1], key)).investor_id == units[1]
        with pytest.raises(MultipleResultsFound):
            own.get(Project, key)
        for unit in units:
            own.enter(Scope.of({unit}))
            assert own.get(Project, key).investor_id == unit
        own.rollback()


def test_a_row_of_a_unit_is_found_by_its_id_through_the_registry_of_sessions(app):
    """Pages ask `db.session`, which names every option of a search, chosen or not."""
    with app.app_context():
        db.session().enter(DISTRICT)
        project = make_project(db.session(), code="P-1")
        db.session.commit()
        key = project.id
        db.session().expunge_all()
        assert db.session.get(Project, key).code == "P-1"
        assert db.session.get(Project, key, populate_existing=True).code == "P-1"
        assert db.session.get(Project, key + 1) is None

# ruff: noqa: F811  a fixture of another file
"""A correction accepted in a locked period: its version is computed before anybody has to wait."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models import DISTRICT, Actor, Disbursement, Period, ReportVersion, Submission, db
from models.base import now
from reports.frozen import lock_and_freeze, stored, versions
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_expected,
    make_org_event,
    make_period,
    make_project,
    make_reopening,
    make_submission,
    make_succession,
)
from tests.test_freezing_holds_nothing import (  # noqa: F401  a fixture
    CODE,
    computing,
    in_a_thread,
    others_can_write,
)

URL = f"/admin/review/{CODE}"


@pytest.fixture
def reports(session):
    """A locked month; two of its three units were reopened and have sent corrections."""
    period = make_period(session, CODE)
    for amount in (5_000_000, 6_000_000, 7_000_000):
        project = make_project(session)
        make_expected(session, period, project.investor)
        capital = make_allocation(session, project=project, amount=amount, vintage=2023)
        report = make_submission(
            session, investor=project.investor, period=period, status="accepted"
        )
        entry = make_entry(session, submission=report, project=project)
        make_disbursement(session, entry, capital, completed=amount // 10)
    session.commit()
    lock_and_freeze(session, period, at=now() - timedelta(hours=2), actor=Actor(None, "Cán bộ"))
    found = session.scalars(sa.select(Submission).order_by(Submission.id)).all()
    for one in found[:2]:
        make_reopening(
            session,
            period=period,
            investor=one.investor,
            from_at=now() - timedelta(hours=1),
            until_at=now() + timedelta(days=1),
        )
        one.status, one.last_submitted_at = "submitted", now()
    for row in session.scalars(sa.select(Disbursement).order_by(Disbursement.id)).all()[:2]:
        row.completed += 70
    session.commit()
    return found


@pytest.fixture
def computed(engine, computing):
    """Each time that a version is computed: of which units, and whether others could write."""
    seen = []

    def look():
        scope = db.session().scope
        seen.append((scope.read, others_can_write(engine)))

    computing.append(look)
    return seen


def accept(client, *reports, alone=True):
    form = {"form_key": "once", "action": "accept"}
    if alone:
        return client.post_form(f"{URL}/{reports[0].investor_id}", form)
    return client.post_form(URL, [*form.items(), *(("ids", str(one.id)) for one in reports)])


def newest(session):
    session.rollback()
    wanted = sa.select(ReportVersion).order_by(ReportVersion.number.desc())
    return session.scalars(wanted).first()


def computed_now(app):
    """The digest of what a version of this moment would hold, computed of all units."""
    with app.app_context():
        db.session().enter(DISTRICT)
        period = db.session.scalars(sa.select(Period)).one()
        return stored.digest_of(*versions._compute(db.session(), period, now()))


@pytest.mark.parametrize("count", [1, 2])
def test_nobody_waits_but_for_the_units_that_were_corrected(
    app, session, client_for, reports, computed, computing, count
):
    judged, units = reports[:count], {one.investor_id for one in reports[:count]}
    assert accept(client_for("officer"), *judged, alone=count == 1).status_code == 303
    assert computed == [(None, True), (units, False)]
    computing.clear()
    assert (newest(session).number, newest(session).digest) == (2, computed_now(app))
    assert {one.status.value for one in judged} == {"accepted"}


def test_what_another_unit_is_given_meanwhile_is_in_the_version(
    app, engine, session, client_for, reports, computing
):
    def change():
        computing.clear()
        with sa.orm.Session(engine) as other:
            row = other.scalars(sa.select(Disbursement).order_by(Disbursement.id)).all()[-1]
            row.completed = 6_999_999
            report = other.get(Submission, (reports[2].investor_id, reports[2].id))
            sa.orm.attributes.flag_modified(report, "nil_report")
            other.commit()

    computing.append(lambda: in_a_thread(change))
    assert accept(client_for("officer"), reports[0]).status_code == 303
    made = newest(session)
    assert (made.number, made.digest) == (2, computed_now(app))
    assert "6999999" in str(session.scalars(sa.select(versions.VersionPart.content)).all())


def test_of_merged_units_all_is_computed_again(app, session, client_for, reports, computed):
    event = make_org_event(session)
    make_succession(session, event, reports[0].investor, reports[2].investor)
    session.commit()
    assert accept(client_for("officer"), reports[0]).status_code == 303
    assert [units for units, _free in computed] == [None, None]
    assert newest(session).digest == computed_now(app)


def test_what_cannot_be_accepted_computes_nothing(client_for, reports, computed):
    assert accept(client_for("officer"), reports[2]).status_code == 422
    assert computed == []

"""A version is computed while nobody waits, and stored only if it is still what is entered."""

from threading import Thread

import pytest
import sqlalchemy as sa

from models import AllocationLine, ReportVersion
from reports.frozen import versions
from tests.factories import make_allocation, make_expected, make_period, make_project
from tests.races import sqlite_takes_writes

CODE = "2024-03"


@pytest.fixture
def month(session):
    """An open month with one unit and one project with capital."""
    period = make_period(session, CODE)
    project = make_project(session)
    make_allocation(session, project=project, amount=1_000_000)
    make_expected(session, period, project.investor)
    session.commit()
    return period


@pytest.fixture
def computing(monkeypatch):
    """`computing.append(act)`: what happens whenever a version is being computed."""
    acts = []
    real = versions._compute

    def compute(session, period, at):
        made = real(session, period, at)
        for act in list(acts):
            act()
        return made

    monkeypatch.setattr(versions, "_compute", compute)
    return acts


def others_can_write(engine):
    """Whether somebody else could save in this period at this moment."""
    if engine.dialect.name == "sqlite":
        return sqlite_takes_writes(engine)
    with engine.connect() as other:
        try:
            other.execute(sa.text("SELECT id FROM period FOR SHARE NOWAIT")).all()
        except sa.exc.OperationalError:
            return False
    return True


def in_a_thread(act):
    """Somebody else, outside the context of the request."""
    other = Thread(target=act)
    other.start()
    other.join()


def freeze_again(client):
    form = {"reason": "Có số mới", "form_key": "once"}
    return client.post_form(f"/admin/versions/{CODE}/freeze", form)


def lock(client):
    page = client.soup(f"/admin/review/{CODE}")
    key = page.select_one("form[action$='/lock'] [name=form_key]")["value"]
    form = {"lock_reason": "Đã đủ", "form_key": key}
    return client.post_form(f"/admin/review/{CODE}/lock", form)


def test_nobody_waits_while_a_version_is_computed(
    app, engine, session, client_for, month, computing
):
    officer, free = client_for("officer"), []

    def look():
        free.append(others_can_write(engine))

    computing.append(look)
    assert lock(officer).status_code == 303
    assert freeze_again(officer).status_code == 303
    done = app.test_cli_runner()
    assert done.invoke(args=["periods", "reopen", CODE, "--reason", "Sai"]).exit_code == 0
    told = done.invoke(args=["periods", "lock", CODE, "--reason", "Đã đủ"])
    assert told.exit_code == 0, told.output
    assert free == [True, True, True]


def test_what_changed_meanwhile_is_in_the_version(engine, session, client_for, month, computing):
    officer = client_for("officer")
    assert lock(officer).status_code == 303

    def change():
        computing.clear()
        with sa.orm.Session(engine) as other:
            line = other.scalars(sa.select(AllocationLine)).one()
            line.amount = 7_000_000
            other.commit()

    computing.append(lambda: in_a_thread(change))
    assert freeze_again(officer).status_code == 303
    session.rollback()
    newest = session.scalars(sa.select(ReportVersion).order_by(ReportVersion.number)).all()[-1]
    assert (newest.number, versions.is_whole(session, newest)) == (2, True)
    parts = session.scalars(
        sa.select(versions.VersionPart.content).where(versions.VersionPart.version_id == newest.id)
    ).all()
    assert "7000000" in str(parts)

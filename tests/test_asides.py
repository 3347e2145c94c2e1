"""What is said to PostgreSQL beside the questions: in few round trips, and plans that are kept."""

from contextlib import contextmanager

import psycopg
import pytest
import sqlalchemy as sa

from admin.access.schema import stored_schema
from app import create_app
from config import Config
from models import DISTRICT, Scope, db
from models.base import asides, spend
from tests.databases import KEY, Client
from tests.factories import make_user
from tests.pooler import pooled
from tests.test_saving_costs import URL, filled, unit  # noqa: F401  fixture

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
SAVES = 2 * asides._PREPARED_AFTER
KEPT = "SELECT count(*) FROM pg_prepared_statements"


@contextmanager
def told(monkeypatch):
    """What was said, in order."""
    seen, real = [], asides.say

    def note(connection, statements):
        seen.append(statements)
        return real(connection, statements)

    with monkeypatch.context() as patch:
        patch.setattr("models.base.asides.say", note)
        patch.setattr("models.base.wall.say", note)
        yield seen


def save_often(client, project, allocation):
    for number in range(SAVES):
        form = filled((client, project, allocation), str(2_000_000 + number), "save")
        assert client.post_form(URL, form).status_code == 303


def plans_kept(app):
    with app.app_context(), db.engine.connect() as connection:
        found = connection.scalar(sa.text(KEPT))
    with app.app_context():
        db.engine.dispose()
    return found


def test_plans_of_forms_of_units_are_kept_and_those_of_pages_and_of_the_office_are_not(
    app,
    unit,  # noqa: F811
    client_for,
):
    """Also where pages, which end without a commit, are opened in between."""
    with app.app_context():
        db.engine.dispose()
    client = unit[0]
    officer = client_for("officer")
    for _ in range(SAVES):
        assert client.get(URL).status_code == 200
        assert officer.post_form("/language", {"language": "vi"}).status_code == 302
    with app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(sa.text(KEPT)) == 0
    save_often(*unit)
    with app.app_context():
        stored_schema(db.engine)  # asked now and then, over a connection without a transaction
    assert plans_kept(app) > 10


def test_behind_a_pool_of_transactions_no_plan_is_kept(app, unit):  # noqa: F811
    client, project, allocation = unit
    with pooled(app.config["SQLALCHEMY_DATABASE_URI"]) as address:
        behind = create_app(Config(secret_key=KEY, database_url=address, environment="testing"))
        behind.test_client_class = Client
        other = behind.test_client()
        for cookie in client._cookies.values():
            other.set_cookie(cookie.key, cookie.value)
        save_often(other, project, allocation)
        assert plans_kept(behind) == 0


def test_a_save_tells_the_database_once_whose_rows_it_is_for(app, unit, monkeypatch):  # noqa: F811
    form = filled(unit, "2000000", "save")
    with told(monkeypatch) as seen:
        assert unit[0].post_form(URL, form).status_code == 303
    first, *rest = seen
    assert first.startswith("BEGIN; SET LOCAL lock_timeout=")
    assert "app.units = 'all'" in first  # who is asking
    assert [one.partition("=")[0] for one in rest] == ["SET LOCAL app.units "]
    assert "all" not in rest[0]


def test_the_district_comes_in_sight_where_something_of_others_is_asked(app, session):
    user_id = make_user(session, "investor").id
    session.commit()
    said = sa.text("SELECT current_setting('app.units')")
    with app.app_context():
        own = db.session()
        own.enter(Scope.of({5, 7}))
        for owners, seen in (((), "5,7"), ({7}, "5,7"), ({7, 8}, "all"), ({None}, "all")):
            with own.trusted(of=owners) as connection:
                assert connection.scalar(said) == seen
        with own.trusted() as connection:
            assert connection.scalar(said) == "all"
            with own.trusted(of=()) as inner:  # nobody loses what is in sight already
                assert inner.scalar(said) == "all"
        assert spend(own, "a key", user_id, content="x")
        assert not spend(own, "a key", user_id, content="x")
        own.rollback()
        own.enter(DISTRICT)
        with own.trusted(of={7}) as connection:
            assert connection.scalar(said) == "all"
        own.rollback()


def test_what_is_refused_is_raised_as_the_driver_does(engine):
    with engine.connect() as connection:
        connection.begin()
        with pytest.raises(psycopg.errors.UndefinedColumn, match="nothing_such"):
            asides.say(connection, "SELECT nothing_such")
        assert asides.takes_nothing_now(connection)
        connection.rollback()
        assert asides.say(connection, "SELECT 1; SELECT 7") == [b"7"]


@pytest.mark.parametrize("level", ["REPEATABLE READ", "AUTOCOMMIT"])
def test_a_transaction_of_another_kind_is_begun_as_it_was_asked_for(engine, level):
    with engine.connect().execution_options(isolation_level=level) as connection:
        found = connection.scalar(sa.text("SHOW transaction_isolation"))
        assert found == ("repeatable read" if level == "REPEATABLE READ" else "read committed")
        is_open = connection.connection.dbapi_connection.info.transaction_status != 0
        assert is_open is (level == "REPEATABLE READ")

"""The wait after wrong passwords: for a name at one place; and nothing tells which names exist."""

import importlib.util
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib.util import spec_from_file_location
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
import time_machine
from alembic.migration import MigrationContext
from alembic.operations import Operations

from models import AuditEntry, Base, LoginAttempt
from models.base import now
from models.people import (
    ADDRESS,
    NAME,
    PAIR,
    Limit,
    claim,
    hash_password,
    network_of,
    take_back,
)
from tests.factories import make_investor, make_user

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
PASSWORD = "ba con trâu trắng"
WRONG = "một câu khác hẳn"


def attempt(session, *, at=AT, **limits):
    return claim(session, limits or {"pair": PAIR}, at=at)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 10), (6, 20), (7, 40), (10, 320), (12, 900)]
)
def test_the_wait_doubles_with_each_wrong_password_up_to_a_quarter_of_an_hour(
    session, failures, seconds
):
    session.add(LoginAttempt(key="pair", failures=failures, last_at=AT))
    assert attempt(session) == seconds
    assert attempt(session, another=PAIR) == 0


def test_the_wait_is_counted_from_the_last_attempt_that_was_looked_at(session):
    session.add(LoginAttempt(key="pair", failures=PAIR.free, last_at=AT))
    assert attempt(session, at=AT + timedelta(seconds=4)) == 6
    assert attempt(session, at=AT + timedelta(seconds=9.5)) == 1  # having asked made it no longer
    assert attempt(session, at=AT + timedelta(seconds=10)) == 0
    assert attempt(session, at=AT + timedelta(seconds=10)) == 20


def test_what_lies_far_back_is_forgotten(session):
    session.add(LoginAttempt(key="pair", failures=50, last_at=AT))
    for _n in range(PAIR.free):
        assert attempt(session, at=AT + PAIR.forgotten) == 0
    assert attempt(session, at=AT + PAIR.forgotten) == PAIR.first


def test_whoever_waits_by_one_key_is_counted_by_none(session):
    session.add(LoginAttempt(key="pair", failures=PAIR.free, last_at=AT))
    assert attempt(session, pair=PAIR, address=ADDRESS) == PAIR.first
    assert session.get(LoginAttempt, "address").failures == 0


def test_a_success_ends_the_wait_of_its_own_pair_alone(session):
    limits = {"pair": PAIR, "name": NAME, "address": ADDRESS}
    for key, failures in (("pair", 4), ("name", 40), ("address", 60), ("other", 7)):
        session.add(LoginAttempt(key=key, failures=failures, last_at=AT))
    assert attempt(session, **limits) == 0
    take_back(session, limits, own="pair", at=AT)
    session.commit()
    left = {row.key: row.failures for row in session.scalars(sa.select(LoginAttempt))}
    assert left == {"name": 40, "address": 60, "other": 7}


# ---------------------------------------------------------------- the page


@pytest.fixture
def person(session):
    user = make_user(session, "officer", username="canbo", password_hash=hash_password(PASSWORD))
    session.commit()
    return user


@pytest.fixture
def hashes(real_hasher, monkeypatch):
    """How often a password was compared with a hash."""
    names = hash_password.__globals__
    cheap, seen = names["_hasher"], Counter()

    def verify(*given):
        seen["verify"] += 1
        return cheap.verify(*given)

    monkeypatch.setitem(names, "_hasher", SimpleNamespace(verify=verify, hash=cheap.hash))
    return seen


def sign_in(client, username="canbo", password=PASSWORD, address="10.0.0.1"):
    form = {"username": username, "password": password}
    return client.post_form("/login", form, environ_base={"REMOTE_ADDR": address})


def test_the_page_refuses_after_five_wrong_ones_and_takes_the_next_after_the_wait(
    person, client_for, hashes
):
    client = client_for(None)
    for _n in range(PAIR.free):
        assert sign_in(client, password=WRONG).status_code == 422
    looked_at = hashes["verify"]
    held = sign_in(client)
    assert (held.status_code, held.headers["Retry-After"]) == (429, str(PAIR.first))
    assert hashes["verify"] == looked_at  # not even looked at
    with time_machine.travel(now() + timedelta(seconds=PAIR.first + 1), tick=False):
        assert sign_in(client).status_code == 302


def test_wrong_guesses_elsewhere_shut_nobody_out(person, client_for):
    stranger = client_for(None)
    for _n in range(PAIR.free + 3):
        last = sign_in(stranger, password=WRONG, address="10.6.6.6")
    assert last.status_code == 429
    assert sign_in(client_for(None), address="10.0.0.1").status_code == 302


def test_many_wrong_names_behind_one_address_shut_no_district_out(person, client_for):
    stranger = client_for(None)
    for number in range(60):
        assert sign_in(stranger, f"ten{number}", WRONG).status_code == 422
    assert sign_in(client_for(None)).status_code == 302


def test_one_address_that_tries_hundreds_of_names_has_to_wait(person, session, client_for, app):
    stranger = client_for(None)
    sign_in(stranger, "ten", WRONG)
    session.execute(sa.update(LoginAttempt).values(failures=ADDRESS.free))
    session.commit()
    assert sign_in(stranger, "mot-ten-moi", WRONG).status_code == 429
    assert sign_in(stranger, "mot-ten-moi", WRONG, address="10.0.0.2").status_code == 422


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:0:1:2::3", "2001:db8:0:1::/64"),
        ("::1", "::1"),
        ("", "unknown"),
    ],
)
def test_an_address_of_ipv4_written_as_one_of_ipv6_is_no_household_of_all(address, network):
    assert network_of(address) == network


def test_guesses_over_both_kinds_of_addresses_shut_nobody_out(person, client_for):
    stranger = client_for(None)
    for _n in range(PAIR.free + 1):
        last = sign_in(stranger, password=WRONG, address="::ffff:203.0.113.6")
    assert last.status_code == 429
    assert sign_in(client_for(None), address="203.0.113.6").status_code == 429
    assert sign_in(client_for(None), address="::ffff:10.0.0.1").status_code == 302


def test_one_name_guessed_from_everywhere_has_to_wait(person, session, client_for):
    sign_in(client_for(None), password=WRONG, address="10.0.1.1")
    session.execute(sa.update(LoginAttempt).values(failures=NAME.free))
    session.commit()
    assert sign_in(client_for(None), password=WRONG, address="10.0.1.2").status_code == 429


def test_a_known_device_is_not_slowed_by_strangers(person, session, client_for):
    own, stranger = client_for(None), client_for(None)
    assert sign_in(own).status_code == 302
    own.post_form("/logout")
    for number in range(PAIR.free + 1):
        sign_in(stranger, password=WRONG)
        sign_in(stranger, f"ten{number}", WRONG)
    session.execute(sa.update(LoginAttempt).values(failures=500, last_at=now()))
    session.commit()
    assert sign_in(stranger).status_code == 429
    assert sign_in(own).status_code == 302
    assert sign_in(own, "mot-nguoi-khac").status_code == 429  # it knows this one person


def test_a_known_device_has_a_count_of_its_own(person, client_for):
    own = client_for(None)
    assert sign_in(own).status_code == 302
    own.post_form("/logout")
    for _n in range(PAIR.free):
        assert sign_in(own, password=WRONG).status_code == 422
    assert sign_in(own).status_code == 429


@pytest.mark.parametrize("forged", ["x", "eyJhIjoxfQ.x.y", "", '["a",["b"]]'])
def test_a_device_cookie_of_ones_own_making_is_worth_nothing(person, client_for, forged):
    client = client_for(None)
    for _n in range(PAIR.free):
        sign_in(client, password=WRONG)
    client.set_cookie("device", forged)
    assert sign_in(client).status_code == 429


def test_the_device_cookie_names_nobody_and_no_script_reads_it(person, client_for):
    reply = sign_in(client_for(None))
    [cookie] = [one for one in reply.headers.getlist("Set-Cookie") if one.startswith("device=")]
    assert "canbo" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_guesses_at_the_same_moment_do_not_overtake_the_count(person, client_for, hashes, app):
    """Sixteen at once: five are looked at, whatever the database."""
    clients = [client_for(None) for _n in range(16)]
    for client in clients:
        client.arranged = None
        client.token()
    start, codes = threading.Barrier(len(clients)), Counter()

    def guess(client):
        start.wait(20)
        codes[sign_in(client, password="wrong and ascii").status_code] += 1

    with time_machine.travel(now(), tick=False):
        threads = [threading.Thread(target=guess, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert codes == {422: PAIR.free, 429: 16 - PAIR.free}
    assert hashes["verify"] == PAIR.free


# ---------------------------------------------------------------- which names exist


def test_no_answer_tells_which_names_exist(person, session, client_for, hashes, count_queries):
    """Same words, same number of hashes and of statements, also when it comes to waiting."""
    unit = make_investor(session)
    given = {"password_hash": person.password_hash}
    make_user(session, "investor", username="xa", investors=[unit, make_investor(session)], **given)
    make_user(session, username="tat", enabled=False, **given)
    make_user(session, username="chua", password_hash=None)
    told = {}
    for name in ("canbo", "xa", "tat", "chua", "khongai"):
        client, seen = client_for(None), []
        for turn in range(PAIR.free + 2):
            before = hashes["verify"]
            password = PASSWORD if name in ("tat", "chua", "khongai") else WRONG
            with count_queries() as statements:
                reply = sign_in(client, name, password, address=f"10.0.7.{len(told)}")
            text = reply.text.replace(f'value="{name}"', "")
            text = text.split("csrf_token")[0] + text.split("</form>")[-1].split("<script")[0]
            seen.append((turn, reply.status_code, text, hashes["verify"] - before, len(statements)))
        told[name] = [(turn, code, calls, asked) for turn, code, _text, calls, asked in seen]
    assert len({str(one) for one in told.values()}) == 1, told


def test_a_name_longer_than_any_is_refused_as_every_other(person, client_for):
    page = client_for(None).post_form("/login", {"username": "a" * 61, "password": PASSWORD})
    assert page.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in page.text
    assert "characters" not in page.text


def test_what_is_typed_as_a_name_and_is_none_is_kept_nowhere(person, session, client_for, caplog):
    secret = "mat-khau-cua-toi"
    for name in (secret, "canbo"):
        assert sign_in(client_for(None), name, WRONG).status_code == 422
    for table in Base.metadata.sorted_tables:
        rows = session.execute(sa.select(table)).all()
        assert secret not in str(rows), table.name
        assert secret.replace("-", "") not in str(rows), table.name
    assert secret not in caplog.text
    noted = session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "refused").order_by(AuditEntry.id)
    ).all()
    assert [(one.label, bool(one.changes["address"][1])) for one in noted] == [
        ("", True),
        ("canbo", True),
    ]


def test_what_was_typed_as_a_name_before_goes_from_the_trail_and_its_guard_stands_again(
    person, session, engine
):
    [file] = (Path(__file__).parent.parent / "migrations/versions").glob("*_attempts_are_*.py")
    migration = importlib.util.module_from_spec(spec_from_file_location("migration", file))
    migration.__spec__.loader.exec_module(migration)
    for key, name in enumerate(("mat-khau-cua-toi", "canbo"), 1_000):
        session.add(
            AuditEntry(
                id=key, at=AT, user_name=name, action="refused", resource="sign_in", row_id="",
                label=name, changes={"address": [None, "10.0.0.1"]}, search_text=f"{name} {name}",
            )
        )  # fmt: skip
    session.commit()
    with engine.connect() as connection:
        with Operations.context(MigrationContext.configure(connection)):
            migration._forget_what_was_typed()
        connection.commit()
    rows = session.execute(sa.select(AuditEntry.__table__).order_by(AuditEntry.id)).mappings().all()
    assert [row["label"] for row in rows] == ["", "canbo"]
    assert "mat-khau" not in str(rows)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text("UPDATE audit_entry SET label = 'x'"))
    session.rollback()


def test_a_wrong_present_password_is_counted_and_noted(person, session, client_for):
    client = client_for(person)
    form = {"current": WRONG, "new": "Nương ngô trên đồi 7", "repeat": "Nương ngô trên đồi 7"}
    said = [client.post_form("/password", form).text for _n in range(PAIR.free + 1)]
    assert "giây" in said[-1]
    assert "giây" not in said[-2]
    refused = session.query(AuditEntry).filter_by(action="refused", label="canbo")
    assert refused.count() == PAIR.free


def test_a_limit_never_waits_longer_than_it_says():
    assert Limit(free=1, first=10, longest=900, forgotten=timedelta(1)).wait(10**9).seconds == 900


def test_the_stored_form_of_a_password_is_costly(real_hasher):
    """The tests themselves use a cheap one."""
    assert real_hasher.hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")

"""The wait after wrong passwords: by name and by address, growing, and gone after a success."""

from datetime import UTC, datetime, timedelta

import pytest

from models import LoginAttempt
from models.base import now
from models.people import (
    FIRST_WAIT,
    FREE_BY_ADDRESS,
    FREE_BY_NAME,
    LONGEST_WAIT,
    WINDOW,
    seconds_to_wait,
)

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)


def attempts(session, count, *, succeeded=False, username="canbo", address="10.0.0.1", at=AT):
    for _n in range(count):
        session.add(LoginAttempt(at=at, username=username, address=address, succeeded=succeeded))
        session.flush()


def wait(session, *, username="canbo", address="10.0.0.1", at=AT):
    return seconds_to_wait(session, username=username, address=address, at=at)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 10), (6, 20), (7, 40), (10, 320), (12, 900)]
)
def test_the_wait_doubles_with_each_wrong_password_up_to_a_quarter_of_an_hour(
    session, failures, seconds
):
    attempts(session, failures)
    assert wait(session) == seconds
    assert wait(session, username="another", address="10.0.0.2") == 0


def test_the_wait_is_counted_from_the_last_attempt(session):
    attempts(session, FREE_BY_NAME - 1, at=AT - timedelta(minutes=10))
    attempts(session, 1)
    later = AT + timedelta(seconds=FIRST_WAIT)
    assert wait(session, at=later - timedelta(seconds=4)) == 4
    assert wait(session, at=later + timedelta(seconds=1)) == 0


def test_what_lies_further_back_than_the_window_is_forgotten(session):
    attempts(session, 2 * FREE_BY_NAME)
    assert wait(session, at=AT + WINDOW - timedelta(seconds=1)) == 0 < LONGEST_WAIT
    attempts(session, FREE_BY_NAME - 1, at=AT + WINDOW)
    assert wait(session, at=AT + WINDOW) == 0


def test_a_success_resets_the_wait(session):
    attempts(session, FREE_BY_NAME)
    assert wait(session) > 0
    attempts(session, 1, succeeded=True)
    assert wait(session) == 0
    attempts(session, FREE_BY_NAME - 1)
    assert wait(session) == 0
    attempts(session, 1)
    assert wait(session) == FIRST_WAIT  # counted from the success on, not from before


def test_one_address_that_tries_many_names_has_to_wait(session):
    for number in range(FREE_BY_ADDRESS):
        assert wait(session, username="never seen") == 0
        attempts(session, 1, username=f"name{number}")
    assert wait(session, username="never seen") > 0
    assert wait(session, username="never seen", address="10.0.0.2") == 0


def test_the_page_refuses_an_address_that_tried_many_names(session, client_for):
    for number in range(FREE_BY_ADDRESS):
        attempts(session, 1, username=f"name{number}", address="127.0.0.1", at=now())
    form = {"username": "never seen", "password": "x"}
    assert client_for(None).post_form("/login", form).status_code == 429


def test_the_stored_form_of_a_password_is_costly(real_hasher):
    """The tests themselves use a cheap one."""
    assert real_hasher.hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")

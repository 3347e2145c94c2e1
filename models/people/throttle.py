"""Sign-in throttle: a growing wait after wrong passwords, by name and by address.

Counted in a table of ours, so that it holds for every worker and survives a restart.
Nobody is locked out for good: after the wait one more attempt is free.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.people.user import LoginAttempt

WINDOW = timedelta(minutes=15)
FREE_BY_NAME, FREE_BY_ADDRESS = 5, 30
FIRST_WAIT, LONGEST_WAIT = 10, 900


def network_of(address: str | None) -> str:
    """The address, or for IPv6 its /64: one household holds that many addresses."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address):
        return str(ip_network((known, 64), strict=False))
    return str(known)


def seconds_to_wait(session: Session, *, username: str, address: str, at: datetime) -> int:
    """How long this name or address has to wait before the next attempt; 0 if it need not."""
    by_name = _wait(session, LoginAttempt.username == username, FREE_BY_NAME, at)
    by_address = _wait(session, LoginAttempt.address == address, FREE_BY_ADDRESS, at)
    return max(by_name, by_address)


def _wait(session: Session, whose: ColumnElement[bool], free: int, at: datetime) -> int:
    attempts = session.execute(
        select(LoginAttempt.at, LoginAttempt.succeeded)
        .where(whose, LoginAttempt.at > at - WINDOW)
        .order_by(LoginAttempt.at.desc(), LoginAttempt.id.desc())
        .limit(free + 20)
    ).all()
    failures: list[datetime] = []
    for attempt in attempts:
        if attempt.succeeded:
            break
        failures.append(attempt.at)
    if len(failures) < free:
        return 0
    wait = min(FIRST_WAIT * 2 ** (len(failures) - free), LONGEST_WAIT)
    left = (failures[0] + timedelta(seconds=wait) - at).total_seconds()
    return max(0, round(left + 0.5))

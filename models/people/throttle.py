"""Sign-in throttle: a growing wait after wrong passwords, for a name at one place.

A place is an address of the network, or a device at which the person has signed in before: that
one has a count of its own, so that strangers do not slow it. Beside it a name is counted from
everywhere, and an address for all names; both are wide, for an office shares one address.

An attempt is counted before its password is looked at and taken back when it was right: attempts
at the same moment do not overtake the count. Names are kept as keyed digests only: what is typed
as a name may be a password. Nobody is locked out for good.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import String, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, UtcDateTime


class LoginAttempt(Base):
    """Wrong attempts by one key: a keyed digest of a name, an address, or both."""

    __tablename__ = "login_attempt"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@dataclass(frozen=True)
class Limit:
    """`free` attempts, then a wait of `first` seconds that doubles up to `longest`; what lies
    `forgotten` back counts no more.
    """

    free: int
    first: int
    longest: int
    forgotten: timedelta

    def wait(self, failures: int) -> timedelta:
        """How long after so many wrong attempts the next one has to wait."""
        over = failures - self.free
        if over < 0:
            return timedelta(0)
        return timedelta(seconds=min(self.first * 2 ** min(over, 30), self.longest))


PAIR = Limit(free=5, first=10, longest=900, forgotten=timedelta(hours=1))
NAME = Limit(free=100, first=10, longest=900, forgotten=timedelta(days=1))
ADDRESS = Limit(free=200, first=1, longest=60, forgotten=timedelta(minutes=15))
KEPT = timedelta(days=1)  # rows of the table


def network_of(address: str | None) -> str:
    """The address, or for IPv6 its /64: one household holds that many addresses.

    A server that listens on IPv6 for both writes those of IPv4 into one /64 (`::ffff:10.1.2.3`):
    they are what they stand for, or the whole world would be one household.
    """
    try:
        known = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address) and not known.is_loopback:
        return str(known.ipv4_mapped or ip_network((known, 64), strict=False))
    return str(known)


def claim(session: Session, limits: Mapping[str, Limit], *, at: datetime) -> int:
    """Count an attempt by each of these keys; 0, or how many seconds it has to wait and is not
    counted. Commits, so that nothing is held while a password is looked at.
    """
    rows = _held(session, sorted(limits), at)
    left = 0.0
    for row in rows:
        limit = limits[row.key]
        last = min(row.last_at, at)  # a clock that was set back makes nobody wait for it
        if last <= at - limit.forgotten:
            row.failures = 0
        left = max(left, (last + limit.wait(row.failures) - at).total_seconds())
    if left <= 0:
        for row in rows:
            row.failures, row.last_at = row.failures + 1, at
    session.commit()
    return max(0, int(left + 0.999))


def take_back(session: Session, limits: Mapping[str, Limit], *, own: str, at: datetime) -> None:
    """The attempt was right: what was counted by the key `own` is over; by the others, as many
    wrong ones remain as before it.
    """
    for row in _held(session, sorted(limits), at):
        if row.key == own:
            session.delete(row)
        else:
            row.failures = max(0, row.failures - 1)


def forget_attempts(session: Session, *, at: datetime) -> None:
    """Delete the counts of yesterday."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.last_at < at - KEPT))


def _held(session: Session, keys: Sequence[str], at: datetime) -> list[LoginAttempt]:
    """The rows of these keys, made where missing and held; always in one order."""
    return [_one_held(session, key, at) for key in keys]


def _one_held(session: Session, key: str, at: datetime) -> LoginAttempt:
    while True:
        row = session.get(LoginAttempt, key, with_for_update=True, populate_existing=True)
        if row is not None:
            return row
        row = LoginAttempt(key=key, failures=0, last_at=at)
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # somebody else makes it at this moment
            continue
        return row

"""A person who left becomes a number: no name, address of mail or telephone that leads to them.

What they did stays, under the pseudonym, in records and in the audit trail. Papers that were
frozen, signed or sent are archived and keep their names, as the law on archives demands; so do
texts that people wrote themselves. The outcome says where the name still stands.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, update

from models.base import (
    FROZEN_TABLES,
    AuditEntry,
    RuleBroken,
    ScopedSession,
    _n,
    fold,
    record,
    rewrite_trail,
)
from models.catalogue import Investor
from models.people.traces import Trace, has_namesake, holding, remaining, traces
from models.people.user import User

PREFIX = "an-danh-"


@dataclass(frozen=True, kw_only=True)
class Anonymised:
    """What became of a person: the pseudonym, rows changed by table, and where the name stays."""

    pseudonym: str
    changed: dict[str, int]
    remaining: dict[str, int]


@dataclass(kw_only=True)
class _Was:
    """What led to the person, and what stands in its place."""

    user_id: int
    full_name: str
    email: str | None
    pseudonym: str
    code: str
    named: dict[str, str] = field(default_factory=dict)
    usernames: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)  # whose names hold one of `named`

    def hidden(self, value: Any) -> Any:
        """A value of the trail without the person."""
        if isinstance(value, str):
            if value in self.usernames:
                return self.code
            return _without(value, self.named, self.others)
        if isinstance(value, list):
            return [self.hidden(one) for one in value]
        if isinstance(value, dict):
            return {key: self.hidden(one) for key, one in value.items()}
        return value

    def hidden_key(self, key: str) -> str:
        """The folded copy for the search, without the person."""
        named = {fold(old): fold(new) for old, new in self.named.items()}
        key = _without(key, named, map(fold, self.others))
        names = "|".join(map(re.escape, self.usernames))
        return re.sub(rf"(?<!\S)({names})(?!\S)", self.code, key)


def anonymise(session: ScopedSession, user: User) -> Anonymised:
    """Switch the account off for good and put a pseudonym in the place of the person.

    Asked by a session that sees the whole district; the caller commits. Raises RuleBroken for
    who was anonymised before, and for the last administrator.
    """
    if user.username.startswith(PREFIX):
        raise RuleBroken(_n("This person is anonymised already."))
    was = _Was(
        user_id=user.id,
        full_name=user.full_name,
        email=user.email,
        pseudonym=f"Người đã ẩn danh {user.id}",
        code=f"{PREFIX}{user.id}",
    )
    is_alone = not has_namesake(session, user)
    names = _names_so_far(session, user)
    was.usernames = names["username"]
    was.named = dict.fromkeys(names["email"], was.code)
    texts = [*was.named, *(names["full_name"] if is_alone else ())]
    was.named |= dict.fromkeys(names["full_name"], was.pseudonym)
    was.others = _longer(session, user, list(was.named))
    found = list(traces(session, user))
    user.full_name, user.username, user.email = was.pseudonym, was.code, None
    user.enabled, user.password_hash = False, None
    contacts = _forget_contact(session, was, is_alone=is_alone)
    session.flush()  # what the rules refuse is refused before anything else is touched
    changed = {one.table.name: _replace(session, one, was) for one in found}
    changed[Investor.__tablename__] = contacts
    changed[AuditEntry.__tablename__] = _in_the_trail(session, was, texts)
    changed[User.__tablename__] = 1
    record(
        session,
        action="anonymise",
        resource=User.__tablename__,
        row_id=user.id,
        label=was.pseudonym,
    )
    return Anonymised(
        pseudonym=was.pseudonym,
        changed={name: count for name, count in changed.items() if count},
        remaining=remaining(session, *texts) if texts else {},
    )


def _replace(session: ScopedSession, trace: Trace, was: _Was) -> int:
    """Rows of the account go, others get the pseudonym; archived ones stay as they are."""
    table = trace.table
    if table.name in FROZEN_TABLES or table.name == Investor.__tablename__:
        return 0
    if trace.is_of_the_account:
        gone = session.execute(delete(table).where(trace.rows))
        return int(getattr(gone, "rowcount", 0))
    count = 0
    for column, old, new in (
        ("user_name", was.full_name, was.pseudonym),
        ("recipient", was.email, was.code),
    ):
        if column in table.c and old:
            values: dict[str, Any] = {column: new}
            if column == "recipient" and "problem" in table.c:  # a server may repeat the address
                values["problem"] = func.replace(table.c.problem, old, new)
            done = session.execute(
                update(table).where(trace.rows, *_only(table, column, old)).values(values)
            )
            count += int(getattr(done, "rowcount", 0))
    return count


def _only(table: Table, column: str, old: str) -> list[ColumnElement[bool]]:
    """What the account did bears the pseudonym, whatever the person was called then."""
    return [] if column == "user_name" and "user_id" in table.c else [table.c[column] == old]


def _names_so_far(session: ScopedSession, user: User) -> dict[str, set[str]]:
    """What the account was called from its beginning, as the trail has it."""
    entries = session.scalars(
        select(AuditEntry.changes).where(
            AuditEntry.resource == User.__tablename__, AuditEntry.row_id == str(user.id)
        )
    ).all()
    return {
        name: {
            value
            for value in (getattr(user, name), *(v for one in entries for v in one.get(name, ())))
            if value
        }
        for name in ("full_name", "username", "email")
    }


def _longer(session: ScopedSession, user: User, names: list[str]) -> set[str]:
    """Names and addresses of others in which one of these stands: “Lan Anh” beside “Lan”."""
    users, units, trail = User.__table__.c, Investor.__table__.c, AuditEntry.__table__.c
    others, theirs = users.id != user.id, trail.user_id.is_distinct_from(user.id)
    found: set[str] = set()
    for column, *which in (
        (users.full_name, others),
        (users.email, others),
        (units.contact_name,),
        (units.email,),
        (trail.user_name, theirs),
    ):
        found |= set(session.scalars(select(column).where(*which, holding(column, names))))
    return found.difference(names)


def _without(text: str, named: Mapping[str, str], others: Iterable[str]) -> str:
    """`text` with something else for these names, where they stand as a whole: no part of a word,
    of another address, or of a name of others.
    """
    instead = {**{one: one for one in others}, **named}
    longest_first = sorted(instead, key=len, reverse=True)
    one = "|".join(
        (r"(?<!\w[.+-])" if "@" in name else "") + re.escape(name) for name in longest_first
    )
    return re.sub(rf"(?<!\w)(?:{one})(?!\w)", lambda found: instead[found[0]], text)


def _forget_contact(session: ScopedSession, was: _Was, *, is_alone: bool) -> int:
    """Units whose contact this person was have none until another one is named."""
    count = 0
    for unit in session.scalars(
        select(Investor).where(
            or_(Investor.contact_name == was.full_name, Investor.email == (was.email or ""))
        )
    ):
        before = unit.contact_name, unit.email
        if unit.contact_name == was.full_name and is_alone:
            if unit.phone:
                was.named[unit.phone] = "•••"
            unit.contact_name = unit.phone = None
        if unit.email and unit.email == was.email:
            unit.email = None
        count += before != (unit.contact_name, unit.email)
    return count


def _in_the_trail(session: ScopedSession, was: _Was, texts: list[str]) -> int:
    """The pseudonym in entries by this person, about the account, and wherever a text stands."""
    entry = AuditEntry.__table__
    mine = or_(
        entry.c.user_id == was.user_id,
        (entry.c.resource == User.__tablename__) & (entry.c.row_id == str(was.user_id)),
        (entry.c.resource == "sign_in") & entry.c.label.in_(was.usernames),
    )
    told = [holding(column, texts) for column in (entry.c.label, entry.c.changes)] if texts else []
    rewritten = {}
    for row in session.execute(select(entry).where(or_(mine, *told))).mappings():
        values = {
            "user_name": was.pseudonym if row["user_id"] == was.user_id else row["user_name"],
            "label": was.hidden(row["label"])[:300],
            "changes": was.hidden(row["changes"]),
            "search_text": was.hidden_key(row["search_text"]),
        }
        if any(row[name] != value for name, value in values.items()):
            rewritten[row["id"]] = values
    rewrite_trail(session, rewritten)
    return len(rewritten)

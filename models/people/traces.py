"""Where a person stands in the database: their account, what they did, what bears their name.

Found from the tables themselves, so that a new one is covered: a column `user_id` names the
account, `user_name` the person as they were called then, `recipient` where mail went.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    String,
    Table,
    Text,
    and_,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from models.base import AuditEntry, Base, escape_like, stored_value
from models.people.user import User

# what proves who somebody is leaves the database for nobody, not even for themselves
SECRET = re.compile(r"hash|secret|token|key|credential|challenge|search_text|sort_text")


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A table that tells of a person, and which of its rows do."""

    table: Table
    rows: ColumnElement[bool]

    @property
    def is_of_the_account(self) -> bool:
        """Whether its rows go with the account: sign-ins, keys, codes."""
        return any(
            key.column.table is User.__table__ and key.ondelete == "CASCADE"
            for key in self.table.foreign_keys
        )


def has_namesake(session: Session, user: User) -> bool:
    """Whether the name alone does not tell who is meant."""
    others = select(User.id).where(User.full_name == user.full_name, User.id != user.id)
    return session.scalar(others.limit(1)) is not None


def traces(session: Session, user: User) -> Iterator[Trace]:
    """Every table but the account and the audit trail that tells of this person.

    What has no account beside the name is left out where somebody else is called the same.
    """
    by_name = not has_namesake(session, user)
    for table in Base.metadata.sorted_tables:
        if table.name in {User.__tablename__, AuditEntry.__tablename__}:
            continue
        found = []
        if "user_id" in table.c:
            found.append(table.c.user_id == user.id)
        elif "user_name" in table.c and by_name:
            found.append(table.c.user_name == user.full_name)
        if "recipient" in table.c and user.email:
            found.append(table.c.recipient == user.email)
        if "contact_name" in table.c:
            found += [table.c.contact_name == user.full_name] if by_name else []
            found += [table.c.email == user.email] if user.email else []
        if found:
            yield Trace(table=table, rows=or_(*found))


def of_the_trail(user: User) -> ColumnElement[bool]:
    """Entries of the audit trail that this person made, or that are about their account."""
    return or_(
        AuditEntry.user_id == user.id,
        and_(AuditEntry.resource == User.__tablename__, AuditEntry.row_id == str(user.id)),
    )


def own_data(session: Session, user: User) -> dict[str, Any]:
    """All that is stored about a person, in plain types: for themselves, on their demand.

    Asked by a session that sees the whole district. Passwords and keys are left out, and files,
    which are named by what they are of.
    """
    account = session.execute(
        select(User.__table__).where(User.__table__.c.id == user.id)
    ).mappings()
    trail = session.execute(
        select(AuditEntry.__table__).where(of_the_trail(user)).order_by(AuditEntry.id)
    ).mappings()
    records = {}
    for trace in traces(session, user):
        rows = session.execute(
            select(trace.table).where(trace.rows).order_by(*trace.table.primary_key)
        )
        found = [_plain(row) for row in rows.mappings()]
        if found:
            records[trace.table.name] = found
    return {
        "account": _plain(next(iter(account))),
        "units": [{"code": unit.code, "name": unit.name} for unit in user.investors],
        "records": records,
        "audit_trail": [_plain(row) for row in trail],
    }


def _plain(row: Any) -> dict[str, Any]:
    return {
        name: stored_value(value)
        for name, value in row.items()
        if not SECRET.search(name) and not isinstance(value, bytes)
    }


def holding(column: "ColumnElement[Any]", texts: Sequence[str]) -> ColumnElement[bool]:
    """Whether one of `texts` stands anywhere in a column of text or of JSON."""
    is_json = isinstance(column.type, JSON)
    needles = [json.dumps(text)[1:-1] if is_json else text for text in texts]
    return or_(*(cast(column, Text).like(f"%{escape_like(one)}%", escape="\\") for one in needles))


def remaining(session: Session, *texts: str) -> dict[str, int]:
    """`table.column` → in how many rows one of `texts` still stands, anywhere in a text."""
    found = {}
    for table in Base.metadata.sorted_tables:
        for column in table.c:
            if not isinstance(column.type, JSON | String):
                continue
            count = session.scalar(
                select(func.count()).select_from(table).where(holding(column, texts))
            )
            if count:
                found[f"{table.name}.{column.name}"] = count
    return found

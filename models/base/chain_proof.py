"""Whether the chain over the audit trail is whole, and where it is not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, exists, func, select
from sqlalchemy.engine import Connection

from models.base.audit import AuditEntry
from models.base.chain import NO_END, SEALED, SEALS, End, digest_of, linked
from models.base.errors import RuleBroken, _n
from models.base.finding import TableName

MOST_TOLD = 50
REWRITES = "anonymise"  # the one act that changes entries; it follows those that it changed
_AT_ONCE = 1_000
_ENTRY: Any = AuditEntry.__table__
_NOTED = re.compile(r"(?:([0-9]{1,18})-)?([0-9a-f]{16,64})")


@dataclass
class Verdict:
    """How many seals there are and the end of the chain, entries that bear a pseudonym now, and
    what is wrong: the first faults in words, and how many there are.
    """

    end: End = NO_END
    rewritten: int = 0
    faults: list[RuleBroken] = field(default_factory=list)
    count: int = 0

    def tell(self, message: str, **values: Any) -> None:
        self.count += 1
        if len(self.faults) < MOST_TOLD:
            self.faults.append(RuleBroken(message, **values))


def read_end(text: str) -> tuple[int | None, str]:
    """An end as it was noted: number and hash, or the hash alone, of which 16 digits will do."""
    found = _NOTED.fullmatch(text.strip().lower())
    if found is None:
        raise RuleBroken(
            _n(
                "%(text)s is no end of the trail. Write it as “flask audit verify” told it: the "
                "number, a dash and the hash."
            ),
            text=text[:80],
        )
    return (int(found[1]) if found[1] else None), found[2]


def prove_chain(connection: Connection, noted: Iterable[tuple[int | None, str]] = ()) -> Verdict:
    """Follow the chain from its beginning, then look for each end that was `noted` elsewhere.

    Asked in a transaction that sees one moment of the whole district.
    """
    verdict = Verdict()
    _follow(connection, verdict)
    sealed = exists().where(SEALS.c.entry_id == _ENTRY.c.id)
    for entry in connection.execute(select(_ENTRY).where(~sealed).order_by(_ENTRY.c.id)):
        verdict.tell(
            _n(
                "An entry was put in past the program: id %(id)s, %(moment)s, %(who)s, %(table)s "
                "%(label)s. It has no seal."
            ),
            **_about(entry),
        )
    for number, digits in noted:
        _look_for(connection, verdict, number, digits)
    return verdict


def _about(entry: Row[Any]) -> dict[str, Any]:
    """What a sentence says of an entry."""
    return {
        "id": entry.id,
        "moment": entry.at,
        "who": entry.user_name,
        "table": TableName(entry.resource),
        "label": entry.label,
    }


def _follow(connection: Connection, verdict: Verdict) -> None:
    last = func.max(SEALS.c.number)
    again = select(SEALS.c.entry_id, last).group_by(SEALS.c.entry_id).having(func.count() > 1)
    latest: dict[int, int] = dict(connection.execute(again).all())
    seen: set[int] = set()
    is_open, before = False, None  # entries sealed again, and nothing yet says why
    asked = (
        select(SEALS, *(_ENTRY.c[name] for name in SEALED))
        .join_from(SEALS, _ENTRY, _ENTRY.c.id == SEALS.c.entry_id, isouter=True)
        .order_by(SEALS.c.number)
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in connection.execute(asked):
        _check_link(verdict, row)
        verdict.end = End(row.number, row.hash)
        if row.number == latest.get(row.entry_id, row.number):
            _check_content(verdict, row, before)
        if row.entry_id in seen:
            is_open, verdict.rewritten = True, verdict.rewritten + 1
        elif is_open:
            _check_reason(verdict, row.number, row.action)
            is_open = False
        if row.entry_id in latest:
            seen.add(row.entry_id)
        before = row.at or before
    if is_open:
        _check_reason(verdict, verdict.end.number + 1, None)


def _check_link(verdict: Verdict, row: Row[Any]) -> None:
    end = verdict.end
    if row.number != end.number + 1:
        verdict.tell(
            _n("%(count)s entries were removed with their seals: numbers %(first)s to %(last)s."),
            count=row.number - end.number - 1,
            first=end.number + 1,
            last=row.number - 1,
        )
    elif linked(end, row.entry_id, row.digest) != (row.number, row.hash):
        verdict.tell(
            _n(
                "The chain is broken at number %(number)s: this seal does not follow the one "
                "before. A seal was changed, exchanged or put in here."
            ),
            number=row.number,
        )


def _check_content(verdict: Verdict, row: Row[Any], before: Any) -> None:
    if row.id is None:
        verdict.tell(
            _n("Entry number %(number)s (id %(id)s) was removed. The one before is of %(moment)s.")
            if before is not None
            else _n("Entry number %(number)s (id %(id)s), the first of all, was removed."),
            number=row.number,
            id=row.entry_id,
            moment=before,
        )
    elif row.salt is None or digest_of(dict(row._mapping), row.salt) != row.digest:
        verdict.tell(
            _n(
                "Entry number %(number)s (id %(id)s) was changed after it was written. It says "
                "now: %(moment)s, %(who)s, %(table)s %(label)s."
            ),
            number=row.number,
            **_about(row),
        )


def _check_reason(verdict: Verdict, number: int, action: str | None) -> None:
    if action != REWRITES:
        verdict.tell(
            _n(
                "Entries before number %(number)s were rewritten, and no entry says that a person "
                "was anonymised."
            ),
            number=number,
        )


def _look_for(connection: Connection, verdict: Verdict, number: int | None, digits: str) -> None:
    if number is None:
        alike = SEALS.c.hash.startswith(digits, autoescape=True)
        if not connection.scalar(select(func.count()).select_from(SEALS).where(alike)):
            verdict.tell(
                _n(
                    "No seal has the noted hash %(noted)s: entries were removed at the end, or "
                    "the chain was made anew."
                ),
                noted=digits,
            )
        return
    found = connection.scalar(select(SEALS.c.hash).where(SEALS.c.number == number))
    if found is None:
        verdict.tell(
            _n(
                "The trail ends at number %(number)s, but number %(noted)s was noted: the last "
                "%(count)s entries were removed."
            ),
            number=verdict.end.number,
            noted=number,
            count=number - verdict.end.number,
        )
    elif not found.startswith(digits):
        verdict.tell(
            _n("Number %(noted)s has another hash than was noted: the chain was made anew."),
            noted=number,
        )

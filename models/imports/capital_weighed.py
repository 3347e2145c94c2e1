"""What the ledger has against lines that are planned, told at their cells; nothing is stored."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from models.base import Dong, Found, RuleBroken, _n, meant_instead, tried
from models.capital import Allocation, AllocationLine, LineKind
from models.catalogue import Decision
from models.imports.capital_lines import Change, Key, new_allocation
from models.imports.decisions import Meant
from models.imports.notes import Notes
from models.ledger import (
    MOVES,
    dated_ahead,
    in_season,
    numbered_twice,
    out_of_balance,
    out_of_season,
    sums_of,
)
from models.sheets import Finding, Level

Stored = dict[int, list[AllocationLine]]


def weigh(
    session: Session,
    changes: Sequence[Change],
    keys: Mapping[Key, Allocation],
    meant: Meant,
    notes: Notes,
) -> None:
    """The refusals of the ledger, at their cells; nothing is stored."""
    decision = meant.stored or Decision(
        number=meant.number,
        issued_on=meant.issued_on,
        issuer=meant.issuer,
        effective_on=meant.effective_on,
    )
    fresh: dict[Key, Allocation] = {}
    lines: dict[Any, Change] = {}
    for one in changes:
        if one.key not in keys and one.key not in fresh:
            fresh[one.key] = new_allocation(one.project, one.key)
            lines[fresh[one.key]] = one
        line = AllocationLine(
            investor_id=one.project.investor_id,
            kind=one.kind,
            amount=one.amount,
            effective_on=meant.effective_on,
        )
        if one.key in keys:
            line.allocation_id = keys[one.key].id
        else:
            line.allocation = fresh[one.key]
        if meant.stored is not None:
            line.decision_id = meant.stored.id
        else:
            line.decision = decision
        lines[line] = one
    with tried(session, *lines) as refusals:
        for refusal in refusals():
            if refusal.row in lines:
                _refuse(lines[refusal.row], refusal, notes)


def _refuse(change: Change, refusal: RuleBroken, notes: Notes) -> None:
    is_too_low = change.amount < 0 and refusal.field == "amount"
    notes.refuse("plan_too_low" if is_too_low else "row_conflict", refusal, change.at)


def doubt(
    session: Session,
    changes: Sequence[Change],
    keys: Mapping[Key, Allocation],
    notes: Notes,
    *,
    day: date,
) -> None:
    """Say which amounts are a thousand times off the project's investment or its plan (V8), as the
    form of a ledger line asks.
    """
    held = [keys[one.key].id for one in changes if one.key in keys]
    plans = sums_of(session, held, day=day)
    for one in changes:
        investment = one.project.total_investment or 0
        plan = plans[keys[one.key].id].plan if one.key in keys else 0
        meant = meant_instead(one.amount, plan=investment, last=plan)
        if meant is not None and not notes.is_blocked(one.at):
            notes.add(
                Finding(
                    level=Level.WARNING,
                    code="V8",
                    message=_n(
                        "%(project)s: %(amount)s đồng? Its total investment is %(investment)s "
                        "đồng, its plan so far %(plan)s đồng. If %(meant)s đồng are meant, correct "
                        "the unit of amounts or the file."
                    ),
                    values={
                        "project": one.project.code,
                        "amount": Dong(one.amount),
                        "investment": Dong(investment),
                        "plan": Dong(plan),
                        "meant": Dong(meant),
                    },
                    at=one.at,
                    is_check=True,
                )
            )


def balance(changes: Sequence[Change], stored: Stored, meant: Meant, notes: Notes) -> None:
    """What is adjusted adds up to nothing, unless another level is part of it (V6)."""
    if not any(one.kind in MOVES for one in changes):
        return
    if meant.stored is not None and meant.stored.crosses_level:
        return
    amount = sum(one.amount for one in changes if one.kind in MOVES)
    amount += sum(line.amount for lines in stored.values() for line in lines if line.kind in MOVES)
    if amount:
        _tell("V6", out_of_balance("", meant.number, amount), meant, notes)


def doubt_decision(changes: Sequence[Change], meant: Meant, notes: Notes, *, day: date) -> None:
    """Say what the ledger will have against a decision once these lines are booked (V13)."""
    issued = meant.issued_on
    for year in sorted({one.year for one in changes if one.kind is LineKind.INITIAL}):
        if not in_season(year, issued.year, issued.month):
            _tell("V13", out_of_season("", meant.number, issued, year), meant, notes)
    if meant.stored is None and meant.issued_on > day:
        _tell("V13", dated_ahead("", meant.number, meant.issued_on), meant, notes)
    if meant.is_second:
        _tell("V13", numbered_twice("", meant.number, meant.issuer), meant, notes)


def _tell(code: str, found: Found, meant: Meant, notes: Notes) -> None:
    notes.add(
        Finding(
            level=Level(found.level),
            code=code,
            message=found.message,
            values=found.values,
            at=meant.at,
            is_check=True,
        )
    )

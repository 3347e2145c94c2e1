"""How checks run: each rule looks at a sheet or at the ledger and yields findings."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from models.base import Found, RuleBroken, _n
from models.filing.checks.later import LATER_RULES
from models.filing.checks.money import MONEY_RULES
from models.filing.checks.progress import PROGRESS_RULES
from models.filing.rule_use import RuleUse, rule_uses
from models.filing.sheet import Rule, Sheet
from models.ledger import look_at_decisions, look_at_first_allocations, look_at_year_ends

FIRST_DAY = date(2000, 1, 1)
_FROM_THE_FIRST = RuleUse(FIRST_DAY, is_trial=False)


class Level(StrEnum):
    """Errors stop the sending, warnings ask for an explanation, hints only tell."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True)
class Finding:
    """What a rule found: `subject` is `allocation:<id>`, `project:<id>`, `decision:<id>` or
    `report`. On trial it stops nobody.
    """

    rule: str
    level: Level
    subject: str
    message: str
    values: dict[str, Any] = field(default_factory=dict)
    is_trial: bool = False

    @property
    def sentence(self) -> RuleBroken:
        """The finding in the shape that the edge translates."""
        return RuleBroken(self.message, **self.values)

    @property
    def key(self) -> tuple[str, str]:
        return self.rule, self.subject

    @property
    def figures(self) -> str:
        """The figures it speaks of, in one line: an explanation holds as long as they do."""
        return "; ".join(f"{name}={value}" for name, value in sorted(self.values.items()))

    @property
    def asks_explanation(self) -> bool:
        return self.level is Level.WARNING and not self.is_trial


# by code, in the order of their numbers
RULES: Mapping[str, Rule] = dict(
    sorted((MONEY_RULES | PROGRESS_RULES | LATER_RULES).items(), key=lambda one: int(one[0][1:]))
)
# what each check means, for the page on which its use is set (domain §3.4)
MEANING: dict[str, tuple[Level, str]] = {
    "V1": (Level.ERROR, _n("Cumulative disbursement is at most the plan of its key.")),
    "V2": (Level.ERROR, _n("A month is negative only by money returned under a document.")),
    "V3": (Level.ERROR, _n("Cumulative disbursement of the year never falls below zero.")),
    "V4": (Level.ERROR, _n("An advance is recovered at most as far as it was paid.")),
    "V5": (Level.WARNING, _n("Paid volume ≤ accepted volume ≤ approved estimate.")),
    "V6": (Level.ERROR, _n("Parts add up to the stated total; moved capital balances.")),
    "V7": (Level.ERROR, _n("Nothing is disbursed before the first allocation or after expiry.")),
    "V8": (Level.WARNING, _n("An amount looks a thousand times too large or too small.")),
    "V9": (Level.WARNING, _n("Nothing changed since the last month, and nothing is written.")),
    "V10": (Level.WARNING, _n("Progress does not fall; work and money do not part company.")),
    "V11": (Level.WARNING, _n("The estimate lies between what is disbursed and the plan.")),
    "V12": (Level.WARNING, _n("From the second quarter on, 0 % needs an obstacle named.")),
    "V13": (
        Level.WARNING,
        _n("A decision is dated before its use and fits its budget year; no number is used twice."),
    ),
    "V14": (Level.WARNING, _n("Cumulative disbursement is what the Treasury confirms.")),
    "V15": (Level.ERROR, _n("No amount is negative or has more than 15 digits.")),
    "V16": (Level.WARNING, _n("A correction still fits the months that were reported after it.")),
}
_ORDER = (Level.ERROR, Level.WARNING, Level.HINT)
_SOFTER = {Level.ERROR: Level.WARNING, Level.WARNING: Level.HINT, Level.HINT: Level.HINT}


def check_sheet(sheet: Sheet) -> list[Finding]:
    """All findings, errors first, then in the order of the rules and of the sheet.

    A rule counts from the period in which its first day lies; on trial it is one step softer
    and stops nobody.
    """
    found = []
    for code, rule in RULES.items():
        use = sheet.rule_uses.get(code, _FROM_THE_FIRST)
        if sheet.period.data_to >= use.since:
            found += [_finding(code, one, use.is_trial) for one in rule(sheet)]
    return sorted(found, key=lambda finding: _ORDER.index(finding.level))


def check_decision(session: Session, decision_id: int, *, day: date) -> list[Finding]:
    """What is wrong or doubtful in one decision and its lines (V6, V13), errors first."""
    first = (("V13", one) for one in look_at_first_allocations(session, decision_id=decision_id))
    of_it = look_at_decisions(session, day=day, decision_id=decision_id)
    return _in_use(session, chain(of_it, first), day)


def check_ledger(
    session: Session,
    *,
    day: date,
    units: Set[int] | None = None,
    decisions: bool = True,
) -> list[Finding]:
    """The same of all decisions, unless they are left out; and what does not close of all capital,
    or of what these `units` hold.
    """
    capital = (("V6", one) for one in look_at_year_ends(session, day=day, units=units))
    first = (("V13", one) for one in look_at_first_allocations(session, units=units))
    of_decisions = look_at_decisions(session, day=day) if decisions else ()
    return _in_use(session, chain(of_decisions, first, capital), day)


def _in_use(session: Session, found: Iterable[tuple[str, Found]], day: date) -> list[Finding]:
    uses = rule_uses(session)
    counts = [
        _finding(code, one, use.is_trial)
        for code, one in found
        if (use := uses.get(code, _FROM_THE_FIRST)).since <= day
    ]
    return sorted(counts, key=lambda finding: _ORDER.index(finding.level))


def _finding(code: str, found: Found, is_trial: bool) -> Finding:
    level = Level(found.level)
    return Finding(
        rule=code,
        level=_SOFTER[level] if is_trial else level,
        subject=found.subject,
        message=found.message,
        values=found.values,
        is_trial=is_trial,
    )


def figures_behind(findings: Sequence[Finding]) -> dict[tuple[str, str], str]:
    """By (rule, subject): a digest of the figures that an explanation given now is for."""
    told: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        if finding.asks_explanation:
            told.setdefault(finding.key, []).append(finding.figures)
    return {key: sha256("|".join(parts).encode()).hexdigest() for key, parts in told.items()}


def outdated(sheet: Sheet, findings: Sequence[Finding]) -> set[tuple[str, str]]:
    """The explanations that were given for other figures than those of now."""
    now = figures_behind(findings)
    return {
        key
        for key, given_for in sheet.explained_for.items()
        if given_for is not None and key in now and now[key] != given_for
    }


def unexplained(sheet: Sheet, findings: Sequence[Finding]) -> list[Finding]:
    """The warnings that have no explanation yet, or one that was given for other figures."""
    old = outdated(sheet, findings)
    return [
        finding
        for finding in findings
        if finding.asks_explanation
        and (not sheet.explanations.get(finding.key, "").strip() or finding.key in old)
    ]

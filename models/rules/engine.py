"""How checks run: each rule looks at a sheet and yields findings."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from models.errors import RuleBroken
from models.report_sheet import Sheet
from models.rules.money import MONEY_RULES
from models.rules.shapes import Found


class Level(StrEnum):
    """Errors stop the sending, warnings ask for an explanation, hints only tell."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True)
class Rule:
    """One check with its code and the first day of data from which it counts."""

    code: str
    look: Callable[[Sheet], Iterator[Found]]
    since: date = date(2000, 1, 1)


@dataclass(frozen=True)
class Finding:
    """What a rule found: `subject` is `allocation:<id>`, `project:<id>` or `report`."""

    rule: str
    level: Level
    subject: str
    message: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> RuleBroken:
        """The finding in the shape that the edge translates."""
        return RuleBroken(self.message, **self.values)

    @property
    def key(self) -> tuple[str, str]:
        return self.rule, self.subject


RULES: Sequence[Rule] = tuple(Rule(code, look) for code, look in MONEY_RULES)
_ORDER = (Level.ERROR, Level.WARNING, Level.HINT)


def check_sheet(sheet: Sheet, rules: Sequence[Rule] = RULES) -> list[Finding]:
    """All findings, errors first, then in the order of the rules and of the sheet."""
    found = [
        Finding(rule.code, Level(one.level), one.subject, one.message, one.values)
        for rule in rules
        if sheet.period.data_to >= rule.since
        for one in rule.look(sheet)
    ]
    return sorted(found, key=lambda finding: _ORDER.index(finding.level))


def unexplained(sheet: Sheet, findings: Sequence[Finding]) -> list[Finding]:
    """The warnings that have no explanation yet."""
    return [
        finding
        for finding in findings
        if finding.level is Level.WARNING and not sheet.explanations.get(finding.key, "").strip()
    ]

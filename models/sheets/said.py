"""What was read from a file: sheets, columns and lines, before the database is asked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from models.base import RuleBroken
from models.sheets.shapes import NOWHERE, At, Finding


class Field(StrEnum):
    """What a column, or a row beneath a project, can mean."""

    # who and what
    NUMBER = "number"  # TT, STT
    UNIT = "unit"
    PROJECT = "project"
    PROJECT_CODE = "project_code"
    PART = "part"
    SOURCE = "source"  # a column that names the source of each row
    NATURE = "nature"
    VINTAGE = "vintage"
    # the month, in đồng
    MONTH = "month"  # disbursed in the month, no more is said: goes into `completed`
    ADVANCE = "advance"
    COMPLETED = "completed"
    RECOVERED = "recovered"
    RETURNED = "returned"
    VOLUME = "volume_value"
    ESTIMATE = "estimate"
    # compared, never imported
    PLAN = "plan"
    BEFORE = "before"  # up to the end of the month before
    CUMULATIVE = "cumulative"  # up to the end of the period; gives the month where that is missing
    REMAINING = "remaining"
    RATE = "rate"
    TOTAL = "total"  # a sum across columns, of whatever they hold
    # words
    PROGRESS = "physical_progress"
    PROGRESS_TEXT = "progress_text"
    OBSTACLES = "obstacles"
    PROPOSALS = "proposals"
    NOTE = "note"
    # projects
    START = "start_on"
    END = "end_on"
    INVESTMENT = "total_investment"
    STATUS = "status"
    # capital
    AMOUNT = "amount"  # of a ledger line
    INCREASE = "increase"
    DECREASE = "decrease"
    LINE_KIND = "kind"
    DECISION = "decision"
    # the Treasury
    CONFIRMED = "confirmed"  # cumulative, paid by the Treasury
    # of an annex, compared
    PLAN_AFTER = "plan_after"  # what its changes leave


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """One thing that a line says: đồng as int, percent as Decimal, a day, or text.

    `vintage` is a year; `is_carried` says “carried over” where the year is not told; neither: not
    told. `month` is the period of a column that names one (twelve months side by side). `among` are
    the sources of which it is one, where the file names several at once (ngân sách địa phương);
    `source` is None then, and may not be taken for untold.
    """

    field: Field
    value: int | Decimal | date | str
    at: At
    vintage: int | None = None
    is_carried: bool = False
    source: str | None = None
    nature: str | None = None
    month: str | None = None
    among: tuple[str, ...] = ()

    @property
    def capital(self) -> tuple[int | None, bool, str | None, tuple[str, ...], str | None]:
        """Of which capital it is, as far as the file tells."""
        return self.vintage, self.is_carried, self.source, self.among, self.nature


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What one row, or one crossing of a row and a column of components, says of one subject.

    Names are resolved to codes; None where the file does not say, or a finding says why not.
    `name` is the text of the project as written, for projects that are new.
    """

    at: At
    unit: str | None = None
    work: str | None = None
    part: str | None = None
    name: str = ""
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A column of the table as it was understood; `field` None: unknown, left aside."""

    column: str
    heading: str
    field: Field | None
    vintage: str = ""  # a year, `carried`, or nothing
    source: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetSeen:
    """One sheet of the file: used or not, and why."""

    sheet: str
    is_used: bool
    why: RuleBroken | None = None
    head: tuple[int, int] | None = None  # first and last row of the head
    rows: tuple[int, int] | None = None  # first and last row of the body
    unit: str | None = None  # of amounts
    period: str | None = None
    columns: tuple[ColumnSeen, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionSeen:
    """The decision that the title of an annex names; kind as of `LineKind`, if words tell it.

    `summary` is what the title says it is about (trích yếu).
    """

    number: str
    issued_on: date | None = None
    issuer: str = ""
    kind: str | None = None
    at: At = NOWHERE
    summary: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """All that a file says. `day` is that of a Treasury statement, `budget_year` that of titles.

    `grain` are the đồng that its last written digit counts: more than one where it is rounded.
    `is_form`: read cell by cell from a unit's own form; each capital row of it has its plan.
    """

    sheets: tuple[SheetSeen, ...] = ()
    lines: tuple[Line, ...] = ()
    findings: tuple[Finding, ...] = ()
    period: str | None = None
    investor: str | None = None
    decision: DecisionSeen | None = None
    day: date | None = None
    budget_year: int | None = None
    source: str | None = None  # of the whole sheet, where its title tells one
    nature: str | None = None
    grain: int = 1
    is_form: bool = False

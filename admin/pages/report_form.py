"""The posted sheet of a unit: every field as typed, read strictly, nothing lost."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from flask_babel import gettext as _

from admin.pages.report_fields import EXPLAIN, EXPLANATION, SERVICE, left_over, of_this_page
from admin.records import bare_label
from admin.words import (
    AMOUNT_WORDS,
    field_attributes,
    label,
    page_language,
    read_amount,
    say,
    typed_amount,
)
from models import Disbursement, ProgressEntry, RuleBroken, Submission
from models.base import (
    MARKS,
    UNITS,
    fields_of,
    plain,
    read_id,
    read_line,
    read_percent,
    read_text,
)
from models.filing import AllocationRow, DisbursementInput, ProjectInput, ProjectRow, Sheet
from models.returns import AMOUNTS, FIGURES, TEXTS

LONGEST_LINES = {"correction_reason": 1_000, "return_document": 200}


class ReportForm:
    """What stands in the fields of the page, and what is wrong with it."""

    def __init__(
        self, sheet: Sheet, typed: Mapping[str, str] | None = None, unit: str = "dong"
    ) -> None:
        """`unit` is that of the amounts on the page; a posted page names its own."""
        self.sheet = sheet
        asked = typed.get("unit", unit) if typed is not None else unit
        self.unit = asked if asked in UNITS else "dong"
        self.stored = _as_text(sheet, self.unit)
        self.typed = None if typed is None else of_this_page(sheet, self.stored, typed)
        self.left_over = left_over(self.stored, typed or {})
        self.errors: dict[str, str] = {}

    def text(self, name: str) -> str:
        """The text of a field: as typed if the page was sent, else as stored."""
        if self.typed is not None:
            return self.typed.get(name, "")
        return self.stored.get(name, "")

    def checked(self, name: str) -> bool:
        return self.text(name) == "yes"

    @property
    def nil_report(self) -> bool:
        return self.checked("nil_report")

    @property
    def version(self) -> int:
        number = read_id(self.text("version"))
        return -1 if number is None or number >= 10**9 else number

    def read(self) -> list[ProjectInput]:
        """The typed values, and the stored one for each field that cannot be read.

        Those fields are in `errors` afterwards, as is what has no field any more: the rest of the
        page can be saved all the same.
        """
        for name, text in self.left_over.items():
            self.errors[name] = _(
                "Its project or capital is no longer part of this report. Not saved: “%(typed)s”",
                typed=text,
            )
        self._stated_total()
        return [self._project(project) for project in self.sheet.projects]

    def explanations(self) -> dict[tuple[str, str], str]:
        """Explanations by (rule, subject), from the fields `explain-V1-allocation:7`."""
        found = {}
        for name, text in (self.typed or {}).items():
            match = EXPLANATION.fullmatch(name)
            if match and name.startswith(EXPLAIN):
                key = match[1], match[2]
                stored = self.sheet.explanations.get(key, "")
                found[key] = self._read(name, read_text, text, stored)
        return found

    def answers(self) -> dict[int, str]:
        """Answers by thread, from the fields `reply-7`; one that is too long is in `errors`."""
        found = {}
        for name, text in (self.typed or {}).items():
            thread_id = read_id(name.removeprefix("reply-")) if name.startswith("reply-") else None
            answer = self._read(name, read_text, text) if thread_id is not None else None
            if thread_id is not None and answer:
                found[thread_id] = answer
        return found

    def stored_answers(self) -> list[str]:
        """The fields of the answers that were stored: typed again they would stand twice."""
        return [f"reply-{thread_id}" for thread_id in self.answers()]

    def confirmed(self) -> set[tuple[str, str]]:
        """Explanations that hold for the new figures too: the fields `again-V14-project:7`."""
        return {
            key for key in self.explanations() if (self.typed or {}).get(f"again-{key[0]}-{key[1]}")
        }

    def differences(self) -> list[tuple[str, str, str]]:
        """(field, stored, typed) for each field in which the page differs from what is stored."""
        names = [*self.stored, *(n for n in self.typed or {} if n not in self.stored)]
        return [
            (name, self.stored.get(name, ""), self.text(name))
            for name in names
            if name not in SERVICE
            and not name.startswith("reply-")
            and not self._same(self.stored.get(name, ""), self.text(name))
        ] + [(name, "", text) for name, text in self.left_over.items()]

    def _same(self, stored: str, typed: str) -> bool:
        """Whether two texts of a field mean the same, however an amount is written."""
        if " ".join(stored.split()) == " ".join(typed.split()):
            return True
        try:
            return read_amount(stored, True, self.unit) == read_amount(typed, True, self.unit)
        except RuleBroken:
            return False

    def amount_attributes(self, *, signed: bool = False) -> dict[str, str]:
        """What the amount fields of the page say to browser and script."""
        return field_attributes(unit=self.unit, negative=signed)

    def is_parted(self, allocation_id: int) -> bool:
        """Whether more than one amount of the row is typed; else the one field is the net."""
        parts = ("advance", "recovered", "returned", "correction")
        return any(self.text(f"a{allocation_id}-{part}") for part in parts)

    def label(self, name: str) -> str:
        """A field's name in words, for a list of differences."""
        for project in self.sheet.projects:
            if name.startswith(f"p{project.project_id}-"):
                return f"{project.code}: {field_label(name.partition('-')[2])}"
            for row in project.allocations:
                if name.startswith(f"a{row.allocation_id}-"):
                    figure = name.partition("-")[2]
                    is_net = figure == "completed" and not self.is_parted(row.allocation_id)
                    what = AMOUNT_WORDS["net"] if is_net else field_label(figure)
                    return f"{project.code} · {label(row.source)} {row.vintage}: {what}"
        return field_label(name.partition("-")[2] if name in self.left_over else name)

    def _project(self, project: ProjectRow) -> ProjectInput:
        prefix = f"p{project.project_id}-"
        return ProjectInput(
            project_id=project.project_id,
            physical_progress=self._percent(
                f"{prefix}physical_progress", project.physical_progress
            ),
            volume_value=self._money(f"{prefix}volume_value", project.volume_value),
            estimate=self._money(f"{prefix}estimate", project.estimate),
            treasury_cumulative=self._money(
                f"{prefix}treasury_cumulative", project.treasury_cumulative
            ),
            **{name: self._text(f"{prefix}{name}", getattr(project, name)) for name in TEXTS},
            disbursements=[self._money_row(row) for row in project.allocations],
        )

    def _money_row(self, row: AllocationRow) -> DisbursementInput:
        prefix = f"a{row.allocation_id}-"
        return DisbursementInput(
            allocation_id=row.allocation_id,
            **self._amounts(row, prefix),
            correction=self._money(f"{prefix}correction", row.correction, signed=True),
            correction_reason=self._text(f"{prefix}correction_reason", row.correction_reason),
            return_document=self._text(f"{prefix}return_document", row.return_document),
            awaits_decision=self.checked(f"{prefix}awaits_decision"),
        )

    def _amounts(self, row: AllocationRow, prefix: str) -> dict[str, int | None]:
        """The four amounts. More recovered than completed cannot be stored: then the stored
        figures of these two stay, and what was typed stands in the fields.
        """
        amounts = {name: self._money(f"{prefix}{name}", getattr(row, name)) for name in AMOUNTS}
        if (amounts["recovered"] or 0) > (amounts["completed"] or 0):
            self.errors.setdefault(
                f"{prefix}recovered",
                _("Recovered cannot be more than the accepted volume it is part of."),
            )
            amounts["recovered"] = row.recovered
            if (amounts["recovered"] or 0) > (amounts["completed"] or 0):
                amounts["completed"] = row.completed
        return amounts

    @property
    def stated_total(self) -> int | None:
        """The total of the unit's own table, for the check of the sum; `read` judged it."""
        return self._stated_total()

    def _stated_total(self) -> int | None:
        submission = self.sheet.submission
        stored = submission.stated_total if submission is not None else None
        return self._money("stated_total", stored, signed=True)

    def _money(self, name: str, stored: int | None, *, signed: bool = False) -> int | None:
        text = self.text(name)
        if not plain(text):
            return None
        amount: int | None = self._read(
            name, lambda typed: read_amount(typed, signed, self.unit), text, stored
        )
        return amount

    def _percent(self, name: str, stored: Decimal | None) -> Decimal | None:
        text = self.text(name)
        return self._read(name, read_percent, text, stored) if text.strip() else None

    def _text(self, name: str, stored: str | None) -> str | None:
        most = LONGEST_LINES.get(name.partition("-")[2])
        read = read_text if most is None else partial(read_line, most=most)
        return self._read(name, read, self.text(name), stored) or None

    def _read(self, name: str, read: Callable[[str], Any], text: str, stored: Any = None) -> Any:
        """What the text of a field means; the stored value where it cannot be read."""
        try:
            return read(text)
        except RuleBroken as refusal:
            self.errors[name] = say(refusal)
            return stored


def place_of(refusal: RuleBroken) -> str | None:
    """The field of the page that a refusal speaks of, if it is one of them."""
    row = refusal.row
    if isinstance(row, Disbursement):
        return f"a{row.allocation_id}-{refusal.field}"
    if isinstance(row, ProgressEntry):
        return f"p{row.project_id}-{refusal.field}"
    return refusal.field


def field_label(name: str) -> str:
    """The words of one field of the sheet: those of its column, without the unit of the page."""
    if name.startswith(EXPLAIN):
        return str(_("Explanation"))
    for model in (Disbursement, ProgressEntry, Submission):
        if name in fields_of(model):
            return bare_label(model, name)
    return name


def _as_text(sheet: Sheet, unit: str) -> dict[str, str]:
    """Every field of the page as it is stored, amounts in `unit`."""
    found: dict[str, str] = {"version": str(sheet.version)}
    if sheet.submission is not None and sheet.submission.stated_total is not None:
        found["stated_total"] = typed_amount(sheet.submission.stated_total, unit)
    if sheet.submission is not None and sheet.submission.nil_report:
        found["nil_report"] = "yes"
    for (rule, subject), text in sheet.explanations.items():
        found[f"{EXPLAIN}{rule}-{subject}"] = text
    for project in sheet.projects:
        for name in (*FIGURES, *TEXTS):
            found[f"p{project.project_id}-{name}"] = _shown(getattr(project, name), unit)
        for row in project.allocations:
            prefix = f"a{row.allocation_id}-"
            for name in AMOUNTS:
                found[f"{prefix}{name}"] = typed_amount(row.entered(name), unit)
            found[f"{prefix}correction"] = typed_amount(row.entered("correction"), unit)
            found[f"{prefix}correction_reason"] = row.correction_reason or ""
            found[f"{prefix}return_document"] = row.return_document or ""
            if row.awaits_decision:
                found[f"{prefix}awaits_decision"] = "yes"
    return found


def _shown(value: Any, unit: str) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:f}".replace(".", MARKS[page_language()][1])
        case int():
            return typed_amount(value, unit)
        case _:
            return str(value)

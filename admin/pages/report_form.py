"""The posted sheet of a unit: every field as typed, read strictly, nothing lost."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from admin.words import label, say
from models import Disbursement, ProgressEntry, RuleBroken
from models.base import UNITS, clean, clean_line, format_dong, in_unit, parse_dong
from models.filing import (
    AMOUNTS,
    FIGURES,
    TEXTS,
    AllocationRow,
    DisbursementInput,
    ProjectInput,
    ProjectRow,
    Sheet,
)

LONGEST = 4_000
EXPLAIN = "explain-"


def field_of(subject: str) -> str:
    """The field that a finding about `allocation:7` or `project:7` points to."""
    kind, _sep, row_id = subject.partition(":")
    return {
        "allocation": f"a{row_id}-completed",
        "project": f"p{row_id}-progress_text",
    }.get(kind, "nil_report")


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
        self.typed = typed
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
        text = self.text("version")
        return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else -1

    def read(self) -> list[ProjectInput]:
        """The typed values; what cannot be read is in `errors` afterwards, by field."""
        self._money("stated_total", signed=True)
        return [self._project(project) for project in self.sheet.projects]

    def explanations(self) -> dict[tuple[str, str], str]:
        """Explanations by (rule, subject), from the fields `explain-V1-allocation:7`."""
        found = {}
        for name, text in (self.typed or {}).items():
            match = re.fullmatch(r"explain-(V\d+)-((?:allocation|project):\d+|report)", name)
            if match:
                found[match[1], match[2]] = clean(text)[:LONGEST]
        return found

    def differences(self) -> list[tuple[str, str, str]]:
        """(field, stored, typed) for each field in which the page differs from what is stored."""
        names = [*self.stored, *(n for n in self.typed or {} if n not in self.stored)]
        service = {"csrf_token", "form_key", "version", "action", "investor", "unit"}
        return [
            (name, self.stored.get(name, ""), self.text(name))
            for name in names
            if name not in service
            and not name.startswith("reply-")
            and _bare(self.stored.get(name, "")) != _bare(self.text(name))
        ]

    def label(self, name: str) -> str:
        """A field's name in words, for a list of differences."""
        for project in self.sheet.projects:
            if name.startswith(f"p{project.project_id}-"):
                return f"{project.code}: {field_label(name.partition('-')[2])}"
            for row in project.allocations:
                if name.startswith(f"a{row.allocation_id}-"):
                    what = field_label(name.partition("-")[2])
                    return f"{project.code} · {label(row.source)} {row.vintage}: {what}"
        return field_label(name)

    def _project(self, project: ProjectRow) -> ProjectInput:
        prefix = f"p{project.project_id}-"
        return ProjectInput(
            project_id=project.project_id,
            physical_progress=self._percent(f"{prefix}physical_progress"),
            volume_value=self._money(f"{prefix}volume_value"),
            estimate=self._money(f"{prefix}estimate"),
            treasury_cumulative=self._money(f"{prefix}treasury_cumulative"),
            **{name: self._text(f"{prefix}{name}") for name in TEXTS},
            disbursements=[self._money_row(row) for row in project.allocations],
        )

    def _money_row(self, row: AllocationRow) -> DisbursementInput:
        prefix = f"a{row.allocation_id}-"
        amounts = {name: self._money(f"{prefix}{name}") for name in AMOUNTS}
        return DisbursementInput(
            allocation_id=row.allocation_id,
            **amounts,
            correction=self._money(f"{prefix}correction", signed=True),
            correction_reason=self._text(f"{prefix}correction_reason"),
            return_document=clean_line(self.text(f"{prefix}return_document"))[:200] or None,
            awaits_decision=self.checked(f"{prefix}awaits_decision"),
        )

    @property
    def stated_total(self) -> int | None:
        """The total of the unit's own table, for the check of the sum; `read` judged it."""
        return self._money("stated_total", signed=True)

    def _money(self, name: str, *, signed: bool = False) -> int | None:
        text = self.text(name)
        if not text.strip():
            return None
        try:
            return parse_dong(text, unit=self.unit, allow_negative=signed)
        except RuleBroken as refusal:
            self.errors[name] = say(refusal)
            return None

    def _percent(self, name: str) -> Decimal | None:
        text = self.text(name).strip().removesuffix("%").strip()
        if not text:
            return None
        if not re.fullmatch(r"\d{1,3}([,.]\d{1,2})?", text, re.ASCII) or (
            Decimal(text.replace(",", ".")) > 100
        ):
            self.errors[name] = _("Progress is a percentage from 0 to 100, such as 45 or 62,5.")
            return None
        return Decimal(text.replace(",", "."))

    def _text(self, name: str) -> str | None:
        value = clean(self.text(name))
        if len(value) > LONGEST:
            self.errors[name] = _(
                "The text has %(length)s characters; at most %(most)s are possible.",
                length=len(value),
                most=LONGEST,
            )
        return value or None


def place_of(refusal: RuleBroken) -> str | None:
    """The field of the page that a refusal speaks of, if it is one of them."""
    row = refusal.row
    if isinstance(row, Disbursement):
        return f"a{row.allocation_id}-{refusal.field}"
    if isinstance(row, ProgressEntry):
        return f"p{row.project_id}-{refusal.field}"
    return refusal.field


def field_label(name: str) -> str:
    """The words of one field of the sheet."""
    words = {
        "advance": _("Advance"),
        "completed": _("Disbursed this period"),
        "recovered": _("Advance recovered"),
        "returned": _("Returned"),
        "return_document": _("Document of the return"),
        "awaits_decision": _("A decision is awaited"),
        "physical_progress": _("Physical progress"),
        "volume_value": _("Value of work done"),
        "estimate": _("Estimated disbursement"),
        "treasury_cumulative": _("Cumulative as the Treasury confirms it"),
        "correction": _("Correction of earlier periods"),
        "correction_reason": _("Reason of the correction"),
        "stated_total": _("Total of your own table"),
        "narrative_results": _("Results of the quarter"),
        "narrative_obstacles": _("Difficulties and their causes"),
        "narrative_tasks": _("Tasks and solutions of the next quarter"),
        "narrative_proposals": _("Proposals"),
        "progress_text": _("Progress and results"),
        "obstacles": _("Obstacles"),
        "proposals": _("Proposals"),
        "nil_report": _("Nothing to report"),
    }
    return words.get(name, _("Explanation") if name.startswith(EXPLAIN) else name)


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace(".", "")).strip()


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
                value = getattr(row, name)
                # detail fields hold 0 in the database when only the simple one was typed
                hide = value == 0 and name != "completed"
                found[f"{prefix}{name}"] = "" if hide else typed_amount(value, unit)
            found[f"{prefix}correction"] = typed_amount(row.correction or None, unit)
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
            return f"{value:f}".replace(".", ",")
        case int():
            return typed_amount(value, unit)
        case _:
            return str(value)


def typed_amount(amount: int | None, unit: str = "dong") -> str:
    """An amount as it is typed in `unit`, with dots in every language: `1,234` would be refused.

    In a larger unit without dots, since `1.234` could be read in two ways there.
    """
    if amount is None:
        return ""
    if unit == "dong":
        return format_dong(amount)
    return f"{in_unit(amount, unit).normalize():f}".replace(".", ",")

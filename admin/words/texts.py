"""Refusals and codes in the words of the people who read them."""

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from babel import Locale
from flask import Flask, has_request_context
from flask_babel import get_locale, get_translations, gettext, pgettext  # type: ignore[attr-defined]
from flask_babel import lazy_gettext as _l
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from admin.words.audit_words import table_label
from admin.words.formatters import day, dong, in_sentence, moment, month_label, number
from admin.words.import_words import IMPORT_LABELS
from models import (
    Cause,
    Channel,
    DayKind,
    Delivery,
    EventKind,
    InvestorKind,
    LineKind,
    Nature,
    ObstacleState,
    OrgEventKind,
    Outcome,
    PeriodKind,
    PeriodStatus,
    ProjectStatus,
    ReceiptWay,
    Role,
    RuleBroken,
    RunStatus,
    Solver,
    Source,
    SubmissionStatus,
)
from models.base import Counts, Dong, TableName
from models.calendar import Cutoff, DueRule, HolidayShift, PeriodCode, Punctuality
from models.column_sets import Tabled
from models.filing.checks import Level
from models.sheets import Kind

_SHOWN_AS = {"user_investor": "user_account"}  # a bond that people know by its end

# Pairs, not a mapping: members of two enumerations with one value are equal as keys.
LABELS: tuple[tuple[StrEnum, Any], ...] = (
    (Role.ADMIN, _l("Administrator")),
    (Role.OFFICER, _l("Officer")),
    (Role.FINANCE, _l("Finance officer")),
    (Role.INVESTOR, _l("Investor's user")),
    (Role.LEADER, _l("Leader")),
    (Role.AUDITOR, _l("Auditor")),
    (InvestorKind.DEPARTMENT, _l("Department or office")),
    (InvestorKind.PUBLIC_SERVICE, _l("Public service unit")),
    (InvestorKind.ASSOCIATION, _l("Association")),
    (InvestorKind.COMMUNE, _l("Commune, ward or district")),
    (InvestorKind.MANAGEMENT_BOARD, _l("Management board")),
    (ProjectStatus.PLANNED, _l("Planned")),
    (ProjectStatus.ACTIVE, _l("Active")),
    (ProjectStatus.COMPLETED, _l("Completed")),
    (ProjectStatus.SUSPENDED, _l("Suspended")),
    (Source.NSTW, _l("Central budget")),
    (Source.NST, _l("Provincial budget")),
    (Source.NSH, _l("District budget")),
    (Source.NSX, _l("Commune budget")),
    (Source.HDK, _l("Other lawful mobilisation")),
    (Source.TDCS, _l("Policy credit")),
    (Nature.DTPT, _l("Investment capital")),
    (Nature.SN, _l("Recurrent capital")),
    (LineKind.INITIAL, _l("First allocation of the year")),
    (LineKind.SUPPLEMENT, _l("Supplement")),
    (LineKind.ADJUST, _l("Adjustment")),
    (LineKind.RECALL, _l("Recall")),
    (LineKind.CARRY_IN, _l("Carried over from an earlier year")),
    (LineKind.TRANSFER, _l("Transfer after a reorganisation")),
    (PeriodKind.MONTH, _l("Month")),
    (PeriodKind.QUARTER, _l("Quarter")),
    (PeriodKind.CLOSING, _l("Closing period")),
    (PeriodStatus.OPEN, _l("Open")),
    (PeriodStatus.LOCKED, _l("Locked")),
    (SubmissionStatus.DRAFT, _l("Draft")),
    (SubmissionStatus.SUBMITTED, _l("Submitted")),
    (SubmissionStatus.RETURNED, _l("Returned")),
    (SubmissionStatus.ACCEPTED, _l("Accepted")),
    (EventKind.SENT, _l("Sent")),
    (EventKind.RETURNED, _l("Returned")),
    (EventKind.ACCEPTED, _l("Accepted")),
    (Outcome.WAITING, _l("Submitted")),
    (Outcome.ACCEPTED, _l("Accepted")),
    (Outcome.RETURNED, _l("Returned")),
    (Punctuality.ON_TIME, _l("On time")),
    (Punctuality.LATE, _l("Late")),
    (Punctuality.MISSING, _l("Missing")),
    (Punctuality.EXEMPT, _l("Exempt")),
    (Punctuality.PENDING, _l("Not yet due")),
    (DayKind.HOLIDAY, _l("Public holiday")),
    (DayKind.COMPENSATORY, _l("Day off in lieu")),
    (DayKind.SWAP_OFF, _l("Swapped day off")),
    (DayKind.WORKING_OVERRIDE, _l("Worked weekend")),
    (DayKind.LOCAL_OFF, _l("Local closure")),
    (DueRule.BEFORE, _l("Before that day")),
    (DueRule.ON_OR_BEFORE, _l("On that day at the latest")),
    (HolidayShift.NEXT, _l("Next working day")),
    (HolidayShift.PREVIOUS, _l("Previous working day")),
    (HolidayShift.NONE, _l("Do not move")),
    (Cutoff.END_OF_MONTH, _l("The calendar month")),
    (Cutoff.DAY_14, _l("From the 15th to the 14th")),
    (Cause.GUIDANCE, _l("Guiding documents")),
    (Cause.BENEFICIARIES, _l("Beneficiaries")),
    (Cause.BIDDING, _l("Bidding and prices")),
    (Cause.SEASON, _l("Breeds and seasons")),
    (Cause.SITE, _l("Site")),
    (Cause.STAFF, _l("Staff")),
    (Cause.LATE_CAPITAL, _l("Capital allocated late")),
    (Cause.OTHER, _l("Other")),
    (Solver.UNIT, _l("The unit itself")),
    (Solver.DISTRICT, _l("District")),
    (Solver.PROVINCE, _l("Province")),
    (Solver.CENTRAL, _l("Central")),
    (ObstacleState.OPEN, _l("Not solved yet")),
    (ObstacleState.IN_HAND, _l("In hand")),
    (ObstacleState.SOLVED, _l("Solved")),
    (Kind.MONTHLY, _l("Monthly report of a unit")),
    (Kind.CONSOLIDATED, _l("Summary of many units")),
    (Kind.ALLOCATIONS, _l("Annex of a decision on capital")),
    (Kind.PROJECTS, _l("List of projects")),
    (Kind.TREASURY, _l("Statement of the Treasury")),
    (RunStatus.READING, _l("Being read")),
    (RunStatus.READY, _l("Ready to be imported")),
    (RunStatus.QUESTIONS, _l("Questions are open")),
    (RunStatus.ERRORS, _l("Errors in the file")),
    (RunStatus.REFUSED, _l("File refused")),
    (RunStatus.APPLIED, _l("Imported")),
    (RunStatus.UNDONE, _l("Undone")),
    (RunStatus.BROKEN, _l("Reading broke off")),
    (OrgEventKind.RENAME, _l("Rename")),
    (OrgEventKind.MERGE, _l("Merge")),
    (OrgEventKind.SPLIT, _l("Split a unit")),
    (OrgEventKind.CLOSE, _l("Close a unit")),
    (OrgEventKind.FOUND, _l("Found a unit")),
    (ReceiptWay.PAPER, _l("On paper")),
    (ReceiptWay.CHAT, _l("By chat")),
    (ReceiptWay.MAIL, _l("By e-mail")),
    (ReceiptWay.FILE, _l("As a file")),
    (ReceiptWay.OTHER, _l("Other")),
    (Channel.MAIL, _l("E-mail")),
    (Channel.CHAT, _l("Chat message")),
    (Channel.LETTER, _l("Official letter")),
    (Delivery.CLAIMED, _l("Broken off")),
    (Delivery.SENT, _l("Sent")),
    (Delivery.FAILED, _l("Failed")),
    (Tabled.CONSOLIDATED, _l("Consolidated report")),
    (Tabled.RANKING, _l("Ranking")),
    (Tabled.LATE, _l("Late list")),
    (Tabled.CARRY_OVER, _l("Carried-over capital")),
    (Tabled.OBSTACLES, _l("Obstacles of a period")),
    (Tabled.ALLOCATION_CHANGES, _l("Changes of the plan")),
    (Tabled.PACE, _l("Need and pace")),
    (Tabled.TREASURY, _l("Against the Treasury")),
    (Level.ERROR, _l("Error")),
    (Level.WARNING, _l("Warning")),
    (Level.HINT, _l("Hint")),
)
# The names of figures, the same on every screen (domain §3.1, §3.2). “Giải ngân trong kỳ” is the
# net alone; in simple mode, where nothing but `completed` is typed, that one field is the net.
AMOUNT_WORDS: dict[str, Any] = {
    "advance": _l("Advance"),
    "completed": _l("Payment for completed volume"),
    "recovered": _l("Advance recovered"),
    "returned": _l("Returned money"),
    "correction": _l("Correction of earlier periods"),
    "net": _l("Disbursed in the period"),
}
_BY_CODE = {
    (type(member).__name__, member.value): text for member, text in (*LABELS, *IMPORT_LABELS)
}


def label(code: StrEnum) -> str:
    """The word for one member of an enumeration, in the language of the page."""
    return str(_BY_CODE.get((type(code).__name__, code.value), code.value))


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """(code, word) of every member, for a select field."""
    return [(member.value, label(member)) for member in kind]


def say(refusal: RuleBroken) -> str:
    """The sentence of a refusal or finding, translated, with its values written out; of a page
    with the names of its periods, of a command with the codes that are typed there.
    """
    values = {name: _written(value) for name, value in refusal.values.items()}
    translated = gettext(refusal.message)
    return _named_once(translated % values) if values else translated


def _named_once(sentence: str) -> str:
    """“Kỳ kỳ chỉnh lý”, “the period closing period”: sentences say that it is a period, and the
    closing period bears the word in its name.
    """
    sentence = re.sub(r"\b([Kk]ỳ) kỳ\b", r"\1", sentence)
    return re.sub(
        r"\b([Pp])eriod closing period\b",
        lambda found: ("C" if found[1] == "P" else "c") + "losing period",
        sentence,
    )


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """As that of Flask-Babel, with the number as it is written: 1.234."""
    sentence: str = get_translations().ungettext(singular, plural, num)
    return sentence % ({"num": number(num)} | values)


def counted(counts: Counts) -> list[str]:
    """Each count with the name of its records: “3 projects”."""
    return [f"{number(count)} {shown_as(table).lower()}" for table, count in counts.items()]


def shown_as(table: str) -> str:
    """What the rows of a table are called where they are counted."""
    return table_label(_SHOWN_AS.get(table, table))


def _written(value: Any) -> Any:
    match value:
        case Dong():
            return dong(value)
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case StrEnum():
            return label(value)
        case Decimal():
            return number(value)
        case PeriodCode():
            return in_sentence(month_label(value)) if has_request_context() else str(value)
        case TableName():
            return table_label(value)
        case Counts():
            return ", ".join(counted(value))
        case list():
            return ", ".join(map(str, map(_written, value)))
        case _:
            return value


def register(app: Flask) -> None:
    """Make `label` and `say` known to templates."""
    app.jinja_env.filters["label"] = label
    app.jinja_env.filters["say"] = say
    # a word that is one in English and several in Vietnamese names its context
    app.jinja_env.globals["pgettext"] = pgettext
    by_jinja: Any = app.jinja_env.globals["ngettext"]
    one_by_jinja: Any = app.jinja_env.globals["gettext"]

    @lru_cache(maxsize=4096)
    def known(_language: Locale | None, sentence: str) -> Markup:
        return Markup(get_translations().ugettext(sentence)) % {}  # noqa: S704  # nosec B704 # the catalogue, as Jinja takes it

    @pass_context
    def once(context: Context, sentence: str, /, **values: Any) -> Any:
        """As of Jinja, which looks for the catalogue at each head of each row of a table; what
        has no values is the same each time.
        """
        if values or not context.eval_ctx.autoescape:
            return one_by_jinja(context, sentence, **values)
        return known(get_locale(), sentence)

    app.jinja_env.globals |= {"gettext": once, "_": once}

    @pass_context
    def grouped(context: Context, singular: str, plural: str, num: int, /, **values: Any) -> Any:
        """As of Jinja, which escapes, with the number as `ngettext` writes it."""
        return by_jinja(context, singular, plural, num, **({"num": number(num)} | values))

    app.jinja_env.globals["ngettext"] = grouped
    app.jinja_env.globals["amount_words"] = AMOUNT_WORDS

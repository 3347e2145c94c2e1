"""What each column is read as: its head, put together with the kind of file and the period."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.base import RuleBroken
from models.calendar import PeriodCode
from models.sheets.layout.column import Column
from models.sheets.layout.says import Time
from models.sheets.layout.titles import is_of, is_up_to_before
from models.sheets.layout.vocabulary import FLOWS, Noun
from models.sheets.said import Field
from models.sheets.shapes import Kind
from models.sheets.words import PeriodSaid, spoken

_ONLY_YEAR = re.compile(r"(?:^|[-:/,(|]) *(?:năm|nam) (20\d\d) *(?:$|[-:/,)|])")
_SAME: dict[Noun, Field] = {
    Noun.NUMBER: Field.NUMBER,
    Noun.PROJECT_CODE: Field.PROJECT_CODE,
    Noun.PROJECT: Field.PROJECT,
    Noun.CONTENT: Field.PROJECT,
    Noun.UNIT: Field.UNIT,
    Noun.PART: Field.PART,
    Noun.SOURCE: Field.SOURCE,
    Noun.NATURE: Field.NATURE,
    Noun.VINTAGE: Field.VINTAGE,
    Noun.PLAN: Field.PLAN,
    Noun.REMAINING: Field.REMAINING,
    Noun.RATE: Field.RATE,
    Noun.NOTE: Field.NOTE,
}
_REPORT: dict[Noun, Field] = {
    **_SAME,
    Noun.PLAN_AFTER: Field.PLAN,
    Noun.ESTIMATE: Field.ESTIMATE,
    Noun.VOLUME: Field.VOLUME,
    Noun.PROGRESS: Field.PROGRESS,
    Noun.PROGRESS_TEXT: Field.PROGRESS_TEXT,
    Noun.OBSTACLES: Field.OBSTACLES,
    Noun.PROPOSALS: Field.PROPOSALS,
}
_FLOWS: dict[Noun, Field] = {
    Noun.ADVANCE: Field.ADVANCE,
    Noun.COMPLETED: Field.COMPLETED,
    Noun.RECOVERED: Field.RECOVERED,
    Noun.RETURNED: Field.RETURNED,
}
_ANNEX: dict[Noun, Field] = {
    **_SAME,
    Noun.PLAN_AFTER: Field.PLAN_AFTER,
    Noun.AMOUNT: Field.AMOUNT,
    Noun.CHANGE: Field.AMOUNT,
    Noun.INCREASE: Field.INCREASE,
    Noun.DECREASE: Field.DECREASE,
    Noun.LINE_KIND: Field.LINE_KIND,
    Noun.DECISION: Field.DECISION,
}
_LIST: dict[Noun, Field] = {
    **_SAME,
    Noun.START: Field.START,
    Noun.END: Field.END,
    Noun.INVESTMENT: Field.INVESTMENT,
    Noun.STATUS: Field.STATUS,
}
_CHANGES = frozenset({Field.AMOUNT, Field.INCREASE, Field.DECREASE})
FLOW_FIELDS = frozenset(_FLOWS.values())
MOVES = FLOW_FIELDS | {Field.MONTH}
# amounts of a report, an annex or a statement: added up below and beside each other
AMOUNTS = MOVES | {
    Field.PLAN, Field.BEFORE, Field.CUMULATIVE, Field.REMAINING, Field.ESTIMATE, Field.VOLUME,
    Field.AMOUNT, Field.INCREASE, Field.DECREASE, Field.CONFIRMED, Field.TOTAL, Field.PLAN_AFTER,
}  # fmt: skip


def settled(columns: Sequence[Column], kind: Kind, period: str | None) -> list[Column]:
    """The columns with the field that each has in a file of this kind.

    A `field` stays None where a column is unknown, where it only says of which capital or
    crossing it is (`is_bare`), or where it is understood and nothing is read from it (`is_aside`).
    """
    names_more = any(one.noun is Noun.PROJECT for one in columns)
    columns = [_of_own_year(one, columns, period) for one in columns]
    found = []
    for column in columns:
        one = column if column.is_corrected else _settled(column, kind, period)
        if one.noun is Noun.CONTENT and names_more:
            one = replace(one, field=Field.PART)
        found.append(one)
    if kind is Kind.ALLOCATIONS:
        found = _plans_of_annex(found)
    return _plan_in_force(found)


def _of_own_year(column: Column, columns: Sequence[Column], period: str | None) -> Column:
    """A column of “vốn trong năm” with its year. Beside one of “vốn kéo dài” that tells no time,
    the words speak of the capital, and not of a time since the beginning of the year. What is
    carried over into the year of the period (“Vốn năm 2024 (kéo dài)”) tells no year of its own.
    """
    year = PeriodCode.parse(period).budget_year if period is not None else None
    if column.is_carried and column.vintage == year and not column.is_corrected:
        column = replace(column, vintage=None)
    if column.is_corrected or not (column.is_current or _is_under_year(column, year)):
        return column
    beside = [one for one in columns if one.noun is column.noun and one.is_carried]
    if column.time is Time.CUMULATIVE and any(one.time is None for one in beside):
        column = replace(column, time=None)
    if year is None or not (beside or (column.is_current and column.noun is Noun.PLAN)):
        return column
    return replace(column, vintage=year)


def _is_under_year(column: Column, year: int | None) -> bool:
    """Whether nothing but the year itself stands among the heads of a column (“… / Năm 2024 / …”)
    to say of which capital it is.
    """
    if column.vintage or column.is_carried or column.is_mixed or year is None:
        return False
    found = _ONLY_YEAR.search(spoken(column.heading))
    return found is not None and int(found[1]) == year


def imported_fields(columns: Iterable[Column]) -> frozenset[Field]:
    """The fields of amounts that are written; cumulative ones where none of the month is told."""
    fields = MOVES | _CHANGES | {Field.CONFIRMED}
    has_month = any(one.field in MOVES and not one.month for one in columns)
    return frozenset(fields if has_month else fields | {Field.CUMULATIVE})


def is_bare(column: Column) -> bool:
    """Whether a column holds amounts of which the head does not say what they are."""
    if column.field is not None or column.is_aside or column.is_corrected:
        return False
    if column.time is not None:
        return False
    if column.noun in (Noun.DISBURSED, Noun.AMOUNT):
        return True
    return column.noun is None and (column.is_total or column.tells_capital or column.is_crossing)


def _settled(column: Column, kind: Kind, period: str | None) -> Column:
    noun, time = column.noun, column.time
    if noun in (Noun.COUNT, Noun.WORK, Noun.DONE) or (
        noun is None and not (time and column.is_pure)
    ):
        return column
    if noun in (Noun.DISBURSED, None) or (noun is Noun.AMOUNT and time not in (None, Time.SHORT)):
        return _disbursed(column, kind, period)
    if noun is Noun.PLAN and time in (Time.MONTH, Time.PREVIOUS):
        return column  # what was given in a month
    if column.noun in FLOWS:
        return _flow(column, kind, period)
    table = {Kind.ALLOCATIONS: _ANNEX, Kind.PROJECTS: _LIST, Kind.TREASURY: _SAME}.get(
        kind, _REPORT
    )
    field = table.get(noun)
    if field is None:
        is_bare_amount = column.noun is Noun.AMOUNT and kind is not Kind.PROJECTS
        return column if is_bare_amount else replace(column, is_aside=True)
    return replace(column, field=field)


def _disbursed(column: Column, kind: Kind, period: str | None) -> Column:
    """A column of what was disbursed: of the month, before it, or up to its end."""
    time = column.time
    if kind in (Kind.ALLOCATIONS, Kind.PROJECTS):
        return replace(column, is_aside=True)
    if kind is Kind.TREASURY:
        if time is Time.CUMULATIVE:
            return replace(column, field=Field.CONFIRMED)
        return column if time is None else replace(column, is_aside=True)
    if time in (None, Time.SHORT) or _is_of_other_span(column, period):
        return column
    if time is Time.MONTH:
        return replace(column, field=Field.MONTH, month=_other_month(column.named, period))
    if time is Time.PREVIOUS:
        return replace(column, field=Field.MONTH, month=_previous(period))
    if time is Time.BEFORE:
        return replace(column, field=Field.BEFORE)
    return _cumulative(column, period)


def _cumulative(column: Column, period: str | None) -> Column:
    named = column.named
    if column.time is Time.CUMULATIVE:
        if named is None or period is None or is_of(_until(named), period):
            return replace(column, field=Field.CUMULATIVE)
        if is_up_to_before(named, period):
            return replace(column, field=Field.BEFORE)
    return replace(column, is_aside=True)


def _flow(column: Column, kind: Kind, period: str | None) -> Column:
    field = _FLOWS[column.noun or Noun.ADVANCE]
    if kind is Kind.TREASURY:
        is_ours = column.time in (None, Time.CUMULATIVE)
        return replace(column, field=field if is_ours else None, is_aside=not is_ours)
    if kind in (Kind.ALLOCATIONS, Kind.PROJECTS) or column.time not in (None, Time.MONTH):
        return replace(column, is_aside=True)
    return replace(column, field=field, month=_other_month(column.named, period))


def _is_of_other_span(column: Column, period: str | None) -> bool:
    """Whether a head speaks of a month in the report of a quarter, or the other way round."""
    if column.span is None or period is None:
        return False
    kind = PeriodCode.parse(period).kind
    return kind in ("month", "quarter") and column.span != kind


def _until(named: PeriodSaid) -> PeriodSaid:
    return replace(named, is_until=True)


def _other_month(named: PeriodSaid | None, period: str | None) -> str | None:
    """The period that a head names, where it is another one than that of the file."""
    if named is None or period is None or named.fits(period):
        return None
    year = named.year or PeriodCode.parse(period).budget_year
    return named.code(year) or f"{year}-{named.last:02d}"


def _previous(period: str | None) -> str:
    try:
        return str(PeriodCode.parse(period or "").previous())
    except RuleBroken:
        return "-"


def _plans_of_annex(columns: list[Column]) -> list[Column]:
    """In an annex the plan is what is given, unless columns of changes, or of what they leave,
    stand beside it. Of plans before and behind the changes the later ones are what they leave.
    """
    changes = [one.number for one in columns if one.field in _CHANGES]
    plans = [one.number for one in columns if one.field is Field.PLAN]
    if changes and plans and plans[0] < changes[0]:
        return [
            replace(one, field=Field.PLAN_AFTER)
            if one.number in plans and one.number > changes[-1] and not one.is_corrected
            else one
            for one in columns
        ]
    if any(
        one.field in {Field.PLAN_AFTER, *_CHANGES} or (is_bare(one) and not one.is_total)
        for one in columns
    ):
        return columns
    return [replace(one, field=Field.AMOUNT) if one.field is Field.PLAN else one for one in columns]


def _plan_in_force(columns: list[Column]) -> list[Column]:
    """Where a plan stands before and after its changes, the one after them is the plan."""
    after = {
        one.capital for one in columns if one.noun is Noun.PLAN_AFTER and one.field is Field.PLAN
    }
    return [
        replace(one, field=None, is_aside=True)
        if one.field is Field.PLAN and one.noun is Noun.PLAN and one.capital in after
        else one
        for one in columns
    ]


# ------------------------------------------------------------------------------ of what a head bare


def with_bare_as(columns: Sequence[Column], field: Field) -> list[Column]:
    """The columns of which only the capital or the crossing is told, read as `field`."""
    return [replace(one, field=field) if is_bare(one) else one for one in columns]

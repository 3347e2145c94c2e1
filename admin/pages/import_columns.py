"""What the columns of a sheet mean, as the page of an import shows and corrects it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from admin.pages.import_form import meaning, member
from admin.words import label
from models import ImportRun, Source
from models.base import read_id
from models.sheets import Field, Kind

WHO = (Field.UNIT, Field.PROJECT, Field.PROJECT_CODE, Field.PART, Field.NUMBER)
CAPITAL = (Field.SOURCE, Field.NATURE, Field.VINTAGE)
PAID = (Field.MONTH, Field.ADVANCE, Field.COMPLETED, Field.RECOVERED, Field.RETURNED)
WORK = (
    Field.VOLUME,
    Field.ESTIMATE,
    Field.PROGRESS,
    Field.PROGRESS_TEXT,
    Field.OBSTACLES,
    Field.PROPOSALS,
)
COMPARED = (
    Field.PLAN,
    Field.BEFORE,
    Field.CUMULATIVE,
    Field.REMAINING,
    Field.RATE,
    Field.TOTAL,
)
OTHER = (Field.NOTE,)
LEDGER = (Field.AMOUNT, Field.INCREASE, Field.DECREASE, Field.LINE_KIND, Field.DECISION)
LIST = (Field.START, Field.END, Field.INVESTMENT, Field.STATUS)
# what a column can be of a certain capital
OF_CAPITAL = frozenset(
    {*PAID, Field.PLAN, Field.BEFORE, Field.CUMULATIVE, Field.REMAINING, Field.RATE}
    | {Field.AMOUNT, Field.INCREASE, Field.DECREASE, Field.PLAN_AFTER}
    | {Field.CONFIRMED, Field.TOTAL}
)


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What a column means: as understood (with year and source of its capital in words), and as
    somebody chose (empty: left to the file).
    """

    letters: str
    place: str
    understood: str
    chosen: Mapping[str, str]
    is_aside: bool
    is_of_capital: bool
    vintage: str
    source: str


def column_choice(
    sheet: str, letters: str, seen: Mapping[str, Any] | None, run: ImportRun
) -> ColumnChoice:
    place = f"{sheet}!{letters}"
    stored = run.asked.columns.get(place, "")
    chosen = meaning(stored)
    name = chosen["field"] or (seen["field"] if seen else None) or ""
    vintage = str(seen["vintage"]) if seen and not stored else ""
    source = str(seen["source"]) if seen and not stored else ""
    understood = label(Field(seen["field"])) if seen and seen["field"] else ""
    return ColumnChoice(
        letters,
        place,
        understood,
        chosen,
        is_aside=name in ("", "-"),
        is_of_capital=name in OF_CAPITAL,
        vintage=capital_word(vintage),
        source=capital_word(source),
    )


def words_of_meaning(text: str) -> str:
    """What somebody said a column means, in words."""
    parts = meaning(text)
    if parts["field"] == "-":
        return _("Leave aside")
    known = member(Field, parts["field"])
    words = label(known) if known is not None else parts["field"]
    return " · ".join(
        [words, *(capital_word(one) for one in (parts["vintage"], parts["source"]) if one)]
    )


def capital_word(part: str) -> str:
    """A year or a source of capital in words."""
    if part == "carried":
        return _("carried over")
    if read_id(part) is not None:
        return _("capital of %(year)s", year=part)
    source = member(Source, part)
    return label(source) if source is not None else part


def meanings_of(kind: Kind) -> list[tuple[str, tuple[Field, ...]]]:
    """What a column of such a file can mean, in groups."""
    who, capital = (_("Who and what"), WHO), (_("Which capital"), CAPITAL)
    rest = [(_("Compared, never imported"), COMPARED), (_("Other"), OTHER)]
    match kind:
        case Kind.MONTHLY | Kind.CONSOLIDATED:
            return [(_("Paid in the month"), PAID), (_("Progress"), WORK), who, capital, *rest]
        case Kind.ALLOCATIONS:
            compared = (rest[0][0], (Field.PLAN_AFTER, *COMPARED))
            return [(_("Capital allocated"), LEDGER), who, capital, compared, rest[-1]]
        case Kind.PROJECTS:
            return [(_("Project"), LIST), who, rest[-1]]
        case Kind.TREASURY:
            return [(_("Treasury"), (Field.CONFIRMED,)), who, capital, *rest]

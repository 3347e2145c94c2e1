"""The decision of an annex and the kind of its lines: named, answered, or asked."""

import re
from collections.abc import Sequence
from dataclasses import replace

from models.base import RuleBroken, _n, read_day
from models.catalogue import bare_number, decision_number
from models.sheets.layout.body import Body
from models.sheets.layout.desk import Desk
from models.sheets.layout.table import Table
from models.sheets.layout.titles import Titles
from models.sheets.said import DecisionSeen, Field
from models.sheets.shapes import At, Option
from models.sheets.words import decision_of, is_note, line_kind_of

_NUMBER = re.compile(r"\d+.*/")
_KINDS = ("initial", "supplement", "adjust", "recall", "carry_in")


def decision_seen(bodies: Sequence[Body], desk: Desk) -> DecisionSeen | None:
    """The decision of an annex, with the kind of its lines: named, answered, or asked."""
    titles = bodies[0].table.titles
    in_rows = [
        (found, one.at)
        for body in bodies
        for line in body.lines
        for one in line.values
        if one.field is Field.DECISION and (found := decision_of(str(one.value))) is not None
    ]
    seen = titles.decision or _of_rows(in_rows) or _answered_decision(bodies[0].table, desk)
    if seen is not None:
        _refuse_others(seen, in_rows, desk)
    kind = _kind(bodies, desk)
    return None if seen is None else replace(seen, kind=kind, summary=_summary(titles))


def _summary(titles: Titles) -> str:
    """What the decision is about (trích yếu): the title line with the words of its kind."""
    return next(
        (
            text
            for _, text in titles.lines
            if line_kind_of(text) and decision_of(text) is None and not is_note(text)
        ),
        "",
    )


def _of_rows(in_rows: Sequence[tuple[DecisionSeen, At]]) -> DecisionSeen | None:
    """The first decision that a column of decisions names; the others have to be the same."""
    return replace(in_rows[0][0], at=in_rows[0][1]) if in_rows else None


def _refuse_others(
    seen: DecisionSeen, in_rows: Sequence[tuple[DecisionSeen, At]], desk: Desk
) -> None:
    """Refuse rows of another decision than the one that all lines are entered under."""
    for found, at in in_rows:
        if bare_number(found.number) != bare_number(seen.number):
            desk.error(
                "row_conflict",
                _n(
                    "This row is of the decision %(number)s, the file is read as that of "
                    "%(other)s. Put each decision into a file of its own."
                ),
                at,
                number=found.number,
                other=seen.number,
            )


def _answered_decision(table: Table, desk: Desk) -> DecisionSeen | None:
    given = desk.choose(
        "decision_missing",
        _n(
            "The title names no decision. Write its number, day and issuer into the title, or give "
            "them here: 1205/QĐ-UBND|2024-04-15|UBND huyện"
        ),
        At(table.sheet.name),
        (),
        for_file=True,
        takes=lambda text: decision_answered(text) is not None,
    )
    return decision_answered(given) if given else None


def decision_answered(text: str) -> DecisionSeen | None:
    """A decision given as `NUMBER|ISO-DAY|ISSUER`; day and issuer may be left out."""
    number, day, issuer = ([part.strip() for part in text.split("|")] + ["", ""])[:3]
    try:
        issued_on = read_day(day) if day else None
    except RuleBroken:
        return None
    if not _NUMBER.search(number):
        return None
    return DecisionSeen(number=decision_number(number), issued_on=issued_on, issuer=issuer)


def _kind(bodies: Sequence[Body], desk: Desk) -> str | None:
    """The kind of the ledger lines: of the columns, of the titles, or asked."""
    fields = {one.field for body in bodies for one in body.table.columns.values()}
    if Field.LINE_KIND in fields:
        return None
    if {Field.INCREASE, Field.DECREASE} <= fields:
        return "adjust"
    told = {kind for body in bodies for kind in body.table.titles.kinds}
    if len(told) == 1:
        return told.pop()
    return desk.choose(
        "kind_unclear",
        _n(
            "The title does not say clearly what the decision does: giao, bổ sung, điều chỉnh, thu "
            "hồi or kéo dài. Which one is it?"
        ),
        At(bodies[0].table.sheet.name),
        tuple(Option(kind) for kind in _KINDS),
        for_file=True,
    )

"""What is said on the pages of imports: answers, meanings of columns, the facts of a sheet."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from flask import request
from werkzeug.datastructures import ImmutableMultiDict

from models import RuleBroken
from models.base import _n, read_day, read_line, read_whole

# fields of the form that are no answers to questions
ABOUT = ("sheet", "unit", "period", "investor")
SERVICE = frozenset({"csrf_token", "form_key", "keep_copy", "seen", "action", *ABOUT}) | {
    "head-first",
    "head-last",
}
FREE = "…"  # the option “something else”, with its value in a field beside it
LONGEST = 400
MOST = 2_000
_ROWS = 1_048_576
Code = TypeVar("Code", bound=StrEnum)
_PLACE = re.compile(r"(column|vintage|source|free):(.*)", re.DOTALL)
DAYS = frozenset({"date_unclear"})
TEXTS = frozenset({"decision_missing"})  # without options: answered in words of one's own


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody says about a file: as `answer` of the imports takes it."""

    answers: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    other: dict[str, str | None] = field(default_factory=dict)


def said_in_form(
    sheets: list[Mapping[str, Any]], proposed: Mapping[str, Any], asked: Collection[str]
) -> Said:
    """What the posted form says; `sheets` as they were understood when it was shown, `asked` the
    questions that were. Of other names nothing is read: the form had no field for them.

    The button “use what was said last time” adds what is `proposed`. Raises RuleBroken for a free
    answer that cannot be read, with the name of its field.
    """
    form = request.form
    answers = dict(_answers(form, asked))
    columns = _columns(form, sheets)
    if form.get("action") == "proposed":
        answers = dict(proposed["answers"]) | {key: one for key, one in answers.items() if one}
        columns = {key: one for key, one in columns.items() if one}
        columns = dict(proposed["columns"]) | columns
    other: dict[str, str | None] = {
        name: read_line(form[name], LONGEST, field=name) or None for name in ABOUT if name in form
    }
    if (head := _head(form)) is not None:
        other["head"] = head or None
    return Said(answers=answers, columns=columns, other=other)


def said_in_json(body: Any, sheets: list[Mapping[str, Any]], asked: Collection[str]) -> Said:
    """The same of a JSON body: `answers`, `columns`, and the facts by their names.

    Raises RuleBroken where it answers what nobody asks.
    """
    if not isinstance(body, dict):
        raise RuleBroken(_n("Send an object with “answers”, “columns” and what else is said."))
    other = {name: body[name] for name in (*ABOUT, "head") if name in body}
    parts = [{} if body.get(name) is None else body[name] for name in ("answers", "columns")]
    parts.append(other)
    for part in parts:
        is_plain = isinstance(part, dict) and all(
            isinstance(one, str) or one is None for one in part.values()
        )
        if not is_plain or len(part) > MOST:
            raise RuleBroken(_n("Answers and meanings of columns are texts by their names."))
    answers, columns, _other = parts
    unknown = [*(answers.keys() - set(asked)), *(columns.keys() - _places(sheets))]
    if unknown:
        raise RuleBroken(
            _n("Nobody asks “%(name)s” of this file. Read its questions and columns again."),
            name=sorted(unknown)[0][:80],
        )
    return Said(
        answers={key: read_line(one or "", LONGEST, field=key) for key, one in answers.items()},
        columns={key: read_line(one or "", LONGEST, field=key) for key, one in columns.items()},
        other={key: read_line(one or "", LONGEST, field=key) or None for key, one in other.items()},
    )


def _places(sheets: list[Mapping[str, Any]]) -> set[str]:
    """The columns of a file, as their fields are named."""
    return {f"{sheet['sheet']}!{one['column']}" for sheet in sheets for one in sheet["columns"]}


def _answers(
    form: ImmutableMultiDict[str, str], asked: Collection[str]
) -> Iterator[tuple[str, str]]:
    for name in asked:
        if name in SERVICE or _PLACE.fullmatch(name) or name not in form:
            continue
        value = form[name]
        if value == FREE:
            value = _free(name, form.get(f"free:{name}", ""))
        yield name, read_line(value, LONGEST, field=name)


def _free(answer: str, typed: str) -> str:
    """An answer beside the options as the reader takes it: an ISO day, or a code as it is."""
    text, code = typed.strip(), answer.partition(":")[0]
    if not text:
        raise RuleBroken(_n("Type your answer, or choose one of the others."), field=answer)
    if code in DAYS:
        return read_day(text, field=answer).isoformat()
    return text


def _columns(form: ImmutableMultiDict[str, str], sheets: list[Mapping[str, Any]]) -> dict[str, str]:
    """`SHEET!B` → what was chosen; empty where it is left to the file."""
    seen = {
        f"{sheet['sheet']}!{one['column']}": one["field"] or ""
        for sheet in sheets
        for one in sheet["columns"]
    }
    found = {}
    for place in _places(sheets):
        name = f"column:{place}"
        if name not in form:
            continue
        meant = form[name].strip()
        vintage = form.get(f"vintage:{place}", "").strip()
        source = form.get(f"source:{place}", "").strip()
        if meant != "-" and (vintage or source):
            meant = meant or seen.get(place, "")
            meant += f" vintage={vintage}" if vintage else ""
            meant += f" source={source}" if source else ""
        found[place] = read_line(meant, LONGEST, field=name)
    return found


def _head(form: ImmutableMultiDict[str, str]) -> str | None:
    """The rows of the head as somebody named them; None where the form does not ask."""
    if "head-first" not in form:
        return None
    first, last = form["head-first"].strip(), form.get("head-last", "").strip()
    if not first:
        return ""
    top = read_whole(first, 1, _ROWS, field="head-first")
    bottom = read_whole(last, 1, _ROWS, field="head-first") if last else top
    if bottom < top:
        raise RuleBroken(_n("The last row of the head stands below its first."), field="head-first")
    return f"{top}-{bottom}" if bottom != top else str(top)


def member(kind: type[Code], text: str | None) -> Code | None:
    """The member of an enumeration that a text names; None for any other text."""
    try:
        return kind(text or "")
    except ValueError:
        return None


def meaning(text: str) -> dict[str, str]:
    """A stored meaning of a column in its parts: `field`, `vintage`, `source`."""
    first, *rest = text.split() or [""]
    parts = dict(one.partition("=")[::2] for one in rest)
    return {
        "field": first,
        "vintage": parts.get("vintage", ""),
        "source": parts.get("source", ""),
    }

"""Findings and values as they are kept with a run: plain data, read back in any language."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from models.base import Dong, RuleBroken, stored_day, stored_moment
from models.calendar import PeriodCode
from models.sheets import At, Finding, Level, Option, SheetSeen

# what a value is that JSON has no word for; text and whole numbers stand as they are
_DAY, _MOMENT, _DECIMAL, _DONG, _CODE = "day", "moment", "decimal", "dong", "code"
_PERIOD, _LIST = "period", "list"


def keep_value(value: Any) -> Any:
    """A value of a sentence as plain data."""
    match value:
        case bool() | None:
            return value
        case Dong():
            return {_DONG: int(value)}
        case PeriodCode():
            return {_PERIOD: str(value)}
        case list():
            return {_LIST: [keep_value(one) for one in value]}
        case StrEnum():
            return {_CODE: [type(value).__name__, value.value]}
        case str() | int():
            return value
        case datetime():
            return {_MOMENT: value.isoformat()}
        case date():
            return {_DAY: value.isoformat()}
        case Decimal():
            return {_DECIMAL: str(value)}
        case _:
            return str(value)


def value_of(kept: Any) -> Any:
    """The value that `keep_value` kept."""
    if not isinstance(kept, dict):
        return kept
    [(kind, told)] = kept.items()
    match kind:
        case "dong":
            return Dong(told)
        case "moment":
            return stored_moment(told)
        case "day":
            return stored_day(told)
        case "period":
            return PeriodCode.parse(told)
        case "list":
            return [value_of(one) for one in told]
        case "decimal":
            return Decimal(told)
        case _:
            name, value = told
            known = _codes().get(name)
            return known(value) if known is not None else value


@cache
def _codes() -> dict[str, type[StrEnum]]:
    def below(kind: type[StrEnum]) -> Iterator[type[StrEnum]]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    return {kind.__name__: kind for kind in below(StrEnum)}


def keep_sentence(sentence: RuleBroken) -> dict[str, Any]:
    """A sentence with its values."""
    return {
        "message": sentence.message,
        "values": {name: keep_value(value) for name, value in sentence.values.items()},
    }


def sentence_of(kept: Mapping[str, Any]) -> RuleBroken:
    """The sentence that `keep_sentence` kept, in the shape that the edge translates."""
    values = {name: value_of(value) for name, value in kept["values"].items()}
    return RuleBroken(kept["message"], **values)


def keep_finding(finding: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "level": finding.level.value,
        "code": finding.code,
        **keep_sentence(finding.sentence),
        "at": [finding.at.sheet, finding.at.cell, finding.at.heading, finding.at.value],
        "options": [[option.value, option.name] for option in finding.options],
        "is_check": finding.is_check,
        "for_file": finding.for_file,
    }


def finding_of(kept: Mapping[str, Any]) -> Finding:
    """The finding that `keep_finding` kept."""
    return Finding(
        level=Level(kept["level"]),
        code=kept["code"],
        message=kept["message"],
        values={name: value_of(value) for name, value in kept["values"].items()},
        at=At(*kept["at"]),
        options=tuple(Option(*pair) for pair in kept["options"]),
        is_check=kept["is_check"],
        for_file=kept["for_file"],
    )


def keep_sheet(seen: SheetSeen) -> dict[str, Any]:
    """A sheet as it was understood, as plain data."""
    return {
        "sheet": seen.sheet,
        "used": seen.is_used,
        "why": keep_sentence(seen.why) if seen.why else None,
        "head": list(seen.head) if seen.head else None,
        "rows": list(seen.rows) if seen.rows else None,
        "unit": seen.unit,
        "period": seen.period,
        "columns": [
            {
                "column": one.column,
                "heading": one.heading,
                "field": one.field.value if one.field else None,
                "vintage": one.vintage,
                "source": one.source,
            }
            for one in seen.columns
        ],
    }

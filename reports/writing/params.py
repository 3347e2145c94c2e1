"""The parameters of reports, the same for screen, CSV and command (design §6)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from models.base import RuleBroken, _n, clean_line, read_id, read_percent
from models.column_sets import BUILT_IN, WIDE, ColumnSet

MOST_VERSIONS = 999_999
CHOICES: dict[str, tuple[str, ...]] = {
    "group": ("component", "investor"),
    "detail": ("group", "investor", "project"),
    "basis": ("submitted", "accepted"),
    "unit": ("dong", "nghin", "trieu"),
    "headers": ("labels", "keys"),
    "delimiter": ("comma", "semicolon"),
    "units": ("then", "today"),
    "split": ("nature", "source"),
    "decimals": ("0", "1", "2", "3"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportParams:
    """What was asked for; `unit` is only how amounts are written, never how they are added.

    `version` is the number of a frozen report, "live" for what the entries say now, or None for
    the newest frozen one of a locked period. `units` "today" groups by today's units. `columns`
    "narrow" is a small set on paper and screen, "wide" are all columns; a file of rows has them all
    in both cases. Any other is the name of a set of the office, which `sets` holds by report and
    which holds for files of rows, too. `decimals` is how many amounts have there, empty for as many
    as they need; a file of rows rounds to its unit.
    `pace` is a monthly part of the plan in percent; without it the pace is that of the last months.
    """

    period: str
    group: str = "component"
    detail: str = "investor"
    basis: str = "submitted"
    unit: str = "trieu"
    headers: str = "labels"
    delimiter: str = "comma"
    units: str = "then"
    columns: str = WIDE
    sets: Mapping[str, ColumnSet] = field(default_factory=dict)
    split: str = ""
    decimals: str = ""
    version: int | str | None = None
    pace: Decimal | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str], *, period: str, unit: str) -> "ReportParams":
        """Parameters from an address or a command line, `unit` and `period` where none is asked.

        Raises RuleBroken that names the parameter and what it may be.
        """
        values: dict[str, Any] = {"period": asked.get("period") or period, "unit": unit}
        values["version"] = _version(asked.get("version"))
        values["pace"] = read_percent(asked["pace"], field="pace") if asked.get("pace") else None
        if named := clean_line(asked.get("columns") or ""):
            values["columns"] = named.lower() if named.lower() in BUILT_IN else named
        for name, allowed in CHOICES.items():
            if value := asked.get(name):
                values[name] = one_of(value, allowed, of=name)
        return cls(**values)


def one_of(value: str, allowed: Collection[str], *, of: str) -> str:
    """The value itself; RuleBroken that names the parameter it is `of`, and what that may be."""
    if value not in allowed:
        raise RuleBroken(
            _n("“%(value)s” is not possible for %(name)s. Choose one of: %(allowed)s."),
            field=of,
            value=value[:40],
            name=of,
            allowed=", ".join(allowed),
        )
    return value


def _version(asked: str | None) -> int | str | None:
    if not asked or asked == "live":
        return asked or None
    number = read_id(asked)
    if number is None or number > MOST_VERSIONS:
        raise RuleBroken(
            _n("“%(value)s” is no version of a report. Write its number, or live."),
            field="version",
            value=asked[:40],
        )
    return number

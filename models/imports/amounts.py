"""The amounts of one capital in a period: as a file tells them, as stored, and their net."""

from typing import Any

from models.base import net_of
from models.filing import AllocationRow
from models.returns import AMOUNTS
from models.sheets import Field, Value

DIRECT = {
    Field.ADVANCE: "advance",
    Field.COMPLETED: "completed",
    Field.RECOVERED: "recovered",
    Field.RETURNED: "returned",
}


def dong_of(value: Value) -> int:
    """The amount of a value that is one, in đồng."""
    if not isinstance(value.value, int):
        raise TypeError(f"{value.field} at {value.at.cell} is no amount in đồng")
    return value.value


def stored_of(row: AllocationRow, kind: Field) -> int:
    """What is stored of one kind of amount, in đồng."""
    return row.this_period if kind is Field.MONTH else getattr(row, DIRECT[kind]) or 0


def net_with(row: AllocationRow, said: dict[str, int]) -> int:
    """Net of a row with these amounts in the place of its own."""
    stored: dict[str, Any] = {name: getattr(row, name) or 0 for name in AMOUNTS}
    return int(net_of(**{**stored, **said}, correction=row.correction or 0))

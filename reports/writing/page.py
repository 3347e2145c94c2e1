"""A table on a page of paper: the largest type in which all its columns stand side by side."""

from dataclasses import dataclass

from reports.writing.layout import page_layout
from reports.writing.table import Table

SIZE, HEAD_SIZE, LARGEST = 10.0, 9.0, 11.5
SIDE = 10  # millimetres of margin left and right
ROOM = (297 - 2 * SIDE) * 72 / 25.4  # points of A4 across between them
UPRIGHT = (210 - 2 * SIDE) * 72 / 25.4


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """Points: `size` of the type, `widths` of the columns over the whole room; `scale` is what
    part the type is of SIZE; `numbers` are those of the columns, in one line or two."""

    scale: float
    widths: tuple[float, ...]
    numbers: tuple[str, ...]

    @property
    def size(self) -> float:
        return SIZE * self.scale


def room_of(table: Table) -> float:
    """Points across the page of a table."""
    return UPRIGHT if table.is_upright else ROOM


def fitted_to_page(table: Table, texts: dict[str, list[str]]) -> Fitted:
    """How a table stands on its page; `texts` are its cells (`texts_of`)."""
    room = room_of(table)
    widths, numbers = page_layout(table, texts, size=SIZE, head_size=HEAD_SIZE, room=room)
    stretched = room / sum(widths)
    return Fitted(
        scale=min(LARGEST / SIZE, stretched),
        widths=tuple(width * stretched for width in widths),
        numbers=numbers,
    )

"""How wide the columns and how high the rows of a printed table are, so that all of it shows."""

from dataclasses import dataclass

from reports.writing.heads import heads
from reports.writing.table import FIGURES, Column, Kind, Rank, Row, Table
from reports.writing.text_size import LINE, height_of, lines_of, width_of
from reports.writing.texts import text_of

PAD = 9.0  # points left and right of the text of a cell
HIGHEST = 400.0  # no spreadsheet takes rows of more than 409 points
INDENT = 6.0
SMALLER = 2.0  # points: the numbers of the columns beside their heads
_BOLD = frozenset({Rank.TOTAL, Rank.GROUP, Rank.PART})
# points: what a column of words gets at least, and before its rows grow higher than a third page
_NARROW, _USUAL, _HIGH = 44.0, 110.0, 150.0
_MOST_STRETCHED = 1.5
_WIDEST = 900.0  # no spreadsheet takes much more; what is longer still is read in its cell
_HEAD_LINES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """Points: widths by printed column, heights by row."""

    widths: tuple[float, ...]
    heights: tuple[float, ...]
    head_heights: tuple[float, ...]


def lay_out(table: Table, *, size: float, head_size: float, room: float) -> Layout:
    """Widths that hold every figure and word, heights that hold every line.

    A small table is stretched towards `room` points, by half at most.
    """
    columns = table.printed
    texts = {column.key: [text_of(table, column, row) for row in table.rows] for column in columns}
    needed = [
        max(_needed(table, column, texts[column.key], size), _head_needs(table, column, head_size))
        for column in columns
    ]
    stretched = min(_MOST_STRETCHED, max(1.0, room / sum(needed)))
    widths = tuple(one * stretched for one in needed)
    heights = tuple(
        _row_height(row, [texts[one.key][n] for one in columns], columns, widths, size)
        for n, row in enumerate(table.rows)
    )
    return Layout(
        widths=widths, heights=heights, head_heights=_head_heights(table, widths, head_size)
    )


def text_height(text: str, room: float, size: float, *, bold: bool = False) -> float:
    """Points that a text takes over a width."""
    return height_of(text, room - PAD + 0.5, size, bold=bold)  # exactly fitting is one line


def indent_of(column: Column, row: Row) -> int:
    """Steps that a name stands in for its depth in the outline."""
    return min(row.depth, 5) if column.number == 2 else 0


def _needed(table: Table, column: Column, texts: list[str], size: float) -> float:
    """Points for the figures of a column on one line, for words as many lines as are bearable."""
    pairs = list(zip(texts, table.rows, strict=True))
    if column.kind is not Kind.TEXT or column.is_centred:
        return PAD + max(
            (width_of(text, size, bold=row.rank in _BOLD) for text, row in pairs), default=0
        )
    words = max(
        (_longest_word(text, size, bold=row.rank in _BOLD) for text, row in pairs), default=0
    )
    whole = max((width_of(text, size, bold=row.rank in _BOLD) for text, row in pairs), default=0)
    steps = INDENT * max((indent_of(column, row) for row in table.rows), default=0)
    room = max(min(whole, _USUAL), min(words, _USUAL), _NARROW) + steps + PAD
    highest = max(
        (text_height(text, room - steps, size, bold=row.rank in _BOLD) for text, row in pairs),
        default=0,
    )
    while highest > _HIGH and room < (2 * _USUAL if highest <= HIGHEST else _WIDEST):
        room *= 1.15
        highest = max(
            text_height(text, room - steps, size, bold=row.rank in _BOLD) for text, row in pairs
        )
    return room


def _head_needs(table: Table, column: Column, size: float) -> float:
    """Points for the head in few lines, and for the number of the column on one."""
    head = column.path[-1]
    room = _longest_word(head, size, bold=True)
    while lines_of(head, room, size, bold=True) > _HEAD_LINES:
        room *= 1.1
    return PAD + max(room, width_of(table.numbering(column), size - SMALLER))


def _row_height(
    row: Row, texts: list[str], columns: tuple[Column, ...], widths: tuple[float, ...], size: float
) -> float:
    bold = row.rank in _BOLD
    return min(
        HIGHEST,
        max(
            (
                text_height(text, room - INDENT * indent_of(column, row), size, bold=bold)
                for text, room, column in zip(texts, widths, columns, strict=True)
                if text and column.kind not in FIGURES
            ),
            default=size * LINE + 3,
        ),
    )


def _head_heights(table: Table, widths: tuple[float, ...], size: float) -> tuple[float, ...]:
    """Heights of the rows of heads; what a head over several rows needs more goes to the last."""
    cells = heads(table)
    depth = max((cell.row + cell.rows for cell in cells), default=1)
    found = [size * LINE + 4] * depth
    for cell in sorted(cells, key=lambda one: one.rows):
        need = text_height(cell.text, sum(widths[cell.col : cell.col + cell.cols]), size, bold=True)
        last = cell.row + cell.rows - 1
        short = need - sum(found[cell.row : last + 1])
        if short > 0:
            found[last] += short
    return tuple(found)


def _longest_word(text: str, size: float, *, bold: bool = False) -> float:
    """Points that the widest word takes: a column narrower than this breaks it."""
    return max((width_of(word, size, bold=bold) for word in text.split()), default=0.0)

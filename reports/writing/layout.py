"""How wide the columns and how high the rows of a printed table are, so that all of it shows."""

from dataclasses import dataclass

from reports.writing.heads import heads
from reports.writing.table import FIGURES, Column, Kind, Rank, Row, Table
from reports.writing.text_size import LINE, height_of, lines_of, width_of
from reports.writing.texts import texts_of

PAD = 9.0  # points left and right of the text of a cell in a spreadsheet, which draws it wider
PAGE_PAD = 6.0  # the same on a page
HIGHEST = 400.0  # no spreadsheet takes rows of more than 409 points
INDENT = 6.0
SMALLER = 0.5  # points: the numbers of the columns beside their heads
_BOLD = frozenset({Rank.TOTAL, Rank.GROUP, Rank.PART})
_WORD = 110.0  # points: longer words are broken
_MOST_STRETCHED = 1.5
_WIDEST = 900.0  # no spreadsheet takes much more; what is longer still is read in its cell
_WIDEST_OF_PAGE = 260.0  # what is longer goes on down the page


@dataclass(frozen=True, kw_only=True, slots=True)
class _Limits:
    """Points: what a column of words gets at least and at most before its rows grow higher than
    `high`; lines of a head; whether the number of a column and its formula stand in two lines."""

    narrow: float
    usual: float
    high: float
    head_lines: int
    is_broken: bool


_LOOSE = _Limits(narrow=44.0, usual=110.0, high=150.0, head_lines=3, is_broken=False)
# of a table wider than its page: the more words break, the larger all of it is printed
_TIGHT = _Limits(narrow=36.0, usual=70.0, high=200.0, head_lines=5, is_broken=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """Points: widths by printed column, heights by row; `numbers` are those of the columns, in
    as many lines as they take."""

    widths: tuple[float, ...]
    heights: tuple[float, ...]
    head_heights: tuple[float, ...]
    numbers: tuple[str, ...]


def lay_out(table: Table, *, size: float, head_size: float, room: float) -> Layout:
    """Widths that hold every figure and word, heights that hold every line."""
    columns, texts = table.printed, texts_of(table)
    widths, numbers = _fitted(table, texts, size, head_size, room, PAD, _WIDEST)
    heights = tuple(
        _row_height(row, [texts[one.key][n] for one in columns], columns, widths, size)
        for n, row in enumerate(table.rows)
    )
    return Layout(
        widths=widths,
        heights=heights,
        head_heights=_head_heights(table, widths, head_size),
        numbers=numbers,
    )


def page_layout(
    table: Table, texts: dict[str, list[str]], *, size: float, head_size: float, room: float
) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Widths and numbers of the columns on a page of `room` points, where rows grow by themselves;
    `texts` are its cells (`texts_of`).

    Widths of more than `room` together are for a smaller type.
    """
    return _fitted(table, texts, size, head_size, room, PAGE_PAD, _WIDEST_OF_PAGE)


def _fitted(
    table: Table,
    texts: dict[str, list[str]],
    size: float,
    head_size: float,
    room: float,
    pad: float,
    widest: float,
) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """A small table is stretched towards `room` points, by half at most; a large one has its words
    broken into as narrow columns as it takes to come near it."""
    columns = table.printed

    def needed(limits: _Limits) -> list[float]:
        return [
            pad
            + max(
                _needed(table, column, texts[column.key], size, limits, widest),
                _head_needs(table, column, head_size, limits),
            )
            for column in columns
        ]

    loose = needed(_LOOSE)
    if sum(loose) <= room:
        stretched = min(_MOST_STRETCHED, room / sum(loose))
        return tuple(one * stretched for one in loose), tuple(map(table.numbering, columns))
    tight = needed(_TIGHT)
    # what is left over goes to those that gave, if any did
    given = sum(loose) - sum(tight)
    part = max(0.0, room - sum(tight)) / given if given else 0.0
    widths = tuple(low + part * (high - low) for low, high in zip(tight, loose, strict=True))
    numbers = tuple(
        _number(table, column, width - pad, head_size)
        for column, width in zip(columns, widths, strict=True)
    )
    return widths, numbers


def text_height(
    text: str, room: float, size: float, *, bold: bool = False, pad: float = PAD
) -> float:
    """Points that a text takes over a width."""
    return height_of(text, room - pad + 0.5, size, bold=bold)  # exactly fitting is one line


def in_rows(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """A text over a width in as many pieces as it takes rows: none can be higher than the highest,
    nor hold more than a cell."""
    middle = text.find(" ", len(text) // 2)
    if middle < 0 or text_height(text, room, size, bold=bold) < HIGHEST:
        return [text]
    halves = text[:middle], text[middle + 1 :]
    return [piece for half in halves for piece in in_rows(half, room, size, bold=bold)]


def indent_of(column: Column, row: Row) -> int:
    """Steps that a name stands in for its depth in the outline."""
    return min(row.depth, 5) if column.number == 2 else 0


def _needed(
    table: Table, column: Column, texts: list[str], size: float, limits: _Limits, widest: float
) -> float:
    """Points for the figures of a column on one line, for words as many lines as are bearable."""
    told = {(text, row.rank in _BOLD) for text, row in zip(texts, table.rows, strict=True)}
    whole = max((width_of(text, size, bold=bold) for text, bold in told), default=0)
    if column.kind is not Kind.TEXT or column.is_centred:
        return whole
    words = max((_longest_word(text, size, bold=bold) for text, bold in told), default=0)
    steps = INDENT * max((indent_of(column, row) for row in table.rows), default=0)
    room = max(min(whole, limits.usual), min(words, _WORD), limits.narrow) + steps

    def highest() -> float:
        return max(
            (text_height(text, room - steps, size, bold=bold, pad=0) for text, bold in told),
            default=0,
        )

    high = highest()
    while high > limits.high and room < (2 * limits.usual if high <= HIGHEST else widest):
        room *= 1.15
        high = highest()
    return room


def _head_needs(table: Table, column: Column, size: float, limits: _Limits) -> float:
    """Points for the head in few lines, and for the number of the column."""
    head, number = column.path[-1], table.numbering(column)
    room = _longest_word(head, size, bold=True)
    while lines_of(head, room, size, bold=True) > limits.head_lines:
        room *= 1.1
    parts = _broken(number).split("\n") if limits.is_broken else [number]
    return max(room, *(width_of(part, size - SMALLER) for part in parts))


def _broken(number: str) -> str:
    """The number of a column, and below it how it follows from others."""
    return number.replace("=", "=\n", 1)


def _number(table: Table, column: Column, room: float, size: float) -> str:
    number = table.numbering(column)
    return number if width_of(number, size - SMALLER) <= room else _broken(number)


def _row_height(
    row: Row,
    texts: list[str],
    columns: tuple[Column, ...],
    widths: tuple[float, ...],
    size: float,
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
        room = sum(widths[cell.col : cell.col + cell.cols])
        need = text_height(cell.text, room, size, bold=True)
        last = cell.row + cell.rows - 1
        short = need - sum(found[cell.row : last + 1])
        if short > 0:
            found[last] += short
    return tuple(found)


def _longest_word(text: str, size: float, *, bold: bool = False) -> float:
    """Points that the widest word takes: a column narrower than this breaks it."""
    return max((width_of(word, size, bold=bold) for word in text.split()), default=0.0)

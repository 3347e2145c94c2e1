"""The chart of a table: a native one on its cells."""

from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from reports.writing.formulas import number_of
from reports.writing.layout import in_rows, text_height
from reports.writing.table import Chart, Drawn, Kind, Table
from reports.writing.text_size import FONT

_WIDTH, _LEAST, _BAR, _USUAL, _COLUMN = 980, 240, 26, 400, 64  # pixels
_ROOM = _WIDTH * 0.72  # points across its words
A4 = 9
_INK, _GREY, _PALE = "#262626", "#595959", "#BFBFBF"
# told apart by the stroke and the mark, so that a copying machine keeps them apart
_LINES: tuple[dict[str, Any], ...] = (
    {"line": {"color": _INK, "width": 2.5}, "marker": {
        "type": "circle", "size": 7, "fill": {"color": _INK}, "border": {"color": _INK}}},
    {"line": {"color": _GREY, "width": 1.75, "dash_type": "dash"}, "marker": {
        "type": "square", "size": 7, "fill": {"color": "white"}, "border": {"color": _GREY}}},
    {"line": {"color": _INK, "width": 1.75, "dash_type": "round_dot"}, "marker": {
        "type": "triangle", "size": 6, "fill": {"color": "white"}, "border": {"color": _INK}}},
    {"line": {"color": _GREY, "width": 1.75, "dash_type": "long_dash_dot"}, "marker": {
        "type": "diamond", "size": 6, "fill": {"color": _GREY}, "border": {"color": _GREY}}},
)  # fmt: skip
_FILLS: tuple[dict[str, Any], ...] = (
    {"fill": {"color": _GREY}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": _INK, "bg_color": "white"}},
    {"fill": {"color": "white"}},
)
_TYPES = {
    Drawn.BARS: {"type": "bar"},
    Drawn.LINES: {"type": "line"},
    Drawn.STACKS: {"type": "column", "subtype": "stacked"},
}
_FONT = {"name": FONT, "size": 10}


def add_chart(book: Workbook, cells: Worksheet, table: Table, chart: Chart, top: int) -> None:
    """Greys, strokes and patterns that also a copying machine shows, with the figures on bars and
    stacks. Row 0 of the table stands in row `top` of its sheet. What the chart shows is said beside
    it in words.
    """
    drawn = book.add_chart(_TYPES[chart.kind])
    keys = [column.key for column in table.printed]
    first, last = top + chart.first, top + chart.last
    name = keys.index(chart.name)
    for n, key in enumerate(chart.values):
        at = keys.index(key)
        drawn.add_series(
            {
                "name": table.column(key).path[-1],
                "categories": [cells.name, first, name, last, name],
                "values": [cells.name, first, at, last, at],
                # kept beside the cells, else a gap is drawn as 0 by those that do not calculate
                "values_data": _kept(table, chart, key),
            }
            | _look(table, chart, n)
        )
    drawn.set_title({"name": chart.title, "name_font": _FONT | {"size": 13}, "overlay": False})
    legend = {"position": "bottom", "font": _FONT} if len(chart.values) > 1 else {"none": True}
    drawn.set_legend(legend)
    _axes(drawn, table, chart)
    count = chart.last - chart.first + 1
    size = _BAR * len(chart.values) * count + 120 if chart.kind is Drawn.BARS else _USUAL
    drawn.set_size({"width": _WIDTH, "height": max(_LEAST, size)})
    sheet = book.add_worksheet(f"{cells.name} - {chart.sheet}")
    look = {"font_name": FONT, "font_size": 11, "italic": True, "text_wrap": True, "valign": "top"}
    pieces = in_rows(chart.text, _ROOM, 11.0)
    for row, piece in enumerate(pieces):
        sheet.merge_range(row, 0, row, _WIDTH // _COLUMN - 1, "", book.add_format(look))
        sheet.write_string(row, 0, piece, book.add_format(look))
        sheet.set_row(row, text_height(piece, _ROOM, 11.0) + 2)
    sheet.insert_chart(len(pieces) + 1, 0, drawn, {"description": chart.text})
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)


def _kept(table: Table, chart: Chart, key: str) -> list[float | None]:
    """What the cells of a column show; None is a gap."""
    found = [row.values[key] for row in table.rows[chart.first : chart.last + 1]]
    if table.column(key).kind is Kind.MONEY:
        found = [None if one is None else number_of(one, table.unit) for one in found]
    return [None if one is None else float(one) for one in found]


def _look(table: Table, chart: Chart, n: int) -> dict[str, Any]:
    """How the series `n` is drawn."""
    if chart.kind is Drawn.LINES:
        return _LINES[n % len(_LINES)]
    is_percent = table.column(chart.values[n]).kind is Kind.PERCENT
    # no figure on a part of a stack that is not there
    figures = {"value": True, "num_format": "0.00" if is_percent else "0;;", "font": _FONT}
    if chart.kind is Drawn.STACKS:
        if n == 0:
            figures["font"] = _FONT | {"color": "white"}
        return _FILLS[n % len(_FILLS)] | {"border": {"color": _INK}, "data_labels": figures,
                                          "gap": 60}  # fmt: skip
    if n:  # what the bars are held against
        return {"fill": {"none": True}, "border": {"color": _INK, "dash_type": "dash"}}
    return {"fill": {"color": _GREY}, "border": {"color": _INK}, "data_labels": figures, "gap": 60}


def _axes(drawn: Any, table: Table, chart: Chart) -> None:
    grid = {"visible": True, "line": {"color": _PALE}}
    values: dict[str, Any] = {"num_font": _FONT, "major_gridlines": grid}
    if not any((one or 0) < 0 for key in chart.values for one in _kept(table, chart, key)):
        values["min"] = 0
    if chart.kind is Drawn.BARS:
        # the first on top, the scale below all the same
        drawn.set_y_axis({"reverse": True, "num_font": _FONT, "crossing": "max"})
        drawn.set_x_axis(values | {"num_format": "0"})
        return
    drawn.set_x_axis({"num_font": _FONT})
    is_money = table.column(chart.values[0]).kind is Kind.MONEY
    more = {"num_format": "#,##0", "name": table.head.unit, "name_font": _FONT} if is_money else {}
    drawn.set_y_axis(values | more)

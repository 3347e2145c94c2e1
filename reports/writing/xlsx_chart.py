"""The chart of a table: a native one on its cells, on a sheet of its own."""

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from reports.writing.table import Chart, Table
from reports.writing.text_size import FONT

_WIDTH, _LEAST, _BAR = 980, 240, 26  # pixels
A4 = 9


def add_chart(book: Workbook, cells: Worksheet, table: Table, chart: Chart, top: int) -> None:
    """Bars in one grey that also a copying machine shows, each with its figure; row 0 of the
    table stands in row `top` of its sheet. What they show is said beside them in words.
    """
    columns = [column.key for column in table.printed]
    name, value = columns.index(chart.name), columns.index(chart.value)
    first, last = top + chart.first, top + chart.last
    font = {"name": FONT, "size": 10}
    bars = book.add_chart({"type": "bar"})
    bars.add_series(
        {
            "name": chart.title,
            "categories": [cells.name, first, name, last, name],
            "values": [cells.name, first, value, last, value],
            "fill": {"color": "#595959"},
            "border": {"color": "#262626"},
            "gap": 60,
            "data_labels": {"value": True, "num_format": "0.00", "font": font},
        }
    )
    bars.set_title({"name": chart.title, "name_font": font | {"size": 13}, "overlay": False})
    bars.set_legend({"none": True})
    bars.set_y_axis({"reverse": True, "num_font": font})
    bars.set_x_axis({"min": 0, "num_format": "0", "num_font": font, "major_gridlines": {
        "visible": True, "line": {"color": "#BFBFBF"}}})  # fmt: skip
    count = chart.last - chart.first + 1
    bars.set_size({"width": _WIDTH, "height": max(_LEAST, 120 + _BAR * count)})
    sheet = book.add_worksheet(f"{cells.name} - %")
    sheet.insert_chart("A3", bars, {"description": chart.text})
    look = book.add_format({"font_name": FONT, "font_size": 11, "italic": True})
    sheet.write_string(0, 0, chart.text, look)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)

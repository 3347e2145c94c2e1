"""The chart of a table as a picture for Word, told apart without colour as in the spreadsheet."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from models.base import MARKS
from reports.writing.picture import Picture, saved, wrapped
from reports.writing.table import Chart, Drawn, Kind, Table
from reports.writing.texts import printed_rate, text_of

_HEIGHT, _AROUND, _BAR, _LINE = 3.6, 1.3, 0.36, 0.16  # inches
_BESIDE = (3, 0)  # points between a bar and its figure, however small the figures are
_INK, _GREY = "#262626", "#595959"
_LINES: tuple[dict[str, Any], ...] = (
    {"color": _INK, "linestyle": "-", "linewidth": 2.2, "marker": "o"},
    {"color": _GREY, "linestyle": "--", "marker": "s", "markerfacecolor": "white"},
    {"color": _INK, "linestyle": ":", "marker": "^", "markerfacecolor": "white"},
    {"color": _GREY, "linestyle": "-.", "marker": "D", "markersize": 4},
)
_FILLS: tuple[dict[str, Any], ...] = (
    {"color": _GREY, "edgecolor": _INK},
    {"color": "white", "edgecolor": _INK, "hatch": "////"},
    {"color": "white", "edgecolor": _INK},
)


def pictures_of(table: Table, width_mm: float, height_mm: float) -> Iterator[Picture]:
    """The chart of a table with its words, no picture higher than a page has room for: more bars
    than fit stand on several, all of one scale. None of a table without a chart."""
    from matplotlib.figure import Figure

    chart = table.chart
    if chart is None:
        return
    names = [
        text_of(table, table.column(chart.name), row)
        for row in table.rows[chart.first : chart.last + 1]
    ]
    series = [(table.column(key).path[-1], _values(table, chart, key)) for key in chart.values]
    lengths = [float(one or 0) for _heading, values in series for one in values]
    least, longest = min(0.0, *lengths), max(0.0, *lengths) or 1.0
    parts = [(slice(None), _HEIGHT)]
    if chart.kind is Drawn.BARS:
        names = [wrapped(name) for name in names]
        parts = list(_on_pages(names, len(series), height_mm / 25.4))
    for n, (place, height) in enumerate(parts, 1):
        figure = Figure(figsize=(width_mm / 25.4, height), layout="constrained")
        axes = figure.add_subplot()
        shown = [(heading, values[place]) for heading, values in series]
        _DRAWERS[chart.kind](axes, names[place], shown, table)
        if chart.kind is Drawn.BARS:
            axes.set_xlim(least * 1.12, longest * 1.12)
            axes.xaxis.set_major_formatter(_ticks(table))
        title = chart.title if len(parts) == 1 else f"{chart.title} ({n}/{len(parts)})"
        axes.set_title(title, fontsize=11, fontweight="bold")
        axes.spines[["top", "right"]].set_visible(False)
        if len(series) > 1:
            figure.legend(loc="outside lower center", ncols=len(series), fontsize=9, frameon=False)
        yield saved(figure, chart.text, width_mm)


def _on_pages(names: Sequence[str], beside: int, most: float) -> Iterator[tuple[slice, float]]:
    """Which bars stand on one page, and how high it is drawn: in inches, `most` at the most.

    Bars move together before another page is begun, no nearer than their names allow, and the
    figures of those that lie `beside` each other.
    """
    needed = [_LINE * max(name.count("\n") + 1, beside) + 0.05 for name in names]
    room, begin = most - _AROUND, 0
    while begin < len(names):
        end = begin + 1
        while end < len(names) and max(needed[begin : end + 1]) * (end + 1 - begin) <= room:
            end += 1
        natural = max(_BAR, *needed[begin:end]) * (end - begin)
        yield slice(begin, end), _AROUND + min(natural, room)
        begin = end


Series = Sequence[tuple[str, list[Decimal | None]]]


def _values(table: Table, chart: Chart, key: str) -> list[Decimal | None]:
    """A column in the unit of the table; None where nothing is known."""
    is_money = table.column(key).kind is Kind.MONEY
    found = [row.values[key] for row in table.rows[chart.first : chart.last + 1]]
    return [
        None if one is None else table.shown(one) if is_money else Decimal(one) for one in found
    ]


def _bars(axes: Any, names: Sequence[str], series: Series, table: Table) -> None:
    """Bars across, the first on top; what they are held against is a dashed outline."""
    places = range(len(names))[::-1]
    height = 0.8 / len(series)
    for n, (heading, values) in enumerate(series):
        at = [place + (0.4 - height / 2 if len(series) > 1 else 0) - n * height for place in places]
        look: dict[str, Any] = {"color": _GREY, "edgecolor": _INK}
        if n:
            look = {"color": "white", "edgecolor": _INK, "linestyle": "--"}
        known = [float(one or 0) for one in values]
        axes.barh(at, known, height=height * 0.9, label=heading, **look)
        for place, value in zip(at, values, strict=True):
            if n == 0 and value is not None:
                axes.annotate(
                    printed_rate(value, table.head.language),
                    (max(float(value), 0), place),
                    xytext=_BESIDE,
                    textcoords="offset points",
                    va="center",
                    fontsize=8,
                )
    axes.set_yticks(places, names, fontsize=9)
    axes.set_ylim(-0.6, len(names) - 0.4)


def _lines(axes: Any, names: Sequence[str], series: Series, table: Table) -> None:
    for n, (heading, values) in enumerate(series):
        known = [float("nan") if one is None else float(one) for one in values]
        axes.plot(range(len(names)), known, label=heading, **_LINES[n % len(_LINES)])
    axes.set_xticks(range(len(names)), names, fontsize=9)
    if not any(one < 0 for _heading, values in series for one in values if one is not None):
        axes.set_ylim(bottom=0)
    if not any(one for _heading, values in series for one in values):
        axes.set_yticks([0])  # of zeros alone there is nothing to measure
    axes.yaxis.set_major_formatter(_ticks(table))
    axes.set_ylabel(table.head.unit, fontsize=9)
    axes.grid(axis="y", color="#D9D9D9")


def _stacks(axes: Any, names: Sequence[str], series: Series, table: Table) -> None:
    below = [0.0] * len(names)
    for n, (heading, values) in enumerate(series):
        known = [float(one or 0) for one in values]
        bars = axes.bar(
            range(len(names)), known, bottom=below, width=0.62, label=heading,
            **_FILLS[n % len(_FILLS)],
        )  # fmt: skip
        texts = [_number(one, table) if one else "" for one in values]
        said = axes.bar_label(bars, texts, label_type="center", fontsize=9)
        for text in said:
            text.set_color("white" if n == 0 else "black")
            if n:
                text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1})
        below = [low + more for low, more in zip(below, known, strict=True)]
    axes.set_xticks(range(len(names)), names, fontsize=9)
    axes.yaxis.get_major_locator().set_params(integer=True)


def _number(value: Decimal, table: Table) -> str:
    """A number in the marks of the language of the table."""
    group, decimal = MARKS[table.head.language]
    plain = f"{value.normalize():,f}" if value == value.to_integral_value() else f"{value:,f}"
    return plain.replace(",", "\0").replace(".", decimal).replace("\0", group)


def _ticks(table: Table) -> Callable[[float, float], str]:
    """The numbers along an axis."""
    return lambda value, _place: _number(Decimal(str(round(value, 6))), table)


_DRAWERS = {Drawn.BARS: _bars, Drawn.LINES: _lines, Drawn.STACKS: _stacks}

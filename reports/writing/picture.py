"""A chart as a picture for Word: bars that are told apart without colour, and their words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from textwrap import wrap
from typing import Any

from reports.writing.texts import printed_rate

WIDTH_MM, _HIGHEST_MM = 160, 225  # within the margins of a letter, with a line above it
_ROW, _LINE, _AROUND = 0.32, 0.15, 1.1  # inches: one bar, a line of its name, title and axis
_DPI = 200
_NAME = 40  # letters of a name in one line
_FONTS = ("Times New Roman", "Liberation Serif", "DejaVu Serif")  # the last comes along


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with the words that stand for it where it is not seen."""

    content: bytes
    words: str
    width_mm: float = WIDTH_MM


def rates_picture(
    title: str, bars: Sequence[tuple[str, Decimal]], *, elapsed: Decimal, elapsed_words: str
) -> Picture:
    """Rates in percent, the first on top, against the share of the year that has passed.

    Bars below that share are hatched, so that black and white tells them apart.
    """
    from matplotlib.figure import Figure

    names = [wrapped(name) for name, _rate in reversed(bars)]
    height = sum(max(_ROW, _LINE * (name.count("\n") + 1) + 0.06) for name in names)
    figure = Figure(figsize=(6.6, _AROUND + height), layout="constrained")
    axes = figure.add_subplot()
    shown = list(reversed(bars))
    for place, (_name, rate) in enumerate(shown):
        behind = rate < elapsed
        axes.barh(
            place,
            float(rate),
            height=0.62,
            color="white" if behind else "#4d4d4d",
            edgecolor="#4d4d4d",
            hatch="////" if behind else None,
        )
        said = axes.text(max(float(rate), 0) + 1, place, _percent(rate), va="center", fontsize=9)
        said.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1})
    axes.axvline(float(elapsed), color="black", linestyle="--", linewidth=1)
    axes.set_yticks(range(len(shown)), names, fontsize=9)
    rates = [0.0, float(elapsed), *(float(rate) for _name, rate in bars)]
    most = max(rates) * 1.18 + 4  # room for what is written beside the longest bar
    axes.set_xlim(min(rates) * 1.18, min(most, 118) if max(rates) <= 100 else most)
    axes.set_xlabel(f"%  (- - -  {elapsed_words}: {_percent(elapsed)})", fontsize=9)
    axes.set_title(title, fontsize=10, fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    told = "; ".join(f"{name} {_percent(rate)}" for name, rate in bars)
    wide, high = figure.get_size_inches()
    width_mm = min(WIDTH_MM, _HIGHEST_MM * wide / high)  # the whole of it on one page
    return saved(figure, f"{title}: {told}. {elapsed_words}: {_percent(elapsed)}.", width_mm)


def saved(figure: Any, words: str, width_mm: float = WIDTH_MM) -> Picture:
    """A drawing as a picture, in the type of the documents."""
    from matplotlib.font_manager import get_font_names

    here = set(get_font_names())
    family = [name for name in _FONTS if name in here]  # letters that one lacks are of the next
    for text in figure.findobj(lambda one: hasattr(one, "set_fontfamily")):
        text.set_fontfamily(family)
    out = BytesIO()
    figure.savefig(out, format="png", dpi=_DPI, metadata={"Software": None})
    return Picture(out.getvalue(), words, width_mm)


def _percent(rate: Decimal) -> str:
    return f"{printed_rate(rate)} %"


def wrapped(name: str) -> str:
    """The whole of a name, in as many lines as it takes."""
    return "\n".join(wrap(name, _NAME)) or name

"""Of which capital a figure is, as column, row and section tell it together."""

import re
from dataclasses import dataclass

from models.base import fold
from models.sheets.layout.column import Column
from models.sheets.layout.says import says
from models.sheets.layout.vocabulary import is_word_of_capital, plain_words
from models.sheets.outcome import is_silent_text
from models.sheets.words import VintageSaid, nature_of, source_of, vintages_of

_LEADING = re.compile(r"^[\s\-+*•–—]+|^trong đó\s*:?\s*", re.IGNORECASE)
_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True, slots=True)
class Capital:
    """Year, source and nature of capital; what is not told is empty. `among`: one of several
    sources, such as those of the local budgets.
    """

    vintage: int | None = None
    is_carried: bool = False
    source: str | None = None
    among: tuple[str, ...] = ()
    nature: str | None = None

    @property
    def is_told(self) -> bool:
        return bool(self.vintage or self.is_carried or self.source or self.among or self.nature)

    def over(self, outer: "Capital") -> "Capital":
        """This capital, with what an outer row or section tells where this one is silent."""
        year = self if self.vintage or self.is_carried else outer
        source = self if self.source or self.among else outer
        return Capital(
            year.vintage, year.is_carried, source.source, source.among, self.nature or outer.nature
        )

    def contradicts(self, other: "Capital") -> bool:
        """Whether both tell a year, a source or a nature, and another one each."""
        return bool(
            (self.vintage and other.vintage and self.vintage != other.vintage)
            or (self.source and other.source and self.source != other.source)
            or (self.source and other.among and self.source not in other.among)
            or (self.among and other.source and other.source not in self.among)
            or (self.nature and other.nature and self.nature != other.nature)
        )

    @property
    def _has_year(self) -> bool:
        return bool(self.vintage or self.is_carried)

    @property
    def axes(self) -> frozenset[str]:
        """Which of year, source and nature are told."""
        told = {"year": self._has_year, "source": self.source or self.among, "nature": self.nature}
        return frozenset(name for name, value in told.items() if value)


NO_CAPITAL = Capital()


def of_column(column: Column) -> Capital:
    """The capital that a column speaks of."""
    return Capital(column.vintage, column.is_carried, column.source, column.among, column.nature)


def of_text(text: str) -> Capital:
    """The capital that a text names, as far as it names one of each."""
    said = says(text)
    year = said.vintages[0] if len(said.vintages) == 1 else VintageSaid()
    sources = said.sources
    return Capital(
        year.year,
        year.is_carried,
        sources[0] if len(sources) == 1 else None,
        sources if len(sources) > 1 else (),
        said.nature,
    )


def of_row_named(text: str) -> Capital:
    """The capital that is all a row's name tells: “- NSTW”, “Trong đó: vốn kéo dài 2023”.

    Nothing where the name has other words, as those of projects.
    """
    said = plain_words(fold(_LEADING.sub("", text)))
    if not said or not all(is_word_of_capital(word) for word in said.split()):
        return NO_CAPITAL
    return of_text(_LEADING.sub("", text))


def year_told(source: str, vintage: str) -> VintageSaid | None:
    """The year that the columns of sources and of years tell; None where what stands there is no
    year, or several.
    """
    told = vintages_of(source), vintages_of(vintage)
    for years in told:
        if len(years) == 1:
            return years[0]
    found = set(_YEAR.findall(vintage))
    if len(found) == 1 and not told[1]:
        return VintageSaid(int(found.pop()))
    return None if told[0] or not is_silent_text(vintage) else VintageSaid()


def of_cells(source: str, nature: str, vintage: str) -> Capital:
    """The capital that the columns of sources, natures and years tell for a row."""
    if not (source or nature or vintage):
        return NO_CAPITAL
    sources = tuple(one.value for one in source_of(source, alone=True)) if source else ()
    natures = nature_of(nature) if nature else ()
    year = year_told(source, vintage) or VintageSaid()
    if not natures and source:
        natures = nature_of(source)
    return Capital(
        year.year,
        year.is_carried,
        sources[0] if len(sources) == 1 else None,
        sources if 1 < len(sources) < 4 else (),
        natures[0].value if len(natures) == 1 else None,
    )

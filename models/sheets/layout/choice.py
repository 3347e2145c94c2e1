"""Which sheets of a file are read: the one that is understood, or that of the period, or asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.base import RuleBroken, _n
from models.sheets.layout.corrections import head_named, with_corrections
from models.sheets.layout.desk import Desk
from models.sheets.layout.sheet import Sheet
from models.sheets.layout.table import Table, tables_of
from models.sheets.layout.titles import is_of
from models.sheets.layout.understanding import is_table_of
from models.sheets.names import Names
from models.sheets.shapes import Ask, At, Book, Grid, Option
from models.sheets.words import periods_of

ALL = "*"  # the answer that every sheet that could be meant is read


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet of the file with its tables."""

    sheet: Sheet
    tables: tuple[Table, ...]

    @property
    def name(self) -> str:
        return self.sheet.name

    def is_of_kind(self, ask: Ask) -> bool:
        return any(is_table_of(ask.kind, one.settled(ask.kind, ask.period)) for one in self.tables)


@dataclass(frozen=True, slots=True)
class Choice:
    """The sheets that are read, and why the others are not."""

    used: tuple[Page, ...] = ()
    skipped: tuple[tuple[str, RuleBroken], ...] = ()


def pages_of(book: Book, ask: Ask, names: Names, desk: Desk) -> list[Page]:
    """The sheets that hold something, with the tables that were found in them."""
    found = []
    named = ask.sheet or ask.answers.get("sheet_unclear")
    for grid in book.grids:
        sheet = Sheet(grid)
        if not sheet.rows:
            continue
        is_meant = named == grid.name or (named is None and _is_only(book, grid))
        head = head_named(sheet, ask.head, desk) if ask.head and is_meant else None
        if ask.head and is_meant and head is None:
            continue
        tables = tables_of(sheet, names, head)
        found.append(Page(sheet, tuple(with_corrections(one, ask.columns, desk) for one in tables)))
    return found


def _is_only(book: Book, grid: Grid) -> bool:
    return [one.name for one in book.grids if not one.is_hidden] == [grid.name]


def chosen(pages: Sequence[Page], ask: Ask, desk: Desk) -> Choice:
    """The sheets to be read. What is left aside is named, hidden sheets as a warning."""
    used = _used(pages, ask, desk)
    skipped = []
    for page in pages:
        if any(page is one for one in used):
            continue
        at = At(page.name)
        if page.sheet.grid.is_hidden:
            why = RuleBroken(_n("The hidden sheet “%(sheet)s” is left aside."), sheet=page.name)
            desk.warning("sheet_hidden", why.message, at, **why.values)
        else:
            why = RuleBroken(_n("The sheet “%(sheet)s” is left aside."), sheet=page.name)
            desk.hint("sheet_skipped", why.message, at, **why.values)
        skipped.append((page.name, why))
    return Choice(tuple(used), tuple(skipped))


def _used(pages: Sequence[Page], ask: Ask, desk: Desk) -> list[Page]:
    by_name = {page.name: page for page in pages}
    named = ask.sheet or ask.answers.get("sheet_unclear", "")
    if named in by_name:
        return [by_name[named]]
    visible = [page for page in pages if not page.sheet.grid.is_hidden]
    able = [page for page in visible if page.is_of_kind(ask)]
    if ask.sheet:
        _ask_sheet(able or visible, desk, ask.sheet)
        return []
    if not able:
        able = [page for page in visible if page.tables][:1]
    if not able:
        _no_head(visible, desk)
        return []
    if len(able) == 1:
        return able
    one = _of_period(able, ask)
    return [one] if one else _asked(able, desk)


def _no_head(visible: Sequence[Page], desk: Desk) -> None:
    desk.error(
        "head_missing",
        _n(
            "No head of a table was found. The table needs a row that names its columns, such as "
            "“Tên dự án” and “Giải ngân trong tháng”."
        ),
        At(visible[0].name) if len(visible) == 1 else At(),
    )


def _of_period(pages: Sequence[Page], ask: Ask) -> Page | None:
    """The one sheet whose name or title is that of the period; None where that is open."""
    if ask.period is None:
        return None
    named = [page for page in pages if _name_is_of(page, ask.period)]
    titled = [page for page in pages if _title_is_of(page, ask.period)]
    both = [page for page in named if page in titled]
    for found in (both, named if not titled else [], titled if not named else []):
        if len(found) == 1:
            return found[0]
    return None


def _name_is_of(page: Page, period: str) -> bool:
    return any(is_of(said, period) for said in periods_of(page.name))


def _title_is_of(page: Page, period: str) -> bool:
    return any(is_of(said, period) for one in page.tables[:1] for _, said in one.titles.periods)


def _asked(pages: Sequence[Page], desk: Desk) -> list[Page]:
    given = _ask_sheet(pages, desk)
    if given == ALL:
        return list(pages)
    return [page for page in pages if page.name == given]


def _ask_sheet(pages: Sequence[Page], desk: Desk, wanted: str | None = None) -> str | None:
    options = [Option(page.name) for page in pages]
    if wanted is not None:
        message = _n("There is no sheet “%(sheet)s” in this file. Which one is to be read?")
    else:
        message = _n("Several sheets could be meant. Which one is to be read? (* for all of them)")
        options.append(Option(ALL))
    return desk.choose("sheet_unclear", message, At(), options, for_file=True, sheet=wanted or "")

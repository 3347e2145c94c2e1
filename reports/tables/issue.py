"""What every table says around its figures: who issues it, of when, on what basis, how whole."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy.orm import Session

from models import Period
from models.base import _n, format_dong, local, sees_a_part
from models.calendar import LEVELS, PeriodCode, all_settings, level_of
from reports.frozen import Frozen
from reports.letter import report_symbol
from reports.tables.headings import CODES, HEADINGS, WORDS
from reports.tables.sets import chosen
from reports.writing import (
    MOST_BARS,
    MOST_PLACES,
    ByPart,
    Chart,
    Column,
    Formula,
    Head,
    Kind,
    ReportParams,
    Row,
    Table,
    parts_of,
    places_for,
)

Parts = tuple[int, ...]  # the numbers of the rows that a row adds up

ROMAN = ("", "I", "II", "III", "IV")
UNITS = {"dong": _n("đồng"), "nghin": _n("thousand đồng"), "trieu": _n("million đồng")}
BASES = {
    "submitted": _n("Sent and accepted reports"),
    "accepted": _n("Accepted reports only"),
}
NOT_TREASURY = _n(
    "Figures are reported by the investors; they do not replace the figures of the State Treasury."
)


class Say(Protocol):
    """A text in the language of the reader, its places filled in."""

    def __call__(self, text: str, /, **values: object) -> str: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """Who asks for a table, in which words, and the moment at which it is written."""

    say: Say
    language: str
    at: datetime
    committee: str
    level: str  # the kind of place that is managed, said: `huyện`
    is_demo: bool
    is_part: bool

    def number(self, count: int) -> str:
        """A count as it is written: `1.234`."""
        return format_dong(count, self.language)


def issue(session: Session, *, say: Say, language: str, at: datetime) -> Issue:
    """What a table needs to know besides its report; one query."""
    known = all_settings(session)
    return Issue(
        say=say,
        language=language,
        at=at,
        committee=known["committee_name"],
        level=say(LEVELS[level_of(known["district_name"])]),
        is_demo=known["demo_data"],
        is_part=sees_a_part(session),
    )


def column(
    issue: Issue,
    key: str,
    number: int = 0,
    *path: str,
    kind: Kind = Kind.TEXT,
    formula: Formula | None = None,
    adds: bool = False,
    is_centred: bool = False,
    is_printed_only: bool = False,
) -> Column:
    """A column with its heading and words said; `path` is said by the caller."""
    say = issue.say
    return Column(
        key=key,
        heading=say(HEADINGS[key]),
        kind=kind,
        path=path,
        number=number,
        formula=formula,
        adds=adds,
        words={code: say(word) for code, word in WORDS.get(key, {}).items()},
        is_code=key in CODES,
        is_centred=is_centred,
        is_printed_only=is_printed_only,
    )


def amount_column(
    issue: Issue, key: str, number: int, *path: str, formula: Formula | None = None
) -> Column:
    """A column of amounts: one that follows from others of its row is not added up itself."""
    is_typed = formula is None
    return column(issue, key, number, *path, kind=Kind.MONEY, formula=formula, adds=is_typed)


def made(
    name: str, columns: Sequence[Column], rows: Iterable[Row], params: ReportParams, head: Head,
    *, issue: Issue, is_page: bool = False,
) -> Table:  # fmt: skip
    """The table of a report, with the columns asked for, and the decimals asked for or as many as
    its amounts need.

    There are no parts of a đồng: its tables have no decimals, whatever is asked for. Where the
    rows are one page of many all have the same columns, and as many decimals as any may need.
    """
    rows = rows if isinstance(rows, ByPart) else tuple(rows)
    columns = chosen(name, columns, None if is_page else rows, params)
    places = MOST_PLACES[params.unit] if is_page else places_for(columns, rows, params.unit)
    if params.decimals:
        places = min(int(params.decimals), MOST_PLACES[params.unit])
    return Table(
        name=name,
        columns=columns,
        rows=rows,
        unit=params.unit,
        places=places,
        head=head,
        rounding=issue.say(_n("Figures may not add up because of rounding.")),
        money=issue.say(UNITS[params.unit]) if params.unit != "dong" else "",
        is_chosen=name in params.sets,
        is_page=is_page,
    )


def outlined(
    found: Any, amounts: Sequence[str], row_of: Callable[[Any, Any, Parts], Row]
) -> ByPart[Row]:
    """The rows of a report with `rows` and their `places`, each made by `row_of` when it is looked
    at: of the row, its place and the numbers of the rows that it adds up. `amounts` are the keys of
    the columns of which a page has to know every value.
    """
    parts = parts_of([place.depth for place in found.places])

    def read(cut: slice) -> list[Row]:
        return [
            row_of(row, place, below)
            for row, place, below in zip(
                found.rows[cut], found.places[cut], parts[cut], strict=True
            )
        ]

    return ByPart(
        len(found.rows),
        read,
        columns={key: [getattr(row, key) for row in found.rows] for key in amounts},
        parts={n: below for n, below in enumerate(parts) if below},
    )


def with_bars(table: Table, chart: Chart, issue: Issue) -> Table:
    """The table with its bars, or with the sentence that they are too many to be looked at."""
    many = chart.last - chart.first + 1
    if many <= MOST_BARS:
        return replace(table, chart=chart)
    none = issue.say(
        _n("There is no chart: it would have %(count)s bars, and %(most)s at the most are drawn."),
        count=issue.number(many),
        most=issue.number(MOST_BARS),
    )
    return replace(table, head=replace(table.head, notes=(*table.head.notes, none)))


def head(
    issue: Issue,
    *,
    form: str,
    title: Sequence[str],
    period: Period,
    rows: int,
    basis: str,
    none: str,
    unit: str = "",
    frozen: Frozen | None = None,
    lacks: int | None = None,
    status: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Head:
    """The words around a table, `title` without the period, `basis` in words.

    What every file must say stands here once: how many rows of how many, the moment, the period,
    the version or that nothing is frozen, the basis, that figures are invented where they are,
    and that they are not those of the Treasury.
    """
    say = issue.say
    above = [
        version_of(issue, period, frozen, lacks),
        *status,
        say(_n("Basis: %(basis)s."), basis=basis.rstrip(".")),
    ]
    if issue.is_part:
        above.append(say(_n("Only the rows of your own unit, with their own totals.")))
    return Head(
        issuer="" if issue.is_part else issue.committee.upper(),
        form=say(form),
        title=(*(line.upper() for line in title), period_in_words(issue, period.code).upper()),
        reference="" if issue.is_part else _reference(issue, period, frozen),
        unit=say(_n("Unit: %(unit)s"), unit=say(UNITS[unit])) if unit else "",
        mark=say(_n("Illustrative figures")) if issue.is_demo else "",
        status=tuple(above),
        notes=(say(NOT_TREASURY), *notes),
        counted=say(_n("%(rows)s of %(rows)s rows."), rows=issue.number(rows)) if rows else "",
        taken=say(_n("Taken at %(moment)s."), moment=moment(issue.at)),
        none=none,
        language=issue.language,
    )


def version_of(
    issue: Issue, period: Period, frozen: Frozen | None, lacks: int | None = None
) -> str:
    """Which state of the figures this is, in a sentence; `lacks` is the number of a version that
    does not hold them."""
    say = issue.say
    if frozen is not None:
        said = say(_n("Version %(number)s"), number=frozen.number) + ". "
        said += say(
            _n("Frozen at %(moment)s by %(who)s."), moment=moment(frozen.frozen_at), who=frozen.by
        )
        return said + (
            " " + say(_n("Paper: %(paper)s."), paper=frozen.paper) if frozen.paper else ""
        )
    if lacks is not None:
        return say(
            _n("Figures not frozen: as they are at %(moment)s, not the frozen ones: version "
               "%(number)s was frozen without this form."),
            moment=moment(issue.at),
            number=lacks,
        )  # fmt: skip
    if period.is_locked(issue.at):
        return say(
            _n("Figures not frozen: as they are at %(moment)s, not the frozen ones; the period is "
               "locked."),
            moment=moment(issue.at),
        )  # fmt: skip
    return say(_n("Figures not frozen: the period is open."))


def _reference(issue: Issue, period: Period, frozen: Frozen | None) -> str:
    """The report to which the table belongs; its number and day are left to the clerk."""
    say, of = issue.say, issue.committee
    if frozen is not None and frozen.paper:
        return say(_n("(Annex of %(paper)s of %(committee)s)"), paper=frozen.paper, committee=of)
    year = (period.data_to + timedelta(days=1)).year
    return say(
        _n("(Annex of report No. ……/%(symbol)s of …/…/%(year)s of %(committee)s)"),
        symbol=report_symbol(of),
        year=year,
        committee=of,
    )


def period_in_words(issue: Issue, code: str) -> str:
    """`tháng 3 năm 2024`, `quý I năm 2024`, `kỳ chỉnh lý năm 2024` (domain §7.1)."""
    known, say = PeriodCode.parse(code), issue.say
    if known.kind == "quarter":
        return say(
            _n("quarter %(number)s of %(year)s"),
            number=ROMAN[known.number],
            year=known.budget_year,
        )
    if known.kind == "closing":
        return say(_n("closing period of %(year)s"), year=known.budget_year)
    number = f"{known.number:02d}" if known.number < 3 else str(known.number)
    return say(_n("month %(number)s of %(year)s"), number=number, year=known.budget_year)


def day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def moment(value: datetime) -> str:
    """HH:MM dd/mm/yyyy on a clock in Vietnam."""
    return f"{local(value):%H:%M %d/%m/%Y}"

"""What stands above a table: whose it is, of which period, in which unit, by which decision."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from models.calendar import PeriodCode
from models.sheets.layout.flattening import is_unit_line
from models.sheets.layout.heads import Head
from models.sheets.layout.says import says
from models.sheets.layout.sheet import Sheet
from models.sheets.names import Names
from models.sheets.said import DecisionSeen
from models.sheets.shapes import At
from models.sheets.words import (
    PeriodSaid,
    VintageSaid,
    decision_of,
    is_note,
    is_signature,
    line_kind_of,
    nature_of,
    periods_of,
    source_of,
    spoken,
    unit_of_amounts,
    years_of,
)

_MOST_LINES, _MOST_BETWEEN, _LONGEST = 60, 12, 2_000
_OF_WHOM = re.compile(r"^(?:đơn vị(?: báo cáo| thực hiện)?|chủ đầu tư|tên đơn vị)\s*[:.]\s*")
_OF = re.compile(r"\bcủa\s+")
_ADDRESSED = re.compile(r"^(?:kính gửi|nơi nhận|kèm theo|\(\s*kèm theo|ban hành kèm)")
_MONTH_DISBURSED = re.compile(r"giải ngân (?:vốn )?(?:trong )?(?:tháng|kỳ|quý)")
_UP_TO = re.compile(r"lũy kế|đến ngày|đến hết|từ đầu năm|đến thời điểm")


@dataclass(frozen=True, slots=True)
class Titles:
    """The lines above a table, and what they say; `At` is where it is said."""

    lines: tuple[tuple[At, str], ...] = ()
    periods: tuple[tuple[At, PeriodSaid], ...] = ()
    units: tuple[tuple[At, str], ...] = ()  # of amounts
    holders: tuple[tuple[At, str], ...] = ()  # codes of units that are named
    parts: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    decision: DecisionSeen | None = None
    kinds: tuple[str, ...] = ()
    source: str | None = None
    nature: str | None = None
    vintages: tuple[VintageSaid, ...] = ()
    is_inclusive: bool = False  # “bao gồm cả vốn kéo dài”

    def below(self, first: "Titles") -> "Titles":
        """These titles of a further table, with what those of the sheet tell for all of it."""
        return replace(
            self,
            periods=self.periods or first.periods,
            units=self.units or first.units,
            holders=self.holders or first.holders,
            years=self.years or first.years,
            decision=self.decision or first.decision,
            kinds=self.kinds or first.kinds,
        )

    @property
    def is_of_several_years(self) -> bool:
        """Whether the figures hold capital of the year and carried-over capital together."""
        return self.is_inclusive or len(self.vintages) > 1

    @property
    def is_of_month(self) -> bool:
        """Whether a title says that the figures are what was disbursed in the period."""
        return any(_MONTH_DISBURSED.search(spoken(text)) for _, text in self.lines) and (
            not self.is_up_to
        )

    @property
    def is_up_to(self) -> bool:
        """Whether a title says that the figures go up to a day or month."""
        return any(said.is_until for _, said in self.periods) or any(
            _UP_TO.search(spoken(text)) for _, text in self.lines
        )


def titles_of(sheet: Sheet, head: Head, names: Names, *, is_first: bool = True) -> Titles:
    """What the rows above a head say; lines of the unit also in and right below it.

    Of a further table of the sheet the rows between it and the figures above.
    """
    lines = [
        (sheet.at(row, column), text)
        for row in (_rows_above(sheet, head) if is_first else _rows_between(sheet, head))
        for column, text in sheet.texts(row)
        if isinstance(sheet.rows[row][column].value, str) and len(text) <= _LONGEST
    ]
    ours = [(at, text) for at, text in lines if not _is_of_others(text)]
    said = [text for _, text in ours]
    # what titles leave open the name of the sheet may tell: NSTW, Vốn kéo dài 2023
    by_name = says(sheet.name)
    vintages = tuple(dict.fromkeys(one for text in said for one in says(text).vintages))
    return Titles(
        lines=tuple(lines),
        periods=tuple((at, one) for at, text in ours for one in periods_of(text)),
        units=tuple(
            (at, unit)
            for at, text in (*lines, *_unit_lines(sheet, head))
            if (unit := unit_of_amounts(text))
        ),
        holders=tuple((at, code) for at, text in ours if (code := _holder(text, names))),
        parts=tuple(dict.fromkeys(code for text in said if (code := names.part(text).code))),
        years=tuple(dict.fromkeys(year for text in said for year in years_of(text))),
        decision=_decision(lines),
        kinds=_kinds(said),
        source=_only([one.value for text in said for one in source_of(text)] or by_name.sources),
        nature=_only([one.value for text in said for one in nature_of(text)]) or by_name.nature,
        vintages=vintages or by_name.vintages,
        is_inclusive=any(says(text).is_inclusive for text in said),
    )


def _rows_above(sheet: Sheet, head: Head) -> list[int]:
    return sheet.between(1, head.top - 1)[-_MOST_LINES:]


def _rows_between(sheet: Sheet, head: Head) -> list[int]:
    """The rows above the head of a further table, up to one with figures."""
    found: list[int] = []
    for row in reversed(sheet.between(head.top - _MOST_BETWEEN, head.top - 1)):
        if any(isinstance(cell.value, Decimal) for cell in sheet.rows[row].values()):
            break
        found.append(row)
    return found[::-1]


def _unit_lines(sheet: Sheet, head: Head) -> list[tuple[At, str]]:
    """The lines “Đơn vị tính: …” among the head, and in the two rows below it."""
    return [
        (sheet.at(row, column), text)
        for row in sheet.between(head.top, head.bottom + 2)
        for column, text in sheet.texts(row)
        if is_unit_line(text)
    ]


def _is_of_others(text: str) -> bool:
    return is_signature(text) or is_note(text) or _ADDRESSED.match(spoken(text)) is not None


def _only(values: Sequence[str]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


def _holder(text: str, names: Names) -> str | None:
    """The unit that a title line names: alone, behind “Đơn vị báo cáo:”, or behind “của”."""
    said = spoken(text)
    for tried in (text, _OF_WHOM.sub("", said), _OF.split(said)[-1]):
        if tried and len(tried) <= 120 and (code := names.unit(tried).code):
            return code
    return None


def _kinds(said: list[str]) -> tuple[str, ...]:
    """The kinds of ledger lines that titles name; those that say more go before giao."""
    found = [kind.value for text in said for kind in line_kind_of(text)]
    exact = [kind for kind in found if kind != "initial"]
    return tuple(dict.fromkeys(exact or found))


def _decision(lines: list[tuple[At, str]]) -> DecisionSeen | None:
    """The decision that titles name, told in one line or broken over several."""
    found = None
    for at, text in lines:
        if one := decision_of(text):
            found = found or _at(one, at)
            if one.issued_on:
                return _at(one, at)
    whole = decision_of(" ".join(text for _, text in lines))
    if whole and (found is None or whole.number == found.number):
        return _at(whole, found.at if found else _place_of(whole, lines))
    return found


def _at(one: DecisionSeen, at: At) -> DecisionSeen:
    return DecisionSeen(
        number=one.number, issued_on=one.issued_on, issuer=one.issuer, kind=one.kind, at=at
    )


def _place_of(one: DecisionSeen, lines: list[tuple[At, str]]) -> At:
    start = one.number.split("/")[0]
    return next((at for at, text in lines if start in text), At())


# ------------------------------------------------------------------------------------- periods


def is_of(said: PeriodSaid, code: str) -> bool:
    """Whether a named stretch of time is the period with this code, or goes up to its end."""
    if said.fits(code):
        return True
    return said.is_until and _ends_with(said, PeriodCode.parse(code))


def is_up_to_before(said: PeriodSaid, code: str) -> bool:
    """Whether figures go up to the end of the month before the period, in the same budget year."""
    period = PeriodCode.parse(code)
    month = period.number if period.kind == "closing" else period.months[0][1]
    return said.last == month - 1 and said.year in (None, period.budget_year)


def _ends_with(said: PeriodSaid, period: PeriodCode) -> bool:
    year, month = period.months[-1]
    return said.last == month and said.year in (None, year)

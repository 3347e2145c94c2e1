"""What one text of a head says by itself: what of, when, and of which capital."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from models.base import fold
from models.capital import BUDGET_SOURCES
from models.sheets.layout.vocabulary import Noun, is_word_of_capital, noun_of, plain_words
from models.sheets.words import (
    PeriodSaid,
    VintageSaid,
    is_total,
    nature_of,
    periods_of,
    source_of,
    spoken,
    unit_of_amounts,
    vintages_of,
    without_left_out,
    without_unit,
)


class Time(StrEnum):
    """The stretch of time that a figure is of."""

    SHORT = "short"  # a week, a day, one of several instalments: no period of a report
    MONTH = "month"  # the period itself, or the one that is named
    PREVIOUS = "previous"  # the month before alone
    BEFORE = "before"  # up to the end of the month before
    CUMULATIVE = "cumulative"  # since the beginning of the year
    ALL_YEARS = "all_years"  # since the beginning of the project


@dataclass(frozen=True, slots=True)
class Says:
    """One text of a head. `named` is the period it names, if its time has one.

    `sources` are all that can be meant: several for the local budgets together.
    """

    noun: Noun | None = None
    time: Time | None = None
    named: PeriodSaid | None = None
    span: str | None = None  # `month` or `quarter`, where it says which without naming it
    is_total: bool = False
    is_part: bool = False  # trong đó: what follows are parts of what stands before
    is_inclusive: bool = False  # bao gồm cả vốn kéo dài: of several years at once
    is_pure: bool = False  # nothing but words of time, capital and sums
    vintages: tuple[VintageSaid, ...] = ()
    sources: tuple[str, ...] = ()
    nature: str | None = None
    unit: str | None = None

    @property
    def says_something(self) -> bool:
        return bool(self.noun or self.time or self.is_total or self.is_part or self.tells_capital)

    @property
    def tells_capital(self) -> bool:
        return bool(self.vintages or self.sources or self.nature)


_ALL_YEARS = re.compile(
    r"tu (khi )?khoi cong|tu truoc den nay|den (het )?nam 20\d\d\b|den het nam truoc"
)
_BEFORE = re.compile(
    r"\b(den|het|luy ke|cuoi)\b.*\b(thang|ky|quy) truoc|^dau ky|luy ke dau ky|ky truoc chuyen"
)
_PREVIOUS = re.compile(r"\b(thang|ky|quy) truoc\b")
_SHORT = re.compile(
    r"\btuan (nay|truoc|sau|thu|\d)|\b(trong|cua|tung|hang|theo|mot) tuan\b|^tuan\b|^trong ngay$"
    r"|(giai ngan|thanh toan|\bgn\b).* ((trong|hang|tung|theo) ngay\b|dot (\d|[ivx]+\b))"
    r"|^dot (\d|[ivx]+\b)"
)
_CUMULATIVE = re.compile(
    r"luy ke|\blk\b|tu dau nam|den nay|den thoi diem|den ngay bao cao|cong don"
    r"|(den|het) (het |cuoi )?(thang|ky|quy)\b|(?<!giao )(?<!bo tri )trong nam\b"
)
_MONTH = re.compile(
    r"(trong|cua) (thang|ky|quy)\b|\b(thang|ky|quy) (nay|bao cao)|phat sinh|^thang( nay)?$"
)
_INCLUSIVE = re.compile(
    r"\(?\s*(?:bao gồm|gồm|kể cả|tính cả|cả|và)\s+(?:cả\s+)?(?:vốn\s+|nguồn\s+)?"
    r"(?:kéo dài|chuyển nguồn|năm trước chuyển sang)"
)
# the words of heads that only say of which time and capital figures are
_PURE = re.compile(
    r"trong|thang|ky|quy|nay|bao|cao|luy|lk|ke|tu|dau|nam|den|het|cuoi|ngay|truoc|phat|sinh|cong"
    r"|don|thoi|diem|tong|so|tien|theo|t\d{1,2}|q[1-4]|[ivx]{1,4}|\d{1,4}|do|chia|ra|%"
)
_PART = re.compile(r"^(trong do|chia ra|bao gom|gom|trong do gom)$")


@lru_cache(maxsize=4096)
def says(text: str) -> Says:
    """What a text of a head says. Figures of amounts are no head and say nothing."""
    words = plain_words(fold(without_unit(text))) or plain_words(fold(text))
    if not words:
        return Says()
    time, named = _time(text, words)
    is_loose = time in (Time.MONTH, Time.PREVIOUS, Time.BEFORE) and named is None
    sources = tuple(source.value for source in source_of(text))
    natures = nature_of(text)
    is_inclusive = _INCLUSIVE.search(without_left_out(spoken(text))) is not None
    return Says(
        noun=noun_of(words),
        time=time,
        named=named,
        span=_span(words) if is_loose else None,
        is_total=is_total(text),
        is_part=_PART.match(words) is not None,
        is_inclusive=is_inclusive,
        is_pure=all(_PURE.fullmatch(word) or is_word_of_capital(word) for word in words.split()),
        vintages=() if is_inclusive else vintages_of(text),
        sources=() if len(sources) == len(BUDGET_SOURCES) else sources,
        nature=natures[0].value if len(natures) == 1 else None,
        unit=unit_of_amounts(text),
    )


def _span(words: str) -> str | None:
    if re.search(r"\bquy\b", words):
        return "quarter"
    return "month" if re.search(r"\bthang\b", words) else None


def _time(text: str, words: str) -> tuple[Time | None, PeriodSaid | None]:
    """The time that a text tells, and the period that it names for it."""
    periods = periods_of(text)
    until = next((one for one in periods if one.is_until), None)
    plain = next((one for one in periods if not one.is_until), None)
    if _ALL_YEARS.search(words):
        return Time.ALL_YEARS, None
    if _BEFORE.search(words):
        return Time.BEFORE, None
    if _SHORT.search(words) and not _CUMULATIVE.search(words):
        return Time.SHORT, None
    if until or _CUMULATIVE.search(words):
        return Time.CUMULATIVE, until or plain
    if _PREVIOUS.search(words):
        return Time.PREVIOUS, None
    if plain or _MONTH.search(words):
        return Time.MONTH, plain
    return None, None

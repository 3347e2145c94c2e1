"""Words of time: the periods that titles and heads name, and the years of capital."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from models.sheets.words_base import Phrase, heard

_YEAR = r"(?P<year>20\d\d)"
_M = r"(?P<month>0?[1-9]|1[0-3])"
_OF_YEAR = (
    rf"(?:(?:\s*(?:[/.\-,]|năm)\s*(?:năm\s*)?(?:{_YEAR}|(?P<short>\d\d)(?![\d/.]))"
    r"|\s+(?P<spaced>20\d\d))(?!\d))"
)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_COUNTS = {"ba": 3, "sáu": 6, "sau": 6, "chín": 9, "chin": 9}
_UNTIL = r"(?P<until>(?:tính\s+)?(?:đến|tới)(?:\s+(?:hết|thời điểm|cuối))*\s+|hết\s+)"
# A day is that of a document (ngày … tháng 5 năm 2024) unless figures go up to it.
_DOCUMENT_DAY = Phrase(
    r"ngày[\s.…_]*\d{0,2}[\s.…_]*tháng[\s.…_]*\d{0,2}[\s.…_]*(?:năm[\s.…_]*\d{0,4})?"
    r"|ngày\s*[\d.…_]{0,4}\s*/\s*[\d.…_]{0,4}\s*/\s*\d{2,4}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
)
# 12/2024/NQ-HĐND and “số 12/2024” are numbers of documents
_DOCUMENT = Phrase(
    r"(?:\bsố|quyết định|nghị quyết|nghị định|thông tư|công văn|\bqđ|\bnq)\s*:?\s*"
    r"\d+[a-z]?\s*/\s*\S*"
    r"|\d+\s*/\s*\d{4}\s*/\s*\S*"
)
_UNTIL_DAY = Phrase(
    _UNTIL + r"(?:ngày\s+)?(?P<d>\d{1,2})\s*(?:[/.\-]|tháng)\s*(?P<m>\d{1,2})\s*(?:[/.\-]|năm)\s*"
    rf"{_YEAR}"
)
_RANGE = Phrase(
    rf"(?:từ\s+)?(?:tháng|t)\s*\.?(?P<first>0?[1-9]|1[0-2])(?:[/.\-]20\d\d|\s+năm\s+20\d\d)?\s*"
    rf"(?:đến|tới|-)\s*(?:hết\s+)?(?:tháng|t)\s*\.?{_M}(?!\d){_OF_YEAR}?"
)
_MONTHS = Phrase(
    r"(?<![\w/])(?P<count>[2-9]|1[0-2]|ba|sáu|chín)\s+tháng"
    rf"(?:\s+(?P<part>đầu|cuối)(?:\s*(?:của\s+)?năm)?(?:\s*/?\s*{_YEAR})?"
    r"|(?:\s+năm\s+|\s*/\s*)(?P<short>20\d\d))(?!\w)"
)
_QUARTER = Phrase(
    rf"(?:{_UNTIL})?(?<!\w)(?:quý|q)\s*\.?(?P<quarter>i{{1,3}}|iv|[1-4])(?!\w){_OF_YEAR}?"
)
_MONTH = Phrase(
    rf"(?:{_UNTIL})?(?<![\w/])(?:(?:kỳ báo cáo|kỳ)\s+)?(?:tháng|t)\s*\.?{_M}(?!\d){_OF_YEAR}?"
)
_MONTH_ONLY = Phrase(rf"(?:{_UNTIL})?(?<![\w/.,\-]){_M}\s*[/\-.]\s*{_YEAR}(?![\w/.\-])")
_CODE = Phrase(rf"(?<![\w/-]){_YEAR}-(?:{_M}|q(?P<quarter>[1-4]))(?![\w/-])")


@dataclass(frozen=True, slots=True)
class PeriodSaid:
    """A stretch of months that a text names; `year` None where it names none.

    `is_quarter` where it was said as one, `is_until` where figures go up to its end (đến hết …).
    `day` is the last day, where a day was named. Month 13 is the closing period of its year.
    """

    first: int
    last: int
    year: int | None = None
    is_quarter: bool = False
    is_until: bool = False
    day: date | None = None

    def code(self, year: int | None = None) -> str | None:
        """The code of the period: `2024-04`, `2024-Q1`, `2024-13`; `year` where none is said."""
        its_year = self.year or year
        if its_year is None:
            return None
        if self.is_quarter:
            return f"{its_year}-Q{self.last // 3}"
        if self.is_until and self.first != self.last:
            return f"{its_year}-{self.last:02d}"
        return f"{its_year}-{self.first:02d}" if self.first == self.last else None

    def fits(self, code: str) -> bool:
        """Whether the period with this code can be meant. January also closes the year before."""
        year, _, rest = code.partition("-")
        if self.code(int(year)) == code:
            return True
        if rest == "13" and self.first == self.last == 1:
            return self.year is None or self.year == int(year) + 1
        return False


def periods_of(text: str) -> tuple[PeriodSaid, ...]:
    """The periods that a title, head or sheet's name tells, in the order of the text.

    THÁNG 4 NĂM 2024 · T4/2024 · T4 · 04/2024 · đến 30/4/2024 · Quý I/2024 · 6 tháng đầu năm. The
    day of a document (Kèm theo …, ngày 6 tháng 5 năm 2024) is none.
    """
    return tuple(said for _, said in _found(_said(text))[0])


def impossible_day(text: str) -> str | None:
    """The day up to which figures are said to go and which no calendar has: đến ngày 31/4/2024."""
    for match in _UNTIL_DAY.finditer(_said(text)):
        if _DayReader.read(match) is None:
            return f"{match['d']}/{match['m']}/{match['year']}"
    return None


def without_periods(text: str) -> str:
    """The heard text with blanks for its periods and days, so that other years can be told."""
    return _found(_said(text))[1]


def _said(text: str) -> str:
    return heard(text.replace("_", " "))


def _found(said: str) -> tuple[list[tuple[int, PeriodSaid]], str]:
    found: list[tuple[int, PeriodSaid]] = []

    def take(phrase: Phrase, reader: "type[_Reader]") -> None:
        nonlocal said
        for match in phrase.finditer(said):
            period = reader.read(match)
            if period is not None:
                found.append((match.start(), period))
        said = phrase.without(said)

    take(_UNTIL_DAY, _DayReader)
    said = _DOCUMENT.without(_DOCUMENT_DAY.without(said))
    for phrase, reader in (
        (_CODE, _MonthReader),
        (_RANGE, _RangeReader),
        (_MONTHS, _CountReader),
        (_QUARTER, _MonthReader),
        (_MONTH, _MonthReader),
        (_MONTH_ONLY, _MonthReader),
    ):
        take(phrase, reader)
    return sorted(found, key=lambda one: one[0]), said


class _Reader:
    @classmethod
    def read(cls, match: re.Match[str]) -> PeriodSaid | None:
        raise NotImplementedError


class _DayReader(_Reader):
    @classmethod
    def read(cls, match: re.Match[str]) -> PeriodSaid | None:
        year, month, day = int(match["year"]), int(match["m"]), int(match["d"])
        if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
            return None
        return PeriodSaid(month, month, year, is_until=True, day=date(year, month, day))


class _MonthReader(_Reader):
    @classmethod
    def read(cls, match: re.Match[str]) -> PeriodSaid | None:
        groups = match.groupdict()
        year, is_until = _year(groups), bool(groups.get("until"))
        if quarter := groups.get("quarter"):
            last = 3 * _QUARTERS[quarter]
            return PeriodSaid(last - 2, last, year, is_quarter=True, is_until=is_until)
        month = int(groups["month"] or 0)
        return PeriodSaid(month, month, year, is_until=is_until)


class _RangeReader(_Reader):
    @classmethod
    def read(cls, match: re.Match[str]) -> PeriodSaid | None:
        first, last = int(match["first"]), int(match["month"])
        if first > last:
            return None
        return PeriodSaid(first, last, _year(match.groupdict()), is_until=True)


class _CountReader(_Reader):
    @classmethod
    def read(cls, match: re.Match[str]) -> PeriodSaid | None:
        count = _COUNTS.get(match["count"]) or int(match["count"])
        year = int(match["year"] or match["short"] or 0) or None
        if match["part"] in ("cuối", "cuoi"):
            return PeriodSaid(13 - count, 12, year)
        return PeriodSaid(1, count, year, is_until=True)


def _year(groups: dict[str, str | None]) -> int | None:
    if year := groups.get("year") or groups.get("spaced"):
        return int(year)
    return 2000 + int(groups["short"] or 0) if groups.get("short") else None


# ------------------------------------------------------------------------------- years of capital


@dataclass(frozen=True, slots=True)
class VintageSaid:
    """What a text says of the year of capital: its year, carried over or of the current year."""

    year: int | None = None
    is_carried: bool = False


_CARRIED = Phrase(
    r"(?:năm\s+|(?<![\d/.\-]))(?P<before>20\d\d)\s+(?:được\s+)?(?:phép\s+)?"
    r"(?:kéo dài|chuyển nguồn|chuyển|kdv?\b)(?:\s+(?:sang|qua))?(?:\s+(?:năm\s+)?20\d\d)?"
    # behind a bracket or a dash another year is that of what is carried over
    r"|(?:năm\s+|(?<![\d/.\-]))(?P<beside>20\d\d)\s*[(-]\s*(?:được\s+)?(?:phép\s+)?"
    r"(?:kéo dài|chuyển nguồn)(?!\s+(?:từ\s+)?(?:năm\s+)?20\d\d)"
    r"(?:\s+(?:sang|qua)(?:\s+(?:năm\s+)?20\d\d)?)?"
    r"|(?:kéo dài|chuyển nguồn|\bv?kdv?)(?P<between>[^\d;)]{0,30}?)(?:năm\s+)?(?P<after>20\d\d"
    r"|(?<=kd)\d\d|(?<=kd )\d\d|(?<=kdv)\d\d)(?P<more>(?:\s*(?:[-,;]|và)\s*(?:năm\s+)?20\d\d)*)"
    r"(?:\s+(?:chuyển\s+)?(?:sang|qua)(?:\s+(?:năm\s+)?20\d\d)?)?"
    r"|(?:các\s+)?năm trước\s+(?:chuyển\s+)?sang(?:\s+(?:năm\s+)?20\d\d)?"
    r"|vốn\s+(?:của\s+)?(?:các\s+)?năm trước|kéo dài|chuyển nguồn|\bv?kdv?\b"
)
_CURRENT = Phrase(
    r"(?:\bvốn|kế hoạch|\bkh\b|\bkhv\b|dự toán|nguồn|\bns\w*|\bgiao\b|\bsn\b|\bđtpt\b)"
    r"(?:(?!giải ngân|lũy kế|\bđến\b|đầu năm|cuối năm|từ năm|sang năm"
    r"|chương trình|mtqg|kéo dài|chuyển nguồn)[^\d;])"
    r"{0,40}?(?:năm\s+)?(?P<year>20\d\d)(?!\d|\s*[/-]\s*\d)"
    r"|vốn\s+(?:được\s+)?(?:giao\s+|bố trí\s+)?(?:trong\s+năm|năm\s+nay)(?!\s+trước)"
)
# what a head says of capital that it leaves out: “không bao gồm vốn kéo dài”
_LEFT_OUT = Phrase(r"(?:không|chưa)\s+(?:bao\s+)?(?:gồm|tính|kể)[^;)]*")
_YEARS = Phrase(r"(?<![\d/.\-])(20\d\d)(?![\d/.\-])")


def without_left_out(said: str) -> str:
    """A heard text with blanks for the capital that it says it leaves out."""
    return _LEFT_OUT.without(said)


def vintages_of(text: str) -> tuple[VintageSaid, ...]:
    """The years of capital that a head or title names, in the order of the text.

    `Vốn năm 2024` · `Vốn kéo dài năm 2023 sang năm 2024` (2023) · `KD23` · `năm trước chuyển sang`
    (carried, no year told) · `vốn trong năm` (current, no year told).
    """
    said = without_left_out(without_periods(text))
    found = []
    for match in _CARRIED.finditer(said):
        found.append((match.start(), VintageSaid(_carried_year(match), is_carried=True)))
    for match in _CURRENT.finditer(_CARRIED.without(said)):
        year = int(match["year"]) if match["year"] else None
        found.append((match.start(), VintageSaid(year)))
    return tuple(dict.fromkeys(one for _, one in sorted(found, key=lambda one: one[0])))


def _carried_year(match: re.Match[str]) -> int | None:
    if told := match["before"] or match["beside"]:
        return int(told)
    between = match["between"] or ""
    if not match["after"] or match["more"] or re.search(r"\b(?:sang|qua)\b", between):
        return None
    year = int(match["after"])
    return year if year > 99 else 2000 + year


def years_of(text: str) -> tuple[int, ...]:
    """The years that a text names, those of periods among them, each once."""
    said = [period.year for period in periods_of(text) if period.year]
    plain_years = [int(found[1]) for found in _YEARS.finditer(without_periods(text))]
    return tuple(dict.fromkeys([*said, *plain_years]))

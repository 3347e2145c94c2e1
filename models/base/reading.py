"""How days, moments, numbers and texts are read: one reader behind every door.

A screen, a filter, an address, a cell of a package and an option of a command take the same
forms, within the same bounds, and refuse in the same sentences. Amounts are read in `money`.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal

from models.base.clock import HANOI, at_local
from models.base.errors import RuleBroken, _n
from models.base.text import clean, clean_line, nfc

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST = 4_000
LARGEST_ID = 2**63 - 1
END_OF_DAY = time(23, 59, 59)

# Full-width signs and the spaces that documents use. Not NFKC: it would read 5² as 52. Not tabs
# or line ends either: two pasted cells are not one number.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0xA0, 0x2007, 0x2009, 0x202F, 0x3000), " ")
# The minus of typesetters, and the dashes that word processors put in its place
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212), "-")
_UNSEEN: dict[int, None] = dict.fromkeys((0x200B, 0x200E, 0x200F, 0x202A, 0x202C, 0x2060, 0xFEFF))
_PLAIN: dict[int, int | str | None] = {**_FULL_WIDTH, **_SPACES, **_DASHES, **_UNSEEN}

_DAY = re.compile(r"(\d{1,2}) ?[/.-] ?(\d{1,2}) ?[/.-] ?(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
# As documents say it: ngày 15 tháng 4 năm 2024. Read in small letters, marks may be missing.
_SAID = re.compile(r"(\d{1,2}) th[áa]ng (\d{1,2}),? n[ăa]m (\d{4})", re.ASCII)
_THE_DAY = re.compile(r"^(?:ng[àa]y )?(?:m[ùồuo]ng )?(?=\d)", re.ASCII)
_CLOCK = re.compile(
    r"(\d{1,2})(?: ?(?:[:hg]|giờ) ?(?:(\d{2})(?: ?ph[úu]t|:(\d{2})(?:\.(\d{1,6}))?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
# As pages print it and letters say it: 17:05 09/04/2024, 17 giờ 05 phút ngày 09/4/2024.
_CLOCK_FIRST = re.compile(
    r"(?P<clock>\d{1,2} ?(?:[:hg]|giờ)(?: ?\d{2}(?::\d{2}| ?ph[úu]t)?)?),? (?P<day>.+)",
    re.ASCII | re.IGNORECASE,
)
# In an address written by hand the plus sign of the offset arrives as a space.
_MOMENT = re.compile(
    r"(?P<day>.+?)(?:(?:T|,? )(?P<clock>\d{1,2}(?::|h|g| giờ).*?|\d{1,2})"
    r"(?P<offset>Z|[+-]\d{2}:?\d{2}| \d{2}:\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{6})?)?[+-]\d\d:\d\d", re.ASCII)
_WHOLE = re.compile(r"(-? ?)(\d[\d., ]{0,60})", re.ASCII)
_GROUPS = r"[1-9]\d{0,2}(?:%(mark)s\d{3}){1,12}"
_ONE_MARK = re.compile(r"(\d{1,40})([.,])(\d{1,12})", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,40})?) ?%?", re.ASCII)


def plain(text: str) -> str:
    """`text` with plain digits, signs and spaces, without anything around it."""
    return (text if text.isascii() else text.translate(_PLAIN)).strip()


def read_day(text: str, *, field: str | None = None) -> date:
    """The day that `text` means: 09/04/2024, 9.4.2024, 09-04-2024 or 2024-04-09.

    Also as documents say it: ngày 09 tháng 4 năm 2024, mùng 9/4/2024. Raises RuleBroken for
    anything else, for a day that no calendar has, and outside the years 1990 to 2100.
    """
    typed = plain(text)
    if not typed.isascii() or typed[:1] in "nNmM":
        typed = _THE_DAY.sub("", " ".join(nfc(typed).lower().split()), count=1)
    if found := _DAY.fullmatch(typed) or _SAID.fullmatch(typed):
        parts = int(found[3]), int(found[2]), int(found[1])
    elif found := _ISO.fullmatch(typed):
        parts = int(found[1]), int(found[2]), int(found[3])
    elif not typed:
        raise RuleBroken(_n("Write the day as dd/mm/yyyy, for example 09/04/2024"), field=field)
    else:
        raise RuleBroken(
            _n("“%(typed)s” is not a day. Write dd/mm/yyyy, for example 09/04/2024."),
            field=field,
            typed=_shown(text),
        )
    try:
        meant = date(*parts)
    except ValueError:
        meant = None
    if meant is None or not FIRST_YEAR <= meant.year <= LAST_YEAR:
        raise RuleBroken(
            _n("There is no such day as “%(typed)s” here."), field=field, typed=_shown(text)
        )
    return meant


def read_clock(text: str, *, field: str | None = None, last: bool = False) -> time:
    """The time of day that `text` means: 17:00, 17:00:59, 17h30 or 17. Where it is the `last` of
    something 23:59 means 23:59:59, the end of the day, as pages print it. Raises RuleBroken.
    """
    found = _CLOCK.fullmatch(plain(text))
    try:
        if found:
            hour, minute, fraction = int(found[1]), int(found[2] or 0), (found[4] or "")
            if last and (hour, minute, found[3]) == (23, 59, None):
                return END_OF_DAY
            return time(hour, minute, int(found[3] or 0), int(fraction.ljust(6, "0")))
    except ValueError:
        pass
    raise RuleBroken(
        _n("“%(typed)s” is not a time of day. Write hours and minutes: 17:00"),
        field=field,
        typed=_shown(text),
    )


def read_day_and_clock(day: str, clock: str, *, field: str | None = None) -> datetime:
    """The instant of a typed day and time of day in Vietnam; 23:59:59 where no time is given."""
    at = read_clock(clock, field=field, last=True) if clock.strip() else END_OF_DAY
    return at_local(read_day(day, field=field), at)


def read_moment(
    text: str, *, field: str | None = None, needs_offset: bool = False, last: bool = False
) -> datetime:
    """The instant that one text means: a day, and a time of day after it or before it.

    Where no time is given the day begins, or ends at 23:59:59 where `last`. The clock is Vietnam's
    unless the text names its offset, which `needs_offset` asks for. Raises RuleBroken.
    """
    try:
        if _WRITTEN.fullmatch(text) and FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
            return datetime.fromisoformat(text)  # as packages hold it, in great numbers
        if (turned := _CLOCK_FIRST.fullmatch(plain(text))) and not needs_offset:
            return at_local(read_day(turned["day"]), read_clock(turned["clock"]))
        found = _MOMENT.fullmatch(plain(text))
        if found and (found["offset"] or not needs_offset):
            day = read_day(found["day"])
            usual = END_OF_DAY if last else time()
            clock = read_clock(found["clock"]) if found["clock"] else usual
            return datetime.combine(day, clock, tzinfo=_zone(found["offset"]))
    except (RuleBroken, ValueError):
        pass
    if needs_offset:
        raise RuleBroken(
            _n(
                "“%(typed)s” is no moment with its time zone. Write it like "
                "2024-04-09T17:05:00+07:00."
            ),
            field=field,
            typed=_shown(text),
        )
    raise RuleBroken(
        _n("“%(typed)s” is no moment. Write it like 2024-04-16T09:00."),
        field=field,
        typed=_shown(text),
    )


def _zone(offset: str | None) -> tzinfo:
    if not offset:
        return HANOI
    if offset.upper() == "Z":
        return UTC
    digits = re.sub(r"\D", "", offset)
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-size if offset.startswith("-") else size)


def taken_apart(body: str, *, has_decimals: bool) -> list[tuple[str, str, str, bool]]:
    """(whole, decimals, open mark, is decimal) for each way to tell the digits of a number from its
    marks; `has_decimals` where decimals are likely, so that one mark before three figures is open.
    """
    for mark, rest in ((".", ","), (",", "."), (" ", ".,")):
        pattern = _GROUPS % {"mark": re.escape(mark)}
        found = re.fullmatch(rf"({pattern})(?:[{rest}](\d{{1,12}}))?", body, re.ASCII)
        if found and (found[2] or body.count(mark) > 1 or mark == " "):
            return [(re.sub(r"\D", "", found[1]), found[2] or "", "", True)]
    if re.fullmatch(r"\d{1,40}", body, re.ASCII):
        return [(body, "", "", True)]
    one = _ONE_MARK.fullmatch(body)
    if one is None:
        return []
    whole, mark, decimals = one.groups()
    could_group = bool(re.fullmatch(r"[1-9]\d{0,2}", whole)) and len(decimals) == 3
    ways = [False, True] if could_group and has_decimals else [not could_group]
    return [(whole, decimals, mark, is_decimal) for is_decimal in ways]


def read_whole(text: str, least: int, most: int, *, field: str | None = None) -> int:
    """A whole number from `least` to `most`: 1234, or 1.234 as amounts are written. Raises
    RuleBroken.
    """
    number = _whole(text)
    if number is None or not least <= number <= most:
        raise RuleBroken(
            _n("“%(typed)s” is not possible. Write a whole number from %(least)s to %(most)s."),
            field=field,
            typed=_shown(text),
            least=least,
            most=most,
        )
    return number


def _whole(text: str) -> int | None:
    if len(text) <= 40 and text.isascii() and text.isdigit():
        return int(text)  # what packages hold, in great numbers
    found = _WHOLE.fullmatch(plain(text))
    ways = taken_apart(found[2], has_decimals=False) if found else []
    if found is None or len(ways) != 1:
        return None
    whole, decimals, _mark, is_decimal = ways[0]
    if is_decimal and decimals.strip("0"):
        return None
    return int(f"{found[1].strip()}{whole}{'' if is_decimal else decimals}")


def read_percent(text: str, *, number: Decimal | None = None, field: str | None = None) -> Decimal:
    """A percentage from 0 to 100 with at most two decimals: 45, 62,5 or 62.5 %; `number` where it
    is known for what the text stands. Raises RuleBroken.
    """
    if number is None and (found := _PERCENT.fullmatch(plain(text))):
        number = Decimal(found[1].replace(",", "."))
    typed = _shown(text)
    if number is None or not 0 <= number <= 100:
        raise RuleBroken(
            _n("“%(typed)s” is no percentage. Write a number from 0 to 100, such as 45 or 62,5."),
            field=field,
            typed=typed,
        )
    if int(number.as_tuple().exponent) < -2:
        raise RuleBroken(
            _n("“%(typed)s” has more than two decimals. Write a percentage with two at the most."),
            field=field,
            typed=typed,
        )
    return number


def read_text(text: str, most: int = LONGEST, *, field: str | None = None) -> str:
    """Several lines of text, cleaned and counted, never cut. Raises RuleBroken when too long."""
    return _counted(clean(text), most, field)


def read_line(text: str, most: int, *, field: str | None = None) -> str:
    """One line of text, cleaned and counted, never cut. Raises RuleBroken when too long."""
    return _counted(clean_line(text), most, field)


def read_file_name(typed: str, most: int) -> str:
    """The name of a file that somebody sends, without its folder, for people to recognise it; “?”
    where nothing is left. Counted, never cut. Raises RuleBroken, at `file`, when too long.
    """
    bare = clean_line(re.split(r"[/\\]", typed)[-1]) or "?"
    if len(bare) > most:
        raise RuleBroken(
            _n(
                "The name of the file has %(length)s characters; at most %(most)s are possible. "
                "Give it a shorter one."
            ),
            field="file",
            length=len(bare),
            most=most,
        )
    return bare


def _counted(value: str, most: int, field: str | None) -> str:
    if len(value) > most:
        raise RuleBroken(
            _n("The text has %(length)s characters; at most %(most)s are possible."),
            field=field,
            length=len(value),
            most=most,
        )
    return value


def read_id(text: str) -> int | None:
    """The number of a row, as addresses and hidden fields carry it; None where it can be none.

    People do not type it: what is wrong with it is a missing page, not a sentence.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


def stored_day(text: str) -> date:
    """A day that this program wrote itself, into a version or a journal."""
    return date.fromisoformat(text)


def stored_moment(text: str) -> datetime:
    """An instant that this program wrote itself, into a backup or a journal."""
    return datetime.fromisoformat(text)


def _shown(text: str) -> str:
    """What was typed, short enough and clean enough to be said again."""
    return clean_line(text)[:40]

"""Money: whole đồng. One strict parser for what people type, exact units, half-up rates.

`static/amounts.js` reads and writes in the same way while people type; one table of cases,
`tests/amounts.py`, holds both to it.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from models.base.errors import RuleBroken, _n
from models.base.reading import plain
from models.base.text import clean_line, fold, nfc

MAX_DONG = 10**15
UNITS = {"dong": 1, "nghin": 1_000, "trieu": 1_000_000}
SUSPECT_RATIO = 500
SLIP = 1_000
# group and decimal mark of each language of the pages
MARKS = {"vi": (".", ","), "en": (",", ".")}
MILLION = {"vi": "triệu", "en": "million"}
_WORDS = {
    "dong": 1, "d": 1, "₫": 1, "vnd": 1,
    "nghin": 10**3, "ngan": 10**3, "k": 10**3, "thousand": 10**3,
    "trieu": 10**6, "tr": 10**6, "million": 10**6,
    "ty": 10**9, "ti": 10**9, "billion": 10**9,
}  # fmt: skip
_TYPED = re.compile(r"([-(]?) ?(\d[\d., ]*?)(?: ?([^\W\d_]+|₫)(?: ?(₫)| ([^\W\d_]+))?\.?)? ?(\)?)")
_GROUPS = r"[1-9]\d{0,2}(?:%(mark)s\d{3}){1,12}"
_FIGURES = re.compile(r"\d{1,15}", re.ASCII)
_ONE_MARK = re.compile(r"(\d{1,40})([.,])(\d{1,12})", re.ASCII)


class Dong(int):
    """An amount in đồng, so that the edge writes it with its thousands."""


@dataclass(frozen=True)
class _Number:
    """Digits of an amount before and after the decimal mark."""

    whole: str
    decimals: str = ""


def parse_dong(
    text: str, *, unit: str = "dong", allow_negative: bool = False, language: str = "vi"
) -> int:
    """The amount in đồng that `text` means, typed in `unit` on a page of `language`.

    Takes all that can be read in one way only: groups of three with dots, commas or spaces
    (two marks settle which is which), decimals as long as whole đồng result, `12,5 triệu`,
    `80tr`, a minus of any kind, `(5.000)`, full-width signs. Raises RuleBroken with a sentence
    that offers the readings where there are two, and never guesses (domain §2.5, V15).
    """
    if unit == "dong" and _FIGURES.fullmatch(text):
        return int(text)  # what packages hold, a million times
    shown = clean_line(text)[:60]
    typed = nfc(plain(text))
    if not typed or _WORDS.get(fold(typed)) == 1:
        raise RuleBroken(_n("Type an amount in figures."))
    found = _TYPED.fullmatch(typed)
    size = _size(found[3], found[4] or found[5], UNITS[unit]) if found else None
    if found is None or size is None or (found[1] == "(") != bool(found[6]):
        raise _unreadable(shown, language)
    number = _number(found[2], shown, size, language, found[3] or "")
    exact = Decimal(f"{number.whole}.{number.decimals or 0}") * size
    if exact != exact.to_integral_value():
        raise RuleBroken(
            _n(
                "“%(typed)s” is not a whole number of đồng. Leave out the decimals, or name the "
                "unit: %(example)s"
            ),
            typed=shown,
            example=f"{number.whole}{MARKS[language][1]}{number.decimals} {MILLION[language]}",
        )
    amount = int(exact)
    if amount > MAX_DONG:
        raise RuleBroken(
            _n("“%(typed)s” is too large: at most %(most)s đồng."),
            typed=shown,
            most=Dong(MAX_DONG),
        )
    if found[1] and amount and not allow_negative:
        raise RuleBroken(
            _n("An amount cannot be negative. Money paid back goes into “Returned”."),
            typed=shown,
        )
    return -amount if found[1] else amount


def _size(word: str | None, second: str | None, unit: int) -> int | None:
    """How many đồng one counts, after the words behind the number; None for unknown words."""
    if word is None:
        return unit
    size = _WORDS.get(fold(word))
    if second is not None and (size in (None, 1) or _WORDS.get(fold(second)) != 1):
        return None
    return size


def _number(body: str, shown: str, size: int, language: str, word: str) -> _Number:
    """The digits of the number, told apart from its marks; RuleBroken where that is open.

    Where a unit is named behind the number (`word`) either mark may be the decimal one
    if it cannot stand between thousands: 12.5 triệu.
    """
    group, decimal = MARKS[language]
    for mark in (group, decimal, " "):
        rest = {".": ",", ",": ".", " ": ".,"}[mark]
        pattern = _GROUPS % {"mark": re.escape(mark)}
        found = re.fullmatch(rf"({pattern})(?:[{rest}](\d{{1,12}}))?", body, re.ASCII)
        if found and (found[2] or body.count(mark) > 1 or mark == " "):
            return _Number(re.sub(r"\D", "", found[1]), found[2] or "")
    if re.fullmatch(r"\d{1,40}", body, re.ASCII):
        return _Number(body)
    one = _ONE_MARK.fullmatch(body)
    if one is None:
        raise _unreadable(shown, language)
    whole, mark, decimals = one.groups()
    could_group = re.fullmatch(r"[1-9]\d{0,2}", whole) and len(decimals) == 3
    if size == 1 and could_group and mark == group:
        return _Number(whole + decimals)  # there are no decimals of a đồng
    if not (size == 1 and could_group) and (
        mark == decimal or (word and size > 1 and not could_group)
    ):
        return _Number(whole, decimals)
    raise _unclear(shown, whole, decimals, size, word, language)


def _unreadable(shown: str, language: str) -> RuleBroken:
    return RuleBroken(
        _n("“%(typed)s” is not an amount. Write figures only, such as %(example)s"),
        typed=shown,
        example=format_dong(1_234_567, language),
    )


def _unclear(
    shown: str, whole: str, decimals: str, size: int, word: str, language: str
) -> RuleBroken:
    """The question of a single mark, with both readings as one would have to write them."""
    joined = (whole + decimals).lstrip("0") or "0"
    behind = f" {word}" if word else ""
    return RuleBroken(
        _n("“%(typed)s” can be read in two ways here. Write %(plain)s, or %(decimal)s."),
        typed=shown,
        plain=joined + behind,
        decimal=f"{whole}{MARKS[language][1]}{decimals}"
        + (behind if size > 1 else f" {MILLION[language]}"),
    )


def format_dong(amount: int, language: str = "vi") -> str:
    """`1234567` → `1.234.567`, the way amounts are typed and printed in Vietnam."""
    return f"{amount:,}".replace(",", MARKS[language][0])


def write_amount(amount: int, unit: str = "dong", language: str = "vi") -> str:
    """An amount in đồng as it is typed in `unit`, so that `parse_dong` reads the same again.

    In a larger unit without marks between thousands: `1.234` could be read in two ways there.
    """
    if unit == "dong":
        return format_dong(amount, language)
    return f"{in_unit(amount, unit).normalize():f}".replace(".", MARKS[language][1])


def meant_instead(amount: int, *, plan: int, last: int) -> int | None:
    """The amount that was probably meant, where this one is suspect (V8); else None.

    Suspect is an amount at least SUSPECT_RATIO times larger or smaller than the plan or last
    month, whichever of them there is, and one above the plan of which a thousandth fits.
    """
    size = abs(amount)
    known = [one for one in (abs(plan), abs(last)) if one]
    fits = plan > 0 and plan < size <= SLIP * plan
    if not size:
        return None
    sign = 1 if amount > 0 else -1
    if fits or any(size >= SUSPECT_RATIO * one for one in known):
        return sign * (size // SLIP)
    if any(SUSPECT_RATIO * size <= one for one in known):
        return amount * SLIP
    return None


def in_unit(amount: int, unit: str) -> Decimal:
    """The amount in đồng, nghìn or triệu đồng; exact."""
    return Decimal(amount) / UNITS[unit]


def net_of(advance: Any, completed: Any, recovered: Any, returned: Any, correction: Any) -> Any:
    """Giải ngân trong kỳ in đồng: advance + (completed − recovered) − returned (domain §3.2).

    With what corrects an earlier, locked period (điều chỉnh số kỳ trước; domain §8.2). Of columns
    it makes the SQL expression, of numbers the number; no other place adds the five up.
    """
    return advance + (completed - recovered) - returned + correction


def rate(part: int, whole: int) -> Decimal | None:
    """part / whole in percent, two decimals, half-up; None when there is no plan (design §4)."""
    if whole == 0:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP)

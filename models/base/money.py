"""Money: whole đồng. One strict parser for what people type, exact units, half-up rates."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from models.base.errors import RuleBroken, _n
from models.base.text import clean_line

MAX_DONG = 10**15
UNITS = {"dong": 1, "nghin": 1_000, "trieu": 1_000_000}
_WHOLE = re.compile(
    r"\d{1,40}|[1-9]\d{0,2}(?:\.\d{3}){1,12}|[1-9]\d{0,2}(?: \d{3}){1,12}", re.ASCII
)
_SUFFIX = re.compile(r" ?(?:đồng|đ|₫|vnđ|vnd)\.?$", re.IGNORECASE)
# Full-width signs and the spaces that grouping uses. Not NFKC: it would read 5² as 52. Not tabs
# or line ends either: two pasted cells are not one amount.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(
    (0xA0, 0x2007, 0x2009, 0x202F, 0x3000), " "
)


class Dong(int):
    """An amount in đồng, so that the edge writes it with its thousands."""


def parse_dong(
    text: str,
    *,
    unit: str = "dong",
    allow_negative: bool = False,
    confirmed: bool = False,
) -> int:
    """The amount in đồng that `text`, typed in `unit` in the Vietnamese way, means.

    Accepts `1.234.567`, `1234567`, `1 234 567`, full-width digits, a trailing đ, and decimals
    behind a comma as long as whole đồng result. Raises RuleBroken with a sentence that says
    what to write instead; never guesses (domain §2.5, V15). `confirmed` accepts the `1.234` of
    a field in nghìn or triệu, which may be meant as 1,234.
    """
    shown = clean_line(text)[:60]
    typed = unicodedata.normalize("NFC", text).translate(_PLAIN).strip()
    plain = _SUFFIX.sub("", typed)
    negative = plain.startswith(("-", "−"))
    body = plain[1:].strip() if negative else plain
    whole, comma, decimals = body.partition(",")
    if not plain:
        raise RuleBroken(_n("Type an amount in figures."))
    if not whole.isascii() or not _WHOLE.fullmatch(whole) or (comma and not _digits(decimals)):
        raise _unreadable(shown, body)
    if unit == "dong" and re.fullmatch(r"\d{1,3},\d{3}", body):
        raise _unclear(shown)  # 1,000 is a thousand to some, one đồng to the rule
    if unit != "dong" and plain != typed:
        raise RuleBroken(
            _n("“%(typed)s” says đồng, but amounts here are in a larger unit. Write the number."),
            typed=shown,
        )
    if unit != "dong" and re.fullmatch(r"\d{1,3}\.\d{3}", whole) and not comma and not confirmed:
        raise RuleBroken(
            _n("“%(typed)s” can be read in two ways here. Write %(plain)s, or %(decimal)s."),
            typed=shown,
            plain=whole.replace(".", ""),
            decimal=whole.replace(".", ","),
        )
    exact = Decimal(re.sub(r"[. ]", "", whole) + "." + (decimals or "0")) * UNITS[unit]
    if exact != exact.to_integral_value():
        raise RuleBroken(
            _n("“%(typed)s” is not a whole number of đồng. Leave out the decimals."),
            typed=shown,
        )
    amount = int(exact)
    if amount > MAX_DONG:
        raise RuleBroken(
            _n("“%(typed)s” is too large: at most %(most)s đồng."),
            typed=shown,
            most=Dong(MAX_DONG),
        )
    if negative and amount and not allow_negative:
        raise RuleBroken(
            _n("An amount cannot be negative. Money paid back goes into “Returned”."),
            typed=shown,
        )
    return -amount if negative else amount


def _digits(text: str) -> bool:
    return bool(re.fullmatch(r"\d{1,12}", text, re.ASCII))


def _unreadable(shown: str, body: str) -> RuleBroken:
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+\.\d+", body):
        return _unclear(shown)
    return RuleBroken(
        _n("“%(typed)s” is not an amount. Write figures only, such as 1.234.567"),
        typed=shown,
    )


def _unclear(shown: str) -> RuleBroken:
    return RuleBroken(
        _n("“%(typed)s” is not clear. Thousands take a dot, decimals a comma: 1.234.567,5"),
        typed=shown,
    )


def format_dong(amount: int) -> str:
    """`1234567` → `1.234.567`, the way amounts are typed and printed in Vietnam."""
    return f"{amount:,}".replace(",", ".")


def in_unit(amount: int, unit: str) -> Decimal:
    """The amount in đồng, nghìn or triệu đồng; exact."""
    return Decimal(amount) / UNITS[unit]


def rate(part: int, whole: int) -> Decimal | None:
    """part / whole in percent, two decimals, half-up; None when there is no plan (design §4)."""
    if whole == 0:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP)

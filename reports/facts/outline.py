"""Outline numbers of printed rows (domain §4.4)."""

from collections.abc import Sequence

_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


def outline_number(numbers: Sequence[int]) -> str:
    """I, 1, 1.1, 1.1.1 in the order of printed rows (domain §4.4)."""
    if not numbers:
        return ""
    if len(numbers) == 1:
        return roman(numbers[0])
    return ".".join(str(n) for n in numbers[1:])


def roman(n: int) -> str:
    """A whole number above zero in Roman numerals; there are thousands of M where it needs them."""
    text = ""
    for value, letters in _ROMAN:
        times, n = divmod(n, value)
        text += letters * times
    return text

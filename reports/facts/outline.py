"""Outline numbers of printed rows (domain §4.4)."""

from collections.abc import Sequence

_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def outline_number(numbers: Sequence[int]) -> str:
    """I, 1, 1.1, 1.1.1 in the order of printed rows (domain §4.4)."""
    if not numbers:
        return ""
    if len(numbers) == 1:
        return roman(numbers[0])
    return ".".join(str(n) for n in numbers[1:])


def roman(n: int) -> str:
    text = ""
    for value, letter in _ROMAN:
        while n >= value:
            text, n = text + letter, n - value
    return text

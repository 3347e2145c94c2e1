"""Formulas of the binary formats: what they reach outside of their workbook, and no more."""

import struct
from typing import NamedTuple


class Sizes(NamedTuple):
    """The sizes of the tokens' operands, which differ between .xls and .xlsb."""

    fixed: dict[int, int]
    other_book: dict[int, int]  # tokens that begin with the number of a book → size


_COMMON = {
    **dict.fromkeys(range(0x03, 0x17), 0), 0x01: 4, 0x02: 4, 0x1C: 1, 0x1D: 1, 0x1E: 2, 0x1F: 8,
    0x21: 2, 0x22: 3, 0x29: 2,
}  # fmt: skip
XLS = Sizes(
    {**_COMMON, 0x20: 7, 0x23: 4, 0x24: 4, 0x25: 8, 0x26: 6, 0x27: 6, 0x28: 6, 0x2A: 4, 0x2B: 8,
     0x2C: 4, 0x2D: 8},
    {0x39: 6, 0x3A: 6, 0x3B: 10, 0x3C: 6, 0x3D: 10},
)  # fmt: skip
XLSB = Sizes(
    {**_COMMON, 0x20: 14, 0x23: 4, 0x24: 6, 0x25: 12, 0x26: 6, 0x27: 6, 0x28: 6, 0x2A: 6, 0x2B: 12,
     0x2C: 6, 0x2D: 12},
    {0x39: 6, 0x3A: 8, 0x3B: 14, 0x3C: 8, 0x3D: 14},
)  # fmt: skip
_TEXT, _ATTRIBUTE, _CHOOSE, _LIST = 0x17, 0x19, 0x04, 0x18


def ties_in(tokens: bytes, sizes: Sizes) -> set[int]:
    """The numbers of the ties (EXTERNSHEET) that a formula refers to.

    Reading ends at a token that is not known; what stands before it has been seen.
    """
    found: set[int] = set()
    at = 0
    try:
        while at < len(tokens):
            token = tokens[at]
            plain = token if token < 0x20 else (token & 0x1F) | 0x20
            if plain in sizes.other_book:
                found.add(struct.unpack_from("<H", tokens, at + 1)[0])
                at += 1 + sizes.other_book[plain]
            else:
                at += 1 + _size(tokens, at, plain, sizes)
    except (struct.error, IndexError, KeyError):
        return found
    return found


def _size(tokens: bytes, at: int, plain: int, sizes: Sizes) -> int:
    if plain == _TEXT:
        if sizes is XLS:
            return 2 + tokens[at + 1] * (2 if tokens[at + 2] & 1 else 1)
        return 2 + 2 * int(struct.unpack_from("<H", tokens, at + 1)[0])
    if plain == _ATTRIBUTE:
        flags, count = struct.unpack_from("<BH", tokens, at + 1)
        return 3 + (2 * (count + 1) if flags & _CHOOSE else 0)
    if plain == _LIST:
        return 5 if sizes is XLS else 13
    return sizes.fixed[plain]

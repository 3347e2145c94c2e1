"""Codes for projects of a list that has none: the next ones of the pattern in use."""

import re
from collections import Counter
from collections.abc import Collection, Iterator

_ENDS_IN_NUMBER = re.compile(r"(.*?)(\d+)")
_FIRST = "DA"


def next_codes(known: Collection[str]) -> Iterator[str]:
    """Free codes after the highest of the commonest pattern: after `L01` … `L13` comes `L14`."""
    found = [(match[1], match[2]) for one in known if (match := _ENDS_IN_NUMBER.fullmatch(one))]
    begins = Counter(begin for begin, _number in found)
    begin = max(sorted(begins), key=lambda one: begins[one]) if begins else _FIRST
    numbers = [number for one, number in found if one == begin]
    width = Counter(map(len, numbers)).most_common(1)[0][0] if numbers else 2
    number = max((int(one) for one in numbers), default=0)
    taken = set(known)
    while True:
        number += 1
        code = f"{begin}{number:0{width}}"
        if code not in taken:
            yield code

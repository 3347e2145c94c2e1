"""Rows that are read when they are looked at: a screen looks at a page of them, a file at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, overload

T = TypeVar("T")


class ByPart(Sequence[T]):
    """`many` rows; `read` gives those of a slice. What was read once is kept.

    What is known of rows of a table before they are made: the values of `columns`, and `parts`,
    the numbers of the rows of which a row is the sum.
    """

    def __init__(
        self,
        many: int,
        read: Callable[[slice], list[T]],
        *,
        columns: Mapping[str, Sequence[Any]] | None = None,
        parts: Mapping[int, Sequence[int]] | None = None,
    ) -> None:
        self._many, self._read = many, read
        self.columns, self.parts = columns or {}, parts
        self._place, self._kept = range(0), list[T]()

    def __len__(self) -> int:
        return self._many

    def __iter__(self) -> Iterator[T]:
        return iter(self[:])

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> list[T]: ...
    def __getitem__(self, place: int | slice) -> T | list[T]:
        if isinstance(place, int):
            place = range(self._many)[place]
            if place not in self._place:
                self._keep(range(self._many))
            return self._kept[place - self._place.start]
        asked = range(self._many)[place]
        if asked and not (asked[0] in self._place and asked[-1] in self._place):
            self._keep(asked)
        return [self._kept[n - self._place.start] for n in asked]

    def _keep(self, place: range) -> None:
        low, high = min(place[0], place[-1]), max(place[0], place[-1]) + 1
        self._kept = self._read(slice(low, high))
        self._place = range(low, high)

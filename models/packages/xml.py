"""XML of strangers, as a stream: no entities, no outside, names without their prefix."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.parsers import expat

from models.packages.refused import Refused

Attributes = dict[str, str]
Start = Callable[[Attributes], None]
End = Callable[[str], None]
_DEEPEST = 200


class Stream:
    """Calls `starts[name](attributes)` and `ends[name](text)` for the elements it is given.

    `text` is what stands in the element behind the last element within. Names of elements come
    without prefix, those of attributes with it; with `full`, those of elements, too. `letters`
    takes all text as it comes, in the place of `ends`.
    """

    def __init__(
        self,
        starts: Mapping[str, Start],
        ends: Mapping[str, End],
        *,
        full: bool = False,
        letters: End | None = None,
    ) -> None:
        self._starts, self._ends, self._full = starts, ends, full
        self._bare: dict[str, str] = {}
        self._pieces: list[str] = []
        self._depth = 0
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = letters or self._pieces.append
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse

    def read(self, pieces: Iterable[bytes]) -> None:
        """Read to the end. Raises Refused for what is not well formed, and for entities."""
        try:
            for piece in pieces:
                self._parser.Parse(piece, False)
            self._parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, KeyError, LookupError) as error:
            raise Refused("damaged") from error

    def _refuse(self, *_: Any) -> None:
        raise Refused("entities")

    def _start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Refused("damaged")
        self._pieces.clear()
        bare = self._bare.get(name)
        if bare is None:
            bare = self._bare[name] = name if self._full else name.rpartition(":")[2]
        if handle := self._starts.get(bare):
            handle(attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if handle := self._ends.get(self._bare[name]):
            handle("".join(self._pieces))
        self._pieces.clear()


def tie(attributes: Attributes) -> str:
    """The attribute `r:id`, whatever prefix the file gives to its namespace."""
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")


def is_true(text: str | None) -> bool:
    """Whether an attribute says yes."""
    return text in ("1", "true", "on")

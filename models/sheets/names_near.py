"""Names that lie near a text: proposed, best first, and never taken."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from models.base import fold

_MOST = 5
_LEAST = 72.0
_LETTERS_OF_A_SLIP = 12
_SHORTEST_PART = 12  # characters of a beginning, or of what is left of a name
_OF_PART = 85.0
# Every search compares with all names; a file of nothing but unknown names is not searched on.
_SEARCHES = 400


class Near:
    """Proposals among names by code, each with one or more forms.

    Where the names are only a part of those that exist (`is_part`), what lies near may well be
    the exact name of one that is not to be seen: then only slips of a finger are proposed.
    """

    def __init__(self, names: Mapping[str, tuple[str, ...]], *, is_part: bool = False) -> None:
        self._is_part = is_part
        self._forms = [(code, form) for code, forms in names.items() for form in forms]
        self._folded = {place: fold(form) for place, (_, form) in enumerate(self._forms)}
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, (code, _) in enumerate(self._forms):
            self._places[code].append(place)
        self._longest = 2 * max((len(form) for form in self._folded.values()), default=0)
        self._searches = 0

    def best(
        self, said: str, forms: tuple[str, ...] = (), *, among: Iterable[str] | None = None
    ) -> list[str]:
        """Codes of the names near to a spoken text, best first; none where all are far.

        `among` are the codes that count, all where it is not given.
        """
        if self._searches >= _SEARCHES or not said or len(said) > self._longest:
            return []
        self._searches += 1
        choices: Mapping[int, str] = self._folded
        if among is not None:
            places = [place for code in among for place in self._places.get(code, ())]
            choices = {place: self._folded[place] for place in places}
        scores: dict[str, float] = {}
        for text in {said, *forms}:
            for place, score in self._scored(fold(text), choices):
                code, form = self._forms[place]
                scores[code] = max(scores.get(code, 0), (score + fuzz.ratio(text, form)) / 2)
        return sorted(scores, key=lambda code: (-scores[code], code))[:_MOST]

    def _scored(self, folded: str, choices: Mapping[int, str]) -> Iterator[tuple[int, float]]:
        """Places of the names near to a folded text, with how near."""
        for _, score, place in process.extract(
            folded, choices, scorer=fuzz.ratio, score_cutoff=_LEAST, limit=40
        ):
            if not self._is_part or _is_slip(folded, choices[place]):
                yield place, score
        if len(folded) >= _SHORTEST_PART:
            for place, form in choices.items():
                if folded in form or (len(form) >= _SHORTEST_PART and form in folded):
                    yield place, _OF_PART


def _is_slip(one: str, other: str) -> bool:
    """Whether two texts differ by what slips into a text of their length while typing."""
    most = max(1, len(one) // _LETTERS_OF_A_SLIP)
    return OSA.distance(one, other, score_cutoff=most) <= most

"""Names that lie near a text: proposed, best first, and never taken."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from models.base import fold

_MOST = 5
_LEAST = 72.0
# Every search compares with all names; a file of nothing but unknown names is not searched on.
_SEARCHES = 400


class Near:
    """Proposals among names by code, each with one or more forms."""

    def __init__(self, names: Mapping[str, tuple[str, ...]]) -> None:
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
            for _, score, place in process.extract(
                fold(text), choices, scorer=fuzz.ratio, score_cutoff=_LEAST, limit=40
            ):
                code, form = self._forms[place]
                scores[code] = max(scores.get(code, 0), (score + fuzz.ratio(text, form)) / 2)
        best = sorted(scores, key=lambda code: (-scores[code], code))
        return [code for code in best if scores[code] >= _LEAST][:_MOST]

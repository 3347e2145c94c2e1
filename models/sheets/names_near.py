"""Names that lie near a text: proposed, best first, and never taken."""

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
        self._folded = [fold(form) for _, form in self._forms]
        self._longest = 2 * max((len(form) for form in self._folded), default=0)
        self._searches = 0

    def best(
        self, said: str, forms: tuple[str, ...] = (), *, among: Iterable[str] | None = None
    ) -> list[str]:
        """Codes of the names near to a spoken text, best first; none where all are far."""
        if self._searches >= _SEARCHES or not said or len(said) > self._longest:
            return []
        self._searches += 1
        allowed = None if among is None else set(among)
        scores: dict[str, float] = {}
        for text in {said, *forms}:
            folded = fold(text)
            for _, score, place in process.extract(
                folded, self._folded, scorer=fuzz.ratio, score_cutoff=_LEAST, limit=40
            ):
                code, form = self._forms[place]
                if allowed is None or code in allowed:
                    marked = fuzz.ratio(text, form)
                    scores[code] = max(scores.get(code, 0), (score + marked) / 2)
        best = sorted(scores, key=lambda code: (-scores[code], code))
        return [code for code in best if scores[code] >= _LEAST][:_MOST]

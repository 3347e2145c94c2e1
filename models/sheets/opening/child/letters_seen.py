"""The texts of a file: which of them stand in letters of old fonts, and what is made of them.

The font of a cell may say it, or the letters themselves show it. Nothing is converted without a
question to the one who sends the file; what is asked about is shown as it would be converted.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from models.sheets.opening.child.old_letters import (
    as_western,
    from_tcvn3,
    from_vni,
    has_odd_signs,
    has_true_letters,
    has_vni_signs,
    is_of_capitals,
    is_of_letters,
    is_western,
)
from models.sheets.opening.child.syllables import is_syllable, words_with_marks

QUESTION = "encoding_unclear"
_LETTER = re.compile("[A-Za-z]")
# letters and signs of a Western font; a point or a µ before others is what it looks like
_WORD_APART = re.compile(r"(?<![\w·µ])(?![·µ])[A-Za-z\xa1-\xff]{2,}(?!\w)")
_LETTER_AND_SIGN = re.compile(r"[^\W\d_][\xa1-\xff]")
_PAUSE = re.compile(r"[.,;:()\n]")
_MARKED_LETTER = 2  # B¹ can be a letter with its footnote as well as bạ
KEPT = "utf-8"  # the answer that text in such a font is in true letters all the same
TCVN3, VNI = "tcvn3", "vni"
_FROM = {TCVN3: from_tcvn3, VNI: from_vni}


class Run(NamedTuple):
    """A piece of text; `font` only where it is one of old letters."""

    text: str
    font: str = ""


@dataclass(slots=True)
class _Seen:
    """A text of the file and where it stands first."""

    runs: tuple[Run, ...]
    sheet: str
    cell: str


class Settled(NamedTuple):
    """What becomes of the texts: all of them by their places, and what is to be said."""

    texts: list[str]
    asked: tuple[str, str, list[tuple[str, str]]] | None  # sheet, cell, options with a sample
    converted: int
    unreadable: list[tuple[str, str]]  # sheet and cell of what no old encoding explains


class Texts:
    """The table of texts; equal texts in equal letters stand in it once."""

    def __init__(self) -> None:
        self._places: dict[tuple[Run, ...], int] = {}
        self._seen: list[_Seen] = []

    def place(self, runs: tuple[Run, ...], sheet: str, cell: str) -> int:
        place = self._places.get(runs)
        if place is None:
            place = self._places[runs] = len(self._seen)
            self._seen.append(_Seen(runs, sheet, cell))
        return place

    def settled(self, answers: Mapping[str, str]) -> Settled:
        """Every text as it is told, by the answer to the question where there is one."""
        judged = [[_judged(run) for run in seen.runs] for seen in self._seen]
        self._follow(judged)
        certain = {one.scheme for runs in judged for one in runs if one.is_certain}
        possible = {one.scheme for runs in judged for one in runs if one.scheme}
        options = sorted(certain) if certain else [*sorted(possible), KEPT]
        is_open = bool(possible) and answers.get(QUESTION) not in options
        takes_over = bool(certain) if is_open else answers.get(QUESTION) in possible
        texts = ["".join(one.read(takes_over) for one in runs) for runs in judged]
        moot = [n for n, runs in enumerate(judged) if any(one.scheme for one in runs)]
        unreadable = [
            (seen.sheet, seen.cell)
            for seen, runs in zip(self._seen, judged, strict=True)
            if any(one.is_unreadable for one in runs)
        ]
        if not is_open:
            return Settled(texts, None, len(moot) if takes_over else 0, unreadable)
        shown = next((n for n in moot if any(one.is_certain for one in judged[n])), moot[0])
        sample = "".join(one.read(True) for one in judged[shown])
        listed = [(one, texts[shown] if one == KEPT else sample) for one in options]
        place = self._seen[shown]
        return Settled(texts, (place.sheet, place.cell, listed), 0, unreadable)

    def _follow(self, judged: list[list["_Judged"]]) -> None:
        """Where texts without such a font are in old letters and none is in true ones, the others
        are, too, those that could be words either way: `Vèn` beside `x· héi`.
        """
        plain = [one for runs in judged for one in runs if not one.font]
        schemes = {one.scheme for one in plain if one.is_certain}
        if len(schemes) != 1 or any(has_true_letters(one.text) for one in plain):
            return
        for runs in judged:
            for n, one in enumerate(runs):
                if not one.font and not one.scheme and not one.text.isascii():
                    runs[n] = _as(_Judged(one.text), *schemes)


class _Judged(NamedTuple):
    """A run with what it would be in true letters; without a scheme it stays as it is."""

    text: str
    font: str = ""
    converted: str = ""
    scheme: str = ""
    is_certain: bool = False
    is_unreadable: bool = False

    def read(self, is_converted: bool) -> str:
        return self.converted if self.scheme and is_converted else self.text


def _as(one: _Judged, scheme: str) -> _Judged:
    """The same run in true letters by this scheme, if that can be."""
    western = as_western(one.text)
    converted = None if western is None else _FROM[scheme](western)
    if converted is None:
        return one
    if is_of_capitals(one.font):
        converted = converted.upper()
    return one._replace(converted=converted, scheme=scheme if converted != one.text else "")


def _judged(run: Run) -> _Judged:
    """What a run would be in true letters: by its font, else by its own letters."""
    plain = _Judged(run.text, run.font)
    if run.text.isascii() and not is_of_capitals(run.font):
        return plain
    if run.font:
        return _by_font(plain)
    whole = [_as(plain, scheme)._replace(is_certain=True) for scheme in _FROM]
    return _clearest(plain, whole)


def _clearest(plain: _Judged, whole: Sequence[_Judged] = ()) -> _Judged:
    """The text as a whole or by its words alone, whichever makes the most sense.

    Letters that no old font has are more likely true than kept by Windows-1258.
    """
    tried = [_with_old_words(plain, scheme) for scheme in _FROM]
    if is_western(plain.text):
        tried = [*whole, *tried]
    elif any(map(has_odd_signs, _LETTER_AND_SIGN.findall(plain.text))):
        tried += whole
    best = max(tried, key=lambda one: fitting(one.converted, of=one.text) if one.scheme else 0)
    return best if best.scheme and _is_clearer(best) else plain


def _by_font(plain: _Judged) -> _Judged:
    one = _as(plain, VNI if plain.font[:3].lower() == "vni" else TCVN3)
    is_odd = has_odd_signs(plain.text)
    if not one.scheme:
        is_lost = is_odd and not has_true_letters(plain.text) and not one.converted
        return plain._replace(is_unreadable=True) if is_lost else _clearest(plain)
    if is_odd or _is_clearer(one):
        return one._replace(is_certain=True)
    return one if fitting(one.converted, of=one.text) == fitting(one.text) else plain


def _with_old_words(plain: _Judged, scheme: str) -> _Judged:
    """A text in true letters with the words of an old font that were pasted among them: in one
    font now, they make syllables only once they are read as such.
    """
    old = [one for one in _WORD_APART.finditer(plain.text) if _is_old_word(one[0], scheme)]
    odd = "".join(one[0] for one in old if _has_proof(one[0], scheme))
    if not old or (scheme == TCVN3 and not odd):
        return plain
    done = [plain.text[: old[0].start()]]
    for one, following in zip_longest(old, old[1:]):
        between = plain.text[one.end() : following.start() if following else None]
        if following and not _PAUSE.search(between):
            between = _follow_words(between, scheme)
        done += [_true_word(one[0], scheme), between]
    is_certain = len(old) > 1 or len(odd) > _MARKED_LETTER
    return plain._replace(converted="".join(done), scheme=scheme, is_certain=is_certain)


def _follow_words(between: str, scheme: str) -> str:
    """The words between two old ones; they are old if each of them can be: `gièng` in
    `Gi¸ gièng t¨ng` is no other word.
    """
    read = _WORD_APART.sub(lambda found: _true_word(found[0], scheme), between)
    return read if fitting(read, of=between) == 1 else between


def _is_old_word(word: str, scheme: str) -> bool:
    is_strange = has_odd_signs(word) or not is_syllable(word)
    return is_strange and not word.isascii() and is_syllable(_true_word(word, scheme))


def _true_word(word: str, scheme: str) -> str:
    return _FROM[scheme](word) or word


def _has_proof(word: str, scheme: str) -> bool:
    """Whether a sign of it stands in no Vietnamese word in true letters."""
    return has_odd_signs(word) if scheme == TCVN3 else has_vni_signs(word)


def _is_clearer(one: _Judged) -> bool:
    """Whether the words make sense when they are converted and make none as they stand."""
    return fitting(one.converted, of=one.text) > fitting(one.text)


def fitting(text: str, *, of: str = "") -> float:
    """The share of words with Vietnamese letters that can be words.

    `of`: the text that it was converted from, whose words with letters beside a–z are looked at.
    """
    pairs = zip((of or text).split(), text.split(), strict=False)
    words = [word for before, word in pairs if not before.isascii() and _LETTER.search(before)]
    return sum(map(_is_word, words)) / len(words) if words else 0.0


def _is_word(word: str) -> bool:
    return not has_odd_signs(word) and all(map(is_syllable, words_with_marks(word)))


def run_of(text: str, font: str) -> Run:
    """A run of text, with its font only where that is one of letters."""
    return Run(text, font if is_of_letters(font) else "")

"""Names in a file: which unit, project or component is meant, or which could be.

Read without asking is what differs only in form: composed or not, the place of a tone, capitals,
spaces, dashes, abbreviations of the field. Marks count: Hồ Sơn is not Hòa Sơn. Text without any
mark is read where exactly one name folds to it. The nearest name is proposed, never taken.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from models.base import fold
from models.sheets.names_near import Near
from models.sheets.names_parts import PartNames
from models.sheets.shapes import Known, KnownProject, KnownUnit, Option
from models.sheets.words_base import spoken

_OUTLINE = re.compile(
    r"^(?:[\s\"'“”‘’«»*+•-]+|\(?\d{1,3}(?:\.\d{1,3}){0,3}\s*[.):]\s*|\d{1,3}(?:\.\d{1,3}){1,3}\s+"
    r"|\(?[ivx]{1,5}\s*[.):]\s+|\(?[a-hđ]\s*[.)]\s+)+"
)
_AND = re.compile(r"\bvà\b|\bva\b")
_MARKS = re.compile(r"[\W_]+")
_COMMITTEE = re.compile(r"\b(?:ủy ban nhân dân|uy ban nhan dan|u\.b\.n\.d\.?)")
_START_OF_UNIT: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"^(?:p\.\s*|p\s+)"), ("phòng ",)),
    (re.compile(r"^(?:t\.\s?t\.\s*|tt\.\s*|tt\s+)"), ("trung tâm ", "thị trấn ")),
    (re.compile(r"^ubnd (?:t\.\s?t\.\s*|tt\.\s*|tt\s+)"), ("ubnd thị trấn ",)),
    (re.compile(r"^(?:x\.\s*|x\s+)"), ("xã ",)),
    (re.compile(r"^ubnd (?:x\.\s*|x\s+)"), ("ubnd xã ",)),
    (re.compile(r"^bql\b"), ("ban quản lý",)),
)
_LABEL = re.compile(r"^(?:tên )?(?:đơn vị(?: báo cáo| thực hiện)?|chủ đầu tư|cơ quan)\s*:\s*")
_WORK_LABEL = re.compile(r"^(?:tên )?(?:dự án|công trình|hoạt động|nhiệm vụ)\s*:\s*")
_CODE_BEHIND = re.compile(
    r"(?P<name>.*\S)\s*[(\[]\s*(?:mã(?: số)?\s*:?\s*)?(?P<code>[\w.-]+)\s*[)\]]"
)
_PLACE = re.compile(r"^(?:ubnd )?(?:xã|thị trấn|phường) (?=\S)")
_BREAKS = re.compile(r"[\s:|.)\]-]+")
_MOST_BREAKS = 6
_LONGEST = 4_000  # characters of the longest name that is stored


@dataclass(frozen=True, slots=True)
class Match:
    """What a name means: one `code`; or `options` best first, to be asked; or nothing."""

    code: str | None = None
    options: tuple[Option, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return self.code is None and not self.options


NOTHING = Match()


def key_of(text: str) -> str:
    """What of a name counts: its letters with their marks and its figures, in small letters."""
    return _MARKS.sub("", _AND.sub(" ", _OUTLINE.sub("", spoken(text))))


class _Index:
    """Codes by key, and by folded key for text that has no marks at all."""

    def __init__(self) -> None:
        self._marked: dict[str, set[str]] = defaultdict(set)
        self._folded: dict[str, set[str]] = defaultdict(set)

    def add(self, key: str, code: str) -> None:
        if key:
            self._marked[key].add(code)
            self._folded[fold(key)].add(code)

    def find(self, key: str) -> set[str]:
        found = self._marked.get(key)
        if not found and key.isascii():
            found = self._folded.get(key)
        return set(found or ())


class Names:
    """The names that this person's files can mean. Finds by index; repeated texts are kept."""

    def __init__(self, known: Known) -> None:
        self._units = {unit.code: unit for unit in known.units}
        self._works = {work.code: work for work in (*known.projects, *known.other_projects)}
        self._unit_index, self._work_index, self._codes = _Index(), _Index(), _Index()
        for unit in known.units:
            for form in _forms_of(unit):
                self._unit_index.add(key_of(form), unit.code)
        self._works_of: dict[str, list[str]] = defaultdict(list)
        for work in known.projects:
            self._works_of[work.unit_code].append(work.code)
            self._work_index.add(key_of(work.name), work.code)
        for work in self._works.values():
            self._codes.add(_MARKS.sub("", spoken(work.code)), work.code)
        self._unit_near = Near(
            {unit.code: _near_forms(unit) for unit in known.units},
            is_part=known.is_part_of_district,
        )
        self._work_near = Near(
            {work.code: (spoken(work.name),) for work in known.projects},
            is_part=known.is_part_of_district,
        )
        self._parts = PartNames(known.components, key_of)
        self._place = spoken(known.place) or None
        self._behind = _behind(known.place)
        self._seen: dict[tuple[str | None, ...], Match] = {}

    def unit(self, text: str) -> Match:
        """The unit that a text names, by name, short name, code, or the bare name of a place."""
        return self._kept(("unit", text), lambda: self._unit(text))

    def work(
        self,
        text: str,
        *,
        unit_code: str | None = None,
        component_code: str | None = None,
        code: str | None = None,
    ) -> Match:
        """The project that a text names; `code` is what a column of codes says.

        Unit and component tell projects of one name apart. Where the name is that of a project
        of another unit alone, that one is given: whether they belong together is judged after.
        """
        return self._kept(
            ("work", text, unit_code, component_code, code),
            lambda: self._work(text, unit_code, component_code, code),
        )

    def part(self, text: str, *, under: str | None = None) -> Match:
        """The component that a text names: Dự án 2, TDA2-DA3, by code or by name.

        `under` is the component of the section in which the text stands: Tiểu dự án 1 below
        Dự án 3, or beside one of its parts.
        """
        return self._kept(("part", text, under), lambda: self._part(text, under))

    def _kept(self, key: tuple[str | None, ...], find: Callable[[], Match]) -> Match:
        if key not in self._seen:
            self._seen[key] = find() if len(key[1] or "") <= _LONGEST else NOTHING
        return self._seen[key]

    def _unit(self, text: str) -> Match:
        said = _LABEL.sub("", _OUTLINE.sub("", spoken(text)))
        said = _COMMITTEE.sub("ubnd", said)
        if not said or said.removeprefix("ubnd ") == self._place:
            return NOTHING  # the district is no unit of its own
        found: set[str] = set()
        for form in _spelled_out(said):
            found |= self._unit_index.find(key_of(form))
        if not found and self._behind and (shorter := self._behind.sub("", said)) != said:
            return self._unit(shorter)
        if not found:
            for head, rest in _broken_up(said):
                found |= self._unit_index.find(key_of(head)) & self._unit_index.find(key_of(rest))
        if len(found) == 1:
            return Match(found.pop())
        near = sorted(found) or self._unit_near.best(said, tuple(_spelled_out(_placeless(said))))
        return Match(options=self._unit_options(near))

    def _work(
        self, text: str, unit_code: str | None, component_code: str | None, code: str | None
    ) -> Match:
        by_code = self._codes.find(_MARKS.sub("", spoken(code or "")))
        said = _OUTLINE.sub("", spoken(text))
        if not by_code:
            by_code, said = self._leading_code(_WORK_LABEL.sub("", said))
        by_name = self._work_index.find(key_of(said)) if said else set()
        if by_code:
            if by_name and not by_name & by_code:
                return Match(options=self._work_options([*sorted(by_code), *sorted(by_name)]))
            return self._one(by_code, unit_code, component_code)
        if by_name:
            return self._one(by_name, unit_code, component_code)
        own = self._works_of.get(unit_code or "", [])
        near = self._work_near.best(said, among=own) if own else []
        return Match(options=self._work_options(near or self._work_near.best(said)))

    def _leading_code(self, said: str) -> tuple[set[str], str]:
        """The projects whose code stands alone, before the name or in brackets behind it, and
        the rest of the text.
        """
        if alone := self._codes.find(_MARKS.sub("", said)):
            return alone, ""
        for head, rest in _broken_up(said):
            if found := self._codes.find(_MARKS.sub("", head)):
                return found, rest
        behind = _CODE_BEHIND.fullmatch(said)
        if behind and (found := self._codes.find(_MARKS.sub("", behind["code"]))):
            return found, behind["name"]
        return set(), said

    def _one(self, found: set[str], unit_code: str | None, component_code: str | None) -> Match:
        """The one of several projects that lies in the unit and component, or all as options."""
        works = [self._works[code] for code in found]
        for inside in (
            {work.code for work in works if work.unit_code == unit_code},
            {work.code for work in works if work.component_code == component_code},
        ):
            found = found & inside or found
        if len(found) == 1:
            return Match(next(iter(found)))
        return Match(options=self._work_options(sorted(found)))

    def _part(self, text: str, under: str | None) -> Match:
        found = self._parts.find(text, under)
        if len(found) == 1 and found.is_certain:
            return Match(found.codes[0])
        return Match(options=tuple(Option(code, self._parts.label(code)) for code in found.codes))

    def _unit_options(self, codes: Iterable[str]) -> tuple[Option, ...]:
        return tuple(Option(code, self._units[code].short_name) for code in codes)

    def _work_options(self, codes: Iterable[str]) -> tuple[Option, ...]:
        works = [self._works[code] for code in codes]
        return tuple(Option(work.code, self._described(work)) for work in works)

    def _described(self, work: KnownProject) -> str:
        unit = self._units.get(work.unit_code)
        return f"{work.name} ({unit.short_name})" if unit else work.name


def _spelled_out(said: str) -> list[str]:
    """The ways to spell a unit's abbreviations out; TT is a centre or a township."""
    forms = [said]
    for pattern, meanings in _START_OF_UNIT:
        if pattern.match(said):
            forms += [pattern.sub(meaning, said) for meaning in meanings]
    return forms


def _broken_up(said: str) -> list[tuple[str, str]]:
    """A text parted at its first breaks: what may be a code, and the name behind it."""
    breaks = list(_BREAKS.finditer(said))[:_MOST_BREAKS]
    return [(said[: one.start()], said[one.end() :]) for one in breaks if one.end() < len(said)]


def _behind(place: str) -> re.Pattern[str] | None:
    """What a unit may carry behind its name: the district, and what lies above that."""
    said = spoken(place)
    if not said:
        return None
    forms = {said, re.sub(r"^huyện ", "h. ", said), re.sub(r"^huyện ", "h.", said)}
    forms |= {fold(form) for form in forms}
    either = "|".join(sorted(map(re.escape, forms), key=len, reverse=True))
    return re.compile(rf"[\s,;(-]+(?:{either})(?:[\s,;-]+(?:tỉnh|tinh)\s.*)?\)?\s*$")


def _placeless(said: str) -> str:
    return _PLACE.sub("", said.removeprefix("ubnd "))


def _forms_of(unit: KnownUnit) -> set[str]:
    """All that names a unit without asking."""
    forms = {unit.code}
    for name in (unit.name, unit.short_name, *unit.other_names):
        said = _COMMITTEE.sub("ubnd", spoken(name))
        for form in _spelled_out(said):
            forms.add(form)
            if form.startswith("ubnd "):
                forms |= {form.removeprefix("ubnd "), _placeless(form), f"ubnd {_placeless(form)}"}
    return forms


def _near_forms(unit: KnownUnit) -> tuple[str, ...]:
    forms = [_COMMITTEE.sub("ubnd", spoken(name)) for name in (unit.name, unit.short_name)]
    return tuple(dict.fromkeys([*forms, *(_placeless(form) for form in forms)]))

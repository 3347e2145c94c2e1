"""What the rows of a table are about: names resolved once, questions asked once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.base import _n
from models.sheets.a1 import a1
from models.sheets.layout.desk import Desk
from models.sheets.layout.rows import Place, Row, RowKind
from models.sheets.layout.table import Table
from models.sheets.layout.vocabulary import Noun
from models.sheets.names import Match, Names
from models.sheets.said import Field
from models.sheets.shapes import Kind, Known, KnownComponent, KnownProject, KnownUnit, Option

_NOTHING = Match()


@dataclass(frozen=True, slots=True)
class Open:
    """A name that is not known: asked at the first cell where it stands."""

    text: str
    place: Place
    heading: str
    match: Match
    takes: Callable[[str], bool]


class Namer:
    """Resolves names of a sheet, takes the answers to questions about them, and asks the rest.

    One text is asked about once, at the first cell that holds it, and its answer holds for all.
    """

    def __init__(self, names: Names, known: Known, desk: Desk, table: Table) -> None:
        self.names, self.known, self.desk, self.table = names, known, desk, table
        self.units: dict[str, KnownUnit] = {one.code: one for one in known.units}
        self.parts: dict[str, KnownComponent] = {one.code: one for one in known.components}
        self.works: dict[str, KnownProject] = {
            one.code: one for one in (*known.projects, *known.other_projects)
        }
        self._first: dict[tuple[object, ...], Place] = {}
        self._raised: set[tuple[object, ...]] = set()

    def code(self, role: str, one: Open) -> str | None:
        """The code that is meant, by the name or by the answer to the question about it."""
        if one.match.code is not None:
            return one.match.code
        place = self._first.setdefault(self._key(role, one), one.place)
        for question in ("name_unclear", "name_unknown"):
            given = self.desk.ask.answers.get(
                f"{question}:{self.table.sheet.name}!{a1(*place)}", ""
            ).strip()
            if given and one.takes(given):
                return given
        return None

    def _key(self, role: str, one: Open) -> tuple[object, ...]:
        options = tuple(option.value for option in one.match.options)
        return (role, self.table.sheet.fold(one.text), options)

    def raise_open(self, role: str, one: Open, message: str, **values: object) -> None:
        """Ask about a name, or say that it is none that is known; once for each text."""
        key = self._key(role, one)
        if key in self._raised:
            return
        self._raised.add(key)
        place = self._first.get(key, one.place)
        at = self.table.sheet.at(*place, one.heading)
        if one.match.options:
            self.desk.choose(
                "name_unclear",
                _n("“%(text)s” is not known under exactly this name. Which one is meant?"),
                at,
                one.match.options,
                takes=one.takes,
                text=one.text[:200],
            )
        else:
            self.desk.error("name_unknown", message, at, text=one.text[:200], **values)

    def is_inside(self, part: str | None, section: str | None) -> bool:
        """Whether a component is the other one or lies below it."""
        while part is not None:
            if part == section:
                return True
            above = self.parts.get(part)
            part = above.parent_code if above else None
        return False

    def works_of(self, unit: str | None, part: str | None) -> list[KnownProject]:
        """The projects of a unit, those at or below a component where one is told."""
        return [
            work
            for work in self.known.projects
            if work.unit_code == unit
            and (part is None or self.is_inside(work.component_code, part))
        ]

    def options_of(self, works: Sequence[KnownProject]) -> tuple[Option, ...]:
        return tuple(Option(work.code, work.name) for work in works)


class Subjects:
    """Resolves what each row is about, from top to bottom."""

    def __init__(self, namer: Namer, kind: Kind, investor: str | None) -> None:
        self.namer, self.kind, self.investor = namer, kind, investor
        columns = namer.table.columns.values()
        self._name = next((one for one in columns if one.field is Field.PROJECT), None)
        self._main = self._name or next(
            (one for one in columns if one.field in (Field.UNIT, Field.PART)), None
        )
        self._part: str | None = None
        self._units: dict[Place, str | None] = {}
        self._parts: dict[Place, str | None] = {}

    def resolve(self, rows: Sequence[Row]) -> None:
        """Tell for every row which project, unit or component it names, if it is known."""
        for row in rows:
            if row.kind is RowKind.TOTAL and self._is_project_after_all(row):
                row.kind = RowKind.SUBJECT
            if row.kind is not RowKind.SUBJECT:
                continue
            self._told_by_code(row)
            self._cells(row)
            self._title(row)

    def _is_project_after_all(self, row: Row) -> bool:
        """Whether a name that begins like that of a sum is a project's own."""
        return bool(row.title) and self.namer.names.work(row.title).code is not None

    def _told_by_code(self, row: Row) -> None:
        """A unit or component in place of the name of a project that its code tells is what it is:
        the project must belong to it.
        """
        role = row.stands_for_name
        if role not in ("unit", "part") or not row.code:
            return
        if self.namer.names.work("", code=row.code).code is None:
            return
        setattr(row, role, row.title)
        setattr(row, f"{role}_place", row.place)
        row.title, row.place = "", row.code_place

    def _cells(self, row: Row) -> None:
        """The unit and the component that columns of their own name."""
        if row.unit:
            if row.unit_place not in self._units:
                one = self.open_unit(row)
                self._units[row.unit_place] = self.namer.code("unit", one)
            row.unit_code = self._units[row.unit_place]
            if row.unit_code is None and row.is_crossed and not row.part:
                row.component_code = self.namer.names.part(row.unit, under=self._part).code
        if row.part:
            if row.part_place not in self._parts:
                one = self.open_part(row)
                self._parts[row.part_place] = self.namer.code("part", one)
            row.component_code = self._parts[row.part_place]

    def open_unit(self, row: Row) -> Open:
        return self._open(
            row.unit, row.unit_place, self.namer.names.unit(row.unit), self.namer.units.__contains__
        )

    def open_part(self, row: Row) -> Open:
        found = self.namer.names.part(row.part, under=self._part)
        return self._open(row.part, row.part_place, found, self.namer.parts.__contains__)

    def _open(self, text: str, place: Place, match: Match, takes: Callable[[str], bool]) -> Open:
        return Open(text, place, self.namer.table.heading(place[1]), match, takes)

    def _title(self, row: Row) -> None:
        """What the name of the row means: project, component or unit, as its column suggests."""
        if not row.title and not row.code:
            return
        found = self.match_of(row)
        if found is not None:
            self._take(row, *found)
            return
        row.is_unknown = True
        if not row.has_figures:
            return
        given = self.namer.code("subject", self.open_title(row))
        if given is not None:
            row.is_unknown = False
            self._take(row, self._role(given), given)

    def _take(self, row: Row, role: str, code: str) -> None:
        if role == "work":
            row.work_code = code
        elif role == "part":
            row.component_code, self._part = code, code
        else:
            row.unit_code = code

    def _role(self, code: str) -> str:
        if code in self.namer.works:
            return "work"
        return "part" if code in self.namer.parts else "unit"

    def match_of(self, row: Row) -> tuple[str, str] | None:
        """What the name certainly means."""
        for role in self._order():
            code = self._by(role, row).code
            if code is not None:
                return role, code
        return None

    def _order(self) -> tuple[str, ...]:
        main = self._main
        if main is None or main.field is Field.UNIT:
            return ("unit", "part", "work")
        if main.noun is Noun.PROJECT or (main.field is Field.PROJECT and self._is_list()):
            return ("work", "part", "unit")
        return ("part", "work", "unit") if main.field is Field.PROJECT else ("part", "unit", "work")

    def _is_list(self) -> bool:
        return self.kind in (Kind.PROJECTS, Kind.TREASURY)

    def _by(self, role: str, row: Row) -> Match:
        names = self.namer.names
        if role == "work":
            return self.work_match(row)
        if not row.title:
            return _NOTHING
        return names.part(row.title, under=self._part) if role == "part" else names.unit(row.title)

    def work_match(self, row: Row) -> Match:
        """The project that name and code tell, with unit and component to tell two apart."""
        return self.namer.names.work(
            row.title,
            unit_code=row.unit_code or self.investor,
            component_code=row.component_code or self._part,
            code=row.code or None,
        )

    def open_title(self, row: Row) -> Open:
        """The question about the name of a row: projects near to it, or components, or units."""
        matches = [self._by(role, row) for role in ("work", "part", "unit")]
        options = next((one.options for one in matches if one.options), ())
        known = (self.namer.works, self.namer.parts, self.namer.units)
        return self._open(
            row.title or row.code,
            row.place if row.title else row.code_place,
            Match(options=options),
            lambda code: any(code in one for one in known),
        )

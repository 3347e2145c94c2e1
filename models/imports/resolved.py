"""From the names of a line to a project, where the file names a unit and a component instead."""

from collections import defaultdict

from models.base import _n
from models.imports.notes import Notes
from models.sheets import Known, KnownProject, Line, Option


class Works:
    """The projects that can be meant, and the questions about lines that leave it open."""

    def __init__(self, known: Known, notes: Notes) -> None:
        self.known, self.notes = known, notes
        self.by_code = {work.code: work for work in (*known.projects, *known.other_projects)}
        self.parents = {part.code: part.parent_code for part in known.components}
        self.of_unit: dict[str, list[KnownProject]] = defaultdict(list)
        for work in known.projects:
            self.of_unit[work.unit_code].append(work)

    def unit_code(self, code: str) -> str | None:
        """The unit of a project, where it is known."""
        return self.by_code[code].unit_code if code in self.by_code else None

    def code_of(self, line: Line) -> str | None:
        """The code of the project of a line that says something; None with a finding."""
        if line.work is not None:
            return line.work
        if self.notes.is_blocked(line.at):
            return None
        if line.unit is None:
            self.notes.error(
                "name_unknown",
                _n(
                    "This row has figures, but names no project that is known. Correct the name, "
                    "or delete the row if it is none."
                ),
                line.at,
            )
            return None
        found = self.within(line.unit, line.part)
        if not found:
            self.notes.error(
                "row_conflict",
                _n("Unit %(unit)s has no project here. Correct the unit or the component."),
                line.at,
                unit=line.unit,
            )
            return None
        if len(found) == 1 and line.part is not None:
            return found[0].code
        return self._asked(line, found)

    def within(self, unit: str, part: str | None) -> list[KnownProject]:
        """The projects of a unit below a component, or all of them."""
        return [
            work
            for work in self.of_unit[unit]
            if part is None or self._lies_under(work.component_code, part)
        ]

    def _asked(self, line: Line, found: list[KnownProject]) -> str | None:
        return self.notes.ask(
            "name_unclear",
            _n("Which project of unit %(unit)s is meant?"),
            line.at,
            [Option(work.code, work.name) for work in found],
            unit=line.unit,
        )

    def _lies_under(self, part: str, above: str) -> bool:
        one: str | None = part
        while one is not None:
            if one == above:
                return True
            one = self.parents.get(one)
        return False

"""The rows of a list of projects: which project each is about, and what it says of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.base import MAX_DONG, Dong, _n, clean_line, fold
from models.catalogue import Project, ProjectStatus
from models.imports.lengths import too_long
from models.imports.notes import Notes
from models.sheets import At, Field, Known, Line, Option

_DAYS = {Field.START: "start_on", Field.END: "end_on"}


@dataclass
class Listed:
    """One row: the project that is stored, if there is one, and the values that it names."""

    at: At
    stored: Project | None
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, At] = field(default_factory=dict)
    investor_id: int | None = None
    has_own_code: bool = False

    def place(self, name: str | None) -> At:
        """The cell of a value, else that of the row."""
        return self.places.get(name or "", self.at)

    @property
    def changes(self) -> dict[str, Any]:
        """What is other than stored. A name written in other letters is the same name."""
        if self.stored is None:
            return self.values
        return {
            name: value
            for name, value in self.values.items()
            if not _is_same(name, getattr(self.stored, name), value)
        }


def _is_same(name: str, stored: Any, value: Any) -> bool:
    if name == "name":
        return bool(fold(stored) == fold(value))
    return bool(stored == value)


class ProjectRows:
    """Reads rows against the projects that are stored."""

    def __init__(self, known: Known, stored: Mapping[str, Project], notes: Notes) -> None:
        self.stored, self.notes = stored, notes
        self.units = {unit.code: unit for unit in known.units}
        self.parts = {part.code: part for part in known.components}
        self._seen: dict[tuple[str, str], At] = {}

    def read(self, line: Line) -> Listed | None:
        """What a row says; None with a finding where it is not told which project it is."""
        code = next((one for one in line.values if one.field is Field.PROJECT_CODE), None)
        typed = clean_line(str(code.value)) if code is not None else ""
        project = self.stored.get(typed) if typed else self.stored.get(line.work or "")
        if typed and project is None and line.work in self.stored:
            project = self._asked(line, typed)
            if project is None and self.notes.answer("name_unclear", line.at, (typed,)) is None:
                return None
        listed = Listed(line.at, project, has_own_code=bool(typed))
        if typed and code is not None and project is None:
            self._put(listed, "code", typed, code.at)
        if name := clean_line(line.name):
            self._put(listed, "name", name, line.at)
        self._owner(listed, line)
        for value in line.values:
            self._value(listed, value.field, value.value, value.at)
        return None if self._is_double(listed, line) else listed

    def _asked(self, line: Line, typed: str) -> Project | None:
        """A known name with a code that is not: another code of it, or another project?"""
        known = self.stored[line.work or ""]
        given = self.notes.ask(
            "name_unclear",
            _n(
                "“%(name)s” has the code %(known)s here, but the row says %(typed)s. Is it "
                "this project, or a new one with the code %(typed)s?"
            ),
            line.at,
            (Option(known.code, known.name), Option(typed)),
            name=known.name,
            known=known.code,
            typed=typed,
        )
        return known if given == known.code else None

    def _owner(self, listed: Listed, line: Line) -> None:
        unit, part = self.units.get(line.unit or ""), self.parts.get(line.part or "")
        if part is not None:
            self._put(listed, "component_id", part.id, line.at)
        if unit is None:
            return
        listed.investor_id = unit.id
        if listed.stored is not None and listed.stored.investor_id != unit.id:
            self.notes.error(
                "row_conflict",
                _n(
                    "Project %(project)s belongs to another unit, and the unit of a project never "
                    "changes. Correct the row, or enter a new project for %(unit)s."
                ),
                line.at,
                project=listed.stored.code,
                unit=unit.short_name,
            )

    def _value(self, listed: Listed, kind: Field, value: Any, at: At) -> None:
        if kind in _DAYS and isinstance(value, date):
            self._put(listed, _DAYS[kind], value, at)
        elif kind is Field.STATUS:
            self._status(listed, str(value), at)
        elif kind is Field.INVESTMENT and isinstance(value, int):
            if 0 <= value <= MAX_DONG:
                self._put(listed, "total_investment", value, at)
            else:
                self.notes.error(
                    "number_negative" if value < 0 else "number_unreadable",
                    _n("%(amount)s đồng is no possible amount."),
                    at,
                    amount=Dong(value),
                )

    def _status(self, listed: Listed, text: str, at: At) -> None:
        known = [one.value for one in ProjectStatus]
        if text in known:
            self._put(listed, "status", ProjectStatus(text), at)
        elif not self.notes.is_blocked(at):
            self.notes.error(
                "name_unknown",
                _n("“%(typed)s” is unknown here. Possible are: %(allowed)s."),
                at,
                typed=text[:40],
                allowed=", ".join(known),
            )

    def _put(self, listed: Listed, name: str, value: Any, at: At) -> None:
        if isinstance(value, str) and (refusal := too_long(Project, name, value)) is not None:
            self.notes.refuse("text_too_long", refusal, at)
        listed.values[name] = value
        listed.places[name] = at

    def _is_double(self, listed: Listed, line: Line) -> bool:
        """One project in two rows, or two new ones that cannot be told apart."""
        if listed.stored is not None:
            key = "", listed.stored.code
        elif "code" in listed.values:
            key = "", listed.values["code"]
        else:
            key = line.unit or "", fold(listed.values.get("name", ""))
        first = self._seen.setdefault(key, line.at)
        if first is line.at:
            return False
        if not self.notes.is_blocked(line.at):
            self.notes.error(
                "row_double",
                _n("This project stands in cell %(first)s already. Leave one of the two rows."),
                line.at,
                first=first.cell,
            )
        return True


def texts_of(lines: Iterable[Line]) -> set[str]:
    """All codes that a list names."""
    found = {line.work for line in lines if line.work is not None}
    return found | {
        clean_line(str(value.value))
        for line in lines
        for value in line.values
        if value.field is Field.PROJECT_CODE
    }

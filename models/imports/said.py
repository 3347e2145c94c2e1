"""What a report file says of one project of a unit: its money, its facts, and their cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from models.filing import ProjectRow, Told
from models.imports.figures import FACTS, Figures
from models.imports.notes import Notes
from models.sheets import At, Value


@dataclass
class Said:
    """One project: as it is stored, and what the file says of it."""

    row: ProjectRow
    figures: Figures
    values: Sequence[Value]
    at: At
    facts: dict[str, Any] = field(default_factory=dict)
    fact_places: dict[str, At] = field(default_factory=dict)

    def take_facts(self, notes: Notes) -> None:
        """Progress, words and the like; a second one of a kind that is another one is refused."""
        for value in self.values:
            name = FACTS.get(value.field)
            if name is None:
                continue
            if name in self.facts and self.facts[name] != value.value:
                notes.double(value.at, self.fact_places[name], self.row.code)
                continue
            self.facts[name] = value.value
            self.fact_places.setdefault(name, value.at)

    def told(self) -> Told:
        """All of it that can be stored."""
        return Told(
            project_id=self.row.project_id, facts=self.facts, amounts=self.figures.amounts()
        )

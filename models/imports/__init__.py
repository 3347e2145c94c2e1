"""Imports: what a file would change, carried out all or nothing, and taken back."""

from models.imports.known import known_for
from models.imports.planned import Difference, Plan, PlannedRow, State, Status
from models.imports.planning import make_plan
from models.imports.run import ImportFile, ImportMap, ImportRun, RunStatus
from models.imports.writes import Writes

__all__ = [
    "Difference",
    "ImportFile",
    "ImportMap",
    "ImportRun",
    "Plan",
    "PlannedRow",
    "RunStatus",
    "State",
    "Status",
    "Writes",
    "known_for",
    "make_plan",
]

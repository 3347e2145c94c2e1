"""Imports: what a file would change, carried out all or nothing, and taken back."""

from models.imports.carrying_out import carry_out
from models.imports.known import known_for
from models.imports.planned import Difference, Plan, PlannedRow, State, Status
from models.imports.planning import make_plan
from models.imports.run import ImportFile, ImportMap, ImportRun, RunStatus
from models.imports.taking_back import take_back
from models.imports.writes import Writes
from models.imports.written import Written

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
    "Written",
    "carry_out",
    "known_for",
    "make_plan",
    "take_back",
]

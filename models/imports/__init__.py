"""Imports: what a file would change, carried out all or nothing, and taken back."""

from models.imports.beginning import check_receipt, settle, start
from models.imports.carrying_out import carry_out
from models.imports.known import known_for
from models.imports.looking import Looked, look_into
from models.imports.origin import Figure, Origin, origins_of_figures, origins_of_words
from models.imports.planning import make_plan
from models.imports.run import ImportFile, ImportMap, ImportRun, RunStatus
from models.imports.service import (
    answer,
    apply_run,
    get_run,
    look,
    read_again,
    undo_run,
    wait_for,
)
from models.imports.stored import finding_of, sentence_of
from models.imports.taking_back import take_back
from models.imports.workers import standing, why_broken
from models.imports.writes import Writes
from models.imports.written import Written

__all__ = [
    "Figure",
    "ImportFile",
    "ImportMap",
    "ImportRun",
    "Looked",
    "Origin",
    "RunStatus",
    "Writes",
    "Written",
    "answer",
    "apply_run",
    "carry_out",
    "check_receipt",
    "finding_of",
    "get_run",
    "known_for",
    "look",
    "look_into",
    "make_plan",
    "origins_of_figures",
    "origins_of_words",
    "read_again",
    "sentence_of",
    "settle",
    "standing",
    "start",
    "take_back",
    "undo_run",
    "wait_for",
    "why_broken",
]

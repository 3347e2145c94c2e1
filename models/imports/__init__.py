"""Imports: what a file would change, carried out all or nothing, and taken back."""

from models.imports.beginning import settle, start
from models.imports.looking import Looked, look_into
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
from models.imports.workers import standing, why_broken

__all__ = [
    "ImportFile",
    "ImportMap",
    "ImportRun",
    "Looked",
    "RunStatus",
    "answer",
    "apply_run",
    "finding_of",
    "get_run",
    "look",
    "look_into",
    "read_again",
    "sentence_of",
    "settle",
    "standing",
    "start",
    "undo_run",
    "wait_for",
    "why_broken",
]

"""Imports: what a file would change, carried out all or nothing, and taken back."""

from models.imports.run import ImportFile, ImportMap, ImportRun, RunStatus

__all__ = ["ImportFile", "ImportMap", "ImportRun", "RunStatus"]

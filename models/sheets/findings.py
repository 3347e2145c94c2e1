"""Findings while they are collected, in their order."""

from typing import Any

from models.sheets.shapes import NOWHERE, At, Finding, Level


class Findings:
    """What is found in a file, step by step; `code` names the kind of a finding."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def add(self, finding: Finding) -> None:
        """Put a finding behind the others."""
        self.findings.append(finding)

    def error(self, code: str, message: str, at: At = NOWHERE, /, **values: Any) -> None:
        """The file has to be corrected."""
        self._tell(Level.ERROR, code, message, at, values)

    def warning(self, code: str, message: str, at: At = NOWHERE, /, **values: Any) -> None:
        """Somebody should look at it; it is imported all the same."""
        self._tell(Level.WARNING, code, message, at, values)

    def hint(self, code: str, message: str, at: At = NOWHERE, /, **values: Any) -> None:
        """Good to know."""
        self._tell(Level.HINT, code, message, at, values)

    def _tell(self, level: Level, code: str, message: str, at: At, values: dict[str, Any]) -> None:
        self.add(Finding(level=level, code=code, message=message, values=values, at=at))

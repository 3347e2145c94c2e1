"""How the reading of a stranger's file ends early."""

from typing import Any


class Refused(Exception):
    """The file is not read any further; `key` names the sentence."""

    def __init__(self, key: str, *, sheet: str = "", cell: str = "", **values: Any) -> None:
        super().__init__(key)
        self.key, self.sheet, self.cell, self.values = key, sheet, cell, values

"""The figures of a table as live formulas of a spreadsheet: sums, remainders, rates."""

from collections.abc import Sequence
from decimal import Decimal

from models.base import in_unit
from reports.writing.table import Column, Formula, Kind, Live, Ref, Row, Table

# decimals at which the noise of binary numbers ends: a whole đồng in the unit
_EXACT = {"dong": 0, "nghin": 3, "trieu": 6}
_MOST_ARGUMENTS = 200
_LONGEST = 8_000  # signs that a spreadsheet takes in a formula; beyond it the figure stands alone


class Formulas:
    """The formulas of one table whose first row stands in row `top` of the sheet (from 1)."""

    def __init__(self, table: Table, top: int) -> None:
        self.table, self.top = table, top
        self.letters = {column.key: letters(n) for n, column in enumerate(table.printed)}
        self.formulas = {column.key: table.formula_of(column) for column in table.printed}

    def of(self, column: Column, number: int) -> str | None:
        """The formula of a cell without its `=`, None for a figure that was entered."""
        row = self.table.rows[number]
        if column.key in row.live:
            if not self._is_shown(row.live[column.key]):
                return None
            text = self._live(row.live[column.key], number)
            return self._exact(text) if column.kind is Kind.MONEY else text
        is_gap = row.values[column.key] is None and column.kind is Kind.MONEY
        if is_gap or column.key in row.entered:
            return None
        formula = self.formulas[column.key]
        if formula is not None:
            return self._across(formula, number)
        if row.parts and (column.adds or column.formula is not None):
            return self._down(column, row) if column.kind is Kind.MONEY else None
        return None

    def _cell(self, key: str, number: int) -> str:
        return f"{self.letters[key]}{self.top + number}"

    def _exact(self, text: str) -> str:
        """Without the noise of binary numbers: 0,1 + 0,2 is 0,3."""
        places = _EXACT[self.table.unit]
        return f"ROUND({text},{places})" if places else text

    def _is_shown(self, live: Live) -> bool:
        """Whether all that a formula of a single cell reads is on the sheet."""
        return all(part.key in self.letters for part in live if isinstance(part, Ref))

    def _live(self, live: Live, number: int) -> str:
        return "".join(
            self._cell(part.key, number if part.row is None else part.row)
            if isinstance(part, Ref)
            else part
            for part in live
        )

    def _across(self, formula: Formula, number: int) -> str:
        text = "+".join(self._cell(key, number) for key in formula.plus)
        text += "".join(f"-{self._cell(key, number)}" for key in formula.minus)
        if not formula.over:
            return self._exact(text)
        whole = self._cell(formula.over, number)
        part = text if len(formula.keys) == 2 else f"({text})"
        return f'IF({whole}=0,"",ROUND({part}*100/{whole},2))'

    def _down(self, column: Column, row: Row) -> str | None:
        """The sum of the parts, and what a row holds itself besides them."""
        rows = self.table.rows
        letter = self.letters[column.key]
        runs = [
            f"{letter}{self.top + first}" + (f":{letter}{self.top + last}" if last > first else "")
            for first, last in _runs(row.parts)
        ]
        while len(runs) > 1 and len(runs) > _MOST_ARGUMENTS:
            runs = [
                f"SUM({','.join(runs[n : n + _MOST_ARGUMENTS])})"
                for n in range(0, len(runs), _MOST_ARGUMENTS)
            ]
        own = row.values[column.key] - sum(rows[n].values[column.key] or 0 for n in row.parts)
        rest = f"{'+' if own > 0 else ''}{plain(own, self.table.unit)}" if own else ""
        made = self._exact(f"SUM({','.join(runs)}){rest}")
        return made if len(made) < _LONGEST else None


def plain(amount: int, unit: str) -> str:
    """An amount in `unit` in the digits of a formula: exact, with a point."""
    return f"{number_of(amount, unit):f}"


def number_of(amount: int, unit: str) -> Decimal:
    """An amount in `unit`, exact, with no zeros behind."""
    value = in_unit(amount, unit).normalize()
    return value if value.as_tuple().exponent < 0 else value.quantize(Decimal(1))  # type: ignore[operator]


def letters(n: int) -> str:
    """The name of a column of a sheet, from 0: A, …, Z, AA."""
    text = ""
    n += 1
    while n:
        n, rest = divmod(n - 1, 26)
        text = chr(65 + rest) + text
    return text


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers together: 1 2 3 7 → (1, 3), (7, 7)."""
    runs: list[tuple[int, int]] = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], n)
        else:
            runs.append((n, n))
    return runs

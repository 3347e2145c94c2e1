"""Cells that were copied from a spreadsheet and pasted: kept as a file of text, read as any file.

What the page says for all rows at once (the decision, the kind of its lines, source, nature and
year of the capital) is filled in where the rows themselves say nothing.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from models.base import RuleBroken, _n, read_day, read_id
from models.catalogue import bare_number
from models.sheets.cells import amount
from models.sheets.layout.heads import heads_of
from models.sheets.layout.sheet import Sheet
from models.sheets.opening import as_pasted, pasted_rows, rows_of
from models.sheets.said import DecisionSeen, Field, Line, Reading, Value
from models.sheets.shapes import Ask, At, Cell, Finding, Grid, Level

HINT = "sep=\t"  # says what stands between the cells; programs do not count it as a row
LONGEST = 900_000  # characters; a form takes no more
_END = "\r\n"
_LAST_YEAR = 2_100  # a head may name years; larger numbers are amounts
_LOOKED_AT = 30  # rows in which a head is looked for
# the heads that stand above columns which were pasted without any
HEADS: Mapping[Field, str] = {
    Field.UNIT: "Chủ đầu tư",
    Field.PROJECT_CODE: "Mã dự án",
    Field.PROJECT: "Tên dự án",
    Field.PART: "Dự án thành phần",
    Field.AMOUNT: "Số tiền",
    Field.INCREASE: "Tăng",
    Field.DECREASE: "Giảm",
    Field.SOURCE: "Nguồn vốn",
    Field.NATURE: "Loại vốn",
    Field.VINTAGE: "Năm của vốn",
    Field.LINE_KIND: "Loại bút toán",
    Field.START: "Ngày bắt đầu",
    Field.END: "Ngày kết thúc",
    Field.INVESTMENT: "Tổng mức đầu tư",
    Field.STATUS: "Trạng thái",
    Field.NOTE: "Ghi chú",
}


def pasted_file(text: str, columns: Sequence[Field | None] = ()) -> bytes:
    """The pasted cells as the bytes of a file, below a head made of `columns` where one is needed.

    None in `columns` is a column that is left aside. Raises RuleBroken for nothing and too much.
    """
    if not text.strip():
        raise RuleBroken(_n("Paste the cells first."), field="cells")
    if len(text) > LONGEST:
        raise RuleBroken(
            _n("These are too many cells to be pasted. Bring them in as a file."), field="cells"
        )
    head = [HEADS[column] if column else "" for column in columns]
    out = io.StringIO(f"{HINT}{_END}", newline="")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, delimiter="\t", lineterminator=_END)
    writer.writerows([head] if any(head) else [])
    writer.writerows(pasted_rows(text.rstrip("\r\n")))
    return out.getvalue().removesuffix(_END).encode("utf-8-sig")


def pasted_text(content: bytes) -> tuple[str, tuple[Field | None, ...]]:
    """What was pasted, and the columns whose head was put above it."""
    told = content.decode("utf-8-sig").removeprefix(f"{HINT}{_END}")
    try:
        rows = list(rows_of(told, "\t"))
    except csv.Error:  # kept as it was pasted, by an earlier version
        return told, ()
    known = {head: column for column, head in HEADS.items()}
    head = rows[0] if len(rows) > 1 else []
    if not any(head) or not all(not cell or cell in known for cell in head):
        head = []
    text = _END.join("\t".join(map(as_pasted, row)) for row in rows[1 if head else 0 :])
    return text, tuple(known.get(cell) for cell in head)


def has_head(text: str) -> bool:
    """Whether the pasted cells begin with a head, below titles or not: told by its words."""
    cells = {
        (row, column): Cell(value)
        for row, values in enumerate(islice(pasted_rows(text), _LOOKED_AT), 1)
        for column, value in enumerate(values, 1)
        if value.strip()
    }
    found = heads_of(Sheet(Grid(name="", cells=cells, is_text=True)))
    return bool(found) and not any(
        found[0].top <= row <= found[0].bottom and (amount(cell, "dong").value or 0) > _LAST_YEAR
        for (row, _column), cell in cells.items()
    )


def with_given(reading: Reading, ask: Ask) -> Reading:
    """What was read, with what `ask.given` says for all rows that say nothing themselves."""
    given = ask.given
    if not given:
        return reading
    findings = [one for one in reading.findings if not _is_given(one, given)]
    decision = reading.decision
    if "decision_number" in given:
        seen, decision = decision, _decision(given)
        if seen is not None and bare_number(seen.number) != bare_number(decision.number):
            findings.append(_other_decision(seen, decision))
    elif decision is not None and decision.kind is None and given.get("kind"):
        decision = replace(decision, kind=given["kind"])
    return replace(
        reading,
        decision=decision,
        source=reading.source or given.get("source") or None,
        nature=reading.nature or given.get("nature") or None,
        budget_year=reading.budget_year or read_id(given.get("budget_year", "")),
        lines=tuple(_with_vintage(reading.lines, read_id(given.get("vintage", "")))),
        findings=tuple(findings),
    )


def _decision(given: Mapping[str, str]) -> DecisionSeen:
    return DecisionSeen(
        number=given["decision_number"],
        issued_on=read_day(given["decision_day"]),
        issuer=given.get("decision_issuer", ""),
        kind=given.get("kind") or None,
    )


def _other_decision(seen: DecisionSeen, decision: DecisionSeen) -> Finding:
    return Finding(
        level=Level.ERROR,
        code="row_conflict",
        message=_n(
            "These cells name decision %(seen)s, but they were pasted on the page of %(number)s. "
            "Paste them there, or leave the number out."
        ),
        values={"seen": seen.number, "number": decision.number},
        at=seen.at or At(),
    )


def _is_given(finding: Finding, given: Mapping[str, str]) -> bool:
    """Whether a question of the reader is answered by what was given for all rows."""
    if finding.code == "decision_missing":
        return "decision_number" in given
    return finding.code == "kind_unclear" and not finding.at.cell and bool(given.get("kind"))


def _with_vintage(lines: Iterable[Line], year: int | None) -> Iterable[Line]:
    for line in lines:
        yield replace(line, values=tuple(_of_year(one, year) for one in line.values))


def _of_year(value: Value, year: int | None) -> Value:
    is_told = value.vintage is not None or value.is_carried
    return value if year is None or is_told else replace(value, vintage=year)

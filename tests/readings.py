"""Readings made by hand: what a file says, without the file."""

from models.sheets import (
    Ask,
    At,
    DecisionSeen,
    Field,
    Kind,
    Line,
    Reading,
    SheetSeen,
    Value,
)


def said(field, value, cell, **more):
    """One cell of a sheet named T4."""
    return Value(field=Field(field), value=value, at=At("T4", cell, str(field), str(value)), **more)


def line(row, work=None, /, *values, unit=None, part=None, name="", **cells):
    """Row `row`; keyword cells are fields: `month=5` stands in column `month` of the row."""
    columns = {field.value: chr(ord("C") + n) for n, field in enumerate(Field)}
    found = tuple(
        said(field, value, f"{columns[Field(field).value]}{row}") for field, value in cells.items()
    )
    return Line(
        at=At("T4", f"B{row}", "Tên dự án", name or str(work)),
        unit=unit,
        work=work,
        part=part,
        name=name,
        values=(*values, *found),
    )


def reading(*lines, period="2024-03", **more):
    seen = SheetSeen(sheet="T4", is_used=True)
    return Reading(sheets=(seen,), lines=tuple(lines), period=period, **more)


def ask(kind="monthly", **more):
    return Ask(kind=Kind(kind), **more)


def decision(number="1205/QĐ-UBND", **more):
    return DecisionSeen(number=number, at=At("T4", "A3", "", number), **more)

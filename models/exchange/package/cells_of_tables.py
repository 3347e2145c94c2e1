"""Columns of the package that are read off a table: its values, and its references by name."""

from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, LargeBinary, Table
from sqlalchemy import Column as TableColumn

from models.exchange.package.references import TARGETS, Reference
from models.exchange.package.special_cells import FileBeside, Subject, Thread
from models.exchange.package.structured_cells import Explained, Names, Steps, Structure
from models.exchange.package.table_cell import Cell, Plain
from models.exchange.package.values import reader_of


def cells_of(table: Table, *, without: frozenset[str]) -> list[Cell] | None:
    """The cells of a table, in the order of its columns; None where one cannot be carried.

    `without` names columns that are left out or stand elsewhere.
    """
    references = _references(table)
    if references is None:
        return None
    covered = {attr for cell in references.values() for attr in cell.attrs}
    found: list[Cell] = []
    for column in table.columns:
        name = column.name
        if name in references and not set(references[name].attrs) & without:
            references[name].beside({one for cell in found for one in cell.names})
            found.append(references[name])
        if name in without or name in covered:
            continue
        cell = _plain(column)
        if cell is None:
            return None
        found.append(cell)
    return found


def _plain(column: TableColumn[Any]) -> Cell | None:
    if column.name == "subject":
        return Subject(column)
    if column.name == "thread_id":
        return Thread(column)
    if column.name == "user_id":
        return Reference("user_account", "user_id", nullable=True)
    if (column.table.name, column.name) == ("org_event", "details"):
        return Steps(column)
    if (column.table.name, column.name) == ("sending", "explanations"):
        return Explained(column)
    if (column.table.name, column.name) == ("column_set", "columns"):
        return Names(column)
    if isinstance(column.type, JSON):
        return Structure(column)
    if isinstance(column.type, LargeBinary):
        return FileBeside(column)
    read = reader_of(column)
    if read is None or column.name.endswith("_id"):
        return None
    # when the library filled a year in is of no interest elsewhere, that it did is
    is_compared = (column.table.name, column.name) != ("holiday_year", "seeded_at")
    return Plain(column, read, is_compared=is_compared)


def _references(table: Table) -> dict[str, Reference] | None:
    """By the column that holds the key; None where a table is referred to that has no names."""
    found: dict[str, Reference] = {}
    owners: set[str] = set()
    for constraint in _foreign_keys(table):
        target = constraint.referred_table.name
        pairs = {one.column.name: one.parent for one in constraint.elements}
        if target not in TARGETS:
            return None
        key = pairs["id"]
        owner = pairs.get("investor_id")
        is_needed = not key.nullable
        if owner is not None and is_needed:
            owners.add(owner.name)
        reference = Reference(
            target,
            key.name,
            owner=owner.name if owner is not None and is_needed else None,
            nullable=not is_needed,
        )
        found[key.name] = reference
    for name in owners & set(found):  # the owner of the row that is named is the owner of this
        del found[name]
    return found


def _foreign_keys(table: Table) -> list[ForeignKeyConstraint]:
    return sorted(
        table.foreign_key_constraints, key=lambda one: [column.name for column in one.columns]
    )

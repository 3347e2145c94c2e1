"""Imports point downwards, files stay small, and every owned table carries its scope."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import ForeignKeyConstraint, UniqueConstraint

from models import Base
from models.base import scoped_models

MAY_IMPORT: dict[str, set[str]] = {
    "models": set(),
    "reports": {"models"},
    "admin": {"models", "reports"},
}
OURS = {"app", "cli", "config", *MAY_IMPORT}
FILES = [path for package in MAY_IMPORT for path in sorted(Path(package).rglob("*.py"))]
OWNED = [table for table in Base.metadata.sorted_tables if "investor_id" in table.c]
# links of people to units and the trail of everything are no rows of a unit
NOT_OWNED = {"user_investor", "audit_entry"}


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_point_downwards(path):
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module}
    names |= {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    package = path.parts[0]
    assert {name.split(".")[0] for name in names} & OURS <= MAY_IMPORT[package] | {package}


@pytest.mark.parametrize("path", FILES, ids=str)
def test_files_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 460


@pytest.mark.parametrize("path", FILES, ids=str)
def test_markup_is_never_built_from_raw_text(path):
    text = path.read_text(encoding="utf-8")
    assert 'Markup(f"' not in text
    assert "Markup(f'" not in text


@pytest.mark.parametrize("table", OWNED, ids=lambda table: table.name)
def test_every_owned_table_is_scoped_and_its_keys_hold_the_owner(table):
    scoped = {model.__table__.name for model, _key in scoped_models()}
    if table.name != "user_investor":
        assert table.name in scoped
    if table.name in NOT_OWNED:
        return
    assert "investor_id" in table.primary_key.columns
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            assert "investor_id" in constraint.columns, constraint.name
        if isinstance(constraint, ForeignKeyConstraint):
            target = constraint.referred_table
            if "investor_id" in target.c:  # `to_investor_id` where a successor's row is meant
                names = {column.name for column in constraint.columns}
                assert names & {"investor_id", "to_investor_id"}, constraint.name

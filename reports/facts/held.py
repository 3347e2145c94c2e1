"""Which projects may have a figure in a budget year, asked without naming them."""

from sqlalchemy import ColumnElement, exists

from models import Allocation, Project


def has_capital(budget_year: int, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition on Project: it holds capital of the budget year; `which` narrows the capital."""
    return exists().where(
        Allocation.investor_id == Project.investor_id,
        Allocation.project_id == Project.id,
        Allocation.budget_year == budget_year,
        *which,
    )

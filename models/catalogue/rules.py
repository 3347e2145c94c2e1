"""Rules of the catalogue and of projects that a constraint alone cannot say in words."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import RuleBroken, _n
from models.catalogue.component import Component
from models.catalogue.investor import Investor, others_with_code
from models.catalogue.project import Project


def check_days(
    first: date | None, last: date | None, *, field: str, message: str | None = None
) -> None:
    """Refuse a last day before the first; an open end is fine."""
    if first is not None and last is not None and last < first:
        raise RuleBroken(
            message or _n("The last day (%(last)s) lies before the first (%(first)s)."),
            field=field,
            first=first,
            last=last,
        )


def check_component(session: Session, component: Component) -> None:
    """The tree stays a tree, and a component with projects of its own takes no child
    (domain §1.2: a project belongs to the lowest level)."""
    check_days(component.valid_from, component.valid_to, field="valid_to")
    other = session.scalar(
        select(Component.id).where(
            Component.code == component.code, Component.id != (component.id or -1)
        )
    )
    if other is not None:
        raise RuleBroken(
            _n("Another component has the code %(code)s already."),
            field="code",
            code=component.code,
        )
    above, seen = component.parent, 0
    while above is not None and seen < 50:
        if above is component:
            raise RuleBroken(
                _n("A component cannot lie under itself or under one of its own children."),
                field="parent",
            )
        above, seen = above.parent, seen + 1
    parent = component.parent
    if parent is None:
        return
    projects = session.scalar(
        select(func.count()).select_from(Project).where(Project.component_id == parent.id)
    )
    if projects:
        raise RuleBroken(
            _n(
                "%(parent)s already holds %(count)s projects, so it cannot be divided. "
                "Move these projects first."
            ),
            field="parent",
            parent=str(parent),
            count=projects,
        )


def check_investor(session: Session, investor: Investor) -> None:
    """A code is used by one unit at a time; after closing it is free again (domain §6.2)."""
    check_days(investor.valid_from, investor.valid_to, field="valid_to")
    others = others_with_code(session, investor)
    if others:
        raise RuleBroken(
            _n("%(other)s uses the code %(code)s in the same time."),
            field="code",
            other=str(others[0]),
            code=investor.code,
        )


def check_project(session: Session, project: Project) -> None:
    """One code in the whole district, a component of the lowest level, days in order."""
    check_days(project.start_on, project.end_on, field="end_on")
    other = session.scalar(
        select(Project).where(Project.code == project.code, Project.id != (project.id or -1))
    )
    if other is not None:
        raise RuleBroken(
            _n("The project “%(other)s” has the code %(code)s already."),
            field="code",
            other=str(other),
            code=project.code,
        )
    component = project.component
    children = session.scalar(
        select(func.count()).select_from(Component).where(Component.parent_id == component.id)
    )
    if children:
        raise RuleBroken(
            _n(
                "%(component)s is divided into %(count)s parts. "
                "Choose the part that the project belongs to."
            ),
            field="component",
            component=str(component),
            count=children,
        )

"""Storing the projects of a list."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import Stale, _n, among, typed_values
from models.catalogue import Project
from models.imports.writes import ProjectWrite
from models.returns import hold_rows


def write_projects(session: Session, writes: Sequence[ProjectWrite]) -> None:
    """New projects and changed fields. Raises Stale where one was saved since the file was
    looked at, and the refusals of the catalogue.
    """
    ids = [one.id for one in writes if one.id is not None]
    units = session.scalars(select(Project.investor_id).where(among(Project.id, ids))).all()
    held = {
        project.id: project
        for project in hold_rows(
            session, select(Project).where(among(Project.id, ids)), Project, units
        )
    }
    for one in writes:
        values = typed_values(Project, one.values)
        if one.id is None:
            session.add(Project(investor_id=one.investor_id, **values))
            continue
        project = held.get(one.id)
        if project is None or project.version != one.version:
            raise Stale(
                _n(
                    "Somebody saved the project %(project)s after the file was looked at. Look at "
                    "the file again."
                ),
                project=project.code if project is not None else "",
            )
        for name, value in values.items():
            setattr(project, name, value)
    session.flush()

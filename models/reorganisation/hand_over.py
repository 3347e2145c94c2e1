"""What a successor takes over: projects, capital, obstacles and open drafts (domain §6.3)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import RuleBroken, _n, values_of
from models.capital import Allocation, AllocationLine, LineKind
from models.catalogue import (
    CapitalTransfer,
    Decision,
    Investor,
    OrgEvent,
    Project,
    ProjectStatus,
    ProjectSuccession,
    called_on,
)
from models.reorganisation.drafts import hand_drafts
from models.reorganisation.journal import Journal
from models.reorganisation.steps import ONE_DAY
from models.returns import (
    Obstacle,
    ObstacleState,
)

LIVE = (ProjectStatus.ACTIVE, ProjectStatus.PLANNED, ProjectStatus.SUSPENDED)


def going_on(session: Session, unit: Investor, day: date) -> list[tuple[Project, list[Allocation]]]:
    """The projects of a unit that somebody has to carry on from `day`, by code, each with the
    capital that goes along: those not ended by then, and those whose capital still takes figures.

    Raises RuleBroken where capital was decided upon from that day on.
    """
    allocations = _open_allocations(session, unit, day)
    projects = session.scalars(
        select(Project).where(Project.investor_id == unit.id).order_by(Project.code)
    ).all()
    found = []
    for project in projects:
        held = [one for one in allocations if one.project_id == project.id]
        lasts = project.status in LIVE and (project.end_on is None or project.end_on >= day)
        if held or lasts:
            found.append((project, held))
    return found


def hand_over(
    session: Session,
    journal: Journal,
    before: Investor,
    heirs: Sequence[Investor],
    share: Callable[[Sequence[Project]], Mapping[int, int]],
    *,
    day: date,
    decision: Decision,
    event: OrgEvent,
) -> None:
    """Everything of `before` that goes on from `day`, each project under the heir that takes it
    (`share`: the places among `heirs`, by project); nothing is rewritten.
    """
    projects: dict[int, Project] = {}
    moved: dict[int, Allocation] = {}
    rows = going_on(session, before, day)
    places = share([project for project, _held in rows])
    for project, held in rows:
        after = heirs[places[project.id]]
        fresh = journal.add(_continued(session, project, after, day))
        projects[project.id] = fresh
        journal.add(
            ProjectSuccession(
                investor_id=before.id,
                project_id=project.id,
                to_investor_id=after.id,
                to_project_id=fresh.id,
                event_id=event.id,
            )
        )
        for allocation in held:
            moved[allocation.id] = _move(
                session, journal, allocation, fresh, day=day, decision=decision, event=event
            )
    _hand_obstacles(session, journal, before, heirs, projects, day)
    for heir in heirs:
        own = {key: fresh for key, fresh in projects.items() if fresh.investor_id == heir.id}
        if own:
            hand_drafts(session, journal, before, heir, own, moved, day)


def _open_allocations(session: Session, unit: Investor, day: date) -> list[Allocation]:
    """Allocations of budget years that still take figures on that day (to 31 January)."""
    first = day.year - 1 if day.month == 1 else day.year
    late = session.execute(
        select(Project.code, func.min(AllocationLine.effective_on))
        .select_from(AllocationLine)
        .join(AllocationLine.allocation)
        .join(Allocation.project)
        .where(Project.investor_id == unit.id, AllocationLine.effective_on >= day)
        .group_by(Project.code)
        .limit(1)
    ).first()
    if late is not None:
        raise RuleBroken(
            _n(
                "%(project)s has a line of the ledger from %(day)s on, after its unit ended. "
                "Enter it for the successor instead."
            ),
            field="effective_on",
            project=late[0],
            day=late[1],
        )
    return list(
        session.scalars(
            select(Allocation)
            .where(Allocation.investor_id == unit.id, Allocation.budget_year >= first)
            .order_by(Allocation.id)
        )
    )


def _continued(session: Session, project: Project, after: Investor, day: date) -> Project:
    code, number = f"{project.code}-2", 2
    while session.scalar(select(Project.id).where(Project.code == code)) is not None:
        number += 1
        code = f"{project.code}-{number}"
    # one that had ended is handed over for its capital alone and does not come to life again
    has_ended = project.end_on is not None and project.end_on < day
    start = project.start_on if has_ended else max(day, project.start_on)
    return Project(investor_id=after.id, **(values_of(project) | {"code": code, "start_on": start}))


def _move(
    session: Session,
    journal: Journal,
    allocation: Allocation,
    project: Project,
    *,
    day: date,
    decision: Decision,
    event: OrgEvent,
) -> Allocation:
    """The plan by a pair of transfer lines, the disbursement by where it counts from now on."""
    fresh = journal.add(
        Allocation(
            investor_id=project.investor_id, **(values_of(allocation) | {"project_id": project.id})
        )
    )
    plan = int(
        session.scalar(
            select(func.coalesce(func.sum(AllocationLine.amount), 0)).where(
                AllocationLine.investor_id == allocation.investor_id,
                AllocationLine.allocation_id == allocation.id,
            )
        )
        or 0
    )
    pair = [
        AllocationLine(
            investor_id=one.investor_id,
            allocation_id=one.id,
            decision=decision,
            kind=LineKind.TRANSFER,
            amount=amount,
            effective_on=day,
            note=event.summary or None,
        )
        for one, amount in (((allocation, -plan), (fresh, plan)) if plan else ())
    ]
    # stored together: a plan may leave only where the disbursement goes with it
    journal.add_all([*pair, *_links(session, journal, allocation, fresh, day=day, event=event)])
    return fresh


def _links(
    session: Session,
    journal: Journal,
    allocation: Allocation,
    fresh: Allocation,
    *,
    day: date,
    event: OrgEvent,
) -> list[CapitalTransfer]:
    """From the day on the disbursement of `allocation`, and what it took over, counts there."""
    inherited = session.scalars(
        select(CapitalTransfer).where(
            CapitalTransfer.to_investor_id == allocation.investor_id,
            CapitalTransfer.to_allocation_id == allocation.id,
            CapitalTransfer.until_on.is_(None),
        )
    ).all()
    sources = [(allocation.investor_id, allocation.id)]
    for earlier in inherited:
        journal.put(earlier, "until_on", day - ONE_DAY)
        sources.append((earlier.investor_id, earlier.allocation_id))
    return [
        CapitalTransfer(
            investor_id=investor_id,
            allocation_id=allocation_id,
            to_investor_id=fresh.investor_id,
            to_allocation_id=fresh.id,
            event_id=event.id,
            effective_on=day,
        )
        for investor_id, allocation_id in sources
    ]


def _hand_obstacles(
    session: Session,
    journal: Journal,
    before: Investor,
    heirs: Sequence[Investor],
    projects: dict[int, Project],
    day: date,
) -> None:
    for row in session.scalars(
        select(Obstacle).where(
            Obstacle.investor_id == before.id, Obstacle.state != ObstacleState.SOLVED
        )
    ).all():
        target = projects.get(row.project_id or 0)
        differs = {"project_id": target.id if target is not None else None}
        takers = [one for one in heirs if target is None or one.id == target.investor_id]
        for heir in takers:
            journal.add(Obstacle(investor_id=heir.id, **(values_of(row) | differs)))
        # the three go together: what is solved has its day and says how
        old_state, solved = ObstacleState(row.state), max(day - ONE_DAY, row.raised_on)
        names = ", ".join(called_on(one, day) for one in takers)
        old_solution, solution = row.solution, f"Chuyển sang {names}"
        journal.touch(row)
        row.state, row.solved_on, row.solution = ObstacleState.SOLVED, solved, solution
        session.flush()
        key = [row.id]
        journal.changed.append(["Obstacle", key, "state", old_state.value, "solved"])
        journal.changed.append(["Obstacle", key, "solved_on", None, solved.isoformat()])
        journal.changed.append(["Obstacle", key, "solution", old_solution, solution])

"""Rows without an owner that speak of certain units: whom they reach.

A decision and the act of a reorganisation name units in their words. A unit reads those that
moved its own capital or that changed itself; the office reads all.
"""

from typing import Any

from sqlalchemy import BindParameter, or_, select

from models.base import reached_by
from models.capital.allocation import AllocationLine
from models.catalogue import CapitalTransfer, Decision, FormerName, OrgEvent, Succession


def events_of_units(ids: BindParameter[Any]) -> Any:
    """Condition on OrgEvent: an act that renamed one of these units, put another one in its place,
    or moved its capital.
    """
    return or_(
        OrgEvent.id.in_(select(FormerName.event_id).where(FormerName.investor_id.in_(ids))),
        OrgEvent.id.in_(
            select(Succession.event_id).where(
                or_(Succession.investor_id.in_(ids), Succession.successor_id.in_(ids))
            )
        ),
        OrgEvent.id.in_(
            select(CapitalTransfer.event_id).where(
                or_(CapitalTransfer.investor_id.in_(ids), CapitalTransfer.to_investor_id.in_(ids))
            )
        ),
    )


def decisions_of_units(ids: BindParameter[Any]) -> Any:
    """Condition on Decision: one by which these units got capital, or that ordered such an act."""
    # DISTINCT: a cluster reads them first, also where this stands in the ON of a join
    own = select(AllocationLine.decision_id).where(AllocationLine.investor_id.in_(ids)).distinct()
    return or_(
        Decision.id.in_(own),
        Decision.id.in_(select(OrgEvent.decision_id).where(events_of_units(ids))),
    )


reached_by(OrgEvent, events_of_units)
reached_by(Decision, decisions_of_units)

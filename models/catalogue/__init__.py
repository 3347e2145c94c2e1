"""What figures hang on: the programme tree, units, projects, decisions."""

from models.catalogue.component import Component
from models.catalogue.decision import (
    Decision,
    bare_issuer,
    bare_number,
    decision_number,
    has_number,
    used_twice,
)
from models.catalogue.investor import Investor, InvestorKind
from models.catalogue.organisation import (
    CapitalTransfer,
    FormerName,
    OrgEvent,
    OrgEventKind,
    ProjectSuccession,
    Succession,
    called_on,
    names_on,
    was_called,
)
from models.catalogue.project import Project, ProjectStatus
from models.catalogue.rules import parts_of, same_days

__all__ = [
    "CapitalTransfer",
    "Component",
    "Decision",
    "FormerName",
    "Investor",
    "InvestorKind",
    "OrgEvent",
    "OrgEventKind",
    "Project",
    "ProjectStatus",
    "ProjectSuccession",
    "Succession",
    "bare_issuer",
    "bare_number",
    "called_on",
    "decision_number",
    "has_number",
    "names_on",
    "parts_of",
    "same_days",
    "used_twice",
    "was_called",
]

"""The tables, and the list of what other layers may import from here at once."""

from models.allocation import (
    BUDGET_SOURCES,
    CENTRAL_SOURCES,
    LOCAL_SOURCES,
    Allocation,
    AllocationLine,
    LineKind,
    Nature,
    Source,
)
from models.audit import SYSTEM, Actor, AuditEntry, act_as
from models.base import Base, db
from models.component import Component
from models.decision import Decision
from models.errors import NotFound, RuleBroken, Stale
from models.form_key import FormKey
from models.holiday import DayKind, Holiday
from models.investor import Investor, InvestorKind
from models.period import ExpectedReport, Period, PeriodKind, PeriodStatus
from models.progress import Disbursement, Explanation, ProgressEntry
from models.project import Project, ProjectStatus
from models.scope import DISTRICT, NOBODY, Scope, ScopedSession, ScopeViolation
from models.setting import Setting
from models.submission import (
    COUNTED,
    EDITABLE,
    EventKind,
    Submission,
    SubmissionEvent,
    SubmissionStatus,
)
from models.user import LoginAttempt, Role, SignIn, User, user_investor

__all__ = [
    "BUDGET_SOURCES",
    "CENTRAL_SOURCES",
    "COUNTED",
    "DISTRICT",
    "EDITABLE",
    "LOCAL_SOURCES",
    "NOBODY",
    "SYSTEM",
    "Actor",
    "Allocation",
    "AllocationLine",
    "AuditEntry",
    "Base",
    "Component",
    "DayKind",
    "Decision",
    "Disbursement",
    "EventKind",
    "ExpectedReport",
    "Explanation",
    "FormKey",
    "Holiday",
    "Investor",
    "InvestorKind",
    "LineKind",
    "LoginAttempt",
    "Nature",
    "NotFound",
    "Period",
    "PeriodKind",
    "PeriodStatus",
    "ProgressEntry",
    "Project",
    "ProjectStatus",
    "Role",
    "RuleBroken",
    "Scope",
    "ScopeViolation",
    "ScopedSession",
    "Setting",
    "SignIn",
    "Source",
    "Stale",
    "Submission",
    "SubmissionEvent",
    "SubmissionStatus",
    "User",
    "act_as",
    "db",
    "user_investor",
]

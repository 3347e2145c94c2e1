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
from models.capital_term import CapitalTerm
from models.component import Component
from models.decision import Decision
from models.errors import NotFound, RuleBroken, Stale
from models.form_key import FormKey
from models.holiday import DayKind, Holiday
from models.investor import Investor, InvestorKind
from models.letter import LetterHead, LetterTemplate
from models.obstacle import Cause, Obstacle, ObstacleState, Solver
from models.organisation import (
    CapitalTransfer,
    FormerName,
    OrgEvent,
    OrgEventKind,
    ProjectSuccession,
    Succession,
)
from models.period import ExpectedReport, Period, PeriodKind, PeriodStatus
from models.progress import Disbursement, Explanation, ProgressEntry
from models.project import Project, ProjectStatus
from models.remark import Remark
from models.reminder import Channel, Delivery, Digest, Reminder
from models.reopening import Reopening
from models.rule_setting import RuleSetting
from models.scope import DISTRICT, NOBODY, Scope, ScopedSession, ScopeViolation
from models.setting import Setting
from models.submission import (
    COUNTED,
    EDITABLE,
    EventKind,
    ReceiptWay,
    Submission,
    SubmissionEvent,
    SubmissionStatus,
)
from models.user import LoginAttempt, Role, SignIn, User, user_investor
from models.version import ReportVersion, VersionPaper, VersionPart

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
    "CapitalTerm",
    "CapitalTransfer",
    "Cause",
    "Channel",
    "Component",
    "DayKind",
    "Decision",
    "Delivery",
    "Digest",
    "Disbursement",
    "EventKind",
    "ExpectedReport",
    "Explanation",
    "FormKey",
    "FormerName",
    "Holiday",
    "Investor",
    "InvestorKind",
    "LetterHead",
    "LetterTemplate",
    "LineKind",
    "LoginAttempt",
    "Nature",
    "NotFound",
    "Obstacle",
    "ObstacleState",
    "OrgEvent",
    "OrgEventKind",
    "Period",
    "PeriodKind",
    "PeriodStatus",
    "ProgressEntry",
    "Project",
    "ProjectStatus",
    "ProjectSuccession",
    "ReceiptWay",
    "Remark",
    "Reminder",
    "Reopening",
    "ReportVersion",
    "Role",
    "RuleBroken",
    "RuleSetting",
    "Scope",
    "ScopeViolation",
    "ScopedSession",
    "Setting",
    "SignIn",
    "Solver",
    "Source",
    "Stale",
    "Submission",
    "SubmissionEvent",
    "SubmissionStatus",
    "Succession",
    "User",
    "VersionPaper",
    "VersionPart",
    "act_as",
    "db",
    "user_investor",
]

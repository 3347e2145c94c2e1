"""What units return: submissions, progress, disbursement, remarks, obstacles, versions."""

import models.returns.progress_rules  # noqa: F401  its rules hang on the models
from models.returns.obstacle import Cause, Obstacle, ObstacleState, Solver
from models.returns.obstacle_rules import age_in_days
from models.returns.progress import Disbursement, Explanation, ProgressEntry
from models.returns.register import register_obstacles
from models.returns.remark import Remark
from models.returns.submission import (
    COUNTED,
    EDITABLE,
    EventKind,
    ReceiptWay,
    Submission,
    SubmissionEvent,
    SubmissionStatus,
)
from models.returns.version import ReportVersion, VersionPaper, VersionPart

__all__ = [
    "COUNTED",
    "EDITABLE",
    "Cause",
    "Disbursement",
    "EventKind",
    "Explanation",
    "Obstacle",
    "ObstacleState",
    "ProgressEntry",
    "ReceiptWay",
    "Remark",
    "ReportVersion",
    "Solver",
    "Submission",
    "SubmissionEvent",
    "SubmissionStatus",
    "VersionPaper",
    "VersionPart",
    "age_in_days",
    "register_obstacles",
]

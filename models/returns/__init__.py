"""What units return: submissions, progress, disbursement, remarks, obstacles, versions."""

import models.returns.progress_rules  # noqa: F401  its rules hang on the models
from models.returns.counted import CountedDisbursement
from models.returns.hold import (
    hold_capital,
    hold_for_writing,
    hold_period,
    hold_periods,
    hold_report,
    hold_reports,
    hold_rows,
    hold_submission,
    hold_submissions,
    hold_units,
    one_at_a_time,
)
from models.returns.kept_sums import WHOLE, OfficeSum, UnitSum
from models.returns.obstacle import Cause, Obstacle, ObstacleState, Solver
from models.returns.progress import (
    AMOUNTS,
    ENTERED,
    FIGURES,
    IN_NET,
    MONEY,
    TEXTS,
    Disbursement,
    Explanation,
    ProgressEntry,
)
from models.returns.register import register_obstacles, take_back_untold
from models.returns.remark import Remark
from models.returns.sent import Outcome, Sending, SentDisbursement, SentEntry, is_sent_again
from models.returns.submission import (
    COUNTED,
    EDITABLE,
    EventKind,
    ReceiptWay,
    Submission,
    SubmissionEvent,
    SubmissionStatus,
    of_report,
    submission_of,
)
from models.returns.treasury import TreasuryLine, TreasuryStatement, check_confirmed_day
from models.returns.version import ReportVersion, VersionPaper, VersionPart

__all__ = [
    "AMOUNTS",
    "COUNTED",
    "EDITABLE",
    "ENTERED",
    "FIGURES",
    "IN_NET",
    "MONEY",
    "TEXTS",
    "WHOLE",
    "Cause",
    "CountedDisbursement",
    "Disbursement",
    "EventKind",
    "Explanation",
    "Obstacle",
    "ObstacleState",
    "OfficeSum",
    "Outcome",
    "ProgressEntry",
    "ReceiptWay",
    "Remark",
    "ReportVersion",
    "Sending",
    "SentDisbursement",
    "SentEntry",
    "Solver",
    "Submission",
    "SubmissionEvent",
    "SubmissionStatus",
    "TreasuryLine",
    "TreasuryStatement",
    "UnitSum",
    "VersionPaper",
    "VersionPart",
    "check_confirmed_day",
    "hold_capital",
    "hold_for_writing",
    "hold_period",
    "hold_periods",
    "hold_report",
    "hold_reports",
    "hold_rows",
    "hold_submission",
    "hold_submissions",
    "hold_units",
    "is_sent_again",
    "of_report",
    "one_at_a_time",
    "register_obstacles",
    "submission_of",
    "take_back_untold",
]

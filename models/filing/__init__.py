"""A unit fills in and sends its report: sheet, saving, sending, threads."""

from models.filing.entries import check_open, closed_among, find_entry, hold_open, new_entry
from models.filing.inputs import OF_CAPITAL, AmountsInput, DisbursementInput, ProjectInput
from models.filing.keeping import (
    NARRATIVE,
    SAID,
    kept_of,
    last_event,
    open_for_correction,
    restand,
)
from models.filing.money_before import earlier_amounts
from models.filing.quarter import months_missing, months_of, save_narrative
from models.filing.receipts import check_past, register_receipt, withdraw_receipt
from models.filing.rows import AllocationRow, ProjectRow
from models.filing.rule_use import RuleSetting, rule_uses
from models.filing.saving import check_takes_figures, save_amounts, save_report
from models.filing.sending import accept_report, return_report, send_report
from models.filing.sheet import Sheet, read_sheet, read_sheets
from models.filing.telling import DraftTold, save_drafts
from models.filing.threads import (
    OpenPoint,
    add_remarks,
    open_points,
    reply,
    resolve_thread,
    threads_of,
)
from models.filing.told import Told, overlaid
from models.filing.writable import is_correction, why_closed

__all__ = [
    "NARRATIVE",
    "OF_CAPITAL",
    "SAID",
    "AllocationRow",
    "AmountsInput",
    "DisbursementInput",
    "DraftTold",
    "OpenPoint",
    "ProjectInput",
    "ProjectRow",
    "RuleSetting",
    "Sheet",
    "Told",
    "accept_report",
    "add_remarks",
    "check_open",
    "check_past",
    "check_takes_figures",
    "closed_among",
    "earlier_amounts",
    "find_entry",
    "hold_open",
    "is_correction",
    "kept_of",
    "last_event",
    "months_missing",
    "months_of",
    "new_entry",
    "open_for_correction",
    "open_points",
    "overlaid",
    "read_sheet",
    "read_sheets",
    "register_receipt",
    "reply",
    "resolve_thread",
    "restand",
    "return_report",
    "rule_uses",
    "save_amounts",
    "save_drafts",
    "save_narrative",
    "save_report",
    "send_report",
    "threads_of",
    "why_closed",
    "withdraw_receipt",
]

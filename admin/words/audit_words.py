"""The trail in the words of the screens: what was changed, what happened, and a title for it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_babel import pgettext as _p

from models import AuditEntry

TABLES: dict[str, Any] = {
    "component": _l("Component"),
    "investor": _l("Investor"),
    "project": _l("Project"),
    "decision": _l("Decision"),
    "allocation": _l("Allocation"),
    "allocation_line": _l("Line of the ledger"),
    "period": _l("Reporting period"),
    "expected_report": _l("Expected report"),
    "submission": _l("Report of a unit"),
    "submission_event": _l("Step of a report"),
    "progress_entry": _l("Progress of a project"),
    "disbursement": _l("Disbursement"),
    "expected_change": _l("Changes of who must report"),
    "sending": _l("Sending"),
    "sent_entry": _l("Progress as it was sent"),
    "sent_disbursement": _l("Disbursement as it was sent"),
    "explanation": _l("Explanation"),
    "remark": _l("Remark"),
    "reopening": _l("Reopening for a unit"),
    "obstacle": _l("Obstacle"),
    "user_account": _l("User"),
    "holiday": _l("Day off"),
    "holiday_year": _l("Days off of a year"),
    "setting": _l("Setting"),
    "rule_setting": _l("Use of a check"),
    "capital_term": _l("Term of capital"),
    "letter_head": _l("Letter head"),
    "letter_template": _l("Letter template"),
    "column_set": _l("Column set"),
    "reminder": _l("Reminder"),
    "digest": _l("Digest for the office"),
    "org_event": _l("Reorganisation"),
    "former_name": _l("Former name"),
    "succession": _l("Succession of a unit"),
    "project_succession": _l("Succession of a project"),
    "capital_transfer": _l("Transfer of capital"),
    "report_version": _l("Frozen report"),
    "version_part": _l("Part of a frozen report"),
    "version_paper": _l("Signed paper of a frozen report"),
    "treasury_statement": _l("Statement of the Treasury"),
    "treasury_line": _l("Line of a statement of the Treasury"),
    "import_run": _l("Import"),
    "import_file": _l("File of an import"),
    "import_map": _l("Remembered sheet"),
    "audit_entry": _l("Audit trail"),
    "sign_in": _l("Sign-in"),
    "code_maker": _l("Telephone for codes"),
    "recovery_code": _l("Recovery code"),
    "passkey": _l("Passkey"),
    "login_attempt": _l("Attempt to sign in"),
    "form_key": _l("Key of a form"),
    "database": _l("Database"),
    "counted_disbursement": _l("Sum of what counts"),
    "unit_sum": _l("Sum of a unit made ahead"),
    "office_sum": _l("Sum of the office made ahead"),
}
ACTIONS: dict[str, Any] = {
    "insert": _lp("audit", "Added"),
    "update": _lp("audit", "Changed"),
    "delete": _lp("audit", "Deleted"),
    "sign-in": _lp("audit", "Signed in"),
    "sign-out": _lp("audit", "Signed out"),
    "refused": _lp("audit", "Sign-in refused"),
    "reopen": _lp("audit", "Reopened"),
    "restore": _lp("audit", "Restored from a backup"),
    "backup": _lp("audit", "Backup made"),
    "anonymise": _lp("audit", "Person anonymised"),
    "distribute": _lp("audit", "Tables distributed over servers"),
    "rebuild": _lp("audit", "Sums made anew from the reports"),
    "password-right": _lp("audit", "Gave the password; second step asked for"),
    "second-refused": _lp("audit", "Second step refused"),
    "telephone-on": _lp("audit", "Set up a telephone for codes"),
    "telephone-off": _lp("audit", "Switched the telephone for codes off"),
    "codes-made": _lp("audit", "Made new recovery codes"),
    "code-used": _lp("audit", "Used up a recovery code"),
    "passkey-added": _lp("audit", "Added a passkey"),
    "passkey-deleted": _lp("audit", "Deleted a passkey"),
    "second-reset": _lp("audit", "Reset the second step"),
    "sure": _lp("audit", "Gave the password again"),
    "sign-ins-ended": _lp("audit", "Ended sign-ins"),
}
ALONE = frozenset(
    {
        "password-right",
        "second-refused",
        "sign-in",
        "sign-out",
        "refused",
        "restore",
        "backup",
        "anonymise",
        "distribute",
        "rebuild",
    }
)


def table_label(table: str) -> str:
    """What the rows of a table are called on the screens."""
    return str(TABLES.get(table, table))


def action_label(action: str) -> str:
    """What happened, in a word."""
    return str(ACTIONS.get(action, action))


def person_label(name: str) -> str:
    """Who did it: changes of the machine itself and of commands are said to be so."""
    return str(_p("audit", "The system")) if name == "system" else name


def title(entry: AuditEntry) -> str:
    """An entry in one line: “Changed: Project L01”."""
    what = action_label(entry.action)
    if entry.action not in ALONE:
        what = _("%(action)s: %(what)s", action=what, what=table_label(entry.resource).lower())
    return f"{what} {entry.label}".strip()

"""What a state looks like: its colour, its sign and its word; and steps of reminders in words."""

from flask import Flask
from flask_babel import gettext as _

from admin.words.audit_words import person_label
from admin.words.texts import ngettext
from models.base import _n

# code: colour, icon, word
BADGES: dict[str, tuple[str, str, str]] = {
    "draft": ("neutral", "edit", _n("Draft")),
    "submitted": ("info", "send", _n("Submitted")),
    "returned": ("warn", "undo", _n("Returned")),
    "accepted": ("ok", "check", _n("Accepted")),
    "locked": ("neutral", "lock", _n("Locked")),
    "open": ("ok", "unlock", _n("Open")),
    "closed": ("neutral", "lock", _n("Closed")),
    "reopened": ("warn", "unlock", _n("Reopened")),
    "on_time": ("ok", "check", _n("On time")),
    "late": ("warn", "clock", _n("Late")),
    "missing": ("bad", "cross", _n("Missing")),
    "exempt": ("neutral", "dot", _n("Exempt")),
    "pending": ("info", "clock", _n("Pending")),
    "due": ("info", "clock", _n("Pending")),
    "not_expected": ("neutral", "dot", _n("Not expected")),
    "planned": ("neutral", "dot", _n("Planned")),
    "active": ("ok", "check", _n("Active")),
    "completed": ("info", "check", _n("Completed")),
    "suspended": ("warn", "warn", _n("Suspended")),
    "stale": ("warn", "clock", _n("Old figure")),
    "nil": ("neutral", "dot", _n("Nothing to report")),
    "warn": ("warn", "warn", _n("Warning")),
    "in_hand": ("info", "clock", _n("In hand")),
    "solved": ("ok", "check", _n("Solved")),
    "yes": ("ok", "check", _n("Yes")),
    "no": ("neutral", "dot", _n("No")),
}


def badge_of(code: str) -> tuple[str, str, str]:
    """Colour, icon and word of a state in the language of the reader; an unknown code is its own
    word. Only this one word is looked up: a list has a badge in each row.
    """
    if code not in BADGES:
        return "neutral", "dot", code
    kind, sign, word = BADGES[code]
    return kind, sign, _(word)


def step_label(step: str) -> str:
    """What a unit was reminded by, in words: `T-5 2024-04-09` → “trước hạn 5 ngày”, or a letter."""
    kind = step.split(" ")[0]
    if not kind.startswith("T"):
        known = {"letter": _("Missing reports"), "slow": _("Slow disbursement")}
        return known.get(kind.split("-")[0], "–")
    days = int(kind[1:])
    if not days:
        return _("on the day of the deadline")
    if days < 0:
        return ngettext(
            "%(num)s day before the deadline", "%(num)s days before the deadline", -days
        )
    return ngettext("%(num)s day past the deadline", "%(num)s days past the deadline", days)


def register(app: Flask) -> None:
    """Make these, and who did something, known to templates."""
    app.jinja_env.globals["badge_of"] = badge_of
    app.jinja_env.filters["step_label"] = step_label
    app.jinja_env.filters["person_label"] = person_label

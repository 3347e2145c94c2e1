"""Which fields the page of a unit's sheet can have: nothing else of a posted form is read."""

import re
from collections.abc import Mapping

from models.filing import OF_CAPITAL, Sheet
from models.filing.checks import RULES
from models.returns import FIGURES, TEXTS

EXPLAIN = "explain-"
EXPLANATION = re.compile(r"(?:explain|again)-(V\d{1,3})-((?:allocation|project):\d{1,19}|report)")
SERVICE = frozenset({"csrf_token", "form_key", "version", "action", "investor", "unit"})
_FIELD = re.compile(
    rf"p\d{{1,19}}-(?:{'|'.join((*FIGURES, *TEXTS))})|a\d{{1,19}}-(?:{'|'.join(OF_CAPITAL)})"
)
_REPLY = re.compile(r"reply-[1-9][0-9]{0,18}")
_RULES = frozenset(RULES)


def of_this_page(
    sheet: Sheet, stored: Mapping[str, str], typed: Mapping[str, str]
) -> dict[str, str]:
    """What was typed into the fields that the page of this sheet can have.

    `stored` are its fields with a content. Which explanations the checks ask for is known where
    they are saved; here only those that no check can ask for are left out.
    """
    known = {*stored, *SERVICE, "stated_total", "nil_report"}
    known |= {f"a{row.allocation_id}-awaits_decision" for row in sheet.allocations}
    subjects = sheet.subjects

    def is_asked(name: str) -> bool:
        if name in known or _REPLY.fullmatch(name):
            return True
        found = EXPLANATION.fullmatch(name)
        if found is None:
            return False
        rule, subject = found[1], found[2]
        return (rule in _RULES and subject in subjects) or (rule, subject) in sheet.explanations

    return {name: text for name, text in typed.items() if is_asked(name)}


def left_over(stored: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed beside a project or capital that has left the sheet meanwhile."""
    return {
        name: text.strip()
        for name, text in typed.items()
        if name not in stored and text.strip() and _FIELD.fullmatch(name)
    }

"""Words of annexes and lists: kinds of ledger lines, decisions, states of projects."""

import re

from models.base import RuleBroken, clean_line, decision_number, read_day
from models.capital import LineKind
from models.catalogue import ProjectStatus
from models.sheets.said import DecisionSeen
from models.sheets.words_base import Phrase, spoken

_KINDS: tuple[tuple[LineKind, Phrase], ...] = (
    (LineKind.SUPPLEMENT, Phrase(r"bổ sung")),
    (LineKind.ADJUST, Phrase(r"điều chỉnh|điều chuyển")),
    (LineKind.RECALL, Phrase(r"thu hồi(?! tạm ứng)")),
    (LineKind.CARRY_IN, Phrase(r"kéo dài|chuyển nguồn")),
)
_GIVEN = Phrase(r"\bgiao\b|phân bổ|\bphân khai\b")


def line_kind_of(text: str) -> tuple[LineKind, ...]:
    """The kinds of ledger lines that a title or head can mean: none, one, or several (unclear).

    Words that say more go before giao and phân bổ: “phân bổ bổ sung” is a supplement.
    """
    said = spoken(text)
    found = tuple(kind for kind, phrase in _KINDS if phrase.search(said))
    if not found and _GIVEN.search(said):
        return (LineKind.INITIAL,)
    return found


_STATUSES: dict[ProjectStatus, Phrase] = {
    ProjectStatus.PLANNED: Phrase(
        r"planned|(?:đang )?chuẩn bị(?: đầu tư| thực hiện)?|chưa (?:thực hiện|triển khai|khởi công)"
    ),
    ProjectStatus.ACTIVE: Phrase(r"active|đang (?:thực hiện|triển khai|thi công)"),
    ProjectStatus.COMPLETED: Phrase(r"completed|(?:đã )?(?:hoàn thành|kết thúc)"),
    ProjectStatus.SUSPENDED: Phrase(r"suspended|(?:đã |đang )?tạm (?:dừng|ngừng)(?: thực hiện)?"),
}


def status_of(text: str) -> ProjectStatus | None:
    """The state of a project that a cell names in Vietnamese words or by its code."""
    said = spoken(text).strip(" .")
    return next((one for one, phrase in _STATUSES.items() if phrase.fullmatch(said)), None)


_DECISION = re.compile(
    r"(?P<with>kèm theo )?(?:quyết định|nghị quyết|qđ|nq)\s*(?:số)?\s*:?\s*"
    r"(?P<number>\d{1,6}[a-z]?\s*/\s*(?:\d{4}\s*/\s*)?(?:qđ|nq)\s*-\s*[\w&]+(?:\s*-\s*[\w&]+)?)"
    r"(?:\s*,?\s*(?:ngày\s*)?(?P<day>\d{1,2}\s*(?:tháng|[/.-])\s*\d{1,2}\s*(?:năm|[/.-])\s*\d{4})"
    r"|\s*,?\s*ngày[\s.…_\d/-]*(?:tháng[\s.…_\d]*)?(?:năm[\s.…_\d]*)?)?"
    r"(?:\s*,?\s*của\s+(?P<issuer>[^()\[\];:]+?))?"
    r"(?=\s*(?:$|[()\[\];:,]|\s-\s|\bvề\b|\bv/v\b|\bcăn cứ\b|\bkèm theo\b))",
    re.IGNORECASE,
)


def decisions_of(text: str) -> tuple[DecisionSeen, ...]:
    """All decisions that a title names: number, day and issuer, as far as they are told.

    Where one is said to have the sheet attached (kèm theo), it alone.
    """
    seen: dict[str, DecisionSeen] = {}
    attached: dict[str, DecisionSeen] = {}
    kinds = line_kind_of(text)
    for found in _DECISION.finditer(clean_line(text)):
        number = decision_number(found["number"]).upper()
        try:
            issued_on = read_day(found["day"]) if found["day"] else None
        except RuleBroken:
            issued_on = None
        one = DecisionSeen(
            number=number,
            issued_on=issued_on,
            issuer=clean_line(found["issuer"] or "").rstrip(" .,-"),
            kind=kinds[0].value if len(kinds) == 1 else None,
        )
        (attached if found["with"] else seen).setdefault(number, one)
    return tuple((attached or seen).values())


def decision_of(text: str) -> DecisionSeen | None:
    """The decision that a title names; None where it names none, or several."""
    found = decisions_of(text)
    return found[0] if len(found) == 1 else None

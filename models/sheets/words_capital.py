"""Words of annexes and lists: kinds of ledger lines, decisions, states of projects."""

import re

from models.base import STROKES, RuleBroken, clean_line, read_day
from models.capital import LineKind
from models.catalogue import ProjectStatus, decision_number
from models.sheets.said import DecisionSeen
from models.sheets.words_base import LONGEST, Phrase, heard

_KINDS: tuple[tuple[LineKind, Phrase], ...] = (
    (LineKind.SUPPLEMENT, Phrase(r"bổ sung")),
    (LineKind.ADJUST, Phrase(r"điều chỉnh|điều chuyển")),
    (LineKind.RECALL, Phrase(r"thu hồi(?! tạm ứng)")),
    (LineKind.CARRY_IN, Phrase(r"kéo dài|chuyển nguồn")),
)
_GIVEN = Phrase(r"\bgiao\b(?! thông)|phân bổ|\bphân khai\b")


def line_kind_of(text: str) -> tuple[LineKind, ...]:
    """The kinds of ledger lines that a title or head can mean: none, one, or several (unclear).

    Words that say more go before giao and phân bổ: “phân bổ bổ sung” is a supplement.
    """
    said = heard(text)
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
    said = heard(text).strip(" .")
    return next((one for one, phrase in _STATUSES.items() if phrase.fullmatch(said)), None)


_NUMBER = r"\d{1,6}[a-z]?\s*/\s*(?:\d{4}\s*/\s*)?(?:qđ|nq|qd)\s*-\s*[\w&]+(?:-[\w&]+)?"
_DAY = r"\d{1,2}\s*(?:tháng|thang|[/.-])\s*\d{1,2}\s*(?:năm|nam|[/.-])\s*\d{4}"
_DECISION = re.compile(
    rf"(?P<with>k[èe]m theo\s+)?(?:(?:quy[ếe]t [đd][ịi]nh|ngh[ịi] quy[ếe]t|qđ|nq|s[ốo])\s*:?\s*)*"
    rf"(?<![\w/])(?P<number>{_NUMBER})"
    rf"(?:\s*,?\s*(?:ng[àa]y\s*)?(?P<day>{_DAY})"
    r"|\s*,?\s*ng[àa]y[\s.…_\d/-]*(?:th[áa]ng[\s.…_\d]*)?(?:n[ăa]m[\s.…_\d]*)?)?"
    r"(?:\s*,?\s*c[ủu]a\s+(?P<issuer>[^()\[\];:]+?)(?=\s*(?:$|[()\[\];:,.]|\s-\s|\bv[ềe]\b"
    r"|\bv/v\b|\bcăn cứ\b|\bkèm theo\b|\bvà\b|\bcho phép\b|\bphân bổ\b|\bgiao\b|\bbổ sung\b"
    r"|\bđiều chỉnh\b|\bthu hồi\b|\bkéo dài\b)))?",
    re.IGNORECASE,
)


def decisions_of(text: str) -> tuple[DecisionSeen, ...]:
    """All decisions that a title names: number, day and issuer, as far as they are told.

    Where one is said to have the sheet attached (kèm theo), it alone.
    """
    seen: dict[str, DecisionSeen] = {}
    attached: dict[str, DecisionSeen] = {}
    kinds = line_kind_of(text)
    for found in _DECISION.finditer(clean_line(text[:LONGEST]).translate(STROKES)):
        number = _as_written(found["number"])
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


def _as_written(number: str) -> str:
    """A number of a decision as documents write it: `1205/qd-ubnd` → `1205/QĐ-UBND`."""
    number = decision_number(number)
    if number == number.lower():
        number = number.upper()
    return number.replace("/QD-", "/QĐ-").replace("-HDND", "-HĐND")

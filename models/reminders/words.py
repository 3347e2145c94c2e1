"""Words of reminders: Vietnamese, because they are letters to units and not parts of a screen.

No figure stands in them: mail travels over servers of others.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from html import escape

from models.base import local, local_day
from models.calendar import WEEKDAYS, PeriodCode, is_in_time

DEMO = "Số liệu minh họa."
ROMAN = ("", "I", "II", "III", "IV")
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """Who asks: names of the settings, and the address of this site (empty: no link)."""

    name: str
    contact: str = ""
    is_demo: bool = False
    public_url: str = ""

    @property
    def signature(self) -> str:
        return f"{self.name} ({self.contact})" if self.contact else self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What one reminder is about; `was_returned`: sent once, given back, not sent again."""

    investor_id: int
    unit: str
    period_code: str
    deadline_at: datetime
    deadline_reason: str
    was_returned: bool = False


def is_address(text: str) -> bool:
    """Whether a mail can be addressed to this (small letters, ASCII)."""
    return len(text) <= 200 and _ADDRESS.fullmatch(text) is not None


def addresses(*typed: str | None) -> tuple[str, ...]:
    """The addresses in some fields, each once; capitals do not make another address."""
    parts = (part for text in typed if text for part in re.split(r"[,;\s]+", text.lower()))
    return tuple(dict.fromkeys(part for part in parts if part))


def written_day(moment: datetime) -> str:
    """`09/4/2024`: days have two digits, of the months only 01 and 02 (domain §7.1)."""
    day = local_day(moment)
    return f"{day:%d}/{day.month if day.month > 2 else f'{day:%m}'}/{day:%Y}"


def written_moment(moment: datetime) -> str:
    """`09:00 ngày 16/4/2024` on a clock in Vietnam."""
    return f"{local(moment):%H:%M} ngày {written_day(moment)}"


def written_deadline(moment: datetime) -> str:
    """`23:59 ngày 09/4/2024 (thứ Ba)`."""
    return f"{written_moment(moment)} ({WEEKDAYS[local(moment).weekday()]})"


def written_period(code: str) -> str:
    """`tháng 3/2024`, `quý I/2024`, `chỉnh lý năm 2024`, as it stands inside a sentence."""
    known = PeriodCode.parse(code)
    if known.kind == "quarter":
        return f"quý {ROMAN[known.number]}/{known.budget_year}"
    if known.kind == "closing":
        return f"chỉnh lý năm {known.budget_year}"
    return f"tháng {known.number}/{known.budget_year}"


def standing(case: Case, as_of: datetime) -> str:
    """How the unit stands, as a clause. A returned report is not late because of its return."""
    if case.was_returned:
        return "báo cáo bị trả lại, chưa nộp lại"
    days = (local_day(as_of) - local_day(case.deadline_at)).days
    if not is_in_time(as_of, case.deadline_at):
        return f"đã quá hạn {max(days, 1)} ngày"
    return f"còn {-days} ngày" if days else "hôm nay là hạn nộp"


def subject(case: Case, as_of: datetime) -> str:
    """The subject of a mail; holds nothing that was typed."""
    head = f"[Nhắc báo cáo] Kỳ {written_period(case.period_code)} –"
    if case.was_returned:
        return f"{head} báo cáo bị trả lại, đề nghị nộp lại"
    is_late = not is_in_time(as_of, case.deadline_at)
    return f"{head} {'đã quá ' * is_late}hạn nộp {written_deadline(case.deadline_at)}"


def body(case: Case, office: Office, as_of: datetime) -> list[str]:
    """The paragraphs of a reminder for one unit, of a mail and of a chat alike."""
    period = written_period(case.period_code)
    if case.was_returned:
        state = (
            f"Báo cáo tiến độ thực hiện, giải ngân kỳ {period} của đơn vị đã bị trả lại để "
            "chỉnh sửa và chưa được nộp lại."
        )
    else:
        state = (
            f"Đến {written_moment(as_of)}, đơn vị chưa gửi báo cáo tiến độ thực hiện, giải ngân "
            f"kỳ {period} ({standing(case, as_of)})."
        )
    reason = case.deadline_reason.strip(". ")
    lines = [
        f"Kính gửi: {case.unit}",
        state,
        f"Hạn nộp: {written_deadline(case.deadline_at)}. Căn cứ: {reason}.",
        "Đề nghị đơn vị khẩn trương hoàn thiện và gửi báo cáo.",
    ]
    if office.public_url:
        lines.append(f"Nộp báo cáo tại: {report_address(case, office)}")
    lines.append(f"Mọi vướng mắc xin liên hệ {office.signature}.")
    return [DEMO, *lines] if office.is_demo else lines


def report_address(case: Case, office: Office) -> str:
    """The page of the very report that is asked for: who works for several units has several."""
    page = f"{office.public_url.rstrip('/')}/admin/my-report/{case.period_code}"
    return f"{page}?investor={case.investor_id}"


def group_text(cases: Sequence[Case], office: Office, as_of: datetime) -> str:
    """One message for the chat of all units: who has not sent; at least one case of one period."""
    first = cases[0]
    usual = min(case.deadline_at for case in cases)
    lines = [
        "Kính gửi các đơn vị,",
        f"Đến {written_moment(as_of)}, các đơn vị sau chưa gửi hoặc chưa nộp lại báo cáo kỳ "
        f"{written_period(first.period_code)} (hạn nộp {written_deadline(usual)}):",
    ]
    for number, case in enumerate(cases, 1):
        own = f", hạn riêng {written_deadline(case.deadline_at)}" * (case.deadline_at != usual)
        lines.append(f"{number}. {case.unit}: {standing(case, as_of)}{own}")
    lines.append("Đề nghị các đơn vị khẩn trương hoàn thiện và gửi báo cáo.")
    lines.append(f"{office.signature}.")
    return "\n".join([DEMO, *lines] if office.is_demo else lines)


def reminder_mail(case: Case, office: Office, recipient: str, as_of: datetime) -> EmailMessage:
    """The mail to one address. Raises ValueError for a text that is no address."""
    lines = [
        *body(case, office, as_of),
        "Thư này được gửi tự động. Nếu đơn vị vừa gửi báo cáo, xin bỏ qua thư này.",
    ]
    parts = [f"<p>{escape(line)}</p>" for line in lines]
    if office.public_url:
        link = escape(report_address(case, office))
        parts = [part.replace(link, f'<a href="{link}">{link}</a>') for part in parts]
    return _mail(recipient, subject(case, as_of), "\n\n".join(lines), "\n".join(parts))


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestLine:
    """One unit in the mail to officers; `reminded` says what was sent today, may be empty."""

    case: Case
    reminded: str = ""


def digest_mail(
    lines: Sequence[DigestLine], office: Office, recipient: str, as_of: datetime
) -> EmailMessage:
    """The daily mail to an officer, a table of units per period; `lines` ordered by period."""
    day = written_day(as_of)
    text, html = [], []
    if office.is_demo:
        text.append(DEMO)
        html.append(f"<p>{DEMO}</p>")
    for code in dict.fromkeys(line.case.period_code for line in lines):
        of_period = [line for line in lines if line.case.period_code == code]
        title = f"Kỳ {written_period(code)}: {len(of_period)} đơn vị"
        rows = [
            (
                str(number),
                line.case.unit,
                written_deadline(line.case.deadline_at),
                standing(line.case, as_of),
                line.reminded or "–",
            )
            for number, line in enumerate(of_period, 1)
        ]
        text.append("\n".join([title, *("{}. {}; {}; {}; {}".format(*row) for row in rows)]))
        html.append(_table(title, ("STT", "Đơn vị", "Hạn nộp", "Tình trạng", "Đã nhắc"), rows))
    if office.public_url:
        link = f"{office.public_url.rstrip('/')}/admin/reminders/"
        text.append(f"Xem và nhắc qua tin nhắn tại: {link}")
        html.append(f'<p>Xem và nhắc qua tin nhắn tại: <a href="{escape(link)}">{link}</a></p>')
    title = f"[Đôn đốc báo cáo] Tình hình ngày {day}"
    return _mail(recipient, title, "\n\n".join(text), "\n".join(html))


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    lines = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    table = f'<table border="1" cellpadding="4">\n<tr>{head}</tr>\n{lines}\n</table>'
    return f"<h3>{escape(title)}</h3>\n{table}"


def _mail(recipient: str, title: str, text: str, html: str) -> EmailMessage:
    if not is_address(recipient):
        raise ValueError("no address of a mail")
    message = EmailMessage()
    message["To"] = recipient
    message["Subject"] = title
    message["Auto-Submitted"] = "auto-generated"
    # 7-bit on the way, because old servers cut the eighth bit off the letters of Vietnamese
    message.set_content(f"{text}\n", cte="quoted-printable")
    page = f'<!doctype html>\n<html lang="vi"><body>\n{html}\n</body></html>\n'
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    return message

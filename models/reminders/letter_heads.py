"""What official letters print (domain §7.2, §7.3): heads with their days, and the Word template."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary, String, Text, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import (
    Base,
    Checked,
    RuleBroken,
    Surrogate,
    UtcDateTime,
    Versioned,
    _n,
    check_days,
    choice,
    sha256_of,
    shown,
    unaltered,
)
from models.calendar import Period
from models.reminders.tables import Channel, Reminder, note_told


class LetterHead(Surrogate, Checked, Versioned, Base):
    """Issuer, symbol, signer and recipients in force from `valid_from` to `valid_to`.

    The office in charge and its signer change with every reorganisation (domain §6.2), so a
    letter prints the head of its own day.
    """

    __tablename__ = "letter_head"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_order"),
        CheckConstraint("length(trim(issuer)) > 0", name="issuer_given"),
    )

    valid_from: Mapped[date] = mapped_column(info=shown(_n("Valid from")))
    valid_to: Mapped[date | None] = mapped_column(
        info=shown(_n("Valid to"), _n("The last day of this head; empty while it is in force."))
    )
    superior: Mapped[str | None] = mapped_column(
        String(200),
        info=shown(
            _n("Superior authority"),
            _n("Printed above the issuer; empty where the committee itself issues."),
        ),
    )
    issuer: Mapped[str] = mapped_column(
        Text, info=shown(_n("Issuer"), _n("In capitals, line by line as on the letter."), most=400)
    )
    issuer_short: Mapped[str] = mapped_column(
        String(120), info=shown(_n("Issuer in the text"), _n("Such as “UBND huyện”."))
    )
    symbol: Mapped[str] = mapped_column(
        String(60), info=shown(_n("Symbol"), _n("What follows the number, such as UBND-VP."))
    )
    place: Mapped[str] = mapped_column(String(120), info=shown(_n("Place")))
    authority: Mapped[str | None] = mapped_column(
        String(120),
        info=shown(
            _n("Authority to sign"),
            _n("Such as “KT. CHỦ TỊCH”; empty where the head of the office signs."),
        ),
    )
    position: Mapped[str] = mapped_column(String(120), info=shown(_n("Position of the signer")))
    signer: Mapped[str] = mapped_column(
        String(120), info=shown(_n("Signer"), _n("The name alone, without a title."))
    )
    via_office: Mapped[str] = mapped_column(
        String(200), info=shown(_n("Reports go through"), _n("The office in charge."))
    )
    legal_basis: Mapped[str] = mapped_column(
        Text,
        info=shown(
            _n("Letter that is carried out"),
            _n("Number, day and subject of the letter that asks for the reports."),
            lines=4,
        ),
    )
    recipients: Mapped[str] = mapped_column(
        Text,
        info=shown(
            _n("Recipients"), _n("One on each line; dashes and punctuation are added."), lines=5
        ),
    )

    def check(self) -> None:
        check_days(self.valid_from, self.valid_to, field="valid_to")

    def __str__(self) -> str:
        return f"{self.issuer_short} ({self.valid_from:%d/%m/%Y})"


class TemplateKind(StrEnum):
    """Which paper a Word template is for."""

    REMINDER = "reminder"
    SLOW = "slow"
    NARRATIVE = "narrative"
    UNIT_REPORT = "unit_report"


def _name_of_content(context: Any) -> str:
    return sha256_of(context.get_current_parameters()["content"])


class LetterTemplate(Surrogate, Base):
    """A Word template that the office edited; of each kind the newest one is used, earlier ones
    are kept.
    """

    __tablename__ = "letter_template"

    kind: Mapped[TemplateKind] = mapped_column(
        choice(TemplateKind, "kind_known"), default=TemplateKind.REMINDER
    )
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64), default=_name_of_content)
    file_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_name: Mapped[str] = mapped_column(String(200))

    @property
    def file(self) -> bytes:
        """The bytes as they were taken in. Raises RuleBroken where they are not any more."""
        return unaltered(self.content, self.sha256)


def head_on(session: Session, day: date) -> LetterHead:
    """The head in force on that day. Raises RuleBroken, saying where one is added."""
    head = session.scalar(
        select(LetterHead)
        .where(
            LetterHead.valid_from <= day,
            or_(LetterHead.valid_to.is_(None), LetterHead.valid_to >= day),
        )
        .order_by(LetterHead.valid_from.desc(), LetterHead.id.desc())
        .limit(1)
    )
    if head is None:
        raise RuleBroken(
            _n("No letter head is in force on %(day)s. Add one under “Letter heads” first."),
            day=day,
        )
    return head


def ensure_default_head(session: Session) -> None:
    """Add the head of the letter that ordered the monthly reports, if there is no head at all.

    The number of that letter was left to the clerk, so it stays open here, too.
    """
    if session.scalar(select(LetterHead.id).limit(1)) is not None:
        return
    session.add(
        LetterHead(
            valid_from=date(2024, 1, 1),
            issuer="ỦY BAN NHÂN DÂN\nHUYỆN HỮU LŨNG",
            issuer_short="UBND huyện",
            symbol="UBND-LĐTBXHDT",
            place="Hữu Lũng",
            authority="KT. CHỦ TỊCH",
            position="PHÓ CHỦ TỊCH",
            signer="Trần Quốc Phong",
            via_office="Phòng Lao động, Thương binh, Xã hội - Dân tộc",
            legal_basis=(
                "Công văn số …/UBND-LĐTBXHDT ngày … tháng 3 năm 2024 của UBND huyện về việc "
                "đẩy nhanh tiến độ thực hiện các dự án, tiểu dự án và giải ngân nguồn vốn thuộc "
                "Chương trình MTQG giảm nghèo bền vững năm 2024"
            ),
            recipients=(
                "Như trên\nCT, các PCT UBND huyện\nC, PVP HĐND&UBND huyện\nLưu: VT, LĐTBXHDT"
            ),
        )
    )
    session.flush()


def current_template(
    session: Session, kind: TemplateKind = TemplateKind.REMINDER
) -> LetterTemplate | None:
    """The edited template in use for this kind of paper; None where it is the built-in one.

    A row without content stands for the return to the built-in template, so that the list of
    templates says when that was.
    """
    newest = session.scalar(
        select(LetterTemplate)
        .where(LetterTemplate.kind == kind)
        .order_by(LetterTemplate.id.desc())
        .limit(1)
    )
    return newest if newest is not None and newest.content else None


def note_letter(
    session: Session,
    period: Period,
    units: Iterable[tuple[int, str]],
    *,
    at: datetime,
    actor_name: str,
    step: str = "letter",
) -> list[Reminder]:
    """Record that a letter names these units, (id, short name) each; the caller commits."""
    named = [(investor_id, period.id, name) for investor_id, name in units]
    return note_told(session, Channel.LETTER, named, step=step, at=at, actor_name=actor_name)

"""Decisions (quyết định): the legal basis of every allocated đồng (domain §2.2)."""

import re
from collections.abc import Iterable
from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    String,
    Subquery,
    Text,
    UniqueConstraint,
    extract,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from models.base import (
    STROKES,
    Base,
    Searchable,
    Surrogate,
    Versioned,
    _n,
    clean_line,
    fold,
    shown,
)


def decision_number(text: str) -> str:
    """The number of a decision as it is stored: plain strokes and dashes, no spaces around them.

    `6068 / QĐ – UBND` → `6068/QĐ-UBND`: one decision, however it was typed. Idempotent.
    """
    return re.sub(r"\s*([/-])\s*", r"\1", clean_line(text).translate(STROKES))


def bare_number(text: str) -> str:
    """What all spellings of one number of a decision share: `1205 / qd – ubnd` → `1205/qd-ubnd`.

    Neither capitals, marks, spaces nor the kind of dash tell two spellings apart.
    """
    return fold(decision_number(text)).replace(" ", "")


# Of an authority, folded and without spaces: what is written short and what is no part of its name.
# `nd` ends both short forms, so that `UBND H. Hữu Lũng` is that of the huyện.
_AUTHORITIES = (
    ("uybannhandan", "ubnd"), ("hoidongnhandan", "hdnd"),
    ("ndh.", "ndhuyen"), ("ndt.", "ndtinh"), ("ndtp.", "ndthanhpho"), ("ndx.", "ndxa"),
    ("ndtt.", "ndthitran"), ("ndtx.", "ndthixa"), ("ndp.", "ndphuong"), ("ndq.", "ndquan"),
    (".", ""), (",", ""),
)  # fmt: skip


def bare_issuer(text: str) -> str:
    """What all spellings of one authority share: `Ủy ban nhân dân H. Hữu Lũng` →
    `ubndhuyenhuulung`.
    """
    bare: str = fold(text).replace(" ", "")
    for long, short in _AUTHORITIES:
        bare = bare.replace(long, short)
    return bare


class Decision(Surrogate, Searchable, Versioned, Base):
    """Number and dates are kept as people typed them; a slip is corrected with a trace.

    `crosses_level`: it moves capital from or to another level, so its lines need not balance.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("number", "issued_on", "issuer"),
        CheckConstraint("length(trim(number)) > 0", name="number_given"),
    )
    search_fields = ("number", "issuer", "summary")

    in_files = (("number", ""),)
    in_order = ("issued_on", "number")

    number: Mapped[str] = mapped_column(
        String(60), info=shown(_n("Number"), _n("As printed, such as 123/QĐ-UBND."))
    )
    issued_on: Mapped[date] = mapped_column(info=shown(_n("Issued on")))
    issuer: Mapped[str] = mapped_column(String(200), info=shown(_n("Issued by")))
    summary: Mapped[str | None] = mapped_column(Text, info=shown(_n("Summary"), lines=3))
    effective_on: Mapped[date] = mapped_column(
        info=shown(
            _n("Effective on"),
            _n("Capital under this decision counts from this day unless a line says else."),
        )
    )
    crosses_level: Mapped[bool] = mapped_column(
        default=False,
        info=shown(
            _n("From or to another level"),
            _n("Its adjustments need not balance among the units here."),
        ),
    )

    @validates("number")
    def _one_spelling(self, _key: str, number: str) -> str:
        """At every door: spaces make no second decision."""
        return decision_number(number) if isinstance(number, str) else number

    def __str__(self) -> str:
        return f"{self.number} ({self.issued_on:%d/%m/%Y})"


def has_number(number: str) -> ColumnElement[bool]:
    """Whether a decision bears this number, however either is spelt (`bare_number`)."""
    return _bare_number() == bare_number(number)


def used_twice() -> Subquery:
    """The ids of decisions whose number several of one issuer and year bear, in whatever spelling
    of either.
    """
    alike = _bare_number(), _bare_issuer(), extract("year", Decision.issued_on)
    counted = select(Decision.id, func.count().over(partition_by=alike).label("many")).subquery()
    return select(counted.c.id).where(counted.c.many > 1).subquery("twice")


# What a decision is searched by begins with its number and its issuer, folded.


def _bare_number() -> ColumnElement[str]:
    """`bare_number`, for the database; some were stored before a number had one spelling."""
    text = func.substr(Decision.search_text, 1, func.length(Decision.number))
    return _replaced(text, (*((chr(code), plain) for code, plain in STROKES.items()), (" ", "")))


def _bare_issuer() -> ColumnElement[str]:
    """`bare_issuer`, for the database."""
    begin = func.length(Decision.number) + 2
    text = func.substr(Decision.search_text, begin, func.length(Decision.issuer))
    return _replaced(text, ((" ", ""), *_AUTHORITIES))


def _replaced(text: ColumnElement[str], pairs: Iterable[tuple[str, str]]) -> ColumnElement[str]:
    """These signs and words stand in the statement itself: as parameters they were most of it."""
    for old, new in pairs:
        text = func.replace(text, literal_column(f"'{old}'"), literal_column(f"'{new}'"))
    return text

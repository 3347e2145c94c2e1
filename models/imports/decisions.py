"""The decision of an annex: one that is known, or a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import _n, stored_day
from models.catalogue import Decision, bare_issuer, decision_number, has_number
from models.exchange.package import text_of
from models.imports.lengths import too_long
from models.imports.notes import Notes
from models.imports.planned import PlannedRow, planned
from models.sheets import At, DecisionSeen, Reading


@dataclass(frozen=True, kw_only=True)
class Meant:
    """The decision under which lines are booked; `stored` None: it is new, and `is_second` where
    another one of its issuer and year bears the number.
    """

    number: str
    issued_on: date
    issuer: str
    summary: str
    at: At
    stored: Decision | None = None
    is_second: bool = False

    @property
    def effective_on(self) -> date:
        """A new one takes effect on the day on which it is issued."""
        return self.stored.effective_on if self.stored is not None else self.issued_on

    def row(self) -> PlannedRow:
        """The line of `decisions.csv`."""
        values = {
            "number": self.number,
            "issued_on": text_of(self.issued_on),
            "issuer": self.issuer,
            "summary": self.summary,
            "effective_on": text_of(self.effective_on),
        }
        return planned("decisions", values, values if self.stored is not None else None, self.at)


def decision_meant(session: Session, reading: Reading, notes: Notes) -> Meant | None:
    """The decision that the title names; None with an error or a question."""
    seen = reading.decision
    if seen is None:
        if not any(one.code == "decision_missing" for one in notes.findings):
            notes.error(
                "decision_missing",
                _n(
                    "The file does not name the decision that it belongs to. Write its number, "
                    "day and issuer above the table, such as “Kèm theo Quyết định số …/QĐ-UBND "
                    "ngày … của …”."
                ),
                notes.whole_sheet,
            )
        return None
    number = decision_number(seen.number)
    known = _known(session, number, seen.issued_on)
    issued_on = _day(seen, known, notes)
    if issued_on is None:
        return None
    alike = [
        one
        for one in known
        if one.issued_on == issued_on
        and (not seen.issuer or bare_issuer(one.issuer) == bare_issuer(seen.issuer))
    ]
    told = alike[0].issuer if len(alike) == 1 else seen.issuer
    issuer = told or _asked_issuer(session, seen, alike, notes)
    if issuer is None:
        return None
    stored = next((one for one in alike if one.issuer == issuer), None)
    if stored is not None:
        return _meant(stored, seen.at)
    for name, text in (("number", number), ("issuer", issuer), ("summary", seen.summary)):
        if (refusal := too_long(Decision, name, text)) is not None:
            notes.refuse("text_too_long", refusal, seen.at)
    return Meant(
        number=number,
        issued_on=issued_on,
        issuer=issuer,
        summary=seen.summary,
        at=seen.at,
        is_second=any(_is_alike(one, issuer, issued_on) for one in known),
    )


def _meant(stored: Decision, at: At) -> Meant:
    return Meant(
        number=stored.number,
        issued_on=stored.issued_on,
        issuer=stored.issuer,
        summary=stored.summary or "",
        at=at,
        stored=stored,
    )


def _is_alike(decision: Decision, issuer: str, day: date) -> bool:
    is_of_year = decision.issued_on.year == day.year
    return is_of_year and bare_issuer(decision.issuer) == bare_issuer(issuer)


def _known(session: Session, number: str, day: date | None) -> list[Decision]:
    """Decisions with this number, of this day's year where there is one."""
    rows = session.scalars(
        select(Decision).where(has_number(number)).order_by(Decision.issued_on, Decision.id)
    )
    return [one for one in rows if day is None or one.issued_on.year == day.year]


def _day(seen: DecisionSeen, known: Sequence[Decision], notes: Notes) -> date | None:
    """Its day: as the title tells; asked where the number is known with another one."""
    if seen.issued_on is None:
        if len(known) == 1:
            return known[0].issued_on
        notes.error(
            "decision_missing",
            _n(
                "The title tells no day of decision %(number)s, or one that does not exist. Write "
                "the day there."
            ),
            seen.at,
            number=seen.number,
        )
        return None
    days = {one.issued_on for one in known}
    if not days or seen.issued_on in days:
        return seen.issued_on
    options = [day.isoformat() for day in (*sorted(days), seen.issued_on)]
    given = notes.ask(
        "date_unclear",
        _n(
            "Decision %(number)s is known with the day %(known)s, but the title says %(day)s. "
            "Which day is right?"
        ),
        seen.at,
        options,
        number=seen.number,
        known=min(days),
        day=seen.issued_on,
    )
    return None if given is None else stored_day(given)


def _asked_issuer(
    session: Session, seen: DecisionSeen, alike: Sequence[Decision], notes: Notes
) -> str | None:
    known = [one.issuer for one in alike] or list(
        session.scalars(select(Decision.issuer).distinct().order_by(Decision.issuer))
    )
    if known:  # a code of its own: the decision itself may be the answer to a question
        return notes.ask(
            "issuer_missing",
            _n("The title does not tell who issued decision %(number)s. Who was it?"),
            seen.at,
            known,
            number=seen.number,
        )
    notes.error(
        "issuer_missing",
        _n("The title does not tell who issued decision %(number)s. Write it there."),
        seen.at,
        number=seen.number,
    )
    return None

"""Head, addressees and signer of an official paper, as its Word template names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.base import local_day
from models.reminders import LetterHead
from reports.letter.spoken import ended, spoken_month

MOST_NAMED = 10
IN_LIST = "Các đơn vị có tên trong danh sách kèm theo"


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What the letter head in force prints; number and day are left to the clerk."""

    superior: str
    issuer: tuple[str, ...]
    issuer_short: str
    symbol: str
    place: str
    authority: tuple[str, ...]
    position: str
    signer: str
    via_office: str
    legal_basis: str
    recipients: tuple[str, ...]

    def tags(self, at: datetime) -> dict[str, Any]:
        """The names that every template may use; `at` is the moment of writing."""
        return {
            "superior": self.superior,
            "issuer": self.issuer,
            "issuer_short": self.issuer_short,
            "symbol": self.symbol,
            "place": self.place,
            "month": spoken_month(local_day(at)),
            "legal_basis": self.legal_basis,
            "via_office": self.via_office,
            "recipients": self.recipients,
            "authority": self.authority,
            "position": self.position,
            "signer": self.signer,
        }


def printed(head: LetterHead) -> dict[str, Any]:
    """The fields of a `Head` from the stored one."""
    basis = [line.strip().rstrip(";., ") for line in head.legal_basis.splitlines()]
    return {
        "superior": (head.superior or "").strip(),
        "issuer": _lines(head.issuer),
        "issuer_short": head.issuer_short,
        "symbol": head.symbol,
        "place": head.place,
        "authority": _lines(head.authority or ""),
        "position": head.position,
        "signer": head.signer,
        "via_office": head.via_office,
        "legal_basis": "; ".join(line for line in basis if line),
        "recipients": ended(head.recipients.splitlines()),
    }


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def addressed(names: Sequence[str]) -> dict[str, Any]:
    """To whom a letter goes: one by one, or the list that comes with it where they are many."""
    is_one = len(names) == 1
    alone = names[0] if is_one else IN_LIST if len(names) > MOST_NAMED else ""
    return {
        "addressed_to": alone,
        "addressees": () if alone else ended(names),
        "whom": "đơn vị" if is_one else "các đơn vị có tên trong danh sách",
        "who": "đơn vị" if is_one else "các đơn vị",
    }


def report_symbol(committee: str) -> str:
    """`BC-UBND`: the symbol of a báo cáo of this issuer (domain §7.2); dots where it is open."""
    is_known = committee.upper().startswith(("UBND", "ỦY BAN NHÂN DÂN"))
    return "BC-UBND" if is_known else "BC-……"

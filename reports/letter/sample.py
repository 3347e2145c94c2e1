"""Letters about invented units, on which an edited Word template is tried."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from models.base import HANOI
from reports.letter.letter import Letter, LetterUnit, context_of
from reports.letter.slow import SlowLetter, SlowUnit, slow_context
from reports.letter.spoken import ended

_AT = datetime(2024, 4, 16, 16, 30, tzinfo=HANOI)
_DUE = datetime(2024, 4, 9, 23, 59, 59, tzinfo=HANOI)


_PROGRAMMES = ('Chương trình "giảm nghèo" & <bền vững> giai đoạn 2021-2025',)
SAMPLE_HEAD: dict[str, Any] = {
    "superior": "ỦY BAN NHÂN DÂN TỈNH",
    "issuer": ("ỦY BAN NHÂN DÂN", "HUYỆN"),
    "issuer_short": "UBND huyện",
    "symbol": "UBND-VP",
    "place": "Địa danh",
    "authority": ("KT. CHỦ TỊCH",),
    "position": "PHÓ CHỦ TỊCH",
    "signer": "Họ và tên",
    "via_office": "Phòng Lao động",
    "legal_basis": "Công văn số 1/UBND",
    "recipients": ended(("Như trên", "Lưu: VT")),
}


def sample_letter(count: int) -> Letter:
    """A letter to `count` units, one of them with a name that Word has to write with care."""
    return Letter(
        period_code="2024-03",
        programmes=_PROGRAMMES if count > 1 else (),
        as_of=_AT,
        due_at=_DUE + timedelta(days=9),
        rule="trước ngày 10 hàng tháng",
        **SAMPLE_HEAD,
        units=tuple(
            LetterUnit(
                investor_id=number,
                name=f'Đơn vị "{number}" & <xã>',
                short_name=f"Đơn vị {number}",
                deadline_at=_DUE,
                days_late=7,
                was_returned=number % 2 == 0,
            )
            for number in range(1, count + 1)
        ),
        sent=4,
        expected=4 + count,
        not_due=1,
    )


def sample_contexts() -> list[dict[str, object]]:
    """What a template has to cope with: one unit, two, and more than are named one by one."""
    return [context_of(sample_letter(count)) for count in (1, 2, 11)]


def sample_slow_contexts() -> list[dict[str, object]]:
    """The same for the letter on slow disbursement."""
    return [
        slow_context(
            SlowLetter(
                **SAMPLE_HEAD,
                period_code="2024-03",
                programmes=_PROGRAMMES if count > 1 else (),
                level="huyện",
                data_to=date(2024, 3, 31),
                as_of=_AT,
                threshold=Decimal(30),
                plan=20_000_000_000,
                disbursed=4_000_000_000,
                rate=Decimal(20),
                units=tuple(
                    SlowUnit(
                        investor_id=number,
                        name=f'Đơn vị "{number}" & <xã>',
                        short_name=f"Đơn vị {number}",
                        plan=1_000_000_000 * number,
                        disbursed=1_500_000 * number,
                        rate=Decimal("0.15"),
                    )
                    for number in range(1, count + 1)
                ),
            )
        )
        for count in (1, 2, 11)
    ]

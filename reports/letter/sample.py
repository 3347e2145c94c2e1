"""Letters about invented units, on which an edited Word template is tried."""

from datetime import datetime, timedelta

from models.base import HANOI
from reports.letter.letter import Letter, LetterUnit, context_of
from reports.letter.spoken import ended

_AT = datetime(2024, 4, 16, 16, 30, tzinfo=HANOI)
_DUE = datetime(2024, 4, 9, 23, 59, 59, tzinfo=HANOI)


def sample_letter(count: int) -> Letter:
    """A letter to `count` units, one of them with a name that Word has to write with care."""
    return Letter(
        period_code="2024-03",
        as_of=_AT,
        due_at=_DUE + timedelta(days=9),
        rule="trước ngày 10 hàng tháng",
        superior="ỦY BAN NHÂN DÂN TỈNH",
        issuer=("ỦY BAN NHÂN DÂN", "HUYỆN"),
        issuer_short="UBND huyện",
        symbol="UBND-LĐTBXHDT",
        place="Hữu Lũng",
        authority=("KT. CHỦ TỊCH",),
        position="PHÓ CHỦ TỊCH",
        signer="Họ và tên",
        via_office="Phòng Lao động",
        legal_basis="Công văn số 1/UBND",
        recipients=ended(("Như trên", "Lưu: VT")),
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

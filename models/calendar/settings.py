"""Settings that officers change on screen, typed: one table says what there is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import RuleBroken, _n, read_clock, read_line, read_whole
from models.calendar.deadline import Cutoff, DeadlineSettings, DueRule, HolidayShift
from models.calendar.setting_table import Setting

LONGEST, MOST = 300, 1_000


@dataclass(frozen=True)
class Known:
    """One setting: how its text is read, its default, and the words beside it (message ids)."""

    read: Callable[[str], Any]
    default: str
    label: str
    help: str
    choices: tuple[Any, ...] = ()


def _whole(text: str) -> int:
    return read_whole(text, 0, MOST)


def _flag(text: str) -> bool:
    return text == "true"


def _text(text: str) -> str:
    if not text:
        raise RuleBroken(_n("This setting cannot be empty."))
    return text


def _limits(text: str) -> tuple[int, ...]:
    """`40;30;20` as numbers: percents, each lower than the one before."""
    parts = [_whole(part) for part in text.split(";")]
    falls = all(above > below for above, below in pairwise(parts))
    if not falls or len(parts) > 6 or not 0 < parts[-1] <= parts[0] <= 100:
        raise RuleBroken(
            _n("Write whole percents from high to low with semicolons between: 40;30;20")
        )
    return tuple(parts)


def _one_of(kind: Any) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return kind(text)
        except ValueError:
            raise RuleBroken(_n("“%(typed)s” is not a choice here."), typed=text[:40]) from None

    return read


SETTINGS: Mapping[str, Known] = {
    "due_month_offset": Known(
        _whole,
        "1",
        _n("Months until reports are due"),
        _n("1: figures of March are due in April (domain default)."),
    ),
    "due_day": Known(
        _whole, "10", _n("Due day of the month"), _n("The day the letter names: the 10th.")
    ),
    "due_rule": Known(
        _one_of(DueRule),
        DueRule.BEFORE.value,
        _n("Reading of the due day"),
        _n("“Before the 10th” ends at the last moment of the 9th."),
        tuple(DueRule),
    ),
    "due_time": Known(
        partial(read_clock, last=True),
        "23:59:59",
        _n("Time of day"),
        _n("Reports are on time up to and including it."),
    ),
    "holiday_shift": Known(
        _one_of(HolidayShift),
        HolidayShift.NEXT.value,
        _n("When the last day is off"),
        _n("Weekends and the days of the calendar count as off."),
        tuple(HolidayShift),
    ),
    "grace_days": Known(
        _whole, "0", _n("Days of grace"), _n("They affect the late list only, never the deadline.")
    ),
    "cutoff": Known(
        _one_of(Cutoff),
        Cutoff.END_OF_MONTH.value,
        _n("Window of the figures"),
        _n("The calendar month fits a deadline before the 15th best."),
        tuple(Cutoff),
    ),
    "site_name": Known(
        _text,
        "Giảm nghèo Hữu Lũng",
        _n("Name of this site"),
        _n("On top of every page and in its title; what passkeys and telephones call it."),
    ),
    "district_name": Known(
        _text,
        "huyện Hữu Lũng",
        _n("Managing level"),
        _n("As it is printed in reports. Its first word is that of “whole district” there."),
    ),
    "committee_name": Known(
        _text, "UBND huyện Hữu Lũng", _n("Issuing authority"), _n("As it is printed in reports.")
    ),
    "office_name": Known(
        _text,
        "Phòng Lao động, Thương binh, Xã hội - Dân tộc",
        _n("Office in charge"),
        _n("Units turn to it; lock messages name it."),
    ),
    "office_contact": Known(
        lambda text: text, "", _n("Contact of the office"), _n("Name and telephone, may be empty.")
    ),
    "rank_buckets": Known(
        _limits,
        "40;30;20",
        _n("Groups of the ranking"),
        _n("Limits in percent, from high to low, with semicolons between."),
    ),
    "first_password_days": Known(
        lambda text: read_whole(text, 1, 90),
        "7",
        _n("Days a first password is good"),
        _n("Whoever has not signed in by then asks for a new one."),
    ),
    "demo_data": Known(
        _flag,
        "false",
        _n("Invented figures"),
        _n("Marks every page and report with “Số liệu minh họa”."),
        ("true", "false"),
    ),
}
# with these every page and paper begins: an office that is none of them saves its own
NAMES = ("site_name", "district_name", "committee_name", "office_name")
_DEADLINE = tuple(DeadlineSettings.__dataclass_fields__)


def all_settings(session: Session) -> dict[str, Any]:
    """Every known setting by its key, read, with the defaults for those never changed."""
    stored = {row.key: row.value for row in session.scalars(select(Setting))}
    return {key: known.read(stored.get(key, known.default)) for key, known in SETTINGS.items()}


def setting(session: Session, key: str) -> Any:
    """One setting, read."""
    row = session.get(Setting, key)
    known = SETTINGS[key]
    return known.read(row.value if row else known.default)


def put_setting(session: Session, key: str, value: str) -> None:
    """Change one setting; raises RuleBroken when it cannot be read or does not fit the others."""
    if key not in SETTINGS:
        raise RuleBroken(_n("There is no setting “%(key)s”."), field=key, key=key[:40])
    try:
        value = read_line(value, LONGEST)
        SETTINGS[key].read(value)
        if key in _DEADLINE:
            known = {name: setting(session, name) for name in _DEADLINE if name != key}
            DeadlineSettings(**known, **{key: SETTINGS[key].read(value)})
    except RuleBroken as refusal:
        refusal.field = key
        raise
    row = session.get(Setting, key)
    if row is None:
        session.add(Setting(key=key, value=value))
    else:
        row.value = value
    session.flush()


def deadline_settings(session: Session) -> DeadlineSettings:
    """How the due day is read at present (domain §5.1)."""
    known = all_settings(session)
    return DeadlineSettings(**{name: known[name] for name in _DEADLINE})

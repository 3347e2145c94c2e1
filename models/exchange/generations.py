"""Generations of backups in a folder: some by day, by week and by month, only whole ones counted.

Beside each backup lies its SHA-256 in the form of `sha256sum`, so that a damaged one is found
without the key that opens it, here as on the machine it was copied to.
"""

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.base import RuleBroken, _n, stored_moment
from models.exchange.backup import sha256_of

_NAME = re.compile(r"backup-([0-9]{8}T[0-9]{6}Z)\.zip(\.age)?")
_STAMP = "%Y%m%dT%H%M%SZ"
_KEEP = re.compile(r"(?:([1-9][0-9]{0,2})d)?(?:([1-9][0-9]{0,2})w)?(?:([1-9][0-9]{0,2})m)?")
SUM = ".sha256"


@dataclass(frozen=True)
class Keep:
    """How many days, weeks and months are kept, of each the last whole backup (by UTC)."""

    days: int
    weeks: int
    months: int

    @classmethod
    def read(cls, text: str) -> "Keep":
        """From words like 7d4w12m; raises RuleBroken for others."""
        found = _KEEP.fullmatch(text.strip())
        if found is None or not any(found.groups()):
            raise RuleBroken(
                _n("%(text)s says not how many are kept. Write days, weeks, months: 7d4w12m."),
                text=text[:40],
            )
        return cls(*(int(one or 0) for one in found.groups()))


def file_of(folder: Path, at: datetime, *, sealed: bool) -> Path:
    """The name of the backup of this moment, or of the next second that has none."""
    at = at.astimezone(UTC)
    while (file := folder / f"backup-{at:{_STAMP}}.zip{'.age' if sealed else ''}").exists():
        at += timedelta(seconds=1)
    return file


def note_sum(file: Path) -> None:
    """Write the sum of a backup that was just proved whole beside it."""
    beside = file.with_name(file.name + SUM)
    fresh = beside.with_name(f".{beside.name}")
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
        out.write(f"{sha256_of(file)}  {file.name}\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.rename(beside)


def sort_out(
    folder: Path, keep: Keep, *, at: datetime
) -> tuple[list[Path], list[Path], list[Path]]:
    """Remove the whole backups that are not kept: (kept, removed, damaged), oldest first.

    A damaged one is neither counted nor removed: somebody should look at it. One that is younger
    than `at`, when the newest was begun, comes from another clock: it is kept and not counted, so
    that a clock that jumped, forward or back, costs no generation.
    """
    known = sorted(one for one in folder.iterdir() if _NAME.fullmatch(one.name))
    all_whole = [one for one in known if is_whole(one)]
    whole = [one for one in all_whole if _moment(one) <= at]
    kept = set(whole[-1:])
    for most, part in (
        (keep.days, lambda at: at.date()),
        (keep.weeks, lambda at: at.isocalendar()[:2]),
        (keep.months, lambda at: (at.year, at.month)),
    ):
        kept |= set(_newest_of_each(whole, part, most))
    removed = [one for one in whole if one not in kept]
    for one in removed:
        one.unlink()
        one.with_name(one.name + SUM).unlink()
    left = [one for one in all_whole if one not in removed]
    return left, removed, [one for one in known if one not in all_whole]


def is_whole(file: Path) -> bool:
    """Whether the file is the one whose sum was noted."""
    beside = file.with_name(file.name + SUM)
    return beside.is_file() and beside.read_text().split()[:1] == [sha256_of(file)]


def _newest_of_each(
    files: Iterable[Path], part: Callable[[datetime], object], most: int
) -> list[Path]:
    last = {part(_moment(one)): one for one in files}  # sorted: the last of a day stays
    return list(last.values())[len(last) - min(most, len(last)) :]


def _moment(file: Path) -> datetime:
    return stored_moment(file.name[7:23])

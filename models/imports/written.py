"""What an import wrote: kept with its run, so that it can be taken back exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.base import Step


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportSeen:
    """A report that was written into, as it stood then."""

    investor_id: int
    period_id: int
    submission_id: int
    events: int  # how often it was sent, returned or accepted
    was_opened: bool = False  # one that was sent was opened for correction, and kept whole


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """Every row with both its states, and the reports."""

    steps: tuple[Step, ...] = ()
    reports: tuple[ReportSeen, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain types, to be kept with the run."""
        return {
            "steps": [[one.table, one.key, one.before, one.after] for one in self.steps],
            "reports": [
                [one.investor_id, one.period_id, one.submission_id, one.events, one.was_opened]
                for one in self.reports
            ],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Written":
        """The reverse of `as_json`."""
        return cls(
            steps=tuple(
                Step(table=table, key=key, before=before, after=after)
                for table, key, before, after in kept["steps"]
            ),
            reports=tuple(
                ReportSeen(
                    investor_id=investor_id,
                    period_id=period_id,
                    submission_id=submission_id,
                    events=events,
                    was_opened=was_opened,
                )
                for investor_id, period_id, submission_id, events, was_opened in kept["reports"]
            ),
        )

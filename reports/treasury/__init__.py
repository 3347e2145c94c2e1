"""The Treasury beside the reports: where they differ, since when, and what each statement said."""

from reports.treasury.books import Point
from reports.treasury.report import KEYS, Treasury, TreasuryRow, history, treasury

__all__ = ["KEYS", "Point", "Treasury", "TreasuryRow", "history", "treasury"]

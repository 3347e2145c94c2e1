"""The Treasury beside the reports: where they differ, since when, and what each statement said."""

from reports.treasury.report import KEYS, Treasury, TreasuryRow, history, treasury

__all__ = ["KEYS", "Treasury", "TreasuryRow", "history", "treasury"]

"""The checks of a report (domain §3.4): one engine for screen, import and command."""

from models.rules.engine import Finding, Level, Rule, check_sheet, unexplained
from models.rules.money import MONEY_RULES

__all__ = ["MONEY_RULES", "Finding", "Level", "Rule", "check_sheet", "unexplained"]

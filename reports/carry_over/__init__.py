"""Carried-over capital by the year it was given for (Biểu 04, domain §4.3 and §2.3)."""

from reports.carry_over.behind_frozen import frozen_carried
from reports.carry_over.report import CarryOver, carry_over
from reports.carry_over.rows import FIGURES, KEYS, CarriedPlace, CarriedRow

__all__ = [
    "FIGURES",
    "KEYS",
    "CarriedPlace",
    "CarriedRow",
    "CarryOver",
    "carry_over",
    "frozen_carried",
]

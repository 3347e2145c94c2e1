"""The facts a report is built from: figures by project, units, components."""

from reports.facts.figures import OF_ENTRY, Figures, money_entries, plan_lines, total, within
from reports.facts.outline import outline_number
from reports.facts.source import Line, Node, Source, Told, Unit, gather, successors_today

__all__ = [
    "OF_ENTRY",
    "Figures",
    "Line",
    "Node",
    "Source",
    "Told",
    "Unit",
    "gather",
    "money_entries",
    "outline_number",
    "plan_lines",
    "successors_today",
    "total",
    "within",
]

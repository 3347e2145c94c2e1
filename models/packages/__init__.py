"""ZIP packages and XML of strangers (.xlsx, .ods, .docx), read with care.

Runs in child processes, too: nothing in here imports anything but the standard library.
"""

from models.packages.parts import Parts
from models.packages.refused import Refused
from models.packages.ties import Active, refuse_active, ties_of
from models.packages.xml import Attributes, End, Start, Stream, is_true, tie

__all__ = [
    "Active",
    "Attributes",
    "End",
    "Parts",
    "Refused",
    "Start",
    "Stream",
    "is_true",
    "refuse_active",
    "tie",
    "ties_of",
]

"""Rename, found, close, merge and split units, with one step back."""

from models.reorganisation.acts import close, found, rename
from models.reorganisation.hand_over import going_on
from models.reorganisation.step_back import undo
from models.reorganisation.steps import Act, NewUnit
from models.reorganisation.succeeding import merge, split

__all__ = [
    "Act",
    "NewUnit",
    "close",
    "found",
    "going_on",
    "merge",
    "rename",
    "split",
    "undo",
]

"""Rename, found, close and merge units, with one step back."""

from models.reorganisation.acts import Act, NewUnit, close, found, merge, rename
from models.reorganisation.step_back import undo

__all__ = ["Act", "NewUnit", "close", "found", "merge", "rename", "undo"]

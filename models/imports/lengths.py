"""How long a text of a file may be, in the column that it is meant for."""

from typing import Any

from models.base import LONGEST, RuleBroken, read_text


def too_long(model: Any, name: str, text: str) -> RuleBroken | None:
    """Why a text does not fit its column, in the words of every form; None where it does."""
    try:
        read_text(text, model.__table__.c[name].type.length or LONGEST, field=name)
    except RuleBroken as refusal:
        return refusal
    return None

"""A folded copy of a row's texts, so that search finds with and without accents (design §5)."""

from typing import Any, ClassVar

from sqlalchemy import Text, event
from sqlalchemy.orm import Mapped, mapped_column

from models.base.text import fold, sort_key


class Searchable:
    """Keeps `search_text` equal to the folded `search_fields` of the row, and `sort_text` to the
    place of its name in Vietnamese order.
    """

    search_fields: ClassVar[tuple[str, ...]] = ()
    sort_field: ClassVar[str | None] = None  # the name by which lists are put in order
    search_text: Mapped[str] = mapped_column(Text, default="")
    sort_text: Mapped[str] = mapped_column(Text, default="", server_default="")


def _refresh(_mapper: Any, _connection: Any, row: Any) -> None:
    texts = (getattr(row, name) for name in row.search_fields)
    row.search_text = fold(" ".join(text for text in texts if text))
    if row.sort_field is not None:
        row.sort_text = sort_key(getattr(row, row.sort_field) or "")


for _moment in ("before_insert", "before_update"):
    event.listen(Searchable, _moment, _refresh, propagate=True)

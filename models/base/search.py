"""A folded copy of a row's texts, so that search finds with and without accents (design §5)."""

from typing import Any, ClassVar

from sqlalchemy import Text, event
from sqlalchemy.orm import Mapped, mapped_column

from models.base.text import fold


class Searchable:
    """Keeps `search_text` equal to the folded `search_fields` of the row."""

    search_fields: ClassVar[tuple[str, ...]] = ()
    search_text: Mapped[str] = mapped_column(Text, default="")


def _refresh(_mapper: Any, _connection: Any, row: Any) -> None:
    texts = (getattr(row, name) for name in row.search_fields)
    row.search_text = fold(" ".join(text for text in texts if text))


for _moment in ("before_insert", "before_update"):
    event.listen(Searchable, _moment, _refresh, propagate=True)

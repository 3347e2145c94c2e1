"""Bad input for every door: what is typed, the forms it is typed into, what must never happen.

The forms are those of the pages themselves, so that a new field is tried without being listed.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, Tag

from models.base import clean

SCRIPT = "<script>zhit()</script>"
LONG = "Zq" + "dài " * 1_500 + "hết"
VALUES = {
    "sql": "x' OR '1'='1'; DROP TABLE project; --",
    "script": f'">{SCRIPT}<img src=x onerror=zhit()>',
    "template": "{{7*7}}${7*7}{% raw %}%(x)s %s {0}",
    "formula": "=HYPERLINK(\"http://x\";1)+cmd|' /C calc'!A0",
    "nul": "Zq\x00nul",
    "bell": "Zq\x07\x1b[31m\ufffe",
    "rtl": "Zq\u202egnol\u2069\u200f",
    "nfd": unicodedata.normalize("NFD", "Zq Hữu Lũng đường"),
    "emoji": "Zq 👍🏽👨‍👩‍👧",
    "wide": "１２３４",
    "arabic": "٣٤",
    "lines": "Zq\r\nSet-Cookie: a=b\u2028hai\u2029ba\x85",
    "marks": "Zq" + "a\u0301\u0323" * 40,
    "surrogate": b"Zq\xed\xa0\x80\xff",
    "long": LONG,
    "1e309": "1e309",
    "nan": "NaN",
    "minus zero": "-0",
    "minus": "-1",
    "2^63": str(2**63),
    "digits": "9" * 400,
    "month 13": "2024-13",
    "31/02": "31/02/2024",
    "year 1": "01/01/0001",
    "year 9999": "31/12/9999",
    "iso": "9999-12-31T99:99:99+99:99",
    "empty": "",
    "blank": " \u00a0\u3000",
    "json": '{"a": [1, null]}',
    "deep": "[" * 3_000,
    "path": "../../../../etc/passwd%00.docx",
    "address": "//evil.example/\\x",
}
TOLD_NOBODY = re.compile(
    r"Traceback|sqlalchemy|psycopg|sqlite3|\bSELECT .{1,300} FROM |File \"|site-packages|werkzeug"
    r"|root:x:0"
)


@dataclass(frozen=True)
class Form:
    """A form of a page: where it is sent, how, and what a browser would send."""

    address: str
    method: str
    fields: tuple[tuple[str, str], ...]
    typed: frozenset[str] = field(default=frozenset())
    files: tuple[str, ...] = ()

    @property
    def kind(self) -> tuple[str, ...]:
        """The same for forms that differ in the numbers of rows alone."""
        names = sorted({re.sub(r"\d+", "0", name) for name, _value in self.fields})
        path = re.sub(r"\d{4}-\d\d|\d+", "0", self.address.partition("?")[0])
        return (self.method, path, *names)


def forms_of(address: str, page: BeautifulSoup) -> Iterator[Form]:
    """Each form of the page with all its fields, and with each of its buttons."""
    for tag in page.select("form"):
        method = str(tag.get("method") or "get").lower()
        if method == "dialog":  # closes a box of the page, sends nothing
            continue
        where = str(tag.get("action") or address)
        inside = [*tag.select("[name]")]
        if tag.get("id"):
            inside += page.select(f'[form="{tag["id"]}"][name]')
        buttons = [one for one in inside if one.name == "button" or one.get("type") == "submit"]
        fields = [pair for one in inside if one not in buttons for pair in filled(one)]
        files = tuple(str(one["name"]) for one in inside if one.get("type") == "file")
        typed = frozenset(str(one["name"]) for one in inside if is_typed(one))
        for button in buttons or [None]:
            pressed = [(str(button["name"]), str(button.get("value") or ""))] if button else []
            target = str(button.get("formaction") or where) if button else where
            how = str(button.get("formmethod") or method).lower() if button else method
            yield Form(target or address, how, (*fields, *pressed), typed, files)


def is_typed(tag: Tag) -> bool:
    """Whether a person types into the field what may be shown again."""
    kinds = ("text", "search", "email", "number", "date", "time", "month", "tel")
    is_open = not tag.has_attr("readonly") and not tag.has_attr("hidden")
    one_of = tag.name == "textarea" or (tag.name == "input" and tag.get("type", "text") in kinds)
    return is_open and one_of and tag.get("autocomplete") != "one-time-code"


def filled(tag: Tag) -> list[tuple[str, str]]:
    """What a browser sends for one field; a box that is not ticked is tried ticked."""
    name = str(tag["name"])
    if name == "csrf_token" or tag.get("type") == "file":
        return []
    if tag.name == "select":
        chosen = tag.select_one("option[selected]") or tag.select_one("option")
        return [(name, str(chosen.get("value", chosen.get_text())) if chosen else "")]
    if tag.name == "textarea":
        return [(name, tag.get_text())]
    return [(name, str(tag.get("value") or ""))]


def shown(reply: Any, typed: str) -> bool:
    """Whether a page still holds what was typed, in a field or as text."""
    page = BeautifulSoup(reply.data.decode("utf-8", "replace"), "html.parser")
    texts = [tag.get("value", "") for tag in page.select("[value]")]
    texts += [tag.get_text() for tag in page.select("textarea, dd, pre, td")]
    wanted = "".join(clean(typed).split())
    return any(wanted in "".join(clean(str(text)).split()) for text in texts)


def cut(rows: dict[str, list[str]], typed: str) -> list[str]:
    """Stored texts that begin as the long one did and do not hold the whole."""
    begins = typed[:20]
    return [row[:200] for of in rows.values() for row in of if begins in row and typed not in row]


def wrong_with(reply: Any, mark: str | None) -> str | None:
    """What no answer may hold, whatever was asked."""
    if reply.status_code >= 500:
        return f"{reply.status_code}"
    if "text" not in reply.headers.get("Content-Type", "") and "json" not in (
        reply.content_type or ""
    ):
        return None
    text = reply.data.decode("utf-8", "replace")
    if "html" in (reply.content_type or "") and (SCRIPT in text or "<img src=x" in text):
        return "a script"
    told = TOLD_NOBODY.search(text.replace("DROP TABLE", ""))
    if told:
        return f"tells {told[0][:80]}"
    if mark and mark in text:
        return f"of another unit: {text[max(0, text.find(mark) - 80) :][:160]}"
    return None

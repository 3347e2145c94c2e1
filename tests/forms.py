"""What a browser would send for the form of a record."""

from typing import Any

from bs4 import BeautifulSoup


def typed(page: BeautifulSoup, **given: Any) -> dict[str, Any]:
    """The fields of the form as the page holds them, with what somebody typed over them.

    A box that is not ticked is not sent, and neither is the token, which the client adds.
    """
    form: dict[str, Any] = {}
    for field in page.select(".admin-form input[name], .admin-form textarea[name]"):
        if field.get("type") != "checkbox" or field.has_attr("checked"):
            form[str(field["name"])] = field.get("value") or field.get_text().strip()
    for field in page.select(".admin-form select[name]"):
        chosen = field.select_one("option[selected]")
        form[str(field["name"])] = chosen["value"] if chosen else ""
    form.pop("csrf_token", None)
    return form | given

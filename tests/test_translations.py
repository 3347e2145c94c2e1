"""Every text has its Vietnamese, with the same places to fill."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask_babel import force_locale, gettext

ROOT = Path(__file__).parent.parent
CATALOGUES = ROOT / "translations" / "vi" / "LC_MESSAGES"
KEYWORDS = {
    "_": None,
    "_l": None,
    "_n": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
LEFT_OUT = {"tests", "bench", "migrations", ".venv", "instance"}


def texts():
    """Every message of the code, singular and plural."""
    found = set()
    extracted = extract_from_dir(
        str(ROOT),
        METHODS,
        keywords=KEYWORDS,
        directory_filter=lambda folder: (
            Path(folder).name not in LEFT_OUT and not Path(folder).name.startswith(".")
        ),
    )
    for _file, _line, message, _comments, _context in extracted:
        found.add(message if isinstance(message, str) else tuple(message[:2]))
    return found


def places(text):
    return sorted(re.findall(r"%\(\w+\)s|%%", text))


def catalogue(domain):
    with (CATALOGUES / f"{domain}.po").open("rb") as file:
        return {message.id: message for message in read_po(file) if message.id}


def test_no_text_lacks_its_translation():
    known = catalogue("messages")
    singles = {key if isinstance(key, str) else key[0] for key in known}
    missing = [
        text for text in texts() if (text if isinstance(text, str) else text[0]) not in singles
    ]
    assert missing == []


@pytest.mark.parametrize("domain", ["messages", "admin", "wtforms"])
def test_every_translation_is_given_and_keeps_its_places(domain):
    for key, message in catalogue(domain).items():
        source = key if isinstance(key, str) else key[1]
        given = message.string if isinstance(message.string, str) else message.string[0]
        assert given, key
        assert places(source) == places(given), key


def test_pages_speak_vietnamese_and_english_by_a_switch(app, client_for):
    stranger = client_for(None)
    page = stranger.soup("/login")
    assert page.html["lang"] == "vi"
    assert "Đăng nhập" in page.get_text()
    assert "Sign in" not in page.select_one("main").get_text()
    stranger.post_form("/language", {"language": "en", "next": "/login"})
    page = stranger.soup("/login")
    assert page.html["lang"] == "en"
    assert "Sign in" in page.select_one("main").get_text()
    assert "Không có gì ở địa chỉ này" in client_for(None).get("/nowhere").text


def test_texts_of_the_libraries_are_ours(app):
    with app.test_request_context(), force_locale("vi"):
        assert gettext("Save") == "Lưu"

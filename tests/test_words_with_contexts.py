"""Words that are one in English and several in Vietnamese name their context."""

import re
from pathlib import Path

import pytest

# word → where it may stand without a context, because there it has the meaning of the catalogue
ONE_MEANING = {
    "Open": {"admin/words/texts.py", "admin/words/badges.py"},  # the state: đang mở
    "Record": {"models/base/audit.py", "templates/records/deleted.html"},  # a row: bản ghi
    "Sender": set(),
    "Reopened": {"admin/words/badges.py"},
}
SOURCES = [
    path
    for folder in ("admin", "reports", "models", "templates")
    for path in sorted(Path(folder).rglob("*"))
    if path.suffix in {".py", ".html"}
]


@pytest.mark.parametrize("word", ONE_MEANING)
def test_a_word_of_several_meanings_stands_alone_in_one_of_them_only(word):
    bare = re.compile(rf"""(?<![\w"'] )\b_[ln]?\(\s*["']{word}["']\s*[,)]""")
    found = {str(path) for path in SOURCES if bare.search(path.read_text(encoding="utf-8"))}
    assert found <= ONE_MEANING[word]


def test_the_contexts_have_different_words_in_vietnamese(app):
    from flask_babel import force_locale, gettext, pgettext

    with app.test_request_context(), force_locale("vi"):
        for word in ("Open", "Record"):
            assert pgettext("action", word) not in {word, gettext(word)}

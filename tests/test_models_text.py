"""Text: battery rows 55–57 and 59 as pure functions; the screens have their own tests."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import ascii_name, clean, clean_line, escape_like, fold

ANY_TEXT = st.text(st.characters(codec=None), max_size=40)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Hữu Lũng \n", "Hữu Lũng"),
        (unicodedata.normalize("NFD", "Hữu Lũng"), "Hữu Lũng"),
        ("một\r\nhai\rba\n\tbốn", "một\nhai\nba\n\tbốn"),
        ("a\x00b\x07c\x1bd\x7fe\x85f", "abcdef"),
        ("a\ufffeb\uffffc\U0001fffed\ud800e", "abcde"),
        ("xã\u202etxt.exe\u2066\u200f\u061c", "xãtxt.exe"),
        ("Hữu\u00ad\u200b Lũng\ufeff\u2060", "Hữu Lũng"),
        ("e\x00\u0301", "é"),
        ("👍🏽 👨‍👩‍👧 ❤️‍🔥 🏳️‍🌈", "👍🏽 👨‍👩‍👧 ❤️‍🔥 🏳️‍🌈"),
        ("Hữu\u200dLũng\u200d", "HữuLũng"),
        ("<script>{{7*7}}</script>", "<script>{{7*7}}</script>"),
        ("", ""),
    ],
)
def test_clean_keeps_what_people_write_and_nothing_unseen(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Hoà", "Hòa"),
        ("HOÀ BÌNH", "HÒA BÌNH"),
        ("Uỷ ban", "Ủy ban"),
        ("UỶ BAN", "ỦY BAN"),
        ("thuỷ lợi", "thủy lợi"),
        ("Thuý", "Thúy"),
        ("khoẻ", "khỏe"),
        ("xoè, loè", "xòe, lòe"),
        ("hoá đơn", "hóa đơn"),
        ("luỹ kế", "lũy kế"),
        ("ngoạ", "ngọa"),
        (unicodedata.normalize("NFD", "Hoà"), "Hòa"),
    ],
)
def test_the_old_placement_of_a_tone_becomes_the_new_one(old, new):
    assert clean(old) == new


@pytest.mark.parametrize(
    "word",
    [
        "hòa thúy ủy khỏe lũy",
        "quý Quý QUÝ quỳ quỷ quỹ quỵ",
        "hoàn toàn hoạt loại ngoài hoét khoẻn",
        "khuỷu huỳnh tuyệt huýt quýt uỷnh",
        "Hữu Liên, Thiện Tân, Cai Kinh, Đồng Tiến",
    ],
)
def test_words_that_are_right_stay(word):
    assert clean(word) == word


@given(ANY_TEXT)
def test_clean_text_is_composed_storable_and_stays(text):
    once = clean(text)

    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once
    once.encode()  # no lone surrogate


def test_a_line_has_single_spaces():
    assert (
        clean_line(" xã\t Hữu \r\n Liên\u2028huyện\u00a0Hữu Lũng ") == "xã Hữu Liên huyện Hữu Lũng"
    )


@pytest.mark.parametrize(
    "typed",
    ["Hữu Lũng", "HỮU  LŨNG", "huu lung", unicodedata.normalize("NFD", "Hữu Lũng"), "Ｈữu Lũng"],
)
def test_fold_finds_with_and_without_marks(typed):
    assert fold(typed) == "huu lung"


@pytest.mark.parametrize("typed", ["Đường", "đường", "ĐƯỜNG", "Duong", "Ðường"])
def test_fold_takes_d_for_both_letters(typed):
    assert fold(typed) == "duong"


@given(ANY_TEXT)
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT)
def test_what_was_stored_folds_as_what_was_typed_composed_or_not(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_like_wildcards_become_letters():
    assert escape_like(r"100%_a\b'") == r"100\%\_a\\b'"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Đường Hữu Lũng", "Duong_Huu_Lung"),
        ("Đường Hữu Lũng.csv", "Duong_Huu_Lung.csv"),
        ("../../etc/passwd", "etc_passwd"),
        ("..\\..\\x.csv", "x.csv"),
        ('a"b\r\nSet-Cookie: c.csv', "a_b_Set-Cookie_c.csv"),
        ("bao\u202ecsv.exe", "baocsv.exe"),
        ("-rf", "rf"),
        ("東京.csv", "file.csv"),
        ("..", "file"),
        ("", "file"),
        ("x" * 500 + ".xlsx", "x" * 120 + ".xlsx"),
    ],
)
def test_file_names_are_plain(name, safe):
    assert ascii_name(name) == safe


@given(ANY_TEXT)
def test_file_names_never_leave_the_folder(text):
    name = ascii_name(text)

    assert name.isascii()
    assert name.strip(".")
    assert not set(name) & set('/\\"\r\n\x00 ')
    assert not name.startswith((".", "-"))

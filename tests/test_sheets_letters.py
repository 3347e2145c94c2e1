"""Text in any letters that offices use: read where it is certain, asked about where it is not."""

import unicodedata

import pytest

from models.sheets import Book, Level
from models.sheets.opening import open_book
from tests.handmade import packed, row, sheet, styles, text, workbook

TABLE = (
    "UBND xã Hữu Liên;;\r\nTT;Tên dự án;Giải ngân\r\n"
    "1;Mô hình chăn nuôi dê xã Thiện Tân;98.000.000\r\n2;Đường thôn Đồng Tiến;5.000.000\r\n"
)
# Each letter of TCVN 5712:1993 (VN3) with its code, as the standard's table has them.
TCVN3 = """
    A1Ă A2Â A3Ê A4Ô A5Ơ A6Ư A7Đ A8ă A9â AAê ABô ACơ ADư AEđ
    B5à B6ả B7ã B8á B9ạ BBằ BCẳ BDẵ BEắ C6ặ C7ầ C8ẩ C9ẫ CAấ CBậ
    CCè CEẻ CFẽ D0é D1ẹ D2ề D3ể D4ễ D5ế D6ệ D7ì D8ỉ DCĩ DDí DEị
    DFò E1ỏ E2õ E3ó E4ọ E5ồ E6ổ E7ỗ E8ố E9ộ EAờ EBở ECỡ EDớ EEợ
    EFù F1ủ F2ũ F3ú F4ụ F5ừ F6ử F7ữ F8ứ F9ự FAỳ FBỷ FCỹ FDý FEỵ
""".split()  # noqa: SIM905
CODES = {one[2:]: int(one[:2], 16) for one in TCVN3}


def in_tcvn3(words: str) -> bytes:
    """The bytes that a program of the nineties wrote; capitals with a tone are small letters."""
    return bytes(CODES.get(char, CODES.get(char.lower(), ord(char) % 256)) for char in words)


def texts(book: Book) -> list[object]:
    return [cell.value for cell in book.grids[0].cells.values()]


def told(book: Book) -> list[tuple[Level, str]]:
    return [(one.level, one.code) for one in book.findings]


PLAIN = texts(open_book(TABLE.encode(), "a.csv"))


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        b"\xfe\xff" + TABLE.encode("utf-16-be"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("utf-16-be"),
        unicodedata.normalize("NFD", TABLE).encode(),
    ],
    ids=["UTF-8 with mark", "UTF-16", "UTF-16 BE", "UTF-16 LE bare", "UTF-16 BE bare", "NFD"],
)
def test_unicode_is_read_without_a_question(content):
    book = open_book(content, "a.csv")
    assert texts(book) == PLAIN
    assert not book.findings
    assert PLAIN[4:6] == ["1", "Mô hình chăn nuôi dê xã Thiện Tân"]


def in_1258(words: str) -> bytes:
    """As Windows writes it: letters with their marks, tones as signs of their own."""
    out = b""
    for char in unicodedata.normalize("NFC", words):
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", char)
            tone = next(mark for mark in marks if mark in "\u0300\u0309\u0303\u0301\u0323")
            letter = unicodedata.normalize("NFC", marks.replace(tone, ""))
            out += (letter + tone).encode("cp1258")
    return out


def test_windows_1258_is_read_where_its_words_make_sense():
    content = in_1258(TABLE)
    assert b"\xcc" in content or b"\xf2" in content
    book = open_book(content, "a.csv")
    assert texts(book) == PLAIN
    assert told(book) == [(Level.WARNING, "encoding_converted")]


@pytest.mark.parametrize(
    ("content", "way"), [(in_tcvn3(TABLE), "tcvn3"), ("Xaõ Höõu Lieân".encode("cp1252"), "vni")]
)
def test_letters_of_old_fonts_in_a_file_of_text_are_asked_about(content, way):
    book = open_book(content, "a.csv")
    (asked,) = book.findings
    assert (asked.level, asked.code, asked.answer) == (
        Level.QUESTION, "encoding_unclear", "encoding_unclear",
    )  # fmt: skip
    assert asked.options[0].value == way
    assert "Hữu Liên" in asked.options[0].name
    answered = open_book(content, "a.csv", answers={"encoding_unclear": way})
    assert told(answered) == [(Level.WARNING, "encoding_converted")]
    assert texts(answered) == (PLAIN if way == "tcvn3" else ["Xã Hữu Liên"])
    assert told(open_book(content, "a.csv", answers={"encoding_unclear": "klingon"})) == [
        (Level.QUESTION, "encoding_unclear")
    ]


def test_letters_that_make_sense_in_no_way_are_refused():
    book = open_book("Дорога;Мост;Школа".encode("cp1251"), "a.csv")
    assert told(book) == [(Level.ERROR, "encoding_unclear")]
    assert not book.grids


@pytest.mark.parametrize("letter", CODES)
def test_every_letter_of_tcvn3_comes_out_right(letter):
    western = bytes([CODES[letter]]).decode("latin-1")
    parts = workbook(sheet(row(1, text("A1", western + "x"))), styled=styles(font=".VnTime"))
    book = open_book(packed(parts), "a.xlsx", answers={"encoding_unclear": "tcvn3"})
    assert texts(book) == [letter + "x"]


def with_font(font: str, *cells: str) -> bytes:
    places = (text(f"A{number}", words) for number, words in enumerate(cells, 1))
    rows = "".join(row(number, cell) for number, cell in enumerate(places, 1))
    return packed(workbook(sheet(rows), styled=styles(font=font)))


OLD = "Céng hßa x· héi chñ nghÜa ViÖt Nam"


@pytest.mark.parametrize("font", [".VnTime", "Arial"])
def test_letters_of_an_old_font_in_a_workbook_are_asked_about(font):
    content = with_font(font, OLD, "98.000.000")
    (asked,) = open_book(content, "a.xlsx").findings
    assert (asked.code, asked.at.sheet, asked.at.cell) == ("encoding_unclear", "Sheet1", "A1")
    assert asked.answer == "encoding_unclear"
    assert [one.value for one in asked.options] == ["tcvn3"]
    assert "µ" not in asked.at.value
    book = open_book(content, "a.xlsx", answers={"encoding_unclear": "tcvn3"})
    assert texts(book) == ["Cộng hòa xã hội chủ nghĩa Việt Nam", "98.000.000"]
    assert told(book) == [(Level.WARNING, "encoding_converted")]


def test_while_the_question_is_open_the_text_shows_as_it_is_proposed():
    book = open_book(with_font(".VnTime", "H÷u Lòng"), "a.xlsx")
    assert texts(book) == ["Hữu Lũng"]


def test_a_font_of_capitals_shows_capitals():
    content = with_font(".VnTimeH", "ñy ban nh©n d©n", "ubnd")
    book = open_book(content, "a.xlsx", answers={"encoding_unclear": "tcvn3"})
    assert texts(book) == ["ỦY BAN NHÂN DÂN", "UBND"]


def test_vni_is_known_by_its_font():
    content = with_font("VNI-Times", "Xaõ Höõu Lieân", "ÑÖÔØNG THOÂN")
    book = open_book(content, "a.xlsx", answers={"encoding_unclear": "vni"})
    assert texts(book) == ["Xã Hữu Liên", "ĐƯỜNG THÔN"]


def test_true_letters_in_an_old_font_are_left_alone():
    book = open_book(with_font(".VnTime", "Xã Hữu Liên", "Mô hình chăn nuôi"), "a.xlsx")
    assert not book.findings
    assert texts(book) == ["Xã Hữu Liên", "Mô hình chăn nuôi"]


def test_what_can_be_read_both_ways_in_an_old_font_is_asked():
    content = with_font(".VnTime", "Xã")
    (asked,) = open_book(content, "a.xlsx").findings
    assert [one.value for one in asked.options] == ["tcvn3", "utf-8"]
    assert texts(open_book(content, "a.xlsx", answers={"encoding_unclear": "utf-8"})) == ["Xã"]
    assert texts(open_book(content, "a.xlsx", answers={"encoding_unclear": "tcvn3"})) == ["Xó"]


def test_signs_that_true_text_has_as_well_are_no_old_letters():
    words = ["5×3", "«Tên»", "· Dự án", "© 2024", "± 5", "½", "Vốn¹", "A¹", "§ 5", "km²", "NĐ 38"]
    book = open_book(with_font("Arial", *words, "Xã Hữu Liên"), "a.xlsx")
    assert not book.findings
    assert texts(book) == [*words, "Xã Hữu Liên"]


def test_what_could_be_either_follows_the_rest_of_the_file():
    answered = {"encoding_unclear": "tcvn3"}
    old = with_font("Arial", OLD, "Vèn", "N§ 38")
    assert texts(open_book(old, "a.xlsx", answers=answered))[1:] == ["Vốn", "NĐ 38"]
    mixed = with_font("Arial", OLD, "Vèn", "Xã Hữu Liên")
    assert texts(open_book(mixed, "a.xlsx", answers=answered))[1:] == ["Vèn", "Xã Hữu Liên"]


def test_a_piece_of_a_cell_may_have_a_font_of_its_own():
    shared = (
        '<si><r><rPr><rFont val="Arial"/></rPr><t xml:space="preserve">Xã </t></r>'
        '<r><rPr><rFont val=".VnTime"/></rPr><t>H÷u Liªn</t></r></si>'
    )
    parts = workbook(sheet(row(1, '<c r="A1" t="s"><v>0</v></c>')), texts=shared)
    book = open_book(packed(parts), "a.xlsx", answers={"encoding_unclear": "tcvn3"})
    assert texts(book) == ["Xã Hữu Liên"]


def test_old_letters_that_nothing_explains_are_an_error_at_their_cell():
    book = open_book(with_font(".VnTime", "HÀ x·"), "a.xlsx")
    assert [(one.level, one.code, one.at.cell) for one in book.findings] == [
        (Level.ERROR, "encoding_unclear", "A1")
    ]


@pytest.mark.parametrize(
    ("way", "cell", "true"),
    [
        ("tcvn3", "®· cÊp cho hộ nghèo", "đã cấp cho hộ nghèo"),
        ("tcvn3", "Vốn ®Çu tư", "Vốn đầu tư"),
        ("tcvn3", "§iÒu 5 của luật", "Điều 5 của luật"),
        ("tcvn3", "Đơn giá tăng, Gi¸ gièng t¨ng", "Đơn giá tăng, Giá giống tăng"),
        ("tcvn3", "Trà My: gi¸ t¨ng", "Trà My: giá tăng"),
        ("tcvn3", "§\xadêng giao th«ng n«ng th«n, đã làm", "Đường giao thông nông thôn, đã làm"),
        ("vni", "Đã cấp 12 con; giaù gioáng taêng", "Đã cấp 12 con; giá giống tăng"),
        ("vni", "Đơn giá tăng, ñöôøng vaøo khoù", "Đơn giá tăng, đường vào khó"),
        ("vni", "Cấp cho xaõ Bình Hoøa", "Cấp cho xã Bình Hòa"),
    ],
)
def test_old_words_among_true_ones_are_asked_about_and_converted(way, cell, true):
    content = with_font("Arial", "Xã Hữu Liên", cell)
    (asked,) = open_book(content, "a.xlsx").findings
    assert (asked.level, asked.code, asked.at.cell) == (Level.QUESTION, "encoding_unclear", "A2")
    assert [(one.value, true in one.name) for one in asked.options] == [(way, True)]
    book = open_book(content, "a.xlsx", answers={"encoding_unclear": way})
    assert texts(book) == ["Xã Hữu Liên", true]


def test_what_was_kept_by_the_letters_of_windows_1258_is_asked_about():
    """TCVN3 ã (ó) and õ (ừ) are ă and ơ there; true words with ă are none such."""
    content = with_font("Arial", "khă kh¨n trong thi c«ng")
    assert [one.code for one in open_book(content, "a.xlsx").findings] == ["encoding_unclear"]
    book = open_book(content, "a.xlsx", answers={"encoding_unclear": "tcvn3"})
    assert texts(book) == ["khó khăn trong thi công"]


@pytest.mark.parametrize(
    ("way", "cell"),
    [("tcvn3", "Nhóm B¹ của huyện"), ("vni", "Trồng rau maù ở huyện")],
    ids=["a letter with a footnote", "a tone typed on the wrong letter"],
)
def test_one_word_that_only_looks_old_may_be_kept(way, cell):
    content = with_font("Arial", cell)
    (asked,) = open_book(content, "a.xlsx").findings
    assert [one.value for one in asked.options] == [way, "utf-8"]
    kept = open_book(content, "a.xlsx", answers={"encoding_unclear": "utf-8"})
    assert (texts(kept), kept.findings) == ([cell], ())


@pytest.mark.parametrize(
    "cell",
    [
        "· Đã làm xong ở ấp",
        "5 µm, 3 km², 2 m³, 30 °C, Vốn¹ của xã",
        "Biogro® ở chợ, café, «tốt», § 3",
        "NĐ 30/2020; QĐ § 7, 5 µm",
        "hoá, khoẻ, thuý, qúy, gía, cuả, bò, ông Müller, Köln, São Paulo, Nuñez ở Đà Nẵng",
        "Đợt 2 – “nước sạch” & vệ sinh… 1/2 ½",
    ],
)
def test_signs_among_true_letters_are_no_old_words(cell):
    book = open_book(with_font("Arial", cell), "a.xlsx")
    assert (texts(book), book.findings) == ([cell], ())

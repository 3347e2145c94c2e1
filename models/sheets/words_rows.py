"""Words of rows that are no figures of a project: sums, notes, signatures, numbering."""

import re

from models.base import clean_line, plain
from models.calendar import LEVELS
from models.sheets.words_base import DASHES, Phrase, heard

_OF_WHAT = (
    r"(?:\s*(?:$|[(:.]|\d|[ivx]+\b|trang|toàn|chung|các|dự án|tiểu|vốn|nguồn"
    r"|kinh phí|huyện|xã|thị|phòng|trung tâm|ubnd|mục|phần|năm|theo|tháng|lũy|dồn"
    r"|số|cộng|mang|chuyển))"
)
_TOTAL = Phrase(
    rf"(?:tổng số|tổng cộng|t\. ?cộng|t\. ?số)(?!\w)|(?:tổng|cộng)(?!\w){_OF_WHAT}"
    rf"|toàn (?:{'|'.join(LEVELS)})$|tổng$|cộng$"
)
_PAGE = Phrase(
    r"(?:cộng |số )?mang sang(?: trang.*)?$|(?:cộng |số )?chuyển (?:sang )?trang(?: sau)?.*$"
    r"|(?:số )?(?:từ )?trang trước (?:chuyển|mang) sang.*$|cộng trang(?: \S+)?$|lũy kế trang.*$"
    r"|cộng chuyển(?: sang)?(?: trang.*)?$|cộng dồn(?: trang.*)?$"
)
_LEADING = re.compile(r"^[\s\d.()+*:\"'“”‘’-]*(?:[ivx]+[.)] )?")
_PLACE_AND_DAY = Phrase(r"[^\d,:;]{0,40}, ?ngày [\s.…_\d]*tháng [\s.…_\d]*năm [\s.…_\d]*")
_ONLY_DAY = Phrase(r"ngày [\s.…_\d]*tháng [\s.…_\d]*năm [\s.…_\d]*")
_SIGNATURE = Phrase(
    r"(?:người (?:lập|tổng hợp|báo cáo|kiểm tra|ký)|lập biểu|thủ trưởng|kế toán(?: trưởng)?"
    r"|(?:phó )?chủ tịch|(?:phó )?giám đốc|(?:phó )?trưởng phòng|(?:tm|kt|tl|tuq)\s?\.|nơi nhận"
    r"|phụ trách kế toán|cán bộ (?:lập|tổng hợp)|lãnh đạo (?:đơn vị|phòng|ubnd)"
    r"|\(?\s*(?:đã ký|ký,|ký tên|ký ghi)|xác nhận của|đại diện)"
)
_NOTE = Phrase(r"(?:\(?\*?\s*ghi chú\s*(?:[:.]|$|\()|\(?số liệu minh họa\)?$|nguồn số liệu)")
_COLUMN_NUMBER = re.compile(
    r"\(?\s*(?:\d{1,3}|[a-h])[a-d]?\s*\)?"
    r"(?:\s*(?:[=+\-*/:x%…]|\.{2,3})\s*\(?\s*(?:\d{1,3}[a-d]?)?\s*\)?\s*%?)*"
)
_LONGEST_NUMBER = 40
_FIRST_NUMBERS = (
    (re.compile(r"[IVX]{1,5}|[ivx]{2,5}"), 1),
    (re.compile(r"[A-ZĐ]"), 0),
    (re.compile(r"\d{1,3}"), 2),
    (re.compile(r"[a-zđ]"), 5),
    (re.compile(r"-"), 6),
    (re.compile(r"\+"), 7),
    (re.compile(r"[*•●]"), 8),
)
_NEXT_NUMBER = re.compile(r"\d{1,3}|[a-zđ]|[ivx]{1,5}", re.IGNORECASE)


def is_total(text: str) -> bool:
    """Whether a row's name says that it is a sum: Tổng số, Cộng, Cộng trang, Mang sang."""
    said = _LEADING.sub("", heard(text))
    return bool(_TOTAL.match(said) or _PAGE.match(said))


def is_page_sum(text: str) -> bool:
    """Whether a row only carries a sum from page to page: Cộng trang, Mang sang, Lũy kế trang."""
    return bool(_PAGE.match(_LEADING.sub("", heard(text))))


def is_signature(text: str) -> bool:
    """Whether a text belongs to the signatures below a table: Người lập biểu, place and day."""
    said = heard(text)
    return bool(
        _SIGNATURE.match(said) or _PLACE_AND_DAY.fullmatch(said) or _ONLY_DAY.fullmatch(said)
    )


def is_note(text: str) -> bool:
    """Whether a text is a note to a table: Ghi chú: …, Số liệu minh họa."""
    return bool(_NOTE.match(heard(text)))


def is_column_number(text: str) -> bool:
    """Whether a text can stand in a row of column numbers: (1), 1, A, (4)=(5)+(6), 7=4/3%."""
    said = heard(text)
    return not said or (len(said) <= _LONGEST_NUMBER and _COLUMN_NUMBER.fullmatch(said) is not None)


def outline_depth(text: str) -> int | None:
    """How deep a numbering stands: A 0, I 1, 1 2, 1.1 3, 1.1.1 4, a 5, - 6, + 7, * 8; else None.

    Letters that are also Roman figures (I, V, X) count as Roman; C and D as letters.
    """
    mark = clean_line(plain(text[:_LONGEST_NUMBER])).translate(DASHES)
    if mark not in "-+*•●":
        mark = mark.strip("()[] ").rstrip(".):/- ").replace(",", ".")
    first, *rest = mark.split(".")
    for pattern, depth in _FIRST_NUMBERS:
        if pattern.fullmatch(first):
            is_outline = all(_NEXT_NUMBER.fullmatch(one) for one in rest)
            return depth + len(rest) if is_outline else None
    return None

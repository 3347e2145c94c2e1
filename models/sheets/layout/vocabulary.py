"""The words of heads: what a column is about, as data, specific words before general ones."""

import re
from enum import StrEnum
from functools import lru_cache


class Noun(StrEnum):
    """What one text of a head speaks of; a column's meaning is put together from its texts."""

    # who and what
    NUMBER = "number"
    PROJECT_CODE = "project_code"
    PROJECT = "project"
    CONTENT = "content"  # names of projects, or of what stands above them
    UNIT = "unit"
    PART = "part"
    SOURCE = "source"
    NATURE = "nature"
    VINTAGE = "vintage"
    # money
    DISBURSED = "disbursed"
    DONE = "done"  # carried out: paid, or work of that value
    ADVANCE = "advance"
    COMPLETED = "completed"
    RECOVERED = "recovered"
    RETURNED = "returned"
    PLAN = "plan"
    PLAN_AFTER = "plan_after"  # what a decision leaves, after its changes
    REMAINING = "remaining"
    RATE = "rate"
    ESTIMATE = "estimate"
    VOLUME = "volume"
    AMOUNT = "amount"  # money, and no more is said
    CHANGE = "change"  # up or down, by its sign
    INCREASE = "increase"
    DECREASE = "decrease"
    # words, days, states
    PROGRESS = "progress"
    PROGRESS_TEXT = "progress_text"
    OBSTACLES = "obstacles"
    PROPOSALS = "proposals"
    NOTE = "note"
    START = "start"
    END = "end"
    INVESTMENT = "investment"
    STATUS = "status"
    LINE_KIND = "line_kind"
    DECISION = "decision"
    COUNT = "count"  # of households, people, animals
    WORK = "work"  # volume of work, and not its value
    ASIDE = (
        "aside"  # understood, and not asked for: unit of measure, open advances, planned payments
    )


NAMING = frozenset({Noun.PROJECT_CODE, Noun.PROJECT, Noun.CONTENT, Noun.UNIT, Noun.PART})
WHO = NAMING | {Noun.NUMBER, Noun.SOURCE, Noun.NATURE, Noun.VINTAGE}
FLOWS = frozenset({Noun.ADVANCE, Noun.COMPLETED, Noun.RECOVERED, Noun.RETURNED})

_CHANGED = r"(dieu chinh|bo sung|giam|tang|cat giam|thu hoi(?! tam ung| von tam ung))"
_ONLY_WHEN = (
    r"( (trong|den|tu|het|cuoi|dau|thang|ky|quy|nam|nay|truoc|ngay|bao|cao|luy|ke|thoi|diem"
    r"|t?\d{1,4}|von|nguon|ngan|sach|ns\w*|trung|uong|tw|tinh|huyen|xa|sn|su|nghiep|dtpt|keo|dai))*$"
)
# Tried from the top: the first that is found tells. Folded words, without marks of punctuation;
# `^` and `$` are the ends of the text, % the sign itself.
_WORDS: tuple[tuple[Noun, str], ...] = (
    (Noun.NUMBER, r"^(s ?tt|tt|so tt|so thu tu|thu tu)$"),
    (Noun.ASIDE, r"don vi tinh|\bdvt\b"),
    (Noun.ASIDE, r"cung ky|^ngay (giai ngan|thanh toan|chung tu|rut)|^so chung tu"),
    (Noun.COUNT, r"^(tong )?so (ho|nguoi|lao dong|lop|con|mo hinh|du an|cong trinh|luong|xa)\b"),
    (Noun.COUNT, r"^(tong )?so (thon|luot|buoi|dot|doi tuong|hoc vien|nha|cay|km|chung tu)\b"),
    (Noun.OBSTACLES, r"kho khan|vuong mac|ton tai|han che|nguyen nhan"),
    (Noun.PROPOSALS, r"kien nghi|de xuat"),
    (Noun.NOTE, r"^ghi chu"),
    (Noun.PROJECT_CODE, r"^ma( so)?$|\bma( so)? (du an|da|cong trinh|hoat dong)\b"),
    (Noun.INVESTMENT, r"tong muc( von)? dau tu|\btmdt\b|tong von dau tu|tong du toan"),
    (Noun.START, r"(ngay|thoi gian|thoi diem|nam) (bat dau|khoi cong)"),
    (Noun.START, r"^(bat dau|khoi cong|tu ngay)$"),
    (Noun.END, r"(ngay|thoi gian|thoi diem|nam) (ket thuc|hoan thanh)"),
    (Noun.END, r"^(ket thuc|hoan thanh|den ngay|du kien hoan thanh)$"),
    (Noun.STATUS, r"^(trang thai|tinh trang|hien trang)( du an| thuc hien)?$"),
    (Noun.RATE, r"(ty le|ti le).*(giai ngan|von|ke hoach|du toan)"),
    (Noun.RATE, r"(tien do|ket qua|muc do) .*giai ngan.*%"),
    (Noun.PROGRESS, r"tien do.*%|(khoi luong|hoan thanh).*%|%.*(khoi luong|hoan thanh|tien do)"),
    (Noun.PROGRESS, r"(ty le|ti le|muc do) (thuc hien |hoan thanh )*(khoi luong|cong viec)"),
    (Noun.PROGRESS, r"(ty le|ti le|muc do) hoan thanh"),
    (Noun.RATE, r"ty le|ti le|^%|^dat %|% ?(giai ngan|dat|so voi)|\bdat \(?%"),
    (Noun.ASIDE, r"du (no )?tam ung|(tam ung|\btu\b) chua thu hoi|no dong"),
    (Noun.ASIDE, r"luy ke (\w+ ){0,3}(bo tri|giao)|(bo tri|giao) (\w+ ){0,3}luy ke"),
    (Noun.ASIDE, r"(ke hoach|\bkhv?\b)( von)?( dau tu)?( cong)? (trung han|giai doan 20\d\d)"),
    (Noun.ASIDE, r"^von( duoc)?( giao| bo tri)? (trung han|giai doan 20\d\d)"),
    (Noun.ASIDE, r"(ke hoach|\bkh\b|dang ky|cam ket|chi tieu|giao|muc tieu) giai ngan"),
    (Noun.ASIDE, r"(de nghi|nhu cau|\bcan|\bcho|khong( the)?) (giai ngan|thanh toan)"),
    (Noun.ASIDE, r"(?<!con )\bphai (giai ngan|thanh toan)"),
    (Noun.PLAN, r"(von|kinh phi|du toan) con lai.*chuyen (sang|nguon)"),
    (Noun.PLAN_AFTER, rf"(ke hoach|\bkhv?\b|du toan|\bvon\b).*con lai sau (khi )?{_CHANGED}"),
    (Noun.REMAINING, r"con lai|chua giai ngan|con phai|chua thanh toan"),
    (Noun.ESTIMATE, r"\buoc\b|du kien (giai ngan|thuc hien|thanh toan)|kha nang giai ngan"),
    (Noun.RECOVERED, r"thu hoi( von)?( du)? (tam ung|tu)\b|\bthtu\b"),
    (Noun.RETURNED, r"(nop|hoan) (tra|giam|hoan|lai)|khoi phuc du toan|giam chi"),
    (Noun.ADVANCE, r"tam ung|^(von )?tu$"),
    (Noun.COMPLETED, r"thanh toan( von| gia tri)* (khoi luong|kl\b|klht|hoan thanh)"),
    (Noun.COMPLETED, r"\b(klht|kltt|tt ?klht)\b|^(da )?thanh toan$"),
    (Noun.VOLUME, r"gia tri (khoi luong|kl\b|thuc hien|nghiem thu|hoan thanh|san luong)"),
    (Noun.WORK, r"khoi luong"),
    (Noun.DISBURSED, r"giai ngan|\bgn\b|thanh toan|da chi|so chi\b|chi trong"),
    (Noun.DISBURSED, r"\bda rut\b|rut (von|du toan)"),
    (Noun.PLAN_AFTER, rf"sau (khi )?{_CHANGED}"),
    (Noun.PLAN, rf"truoc (khi )?{_CHANGED}|(da|duoc) giao|(?<!tu )\bdau nam\b"),
    (Noun.CHANGE, r"tang ([+] )?(va |hoac )?giam|dieu chinh [+]"),
    (Noun.CHANGE, r"^(so |von |so von |so tien |kinh phi )?dieu chinh( von| ke hoach)?$"),
    (Noun.INCREASE, r"(dieu chinh|bo sung) tang|^tang\b"),
    (Noun.DECREASE, r"(dieu chinh )?\bgiam\b(?! ngheo| sat)|thu hoi|huy (bo|du toan)|cat giam"),
    (Noun.AMOUNT, r"bo sung|phan bo|dot nay|lan nay"),
    (Noun.PLAN, r"ke hoach|\bkhv?\b|du toan|(von|kinh phi) (duoc )?(giao|cap|bo tri)|tong von"),
    (Noun.PLAN, r"tong kinh phi|muc von|han muc"),
    (Noun.DISBURSED, r"(so|kinh phi|von) (da )?(thuc hien|su dung)"),
    (Noun.PROGRESS_TEXT, r"tien do|ket qua|tinh hinh|(noi dung|cong viec) (da )?thuc hien"),
    (Noun.DONE, rf"^(luy ke (so )?|lk )?(da )?thuc hien{_ONLY_WHEN}"),
    (Noun.LINE_KIND, r"loai (dieu chinh|but toan|giao von)"),
    (Noun.DECISION, r"^(so |theo )?(quyet dinh|qd)\b|^van ban giao|^can cu"),
    (Noun.CONTENT, r"^(don vi|chu dau tu|dia phuong) (du an|noi dung|hoat dong)"),
    (Noun.UNIT, r"^(ten )?(chu dau tu|cdt|don vi|co quan|dia phuong|dia ban)\b"),
    (Noun.UNIT, r"^(ten )?(cac )?xa( phuong)?( va)?( thi tran)?$"),
    (Noun.PART, r"(du an|noi dung|hop phan)( va)? thanh phan"),
    (Noun.PART, r"^thuoc (du an|tieu du an|chuong trinh)"),
    (Noun.PART, r"^(tieu du an|hop phan|tda)$"),
    (Noun.PROJECT, r"^(ten|danh muc|danh sach)( cac)? (cong trinh|du an|mo hinh|hoat dong)"),
    (Noun.PROJECT, r"^(ten|danh muc|danh sach)( cac)? tieu du an"),
    (Noun.PROJECT, r"^(cong trinh|mo hinh|hoat dong|du an hoat dong)\b(?! [0-9])"),
    (Noun.CONTENT, r"^(noi dung|danh muc|hang muc|nhiem vu|ten|chi tieu|dien giai)\b"),
    (Noun.CONTENT, r"^(cac )?chuong trinh (va |hoac )?(tieu )?du an(?! [0-9ivx]+\b)\b"),
    (Noun.CONTENT, r"^(tieu )?du an(?! [0-9ivx]+\b)\b"),
    (Noun.SOURCE, r"^(loai )?nguon( von| kinh phi| ngan sach)?$"),
    (Noun.NATURE, r"^(loai von|tinh chat( von| nguon)?)$"),
    (Noun.VINTAGE, r"^(nam( cua)? von|von( cua)? nam|nien do( von)?|nam ke hoach)$"),
    (Noun.AMOUNT, r"^(tong )?(so tien|so von|kinh phi|von)$|^thanh tien$|^gia tri$"),
)  # fmt: skip
_PATTERNS = tuple((noun, re.compile(pattern)) for noun, pattern in _WORDS)
# words that heads of names are made of, and nothing else
_NAMING_WORDS = (
    "ten", "ma", "so", "danh muc", "danh sach", "cac", "tieu du an", "du an", "thanh phan",
    "cong trinh", "mo hinh", "hoat dong", "noi dung", "hang muc", "nhiem vu", "chi tieu",
    "dien giai", "cong viec", "thuoc", "chuong trinh", "chu dau tu", "cdt", "don vi", "co quan",
    "dia phuong", "dia ban", "xa", "phuong", "thi tran", "thuc hien", "bao cao", "quan ly",
    "su dung", "chi", "thu huong", "nhan von", "duoc giao", "chu tri", "chu quan", "dau tu",
    "giai doan", "dia diem", "xay dung", "va", "hoac", "kinh phi", "von", "truc thuoc", "cap",
    "stt", "tt",
)  # fmt: skip
FIRST_WORDS = frozenset({"s", "thu", *(words.partition(" ")[0] for words in _NAMING_WORDS)})
_ONLY_NAMING = re.compile(rf"(?:(?:{'|'.join(_NAMING_WORDS)})(?: |$))+")
# all words of what says nothing but of which capital it is
_OF_CAPITAL = re.compile(
    r"(?:von|nguon|ngan|sach|ns|nsnn|nstw|nst|nsh|nsx|nsdp|tw|trung|uong|tinh|huyen|xa|cap|dia"
    r"|phuong|doi|ung|nam|20\d\d|keo|dai|chuyen|sang|qua|truoc|nay|cac|giao|duoc|trong|do|ke"
    r"|hoach|kh|du|toan|dau|tu|phat|trien|su|nghiep|kinh|phi|kp|sn|dtpt|vsn|tu|va|cua|so|tien"
    r"|nha|nuoc|tin|dung|chinh|khac|huy|dong|hdk|tdcs|kd(?:20)?\d{0,2}|a|b|i|ii|iii|iv|\d{1,2})"
)
_PUNCTUATION = re.compile(r"[^0-9a-z%+]+")


def plain_words(folded: str) -> str:
    """Folded text as the vocabulary is written: words and % with single spaces between them."""
    return _PUNCTUATION.sub(" ", folded).strip()


def is_word_of_capital(word: str) -> bool:
    """Whether a folded word belongs to those that name years, sources and natures of capital."""
    return _OF_CAPITAL.fullmatch(word) is not None


def names_only(folded: str) -> bool:
    """Whether a folded text is made of nothing but words that head names: Tên dự án, công trình."""
    return _ONLY_NAMING.fullmatch(plain_words(folded)) is not None


@lru_cache(maxsize=8192)
def noun_of(folded: str) -> Noun | None:
    """What a folded text of a head speaks of; None where no word of the vocabulary is in it."""
    words = plain_words(folded)
    if not words or len(words) > 160:
        return None
    return next((noun for noun, pattern in _PATTERNS if pattern.search(words)), None)

"""Text as it is stored, searched and named: NFC, one spelling of tones, a folded copy."""

import re
import unicodedata

# Marks of direction, then those that show nothing: two equal-looking names must be equal.
_UNSEEN = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    "\u00ad\u180e\u200b\u200c\u2060\ufeff"
)
# Those, what controls a machine, halves of letters, and what no letter will ever be.
_UNWANTED = re.compile(
    f"[{''.join(_UNSEEN)}\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
_LOOSE_JOINER = re.compile(f"(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])")
_LONGEST_NAME = 120
_OLD_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_OLD = re.compile(rf"(?<![qQ])({'|'.join(_OLD_TONES)})(?!\w)", re.IGNORECASE)


# The stroke and the dashes that word processors and other keyboards put into numbers.
STROKES = str.maketrans({0xFF0F: "/", 0x2215: "/", 0x2044: "/", 0xFF0D: "-", 0x2212: "-"}) | (
    dict.fromkeys(range(0x2010, 0x2016), "-")
)
# The Icelandic letter that old files and keyboards put for đ looks the same and is another one.
_ETH = str.maketrans("Ðð", "Đđ")


def nfc(text: str) -> str:
    """Composed form: what UniKey types as "tổ hợp" becomes the same letters as "dựng sẵn"."""
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """Text fit to be stored: NFC, no control or direction marks, one placement of tones.

    Keeps newlines and tabs, emoji and their joiners. The old placement (Hoà, Uỷ) becomes the
    one that documents use (Hòa, Ủy; domain §6.3). Idempotent.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    seen = _UNWANTED.sub("", lines)
    # Composing comes last: a removed mark may have stood between a letter and its tone.
    composed = nfc(_LOOSE_JOINER.sub("", seen)).translate(_ETH)
    return _OLD.sub(_new_tone, composed).strip()


def clean_line(text: str) -> str:
    """`clean`, on one line with single spaces."""
    return " ".join(clean(text).split())


def _new_tone(match: re.Match[str]) -> str:
    old = match.group(1)
    new = _OLD_TONES[old.lower()]
    return "".join(n.upper() if o.isupper() else n for o, n in zip(old, new, strict=True))


def fold(text: str) -> str:
    """Search key: no marks, đ as d, small letters, single spaces. `Hữu Liên` → `huu lien`.

    The Icelandic ð counts as đ: old Vietnamese files carry it in its place. Idempotent.
    """
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.replace("đ", "d").replace("ð", "d").split())


# The order of Vietnamese dictionaries: letters first, then tones from none to nặng.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_PLACE = {
    letter: "abcdefghij"[n // 10] + "abcdefghij"[n % 10] for n, letter in enumerate(_LETTERS)
} | {str(digit): f"1{digit}" for digit in range(10)}


def sort_key(text: str) -> str:
    """Sorts as a Vietnamese dictionary does, on any database whatever its collation is.

    Only small letters a–j and figures are in it, whose order no collation changes. Words come
    before longer words; tones decide only between words of the same letters: ma mà mả mã má mạ.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFC", clean_line(text).casefold()):
        marks = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in marks if mark in _TONES), "")
        base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark != tone))
        if base not in _PLACE:  # a letter of another language stands with its plain one
            base = marks[0]
        place = _PLACE.get(base, "01")
        if place != "01" or (letters and letters[-1] != "01"):
            letters.append(place)
            tones.append(str(_TONES.find(tone) + 1) if tone else "0")
    return f"{''.join(letters)}00{''.join(tones)}"


def escape_like(term: str) -> str:
    r"""`term` for LIKE … ESCAPE '\\': its own % and _ are letters, not wildcards."""
    return re.sub(r"([\\%_])", r"\\\1", term)


def ascii_name(text: str) -> str:
    """A file name in plain letters, without folders: `Đường Hữu Lũng` → `Duong_Huu_Lung`."""
    decomposed = unicodedata.normalize("NFD", clean_line(text))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    bare = bare.replace("đ", "d").replace("Đ", "D")
    stem, ending = re.sub(r"[^A-Za-z0-9.-]+", "_", bare), ""
    if found := re.fullmatch(r"(.*)(\.[A-Za-z0-9]{1,5})", stem):
        stem, ending = found.groups()
    return (stem.strip("._-")[:_LONGEST_NAME] or "file") + ending


def is_mail_address(text: str) -> bool:
    """Whether mail can be sent to `text`: one name at one machine, none of what parts several."""
    return re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+", text) is not None

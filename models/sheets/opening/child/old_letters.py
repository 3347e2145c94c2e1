"""The letters of old Vietnamese fonts: TCVN3 (`.VnTime`, also called ABC) and VNI.

In TCVN3 a letter is one sign of the Western alphabet (TCVN 5712:1993, the set VN3), in VNI a
letter and a sign for its mark and tone. Both have no code of their own: only the font, or that
the words make sense, tells that they are meant.
"""

import re
from collections.abc import Container

# Capitals exist without a tone only; documents put the rest in fonts of capitals (`.VnTimeH`).
_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáãâäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏóõọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_TCVN3_CODES = str.maketrans(_TCVN3)
# Signs that Vietnamese text in true letters has as well: they prove nothing.
_SHARED = set("ÈÉÊÌÒÓÔÕÝáâãèéêìíòóôõùúý")
_VNI_MARKS = {
    "a": dict(zip("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "u": dict(zip("ùøûõ", "úùủũ", strict=True)) | {"ï": "ụ"},
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
}
_VNI_ALONE = dict(zip("ôöíìæóòîñ", "ơưíìỉĩịỵđ", strict=True))
_VNI = {
    **{letter + mark: letters[mark] for letter, letters in _VNI_MARKS.items() for mark in letters},
    **_VNI_ALONE,
}
_VNI |= {
    (old[0].upper() + mark): new.upper()
    for old, new in _VNI.items()
    for mark in {old[1:], old[1:].upper()}
}
_VNI_FIND = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_VNI_SIGNS = set("ñöøûïäëüåæî")  # the other marks are letters with a tone in true text as well
# What text in any letters may hold besides: quotation marks, dashes, no-break space …
_NEUTRAL = {"\xa0", "°", "±", "²", "³", "₫"}
_WESTERN = re.compile("[\x00-\xff\u2010-\u203a₫]*")
_TRUE = re.compile("[\u1ea0-\u1ef9]")


def is_western(text: str) -> bool:
    """Whether all signs are those that an old font has; quotation marks and dashes count."""
    return _WESTERN.fullmatch(text) is not None


def as_western(text: str) -> str | None:
    """The signs as an old font sees them. Some files kept them as letters of Windows-1258."""
    if is_western(text):
        return text
    if not has_odd_signs(text) or _TRUE.search(text):
        return None
    try:
        return text.encode("cp1258").decode("latin-1")
    except UnicodeEncodeError:
        return None


def from_tcvn3(western: str) -> str | None:
    """The text in true letters; None where it holds what TCVN3 does not have."""
    return None if _has_rest(western, _TCVN3) else western.translate(_TCVN3_CODES)


def from_vni(western: str) -> str | None:
    """The text in true letters; None where a mark is left without its letter."""
    done, left = [], 0
    for found in _VNI_FIND.finditer(western):
        done += [western[left : found.start()], _VNI[found.group()]]
        left = found.end()
    done.append(western[left:])
    return None if any(_has_rest(piece, ()) for piece in done[::2]) else "".join(done)


def _has_rest(western: str, known: Container[str]) -> bool:
    return any(
        "\x80" <= char <= "\xff" and char not in known and char not in _NEUTRAL for char in western
    )


def has_true_letters(text: str) -> bool:
    """Whether there are Vietnamese letters in it that no old encoding has."""
    return _TRUE.search(text) is not None


def is_of_letters(font: str) -> bool:
    """Whether a font shows old Vietnamese letters in the place of those that are stored."""
    return font[:3].lower() == ".vn" or font[:4].lower() == "vni-"


def is_of_capitals(font: str) -> bool:
    """Whether a TCVN3 font shows capitals for all letters: its name ends in H."""
    return font[:3].lower() == ".vn" and font.rstrip().endswith("H")


def has_odd_signs(text: str) -> bool:
    """Whether there is a sign of TCVN3 in it that no text in true letters has in a word."""
    return any(char in _TCVN3 and char not in _SHARED for char in text)


def has_vni_signs(text: str) -> bool:
    """Whether there is a sign of VNI in it that no text in true letters has in a word."""
    return any(char in _VNI_SIGNS for char in text.lower())

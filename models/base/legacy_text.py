"""Text of the fonts before Unicode (TCVN3 “.VnTime”, VNI): recognised and read, never stored.

Such text looks right in its own font only; stored, nobody finds or reads it again.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import String, event, inspect

from models.base.errors import RuleBroken, _n
from models.base.scope import ScopedSession

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_TONES = {
    "a": "ùáøàûảõãïạêăéắèằúẳüẵëặââáấàầåẩãẫäậ",
    "e": "ùéøèûẻõẽïẹâêáếàềåểãễäệ",
    "o": "ùóøòûỏõõïọâôáốàồåổãỗäộ",
    "ô": "ùớøờûởõỡïợ",
    "u": "ùúøùûủõũïụ",
    "ö": "ùứøừûửõữïự",
    "y": "ùýøỳûỷõỹ",
}
_VNI: dict[str, str] = {"ñ": "đ", "ö": "ư", "ô": "ơ", "î": "ỵ", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}
for _base, _pairs in _TONES.items():
    for _mark, _letter in zip(_pairs[::2], _pairs[1::2], strict=True):
        for _one, _meant in (
            (_base + _mark, _letter),
            (_base.upper() + _mark.upper(), _letter.upper()),
            (_base.upper() + _mark, _letter.upper()),
        ):
            _VNI[_one] = _meant
_VNI |= {key.upper(): value.upper() for key, value in _VNI.items() if len(key) == 1}
_VNI_PIECE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))

# what no Vietnamese text in Unicode holds: signs amid letters, and letters of other languages
_SIGN = "µ¸¶·¹¨»¾¼½©®ª«¬¡¢§£¤¥¦"
_TCVN3_SIGN = re.compile(rf"(?<=[A-Za-z])[{_SIGN}]|[®§¢¡£¤¥¦µ¶¨¬ª©](?=\u00ad?[^\W\d_])")
_VNI_MARK = re.compile(r"(?<=[aeouyôöAEOUYÔÖ])[øûïäåëüØÛÏÄÅËÜ]|[ñöÑÖ](?=[^\W\d_])")
_UNICODE = re.compile(r"[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


def reading_of(text: str) -> str | None:
    """What a text in an old code means, in Unicode; None where it is no such text."""
    if text.isascii() or _UNICODE.search(text):
        return None
    if len(_TCVN3_SIGN.findall(text)) >= 2:
        return "".join(_TCVN3.get(char, char) for char in text)
    if len(_VNI_MARK.findall(text)) >= 2:
        return _VNI_PIECE.sub(lambda found: _VNI[found[0]], text)
    return None


def check_code(text: str, *, field: str | None = None) -> None:
    """Refuse (RuleBroken) a text in an old code, and say how it reads."""
    reading = reading_of(text)
    if reading is not None:
        raise RuleBroken(
            _n(
                "This text is in an old font code (TCVN3 or VNI), not Unicode. "
                "It reads: “%(reading)s”. Type or paste that instead."
            ),
            field=field,
            reading=reading[:300],
        )


@event.listens_for(ScopedSession, "before_flush")
def _refuse_old_codes(session: ScopedSession, _context: Any, _instances: Any) -> None:
    for row in session.new:
        _check_row(row, row.__dict__)
    for row in session.dirty:
        state = inspect(row)
        changed = {name for name in state.committed_state if name in state.dict}
        _check_row(row, {name: state.dict[name] for name in changed})


def _check_row(row: Any, values: Mapping[str, Any]) -> None:
    for name in _text_columns(inspect(row).mapper):
        value = values.get(name)
        if isinstance(value, str) and not value.isascii():
            check_code(value, field=name)


@cache
def _text_columns(mapper: Any) -> tuple[str, ...]:
    return tuple(
        column.key for column in mapper.column_attrs if isinstance(column.columns[0].type, String)
    )

"""Words about amounts: their unit, the source and the nature of capital."""

from models.capital import BUDGET_SOURCES, LOCAL_SOURCES, Nature, Source
from models.sheets.words_base import Phrase, heard

_DONG = r"(?:đồng(?: việt nam| vn)?|vnđ|vnd|₫|đ)"
_UNIT = (
    rf"(?:(?P<ty>t[ỷỉ](?: ?{_DONG})?)"
    rf"|(?P<trieu>(?:triệu|tr\.?)[ .]?(?:{_DONG})?|x?1[., ]?000[., ]?000 ?{_DONG}|10\^?6 ?{_DONG})"
    rf"|(?P<nghin>(?:nghìn|ngàn|ng\.?)[ .]?(?:{_DONG})?|x?1[., ]?000 ?{_DONG}|10\^?3 ?{_DONG})"
    rf"|(?P<dong>{_DONG}(?=\s*(?:$|[^\w\s]))))(?!\w)"  # Đơn vị: Đồng Tân is a place
)
# after the words for “unit”, in brackets, behind a comma or dash at the end, or alone
_UNIT_NAMED = Phrase(
    rf"(?:đơn vị(?: tính)?|đvt|đ\.v\.t|đv ?tính|đ/v ?tính)\s*[:;.\-]?\s*\(?{_UNIT}"
)
_UNIT_BRACKETED = Phrase(rf"[(\[]\s*(?:đơn vị(?: tính)?|đvt)?\s*:?\s*{_UNIT}\s*[)\]]")
_UNIT_BEHIND = Phrase(rf"(?:[,/\-:]\s*){_UNIT}\.?$")
_UNITS_WITHIN = (_UNIT_NAMED, _UNIT_BRACKETED, _UNIT_BEHIND)
_UNIT_ALONE = Phrase(rf"{_UNIT}\.?")


def unit_of_amounts(text: str) -> str | None:
    """The unit in which a title, head or unit line counts: `dong`, `nghin`, `trieu` or `ty`.

    `ty` cannot be imported and has to be told. None where no unit is named: words such as hội
    đồng or hợp đồng are none.
    """
    said = heard(text)
    for phrase in _UNITS_WITHIN:
        if found := phrase.search(said):
            return _named(found.groupdict())
    found = _UNIT_ALONE.fullmatch(said)
    return _named(found.groupdict()) if found else None


def without_unit(text: str) -> str:
    """The heard text with blanks for the unit that it names beside other words."""
    said = heard(text)
    named = next((one for one in _UNITS_WITHIN if one.search(said)), None)
    return named.without(said) if named else said


def _named(groups: dict[str, str | None]) -> str | None:
    return next((unit for unit in ("ty", "trieu", "nghin", "dong") if groups[unit]), None)


_LEVELS: dict[str, Source] = {
    "trung ương": Source.NSTW, "trung uong": Source.NSTW, "tw": Source.NSTW, "t.w": Source.NSTW,
    "tư": Source.NSTW, "t.ư": Source.NSTW, "tỉnh": Source.NST, "tinh": Source.NST,
    "huyện": Source.NSH, "huyen": Source.NSH, "xã": Source.NSX, "xa": Source.NSX,
}  # fmt: skip
_LEVEL = r"(?:cấp )?(?:trung ương|tw|t\.w|t\.ư|tư|tỉnh|huyện|xã)(?!\w)"
_AND_LEVEL = rf"(?:\s*(?:,|và|\+|/|-|&|;)\s*(?:ngân sách |ns ?|vốn )?{_LEVEL})*"
# Vốn xã is a source, vốn xã Hữu Liên is the capital of a place
_OF_LEVELS = Phrase(
    rf"(?:ngân sách|\bns|đối ứng)\s*(?:của\s+)?\.?(?P<budget>{_LEVEL}{_AND_LEVEL})"
    rf"|(?:nguồn|vốn|kinh phí)\s*(?P<capital>{_LEVEL}{_AND_LEVEL})(?=\s*(?:$|[^\w\s]|\d|năm|và))"
    r"|\b(?P<alone>trung ương)"
)
_ONE_LEVEL = Phrase(r"(?<!\w)(?:trung ương|tw|t\.w|t\.ư|tư|tỉnh|huyện|xã)(?!\w)")
_LEVELS_ALONE = Phrase(rf"{_LEVEL}{_AND_LEVEL}")
_SHORT: tuple[tuple[Source, Phrase], ...] = (
    (Source.NSTW, Phrase(r"\bns ?tw\b|\bnstư\b")),
    (Source.NST, Phrase(r"\bnst\b")),
    (Source.NSH, Phrase(r"\bnsh\b")),
    (Source.NSX, Phrase(r"\bnsx\b")),
    (Source.HDK, Phrase(r"\bh[đd]k\b|huy động|\b(?:vốn|nguồn|kinh phí) khác|đóng góp|vốn dân")),
    (Source.TDCS, Phrase(r"\btdcs\b|tín dụng|\bnhcsxh\b|ngân hàng chính sách")),
)
_LOCAL = Phrase(
    r"\bns ?đp\b|\bns địa phương|ngân sách địa phương|(?:vốn|nguồn|kinh phí) địa phương"
)
_COUNTERPART = Phrase(r"đối ứng")
_STATE = Phrase(r"\bnsnn\b|ngân sách nhà nước")
_LOCAL_ALONE = Phrase(r"(?:ngân sách |ns )?(?:địa phương|đp)")
_ABOUT_BUDGET = Phrase(r"ngân sách|\bns|nguồn|vốn|kinh phí|kế hoạch|giải ngân|\bkh\b")


def source_of(text: str, *, alone: bool = False) -> tuple[Source, ...]:
    """The sources that a head, title or cell can mean: none said, one, or several (unclear).

    Ngân sách địa phương and vốn đối ứng are those of province, district and commune, NSNN the
    four of the state budget. Of a path of heads (`a / b`) the innermost that names a source
    counts. `alone`: the text stands where a source is expected, so that Huyện is enough; the
    inner heads of a path about capital stand so, too.
    """
    said = heard(text)
    parts = [part.strip() for part in said.split(" / ")]
    about_budget = len(parts) > 1 and _ABOUT_BUDGET.search(said) is not None
    for place in range(len(parts) - 1, -1, -1):
        if found := _sources_in(parts[place], alone or (about_budget and place > 0)):
            return tuple(source for source in Source if source in found)
    return ()


def _sources_in(said: str, alone: bool) -> set[Source]:
    found = {source for source, phrase in _SHORT if phrase.search(said)}
    for match in _OF_LEVELS.finditer(said):
        found |= _levels_in(match["budget"] or match["capital"] or match["alone"])
    if alone and _LEVELS_ALONE.fullmatch(said):
        found |= _levels_in(said)
    if _LOCAL.search(said) or (alone and _LOCAL_ALONE.fullmatch(said)):
        found |= set(LOCAL_SOURCES)
    if not found and _COUNTERPART.search(said):
        found = set(LOCAL_SOURCES)
    if not found and _STATE.search(said):
        found = set(BUDGET_SOURCES)
    return found


def _levels_in(text: str) -> set[Source]:
    return {_LEVELS[match[0]] for match in _ONE_LEVEL.finditer(text)}


_NATURES: tuple[tuple[Nature, Phrase], ...] = (
    (
        Nature.DTPT,
        Phrase(
            r"\bđtpt\b|(?<!hỗ trợ )đầu tư phát triển(?! hạ tầng)"
            r"|(?<!tổng )\bvốn (?:đầu tư|đt)\b(?! phát)|(?:^|/ )đầu tư(?:$| /)"
        ),
    ),
    (Nature.SN, Phrase(r"\bsn\b|\bkpsn\b|\bvsn\b|(?<!đơn vị )sự nghiệp(?! công lập)")),
)


def nature_of(text: str) -> tuple[Nature, ...]:
    """The natures of capital that a text names: none, one, or both (unclear)."""
    said = heard(text)
    return tuple(nature for nature, phrase in _NATURES if phrase.search(said))

"""Words about amounts: their unit, the source and the nature of capital."""

from models.capital import BUDGET_SOURCES, LOCAL_SOURCES, Nature, Source
from models.sheets.words_base import Phrase, spoken

_UNIT = (
    r"(?P<unit>(?P<ty>t[ỷỉ](?: ?đồng)?)|(?P<trieu>(?:triệu|tr\.?)(?: ?(?:đồng|đ|vnđ|vnd))?"
    r"|1[.,]?000[.,]?000 ?(?:đồng|đ)|triệu vnđ)"
    r"|(?P<nghin>(?:(?:nghìn|ngàn|ng\.?)(?: ?(?:đồng|đ))?|1[.,]?000 ?(?:đồng|đ)))"
    r"|(?P<dong>đồng(?: việt nam)?|đ|vnđ|vnd|₫))"
)
# after the words for “unit”, in brackets, behind a comma or dash at the end, or alone
_UNIT_NAMED = Phrase(rf"(?:đơn vị(?: tính)?|đvt|đv tính|đ/v tính)\s*[:;.\-]?\s*\(?{_UNIT}(?!\w)")
_UNIT_BRACKETED = Phrase(rf"[(\[]\s*(?:đơn vị(?: tính)?|đvt)?\s*:?\s*{_UNIT}\s*[)\]]")
_UNIT_BEHIND = Phrase(rf"(?:[,/\-:]\s*){_UNIT}\.?$")
_UNIT_ALONE = Phrase(rf"{_UNIT}\.?")


def unit_of_amounts(text: str) -> str | None:
    """The unit in which a title, head or unit line counts: `dong`, `nghin`, `trieu` or `ty`.

    `ty` cannot be imported and has to be told. None where no unit is named: words such as hội
    đồng or hợp đồng are none.
    """
    said = spoken(text)
    for phrase in (_UNIT_NAMED, _UNIT_BRACKETED, _UNIT_BEHIND):
        if found := phrase.search(said):
            return _named(found.groupdict())
    found = _UNIT_ALONE.fullmatch(said)
    return _named(found.groupdict()) if found else None


def _named(groups: dict[str, str | None]) -> str | None:
    return next((unit for unit in ("ty", "trieu", "nghin", "dong") if groups[unit]), None)


_TW = r"(?:trung ương|tw|t\.w|tư|t\.ư\.?)"
_NS = r"(?:ngân sách|ns|nguồn|vốn|kinh phí)"
_SOURCES: tuple[tuple[Source, Phrase], ...] = (
    (
        Source.NSTW,
        Phrase(rf"\bns ?{_TW}(?!\w)|\b{_NS} (?:ns |ngân sách )?{_TW}(?!\w)|\btrung ương"),
    ),
    (Source.NST, Phrase(rf"\bnst\b|\bns ?tỉnh|\b{_NS} (?:ns |ngân sách )?(?:cấp )?tỉnh")),
    (Source.NSH, Phrase(rf"\bnsh\b|\bns ?huyện|\b{_NS} (?:ns |ngân sách )?(?:cấp )?huyện")),
    (Source.NSX, Phrase(rf"\bnsx\b|\bns ?xã|\b{_NS} (?:ns |ngân sách )?(?:cấp )?xã\b")),
    (Source.TDCS, Phrase(r"\btdcs\b|tín dụng|\bnhcsxh\b|ngân hàng chính sách")),
    (Source.HDK, Phrase(r"\bh[đd]k\b|huy động|\b(?:vốn|nguồn) khác")),
)
_LOCAL = Phrase(r"\bns ?đp\b|địa phương|đối ứng")
_STATE = Phrase(r"\bnsnn\b|ngân sách nhà nước")
_LEVEL_ALONE: dict[str, Source] = {
    "trung ương": Source.NSTW, "tw": Source.NSTW, "tỉnh": Source.NST, "cấp tỉnh": Source.NST,
    "huyện": Source.NSH, "cấp huyện": Source.NSH, "xã": Source.NSX, "cấp xã": Source.NSX,
}  # fmt: skip
_ABOUT_BUDGET = Phrase(r"ngân sách|\bns|nguồn|vốn")


def source_of(text: str) -> tuple[Source, ...]:
    """The sources that a head, title or cell can mean: none said, one, or several (unclear).

    Ngân sách địa phương and vốn đối ứng are those of province, district and commune, NSNN the
    four of the state budget. In a path of heads (`a / b`) a level may stand alone below a head
    about the budget.
    """
    said = spoken(text)
    if said.upper() in Source.__members__:
        return (Source(said.upper()),)
    found = [source for source, phrase in _SOURCES if phrase.search(said)]
    parts = [part.strip() for part in said.split(" / ")]
    if len(parts) > 1 and _ABOUT_BUDGET.search(said):
        found += [_LEVEL_ALONE[part] for part in parts if part in _LEVEL_ALONE]
    if found:
        return tuple(source for source in Source if source in found)
    if _LOCAL.search(said):
        return LOCAL_SOURCES
    return BUDGET_SOURCES if _STATE.search(said) else ()


_NATURES: tuple[tuple[Nature, Phrase], ...] = (
    (
        Nature.DTPT,
        Phrase(
            r"\bđtpt\b|(?<!hỗ trợ )đầu tư phát triển(?! hạ tầng)|(?<!tổng )\bvốn đầu tư\b(?! phát)"
        ),
    ),
    (Nature.SN, Phrase(r"\bsn\b|\bkpsn\b|\bvsn\b|(?<!đơn vị )sự nghiệp")),
)


def nature_of(text: str) -> tuple[Nature, ...]:
    """The natures of capital that a text names: none, one, or both (unclear)."""
    said = spoken(text)
    return tuple(nature for nature, phrase in _NATURES if phrase.search(said))

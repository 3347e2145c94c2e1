"""What the báo cáo of a period says: Vietnamese, because it is a paper (domain §4.5).

Every figure comes from the reports that are its annexes; nothing is read here.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from models import Cause, Period, Solver
from models.calendar import PeriodCode, Punctuality
from models.reminders import written_period
from reports.consolidated import Consolidated
from reports.late import LateRow
from reports.letter import counted, spoken_percent, spoken_period
from reports.obstacles import ObstacleRow
from reports.pace import Over
from reports.ranking import Ranking
from reports.sentences import said_of, said_of_late

MOST_NAMED = 10
CAUSES: dict[Cause, str] = {
    Cause.GUIDANCE: "văn bản hướng dẫn",
    Cause.BENEFICIARIES: "đối tượng thụ hưởng",
    Cause.BIDDING: "đấu thầu, giá",
    Cause.SEASON: "giống, thời vụ",
    Cause.SITE: "mặt bằng",
    Cause.STAFF: "nhân lực",
    Cause.LATE_CAPITAL: "nguồn vốn giao chậm",
    Cause.OTHER: "nguyên nhân khác",
}
ABOVE: dict[Solver, str] = {Solver.PROVINCE: "cấp tỉnh", Solver.CENTRAL: "trung ương"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One paragraph. `column` and `component_id` name the figure behind it, where there is one;
    `report` the annex that has the rest."""

    text: str
    column: str = ""
    component_id: int | None = None
    report: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Amounts:
    """How amounts are said: `text` as the annex prints them, in its `unit`."""

    text: Callable[[int], str]
    unit: str

    def __call__(self, amount: int) -> str:
        return f"{self.text(amount)} {self.unit}"


def allocation(report: Consolidated, money: Amounts) -> Iterator[Point]:
    """Giao vốn: the plan as of the last day of the period."""
    total, year = report.rows[0], report.period.budget_year
    yield Point(
        text=f"Tổng kế hoạch vốn năm {year} đến hết ngày {report.status.data_to:%d/%m/%Y}: "
        f"{money(total.plan_total)}, gồm vốn giao trong năm {money(total.plan_year)}, vốn các "
        f"năm trước kéo dài {money(total.plan_carried)}.",
        column="plan_total",
    )
    yield Point(
        text=f"Vốn giao trong năm theo nguồn: ngân sách trung ương {money(total.plan_central)}, "
        f"ngân sách địa phương {money(total.plan_local)}; theo loại: vốn đầu tư phát triển "
        f"{money(total.plan_investment)}, vốn sự nghiệp {money(total.plan_recurrent)}.",
        column="plan_year",
    )


def results(
    period: Period, ranked: Ranking, tardy: Sequence[LateRow], money: Amounts
) -> Iterator[Point]:
    """Giải ngân: the district, the month, the best and the worst, those at 0 %."""
    said = {one.key: one.text for one in said_of(period, ranked, tardy, money)}
    total = ranked.report.rows[0]
    yield Point(text=said["result"], column="disbursed_total")
    yield Point(
        text=f"Giải ngân trong kỳ {money(total.disbursed_month)}; vốn còn lại chưa giải ngân "
        f"{money(total.remaining)}.",
        column="disbursed_month",
    )
    for key in ("ends", "below", "zero"):
        if key in said:
            yield Point(text=said[key], report="ranking")


def components(report: Consolidated, money: Amounts) -> Iterator[Point]:
    """Giải ngân of each component project."""
    rows = [
        (row, place)
        for row, place in zip(report.rows, report.places, strict=True)
        if row.level == "component" and place.depth == 2
    ]
    for n, (row, place) in enumerate(rows, 1):
        rate = "" if row.rate_total is None else f", đạt {spoken_percent(row.rate_total)}"
        yield Point(
            text=f"{row.name}: {money.text(row.disbursed_total)}/"
            f"{money(row.plan_total)}{rate}{'.' if n == len(rows) else ';'}",
            column="disbursed_total",
            component_id=place.component_id,
        )


def discipline(
    period: Period,
    count: Counter[Punctuality],
    tardy: Sequence[LateRow],
    *,
    expected: int,
) -> Iterator[Point]:
    """Chấp hành chế độ báo cáo, as known at the moment of writing; `expected` are the units on the
    list that are not excused. One that sent although it is excused counts as on time or late, as in
    Biểu 03; the sentence says how many there are, so that its numbers add up.
    """
    on_time, late = count[Punctuality.ON_TIME], count[Punctuality.LATE]
    missing, pending = count[Punctuality.MISSING], count[Punctuality.PENDING]
    parts = [f"gửi đúng hạn {on_time}", f"gửi muộn {late}", f"chưa gửi {missing}"]
    if pending:
        parts.append(f"chưa đến hạn {pending}")
    willing = on_time + late + missing + pending - expected
    all_excused = count[Punctuality.EXEMPT] + willing
    still = f", trong đó {willing} đơn vị vẫn gửi" if willing else ""
    excused = f" {all_excused} đơn vị được miễn báo cáo{still}." if all_excused else ""
    yield Point(
        text=f"Số đơn vị phải báo cáo kỳ {written_period(period.code)}: "
        f"{expected}; {', '.join(parts)}.{excused}",
        report="late",
    )
    yield Point(text=said_of_late(period, tardy), report="late")


def obstacles(
    many: int, causes: Sequence[tuple[str, int]], named: Sequence[ObstacleRow]
) -> Iterator[Point]:
    """Khó khăn, vướng mắc of the register: how many, those not solved by cause and, the first of
    them, one by one.
    """
    still = sum(n for _cause, n in causes)
    if not many:
        yield Point(text="Trong kỳ không có khó khăn, vướng mắc được ghi vào sổ theo dõi.")
        return
    by = "; ".join(f"{CAUSES[Cause(cause)]} ({n})" for cause, n in causes)
    yield Point(
        text=f"Trong kỳ theo dõi {many} khó khăn, vướng mắc; còn {still} chưa giải "
        f"quyết xong{f', theo nguyên nhân: {by}' if by else ''}.",
        report="obstacles",
    )
    for row in named:
        yield Point(text=f"{row.investor}: {_bare(row.content)}.", report="obstacles")
    if still > len(named):
        yield Point(text="Các vướng mắc khác: tại Biểu 05 kèm theo.", report="obstacles")


def tasks(
    ranked: Ranking, ended: Over, tardy: Sequence[LateRow], money: Amounts
) -> Iterator[Point]:
    """Nhiệm vụ that follow from the figures; the office adds its own in the template. What has
    `ended` cannot be disbursed any more.
    """
    total = ranked.report.rows[0]
    left = total.remaining - ended.left
    carried = total.plan_carried - total.disbursed_carried - ended.carried
    if left > 0:
        of = f", trong đó vốn kéo dài {money(carried)}" if carried > 0 else ""
        yield Point(
            text=f"Các chủ đầu tư tập trung giải ngân số vốn còn lại {money(left)}{of}.",
            column="remaining",
        )
    if ended.left > 0:
        yield Point(
            text=f"Số vốn đã hết thời hạn giải ngân còn lại {money(ended.left)}: các chủ đầu tư rà "
            "soát, báo cáo để xử lý theo quy định.",
            column="remaining",
        )
    idle = [row.investor for row in ranked.rated if row.disbursed_total == 0]
    if idle:
        yield Point(
            text=f"Các đơn vị chưa giải ngân rà soát, làm rõ nguyên nhân: {', '.join(idle)}.",
            report="ranking",
        )
    missing = [row.investor for row in tardy if row.status == Punctuality.MISSING]
    if missing:
        yield Point(
            text=f"Các đơn vị chưa gửi báo cáo khẩn trương gửi báo cáo: {', '.join(missing)}.",
            report="late",
        )
    if not (left > 0 or ended.left > 0 or idle or missing):
        yield Point(text="Tiếp tục thực hiện nhiệm vụ được giao.")


def proposals(asked: Sequence[ObstacleRow]) -> Iterator[Point]:
    """Đề xuất, kiến nghị to those above, of obstacles that are not solved."""
    for row in asked:
        yield Point(
            text=f"Kiến nghị {ABOVE[Solver(row.solver)]}: {_bare(row.proposal)} ({row.investor}).",
            report="obstacles",
        )
    if not asked:
        yield Point(text="Không có.")


def directing(period: Period, reminded: int) -> Iterator[Point]:
    """Chỉ đạo, điều hành as far as it is recorded here."""
    if reminded:
        spoken = spoken_period(PeriodCode.parse(period.code))
        yield Point(text=f"Trong kỳ đã đôn đốc {counted(reminded)} đơn vị gửi báo cáo {spoken}.")


def _bare(text: str) -> str:
    """A text of a unit on one line, without its end."""
    return " ".join(text.split()).rstrip(".;, ")

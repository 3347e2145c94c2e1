"""The words of sheets in the spellings that offices use."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.capital import BUDGET_SOURCES, LOCAL_SOURCES, LineKind, Nature, Source
from models.catalogue import ProjectStatus
from models.sheets.words import (
    PeriodSaid,
    VintageSaid,
    decision_of,
    decisions_of,
    is_column_number,
    is_note,
    is_page_sum,
    is_signature,
    is_total,
    line_kind_of,
    nature_of,
    outline_depth,
    periods_of,
    source_of,
    status_of,
    unit_of_amounts,
    vintages_of,
    years_of,
)

TITLE = (
    "BÁO CÁO TIẾN ĐỘ THỰC HIỆN, GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG "
    "THÁNG 4 NĂM 2024"
)
ATTACHED = (
    "(Kèm theo Quyết định số 1205/QĐ-UBND ngày 15 tháng 4 năm 2024 của UBND huyện Hữu Lũng "
    "- số liệu minh họa)"
)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Đơn vị tính: đồng", "dong"),
        ("Đơn vị: đồng", "dong"),
        ("ĐVT: Đồng", "dong"),
        ("ĐVT : đ", "dong"),
        ("Đơn vị tính: VNĐ", "dong"),
        ("ĐVT: đồng Việt Nam", "dong"),
        ("Số tiền (đồng)", "dong"),
        ("đồng", "dong"),
        ("Đơn vị tính: nghìn đồng", "nghin"),
        ("ĐVT: ngàn đồng", "nghin"),
        ("ĐVT: 1.000 đồng", "nghin"),
        ("Đơn vị tính: 1000đ", "nghin"),
        ("(Đơn vị: 1,000 đồng)", "nghin"),
        ("ĐVT: Triệu đồng", "trieu"),
        ("Đvt: tr.đồng", "trieu"),
        ("ĐVT: tr.đ", "trieu"),
        ("ĐVT: Trđ", "trieu"),
        ("Đơn vị tính: triệu", "trieu"),
        ("ĐVT: triệu VNĐ", "trieu"),
        ("ĐVT: 1.000.000 đồng", "trieu"),
        ("Kế hoạch vốn\n(triệu đồng)", "trieu"),
        ("Kế hoạch vốn (Tr. đồng)", "trieu"),
        ("Kế hoạch vốn (ĐVT: triệu đồng)", "trieu"),
        ("Tổng mức đầu tư, triệu đồng", "trieu"),
        ("Đơn vị tính: triệu đồng, %", "trieu"),
        ("DVT: trieu dong", "trieu"),
        (f"{TITLE} (Đơn vị tính: triệu đồng)", "trieu"),
        ("ĐVT: tỷ đồng", "ty"),
        ("Kinh phí (tỉ đồng)", "ty"),
        ("Đơn vị", None),
        ("Đơn vị tính", None),
        ("Đơn vị tính: con", None),
        ("Chủ đầu tư", None),
        ("Hội đồng nhân dân huyện", None),
        ("Hợp đồng", None),
        ("Dự án cộng đồng", None),
        ("Đồng Tân", None),
        ("UBND xã Đồng Tiến", None),
        ("Đơn vị: Đồng Tân", None),
        ("Đơn vị báo cáo: xã Đồng Tân", None),
        ("Tỷ lệ (%)", None),
        ("Tỷ lệ giải ngân", None),
        ("Lao động", None),
        ("", None),
    ],
)
def test_the_unit_in_which_a_sheet_counts(text, unit):
    assert unit_of_amounts(text) == unit
    assert unit_of_amounts(unicodedata.normalize("NFD", text)) == unit


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TITLE, "2024-04"),
        ("tháng 4/2024", "2024-04"),
        ("tháng 04/2024", "2024-04"),
        ("Tháng 4-2024", "2024-04"),
        ("Tháng 4, năm 2024", "2024-04"),
        ("tháng 4 2024", "2024-04"),
        ("T4/2024", "2024-04"),
        ("T04.2024", "2024-04"),
        ("T4/24", "2024-04"),
        ("BC_T4_2024", "2024-04"),
        ("04/2024", "2024-04"),
        ("4.2024", "2024-04"),
        ("2024-04", "2024-04"),
        ("thang 4 nam 2024", "2024-04"),
        ("Lũy kế giải ngân đến 30/4/2024", "2024-04"),
        ("đến hết ngày 30 tháng 4 năm 2024", "2024-04"),
        ("ĐẾN NGÀY 31/3/2024", "2024-03"),
        ("Luỹ kế đến hết tháng 3 năm 2024", "2024-03"),
        ("từ tháng 1 đến tháng 4 năm 2024", "2024-04"),
        ("6 tháng đầu năm 2024", "2024-06"),
        ("4 tháng năm 2024", "2024-04"),
        ("QUÝ I NĂM 2024", "2024-Q1"),
        ("Quý IV/2024", "2024-Q4"),
        ("quý 2-2024", "2024-Q2"),
        ("2024-Q3", "2024-Q3"),
        ("tháng 13 năm 2024", "2024-13"),
        ("Tháng 12/2024", "2024-12"),
        ("Giải ngân Tháng 11", "2024-11"),
        ("T4", "2024-04"),
        ("T3 (cũ)", "2024-03"),
        ("Quý II", "2024-Q2"),
    ],
)
def test_the_period_that_a_title_or_a_sheet_names(text, code):
    (said,) = periods_of(text)

    assert said.code(2024) == code
    assert said.fits(code)


@pytest.mark.parametrize(
    "text",
    [
        "Hữu Lũng, ngày 06 tháng 5 năm 2024",
        "(Kèm theo Báo cáo số      /BC-UBND ngày      tháng 5 năm 2024 của UBND huyện Hữu Lũng)",
        "(Kèm theo Báo cáo số 12/BC-UBND ngày 6/5/2024)",
        "ngày … tháng 5 năm 2024",
        ATTACHED,
        "Nghị quyết số 12/2024/NQ-HĐND",
        "Nghị quyết 12/2024",
        "Thông tư 09/2024/TT-BTC",
        "Kế hoạch vốn năm 2024",
        "giai đoạn 2021-2025",
        "Tiểu dự án 4",
        "TT 4",
        "Đợt 4",
        "đến 31/4/2024",
        "Giải ngân trong tháng",
        "đến hết tháng trước",
        "L04",
        "1.4",
        "",
    ],
)
def test_the_day_of_a_document_and_other_numbers_are_no_period(text):
    assert periods_of(text) == ()


def test_a_period_knows_how_it_was_said():
    assert periods_of("Giải ngân từ tháng 2 đến tháng 4 năm 2024") == (
        PeriodSaid(2, 4, 2024, is_until=True),
    )
    assert periods_of("đến hết 30/4/2024")[0].day == date(2024, 4, 30)
    assert periods_of("6 tháng cuối năm 2024") == (PeriodSaid(7, 12, 2024),)
    assert [one.first for one in periods_of("Tháng 3, tháng 4")] == [3, 4]
    assert periods_of("T4")[0].code() is None


@pytest.mark.parametrize(
    ("text", "code", "fits"),
    [
        ("tháng 4", "2024-04", True),
        ("tháng 4/2023", "2024-04", False),
        ("tháng 3", "2024-04", False),
        ("quý I", "2024-Q1", True),
        ("quý I", "2024-01", False),
        ("tháng 01 năm 2025", "2024-13", True),
        ("đến 31/01/2025", "2024-13", True),
        ("tháng 01 năm 2024", "2024-13", False),
        ("tháng 01 năm 2025", "2025-01", True),
        ("tháng 13", "2024-13", True),
    ],
)
def test_whether_a_said_period_can_be_the_one_asked_for(text, code, fits):
    assert periods_of(text)[0].fits(code) is fits


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Vốn năm 2024", [(2024, False)]),
        ("Vốn giao năm 2024", [(2024, False)]),
        ("VỐN GIAO NĂM 2024", [(2024, False)]),
        ("Kế hoạch vốn năm 2024", [(2024, False)]),
        ("KH 2024", [(2024, False)]),
        ("Kế hoạch vốn / Năm 2024", [(2024, False)]),
        ("Giải ngân trong tháng vốn NSTW 2024", [(2024, False)]),
        ("Giải ngân tháng 4 - Vốn NSTW năm 2024", [(2024, False)]),
        ("Lũy kế vốn NSTW 2024 đến tháng trước", [(2024, False)]),
        ("Tỷ lệ vốn năm 2024 (%)", [(2024, False)]),
        ("Vốn trong năm", [(None, False)]),
        ("Vốn kéo dài năm 2023", [(2023, True)]),
        ("Vốn kéo dài từ năm 2023", [(2023, True)]),
        ("Vốn kéo dài năm 2023 sang năm 2024", [(2023, True)]),
        ("Vốn năm 2023 kéo dài sang năm 2024", [(2023, True)]),
        ("Vốn năm 2023 chuyển sang năm 2024", [(2023, True)]),
        ("chuyển nguồn năm 2023", [(2023, True)]),
        ("Vốn kéo dài (2023)", [(2023, True)]),
        ("KD 2023", [(2023, True)]),
        ("KD23", [(2023, True)]),
        ("von keo dai nam 2023", [(2023, True)]),
        ("Lũy kế giải ngân vốn kéo dài 2023 đến 30/4/2024", [(2023, True)]),
        ("Vốn kéo dài", [(None, True)]),
        ("Vốn năm trước chuyển sang", [(None, True)]),
        ("Vốn các năm trước sang", [(None, True)]),
        ("Vốn kéo dài sang năm 2024", [(None, True)]),
        ("Vốn kéo dài năm 2022, 2023", [(None, True)]),
        ("Vốn năm 2024 và vốn kéo dài năm 2023", [(2024, False), (2023, True)]),
        ("Giải ngân năm 2024", []),
        ("Lũy kế giải ngân vốn đến hết tháng 4 năm 2024", []),
        ("Lũy kế giải ngân vốn từ đầu năm 2024", []),
        ("Kế hoạch đầu tư công trung hạn giai đoạn 2021-2025", []),
        ("Kế hoạch vốn 2021 - 2025", []),
        ("GIẢI NGÂN NGUỒN VỐN CHƯƠNG TRÌNH MTQG GIẢM NGHÈO BỀN VỮNG NĂM 2024", []),
        ("Giải ngân trong tháng", []),
        ("Tên dự án", []),
    ],
)
def test_the_year_of_capital(text, said):
    assert vintages_of(text) == tuple(VintageSaid(year, carried) for year, carried in said)


def test_the_years_of_a_title():
    assert years_of("PHÂN BỔ KINH PHÍ NĂM 2024 THÁNG 4 NĂM 2024") == (2024,)
    assert years_of("Vốn năm 2023 kéo dài sang năm 2024") == (2023, 2024)
    assert years_of("Quyết định số 1205/2024/QĐ-UBND") == ()


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("NSTW", "NSTW"),
        ("NS TW", "NSTW"),
        ("Vốn TW", "NSTW"),
        ("Ngân sách TW", "NSTW"),
        ("Ngân sách trung ương", "NSTW"),
        ("NGUỒN VỐN NGÂN SÁCH TRUNG ƯƠNG", "NSTW"),
        ("Trung ương", "NSTW"),
        ("nguồn NSTW năm 2024", "NSTW"),
        ("Giải ngân trong tháng (NSTW)", "NSTW"),
        ("ngan sach trung uong", "NSTW"),
        ("NST", "NST"),
        ("NS tỉnh", "NST"),
        ("Ngân sách tỉnh", "NST"),
        ("NSH", "NSH"),
        ("NS huyện", "NSH"),
        ("KH vốn NS huyện", "NSH"),
        ("Ngân sách cấp huyện", "NSH"),
        ("Vốn huyện", "NSH"),
        ("Đối ứng ngân sách huyện", "NSH"),
        ("Đối ứng huyện", "NSH"),
        ("NS xã", "NSX"),
        ("Ngân sách xã", "NSX"),
        ("HĐK", "HDK"),
        ("Huy động khác", "HDK"),
        ("Vốn khác", "HDK"),
        ("Nhân dân đóng góp", "HDK"),
        ("TDCS", "TDCS"),
        ("Tín dụng chính sách", "TDCS"),
        ("Giải ngân / Vốn năm 2024 / NSTW", "NSTW"),
        ("Kế hoạch vốn / Ngân sách / Tỉnh", "NST"),
        ("Vốn NSNN / NS huyện", "NSH"),
        ("NSĐP / NS xã", "NSX"),
        ("Ngân sách địa phương", "NST NSH NSX"),
        ("NSĐP", "NST NSH NSX"),
        ("Vốn đối ứng", "NST NSH NSX"),
        ("NSTW + NSĐP", "NSTW NST NSH NSX"),
        ("Ngân sách huyện, xã", "NSH NSX"),
        ("NSTW và NS huyện", "NSTW NSH"),
        ("Vốn NSNN", "NSTW NST NSH NSX"),
        ("Ngân sách nhà nước", "NSTW NST NSH NSX"),
        ("Giải ngân trong tháng", ""),
        ("Huyện", ""),
        ("UBND xã Hữu Liên", ""),
        ("Kế hoạch vốn xã Hữu Liên", ""),
        ("Giám sát, đánh giá Chương trình cấp huyện", ""),
        ("Tên dự án", ""),
    ],
)
def test_the_source_of_capital(text, sources):
    assert source_of(text) == tuple(Source(one) for one in sources.split())


def test_a_level_alone_is_a_source_only_where_one_is_expected():
    assert source_of("Huyện", alone=True) == (Source.NSH,)
    assert source_of("Tỉnh, huyện", alone=True) == (Source.NST, Source.NSH)
    assert source_of("Địa phương", alone=True) == LOCAL_SOURCES
    assert source_of("Vốn NSNN", alone=True) == BUDGET_SOURCES
    assert source_of("UBND xã Hữu Liên", alone=True) == ()


@pytest.mark.parametrize(
    ("text", "natures"),
    [
        ("Vốn ĐTPT", "DTPT"),
        ("Đầu tư phát triển", "DTPT"),
        ("Vốn đầu tư", "DTPT"),
        ("Kế hoạch vốn / Đầu tư", "DTPT"),
        ("Kinh phí sự nghiệp", "SN"),
        ("Vốn SN", "SN"),
        ("KPSN", "SN"),
        ("PHÂN BỔ BỔ SUNG KINH PHÍ SỰ NGHIỆP (NGÂN SÁCH TRUNG ƯƠNG)", "SN"),
        ("Vốn đầu tư phát triển và vốn sự nghiệp", "DTPT SN"),
        ("Chủ đầu tư", ""),
        ("Tổng mức đầu tư", ""),
        ("Tổng vốn đầu tư", ""),
        ("Đơn vị sự nghiệp công lập", ""),
        ("Hỗ trợ đầu tư phát triển hạ tầng kinh tế - xã hội", ""),
    ],
)
def test_the_nature_of_capital(text, natures):
    assert nature_of(text) == tuple(Nature(one) for one in natures.split())


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("PHÂN BỔ BỔ SUNG KINH PHÍ SỰ NGHIỆP NĂM 2024", "supplement"),
        ("Giao bổ sung dự toán", "supplement"),
        ("ĐIỀU CHỈNH KẾ HOẠCH VỐN", "adjust"),
        ("Điều chỉnh tăng", "adjust"),
        ("THU HỒI KINH PHÍ", "recall"),
        ("Thu hồi tạm ứng", ""),
        ("Cho phép kéo dài vốn năm 2023 sang năm 2024", "carry_in"),
        ("CHUYỂN NGUỒN NĂM 2023", "carry_in"),
        ("GIAO DỰ TOÁN NGÂN SÁCH NĂM 2024", "initial"),
        ("PHÂN BỔ KẾ HOẠCH VỐN", "initial"),
        ("ĐIỀU CHỈNH, BỔ SUNG KẾ HOẠCH VỐN", "supplement adjust"),
        ("DANH MỤC DỰ ÁN", ""),
        ("Hạ tầng giao thông", ""),
    ],
)
def test_the_kind_of_the_lines_of_an_annex(text, kinds):
    assert line_kind_of(text) == tuple(LineKind(one) for one in kinds.split())


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Chuẩn bị", "planned"),
        ("Chuẩn bị đầu tư", "planned"),
        ("Chưa triển khai", "planned"),
        ("Đang thực hiện", "active"),
        ("ĐANG TRIỂN KHAI", "active"),
        ("dang thuc hien", "active"),
        ("active", "active"),
        ("Hoàn thành", "completed"),
        ("Đã hoàn thành.", "completed"),
        ("Tạm dừng", "suspended"),
        ("Chuyển tiếp", None),
        ("Hoàn thành 50%", None),
        ("", None),
    ],
)
def test_the_state_of_a_project(text, status):
    assert status_of(text) == (ProjectStatus(status) if status else None)


@pytest.mark.parametrize(
    ("text", "number", "day", "issuer"),
    [
        (ATTACHED, "1205/QĐ-UBND", date(2024, 4, 15), "UBND huyện Hữu Lũng"),
        (
            "Quyết định số: 1205 / QĐ - UBND, ngày 15/4/2024 của Chủ tịch UBND huyện",
            "1205/QĐ-UBND",
            date(2024, 4, 15),
            "Chủ tịch UBND huyện",
        ),
        (
            "(Kèm theo QĐ số 12/QĐ-UBND ngày … tháng … năm 2024 của UBND huyện)",
            "12/QĐ-UBND",
            None,
            "UBND huyện",
        ),
        ("Kèm theo Quyết định số 12/QĐ-UBND ngày      /4/2024", "12/QĐ-UBND", None, ""),
        (
            "Kèm theo Nghị quyết số 15/NQ-HĐND ngày 1/2/2024 của HĐND huyện về việc giao dự toán",
            "15/NQ-HĐND",
            date(2024, 2, 1),
            "HĐND huyện",
        ),
        ("Quyết định 90/QĐ-TTg ngày 18/01/2022", "90/QĐ-TTg", date(2022, 1, 18), ""),
        ("1205/QĐ-UBND", "1205/QĐ-UBND", None, ""),
        ("1205/2024/QĐ-UBND ngày 15/4/2024", "1205/2024/QĐ-UBND", date(2024, 4, 15), ""),
        (
            "Quyet dinh so 1205/QD-UBND ngay 15 thang 4 nam 2024",
            "1205/QĐ-UBND",
            date(2024, 4, 15),
            "",
        ),
        ("qđ 1205/qđ-ubnd", "1205/QĐ-UBND", None, ""),
        ("Quyết định số 12/QĐ-UBND ngày 31/4/2024", "12/QĐ-UBND", None, ""),
        (
            "(Kèm theo Quyết định số 1205／QĐ – UBND ngày 15/4/2024 của UBND huyện – Phụ lục I)",
            "1205/QĐ-UBND",
            date(2024, 4, 15),
            "UBND huyện",
        ),
    ],
)
def test_the_decision_of_a_title(text, number, day, issuer):
    found = decision_of(text)

    assert found is not None
    assert (found.number, found.issued_on, found.issuer) == (number, day, issuer)


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định số      /QĐ-UBND ngày   tháng 4 năm 2024",
        "Quyết định số …/QĐ-UBND",
        "Quyết định phê duyệt",
        "",
    ],
)
def test_a_decision_without_a_number_is_none(text):
    assert decision_of(text) is None


def test_of_several_decisions_the_one_that_has_the_sheet_attached():
    text = f"Căn cứ Quyết định số 6068/QĐ-UBND ngày 18/12/2023; {ATTACHED}"
    found = decision_of(text)
    assert found is not None
    assert found.number == "1205/QĐ-UBND"

    several = "Quyết định số 1/QĐ-UBND ngày 1/2/2024 và Quyết định số 2/QĐ-UBND ngày 3/2/2024"
    assert [one.number for one in decisions_of(several)] == ["1/QĐ-UBND", "2/QĐ-UBND"]
    assert decision_of(several) is None


@pytest.mark.parametrize(
    "text",
    [
        "Tổng số",
        "TỔNG SỐ (I+II+III)",
        "Tổng cộng",
        "Tổng cộng:",
        "TỔNG",
        "Cộng",
        "CỘNG (A+B)",
        "Cộng Dự án 2",
        "Cộng xã Hữu Liên",
        "Tổng nguồn vốn",
        "Toàn huyện",
        "TOÀN TỈNH",
        "Toàn thành phố",
        "T.Cộng",
        "Cộng trang",
        "Cộng trang 1",
        "Mang sang",
        "Chuyển sang trang",
        "Trang trước chuyển sang",
        "Lũy kế trang",
        "Luỹ kế trang 2",
        "tong cong",
    ],
)
def test_rows_that_are_sums(text):
    assert is_total(text)


@pytest.mark.parametrize("text", ["Cộng trang", "Mang sang", "Chuyển sang trang 2", "Lũy kế trang"])
def test_sums_of_pages(text):
    assert is_page_sum(text)
    assert not is_page_sum("Tổng cộng")


@pytest.mark.parametrize(
    "text",
    [
        "Cộng đồng tham gia giám sát",
        "Cộng tác viên dân số",
        "Dự án cộng đồng trồng keo xã Yên Bình",
        "Tổng kết Chương trình",
        "Tổng hợp, rà soát hộ nghèo",
        "Tổng điều tra hộ nghèo",
        "Công trình nước sạch",
        "Mô hình chăn nuôi dê xã Thiện Tân",
        "",
    ],
)
def test_names_that_only_look_like_sums(text):
    assert not is_total(text)


@pytest.mark.parametrize(
    "text",
    [
        "NGƯỜI LẬP BIỂU",
        "Người lập",
        "THỦ TRƯỞNG ĐƠN VỊ",
        "Kế toán trưởng",
        "TM. ỦY BAN NHÂN DÂN",
        "KT. CHỦ TỊCH",
        "CHỦ TỊCH",
        "Nơi nhận:",
        "(Ký, ghi rõ họ tên, đóng dấu)",
        "Hữu Lũng, ngày 06 tháng 5 năm 2024",
        "Ngày      tháng     năm 2024",
        "Xác nhận của Kho bạc",
    ],
)
def test_signatures(text):
    assert is_signature(text)


@pytest.mark.parametrize(
    "text", ["Can thiệp dinh dưỡng trẻ em hộ nghèo", "Giám sát, đánh giá", "Tổng cộng", TITLE]
)
def test_no_signatures(text):
    assert not is_signature(text)
    assert not is_note(text)


def test_notes():
    assert is_note("Ghi chú: Số liệu do chủ đầu tư báo cáo.")
    assert is_note("(Số liệu minh họa)")
    assert not is_note("Ghi chú về tiến độ")


@pytest.mark.parametrize(
    "text",
    [
        "(1)",
        "1",
        "15",
        "A",
        "b",
        "(4)=(5)+(6)",
        "4=5+6",
        "7=4/3*100",
        "(14)=(11)/(3)%",
        "8=(5+6)/4",
    ],
)
def test_numbers_of_columns(text):
    assert is_column_number(text)


@pytest.mark.parametrize("text", ["Tên dự án", "1000", "2024-04", "1.725.000", "Ghi chú"])
def test_no_numbers_of_columns(text):
    assert not is_column_number(text)


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("A", 0), ("B.", 0), ("I", 1), ("IV", 1), ("II.", 1), ("1", 2), ("1.", 2), ("(1)", 2),
        ("1.1", 3), ("1,1", 3), ("2.3.", 3), ("I.1", 2), ("1.1.1", 4), ("a", 5), ("a)", 5),
        ("-", 6), ("–", 6), ("+", 7), ("*", 8), ("TT", None), ("L05", None), ("", None),
        ("Tên dự án", None),
    ],
)  # fmt: skip
def test_how_deep_a_numbering_stands(text, depth):
    assert outline_depth(text) == depth


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Luỹ kế đến hết tháng 4", periods_of),
        ("Vốn kéo dài năm 2023", vintages_of),
        ("Ngân sách huyện", source_of),
        ("Kinh phí sự nghiệp", nature_of),
        ("Phân bổ bổ sung", line_kind_of),
        ("Tổng cộng", is_total),
        ("Thủ trưởng đơn vị", is_signature),
        ("Đang thực hiện", status_of),
    ],
)
def test_capitals_spaces_and_composition_change_nothing(text, meaning):
    expected = meaning(text)
    assert expected
    for other in (
        text.upper(),
        unicodedata.normalize("NFD", text),
        text.replace(" ", "  "),
        text.replace(" ", "\u00a0"),
        f" {text}\n",
    ):
        assert meaning(other) == expected


READERS = (
    unit_of_amounts, periods_of, vintages_of, years_of, source_of, nature_of, line_kind_of,
    status_of, decisions_of, is_total, is_page_sum, is_signature, is_note,
    is_column_number, outline_depth,
)  # fmt: skip
PIECES = st.sampled_from(
    [
        "tháng 4 năm 2024",
        "T13/24",
        "quý iv",
        "đến 31/02/2024",
        "từ tháng 9 đến tháng 2",
        "kéo dài",
        "KD",
        "vốn",
        "NSTW",
        "ngân sách huyện, xã",
        "(triệu đồng)",
        "ĐVT:",
        "Quyết định số",
        "12/QĐ-UBND",
        "ngày",
        "…",
        "của",
        ")",
        "=",
        "(1)",
        "1.1",
        "٤/٢٠٢٤",
        "²",
        "́",
        "\u200b",
        "Tổng",
        "cộng",
        " / ",
        "-",
        "6 tháng cuối năm",
        "00/2024",
        "9999999999",
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=8).map(" ".join)))
def test_no_text_breaks_a_reader_and_composition_never_matters(text):
    for reader in READERS:
        assert reader(text) == reader(unicodedata.normalize("NFD", text))
    for period in periods_of(text):
        assert period.first <= period.last <= 13


def test_a_text_without_end_does_not_keep_a_reader_busy():
    """Ten thousand times a word that begins something: what is behind a title is not looked at."""
    for piece in ("ngày …", "kéo dài ", "1=", "Quyết định số 1/QĐ-", "đơn vị: ", "tháng 4 - "):
        for reader in READERS:
            reader(piece * 10_000)
    assert periods_of("x" * 2_000 + " tháng 4 năm 2024") == ()

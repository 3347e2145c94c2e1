"""Lists of projects and titles of annexes: what a row says of a project that is known already."""

import pytest

from models.sheets import Field, Kind
from tests.sheets_read import found, reading

HEAD = ["Mã dự án", "Tên dự án", "Dự án, tiểu dự án thành phần", "Chủ đầu tư"]
LIST = [["DANH MỤC DỰ ÁN NĂM 2024"]]


@pytest.mark.parametrize(
    ("part", "unit", "meant"),
    [
        ("Dự án 2", "UBND xã Thiện Tân", ("X-2", "CT.2")),
        ("Tiểu dự án 1 - Dự án 3", "UBND xã Thiện Tân", ("X-2", "CT.3.1")),
        ("Dự án 2", "UBND xã Hữu Liên", ("X-1", "CT.2")),
        (None, None, ("X-2", "CT.2")),
    ],
)
def test_a_list_says_where_a_known_project_belongs(part, unit, meant):
    rows = [HEAD, ["L02", "Mô hình chăn nuôi dê", part, unit]]
    read = reading(rows, kind=Kind.PROJECTS, titles=LIST, period=None)
    [line] = read.lines
    assert (line.work, (line.unit, line.part)) == ("L02", meant)
    assert found(read) == []


def test_a_component_that_is_not_known_is_an_error_for_a_known_project_too():
    rows = [HEAD, ["L02", "Mô hình chăn nuôi dê", "Phần không có thật", "UBND xã Thiện Tân"]]
    read = reading(rows, kind=Kind.PROJECTS, titles=LIST, period=None)
    assert [one[0] for one in found(read)] == ["error"]


def test_the_summary_of_a_decision_is_the_title_of_its_annex():
    titles = [
        ["PHỤ LỤC"],
        ["BỔ SUNG KINH PHÍ SỰ NGHIỆP NGUỒN NGÂN SÁCH TRUNG ƯƠNG NĂM 2024"],
        ["(Kèm theo Quyết định số 1205/QĐ-UBND ngày 15/4/2024 của UBND huyện)"],
        ["Đơn vị tính: đồng"],
    ]
    rows = [["TT", "Tên dự án", "Số tiền"], [1, "Mô hình chăn nuôi dê", 60]]
    read = reading(rows, kind=Kind.ALLOCATIONS, titles=titles, period=None)
    assert read.decision is not None
    assert read.decision.summary == titles[1][0]


@pytest.mark.parametrize(
    ("code", "name", "said_code", "said_name"),
    [
        ("L02", None, "L02", ""),
        ("L02", "Mô hình chăn nuôi dê", "L02", "Mô hình chăn nuôi dê"),
        ("L99", None, "L99", ""),
        (None, "Mô hình chăn nuôi dê", None, "Mô hình chăn nuôi dê"),
    ],
)
def test_a_code_is_never_taken_for_a_name(code, name, said_code, said_name):
    rows = [[*HEAD, "Ngày kết thúc"], [code, name, None, None, "31/12/2024"]]
    [line] = reading(rows, kind=Kind.PROJECTS, titles=LIST, period=None).lines
    told = [one.value for one in line.values if one.field is Field.PROJECT_CODE]
    assert (told, line.name) == ([said_code] if said_code else [], said_name)


def test_a_unit_or_a_component_alone_is_no_name_of_a_project():
    rows = [HEAD, [None, None, "Dự án 2", "UBND xã Thiện Tân"]]
    lines = reading(rows, kind=Kind.PROJECTS, titles=LIST, period=None).lines
    assert [one.name for one in lines] in ([], [""])

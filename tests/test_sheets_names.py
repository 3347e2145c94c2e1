"""Names in files: what is read, what is asked, what is nothing."""

import csv
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import fold
from models.sheets import Known, KnownComponent, KnownProject, KnownUnit
from models.sheets.names import Names

DEMO = Path(__file__).parent.parent / "models/exchange/demo"


def _rows(name):
    with (DEMO / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


UNITS = tuple(
    KnownUnit(n, row["code"], row["name"], row["short_name"])
    for n, row in enumerate(_rows("investors"))
)
PARTS = tuple(
    KnownComponent(n, row["code"], row["name"], row["short_name"], row["parent_code"] or None)
    for n, row in enumerate(_rows("components"))
)
WORKS = tuple(
    KnownProject(n, row["code"], row["name"], row["investor_code"], row["component_code"])
    for n, row in enumerate(_rows("projects"))
)
KNOWN = Known(units=UNITS, components=PARTS, projects=WORKS, place="huyện Hữu Lũng")
NAMES = Names(KNOWN)


@pytest.fixture(scope="module")
def names():
    return Names(KNOWN)


def values(match):
    return [option.value for option in match.options]


# ------------------------------------------------------------------------------------------ units


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ủy ban nhân dân xã Hữu Liên", "X-06388"),
        ("Uỷ ban nhân dân xã Hữu Liên", "X-06388"),
        ("UBND xã Hữu Liên", "X-06388"),
        ("UBND XÃ HỮU LIÊN", "X-06388"),
        ("  UBND   xã  Hữu Liên. ", "X-06388"),
        ("UBND\nxã Hữu Liên", "X-06388"),
        ("xã Hữu Liên", "X-06388"),
        ("X. Hữu Liên", "X-06388"),
        ("UBND x.Hữu Liên", "X-06388"),
        ("Hữu Liên", "X-06388"),
        ("UBND Hữu Liên", "X-06388"),
        ("1. UBND xã Hữu Liên", "X-06388"),
        ("I. Xã Hữu Liên", "X-06388"),
        ("- Xã Hữu Liên", "X-06388"),
        ("“xã Hữu Liên”", "X-06388"),
        ("Chủ đầu tư: UBND xã Hữu Liên", "X-06388"),
        ("xã Hữu Liên, huyện Hữu Lũng", "X-06388"),
        ("UBND xã Hữu Liên - huyện Hữu Lũng - tỉnh Lạng Sơn", "X-06388"),
        ("xa huu lien", "X-06388"),
        ("UBND XA HUU LIEN", "X-06388"),
        ("X-06388", "X-06388"),
        ("x-06388", "X-06388"),
        ("X\u201306388", "X-06388"),
        ("X-06388 - UBND xã Hữu Liên", "X-06388"),
        ("UBND xã Hoà Bình", "X-06397"),
        ("xã Hòa Bình", "X-06397"),
        ("UBND thị trấn Hữu Lũng", "X-06385"),
        ("UBND TT Hữu Lũng", "X-06385"),
        ("TT. Hữu Lũng", "X-06385"),
        ("thị trấn Hữu Lũng", "X-06385"),
        ("Trung tâm Y tế", "TT-YTE"),
        ("Trung tâm  Y tế", "TT-YTE"),
        ("TT Y tế", "TT-YTE"),
        ("TT. Y tế", "TT-YTE"),
        ("TTYT", "TT-YTE"),
        ("Trung tâm Y tế huyện Hữu Lũng", "TT-YTE"),
        ("TRUNG TÂM Y TẾ", "TT-YTE"),
        ("Phòng Nông nghiệp và Phát triển nông thôn", "P-NNPTNT"),
        ("Phòng Nông nghiệp & Phát triển nông thôn", "P-NNPTNT"),
        ("Phòng NN&PTNT", "P-NNPTNT"),
        ("Phòng NN & PTNT", "P-NNPTNT"),
        ("P. NN&PTNT", "P-NNPTNT"),
        ("P.NN và PTNT", "P-NNPTNT"),
        ("Phòng VH&TT huyện Hữu Lũng", "P-VHTT"),
        ("Phòng Văn hóa - Thông tin", "P-VHTT"),
        ("PHÒNG LAO ĐỘNG, THƯƠNG BINH, XÃ HỘI - DÂN TỘC", "P-LDTBXHDT"),
        ("Phòng Lao động, Thương binh, Xã hội – Dân tộc", "P-LDTBXHDT"),
        ("Phòng LĐ-TB&XH-DT", "P-LDTBXHDT"),
        ("TT GDNN – GDTX", "TT-GDNN"),
        ("Trung tâm GDNN - GDTX", "TT-GDNN"),
    ],
)
def test_a_unit_is_read_however_it_was_typed(names, text, code):
    assert names.unit(text).code == code
    assert names.unit(unicodedata.normalize("NFD", text)).code == code


@pytest.mark.parametrize("unit", UNITS, ids=[unit.code for unit in UNITS])
def test_every_unit_is_found_by_each_of_its_names(names, unit):
    for text in (unit.name, unit.short_name, unit.code, unit.name.upper(), fold(unit.name)):
        assert names.unit(text).code == unit.code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("xã Hồ Sơn", "X-06451"), ("xã Hòa Sơn", "X-06445"), ("xã Hoà Sơn", "X-06445"),
        ("xã Đồng Tân", "X-06424"), ("xã Đồng Tiến", "X-06436"), ("xa Dong Tan", "X-06424"),
        ("xa Dong Tien", "X-06436"), ("Hoa Son", "X-06445"), ("Ho Son", "X-06451"),
        ("xã Yên Sơn", "X-06403"), ("xã Thanh Sơn", "X-06421"), ("xã Minh Sơn", "X-06448"),
    ],
)  # fmt: skip
def test_names_that_lie_near_each_other_are_not_mixed_up(names, text, code):
    assert names.unit(text).code == code


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("UBND xã Yên Bìng", "X-06391"),
        ("UBND xã Yên Bính", "X-06391"),
        ("Yên Bin", "X-06391"),
        ("UBND xã Hoả Sơn", "X-06445"),
        ("xã Hửu Liên", "X-06388"),
        ("xã Hữu Lien", "X-06388"),
        ("Trung tâm Ytế huyện", "TT-YTE"),
        ("Phòng Văn hóa và Thông tn", "P-VHTT"),
    ],
)
def test_a_near_miss_is_asked_with_the_best_first(names, text, first):
    match = names.unit(text)

    assert match.code is None
    assert values(match)[0] == first
    assert match.options[0].name == next(one.short_name for one in UNITS if one.code == first)
    assert len(match.options) <= 5


@pytest.mark.parametrize(
    "text",
    ["", "  ", "Trường Mầm non số 1", "Công ty TNHH An Bình", "Tổng cộng", "123", "-", "Ghi chú"],
)
def test_what_is_far_from_all_is_nothing(names, text):
    assert names.unit(text).is_nothing


def test_another_districts_commune_of_the_same_name_is_not_taken(names):
    assert names.unit("UBND xã Hòa Bình, huyện Chi Lăng").code is None
    for text in ("UBND huyện Hữu Lũng", "ỦY BAN NHÂN DÂN HUYỆN HỮU LŨNG", "Huyện Hữu Lũng"):
        assert names.unit(text).is_nothing


def test_marks_that_fold_to_two_units_are_asked():
    two = (
        KnownUnit(1, "A", "UBND xã Hòa Sơn", "xã Hòa Sơn"),
        KnownUnit(2, "B", "UBND xã Hoa Sơn", "Hoa Sơn"),
    )
    names = Names(Known(units=two))

    assert names.unit("xã Hòa Sơn").code == "A"
    assert names.unit("xã Hoa Sơn").code == "B"
    assert sorted(values(names.unit("xa hoa son"))) == ["A", "B"]


def test_a_bare_name_that_two_units_have_is_asked():
    two = (
        KnownUnit(1, "X", "UBND xã Hữu Lũng", "UBND xã Hữu Lũng"),
        KnownUnit(2, "T", "UBND thị trấn Hữu Lũng", "UBND thị trấn Hữu Lũng"),
    )
    names = Names(Known(units=two))

    assert sorted(values(names.unit("Hữu Lũng"))) == ["T", "X"]
    assert names.unit("thị trấn Hữu Lũng").code == "T"


def test_tt_that_could_be_both_is_asked():
    two = (
        KnownUnit(1, "C", "Trung tâm Văn hóa", "Trung tâm Văn hóa"),
        KnownUnit(2, "T", "UBND thị trấn Văn hóa", "UBND thị trấn Văn hóa"),
    )
    assert sorted(values(Names(Known(units=two)).unit("TT Văn hóa"))) == ["C", "T"]


def test_a_code_and_another_name_behind_it_are_not_read(names):
    match = names.unit("X-06388 - UBND xã Yên Bình")
    assert match.code is None


def test_a_unit_is_found_by_what_it_was_called():
    unit = replace(UNITS[0], other_names=("Phòng Lao động, Thương binh và Xã hội",))
    assert (
        Names(Known(units=(unit,))).unit("Phòng Lao động - Thương binh và Xã hội").code == unit.code
    )


# --------------------------------------------------------------------------------------- projects


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Mô hình chăn nuôi trâu sinh sản xã Hữu Liên ", "L01"),
        ("MÔ HÌNH CHĂN NUÔI TRÂU SINH SẢN XÃ HỮU LIÊN", "L01"),
        ("1. Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", "L01"),
        ("1.1. Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", "L01"),
        ("a) Mô hình chăn nuôi trâu sinh sản xã Hữu Liên;", "L01"),
        ("- Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", "L01"),
        ("“Mô hình chăn nuôi trâu sinh sản xã Hữu Liên”", "L01"),
        ("Mo hinh chan nuoi trau sinh san xa Huu Lien", "L01"),
        ("L01", "L01"),
        ("l01", "L01"),
        ("L01 - Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", "L01"),
        ("L01: Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", "L01"),
        ("(L01) Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", "L01"),
        ("Mô hình chăn nuôi bò sinh sản xã Hoà Bình", "L03"),
        ("Giám sát đánh giá Chương trình xã Hữu Liên", "L13"),
    ],
)
def test_a_project_is_read_however_it_was_typed(names, text, code):
    assert names.work(text).code == code
    assert names.work(unicodedata.normalize("NFD", text)).code == code


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Mô hình chăn nuôi dê xã Thiện Tâm", "L02"),
        ("Mô hình chăn nuôi dê", "L02"),
        ("Đào tạo nghề cho người lao độn", "L07"),
        ("Giám sát, đánh giá Chương trình", "L12"),
        ("Thiết lập cụm thông tin cơ sơ", "L09"),
    ],
)
def test_a_near_project_is_asked(names, text, first):
    match = names.work(text)

    assert match.code is None
    assert first in values(match)


def test_far_projects_are_nothing(names):
    for text in ("", "Xây cầu treo dân sinh thôn Ba Lẹng", "Tổng cộng", "Dự án 2"):
        assert names.work(text).is_nothing


TWINS = Known(
    units=UNITS,
    components=PARTS,
    projects=(
        KnownProject(1, "A1", "Nhân rộng mô hình giảm nghèo", "X-06388", "GNBV.DA2"),
        KnownProject(2, "B1", "Nhân rộng mô hình giảm nghèo", "X-06391", "GNBV.DA2"),
        KnownProject(3, "B2", "Nhân rộng mô hình giảm nghèo", "X-06391", "GNBV.DA3.TDA1"),
    ),
)


def test_projects_of_one_name_are_told_apart_by_unit_and_component():
    names = Names(TWINS)
    text = "Nhân rộng mô hình giảm nghèo"

    assert names.work(text, unit_code="X-06388").code == "A1"
    assert names.work(text, unit_code="X-06391", component_code="GNBV.DA3.TDA1").code == "B2"
    assert names.work(text, component_code="GNBV.DA3.TDA1").code == "B2"
    assert values(names.work(text, unit_code="X-06391")) == ["B1", "B2"]
    assert values(names.work(text)) == ["A1", "B1", "B2"]
    assert values(names.work(text, unit_code="X-06394")) == ["A1", "B1", "B2"]
    assert names.work(text, code="B1").code == "B1"


def test_a_project_of_another_unit_alone_is_given_so_that_it_can_be_refused(names):
    text = "Mô hình chăn nuôi dê xã Thiện Tân"
    assert names.work(text, unit_code="X-06388").code == "L02"


def test_near_projects_of_the_unit_come_before_those_of_others():
    names = Names(
        Known(
            units=UNITS,
            projects=(
                KnownProject(1, "A", "Mô hình nuôi ong xã Hữu Liên", "X-06388", "GNBV.DA2"),
                KnownProject(2, "B", "Mô hình nuôi ong xã Yên Bình", "X-06391", "GNBV.DA2"),
            ),
        )
    )
    assert values(names.work("Mô hình nuôi ong", unit_code="X-06388")) == ["A"]
    assert values(names.work("Mô hình nuôi ong xã Yên Bìn", unit_code="X-06391")) == ["B"]
    assert values(names.work("Mô hình nuôi ong xã Yên Bìn")) == ["B", "A"]


def test_a_code_and_the_name_of_another_project_are_asked(names):
    text = "Mô hình chăn nuôi dê xã Thiện Tân"

    assert values(names.work(text, code="L05")) == ["L05", "L02"]
    assert values(names.work(f"L05 - {text}")) == ["L05", "L02"]
    assert names.work("Tên mới", code="L05").code == "L05"


OWN = Known(
    units=tuple(unit for unit in UNITS if unit.code == "X-06388"),
    components=PARTS,
    projects=tuple(work for work in WORKS if work.unit_code == "X-06388"),
    is_part_of_district=True,
)


@pytest.mark.parametrize("work", [one for one in WORKS if one.unit_code != "X-06388"])
def test_to_a_unit_the_projects_of_others_are_not_nearly_its_own(work):
    assert Names(OWN).work(work.name).is_nothing
    assert Names(OWN).work(work.code).is_nothing


def test_to_a_unit_a_slip_in_its_own_names_is_asked():
    names = Names(OWN)

    assert names.work("Mô hình chăn nuôi trâu sinh sản xã Hữu Liên").code == "L01"
    assert values(names.work("Mô hình chăn nuôi trâu sinh sản xã Hữu Liêm")) == ["L01"]
    assert values(names.work("Mô hình chăn nuôi trâu")) == ["L01"]
    assert values(names.unit("UBND xã Hữu Liêm")) == ["X-06388"]
    for unit in UNITS:
        if unit.code != "X-06388":
            assert names.unit(unit.short_name).is_nothing


# ------------------------------------------------------------------------------------- components


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Dự án 2", "GNBV.DA2"),
        ("DỰ ÁN 2", "GNBV.DA2"),
        ("Dự án số 2", "GNBV.DA2"),
        ("Dự án II", "GNBV.DA2"),
        ("DA2", "GNBV.DA2"),
        ("Dự án 02", "GNBV.DA2"),
        ("Dự án thành phần 2", "GNBV.DA2"),
        ("I. Dự án 2", "GNBV.DA2"),
        ("Dự án 2: Đa dạng hóa sinh kế, phát triển mô hình giảm nghèo", "GNBV.DA2"),
        ("Dự án 2. Đa dạng hoá sinh kế, phát triển mô hình giảm nghèo", "GNBV.DA2"),
        ("Dự án 2: Đa dạng hóa sinh kế…", "GNBV.DA2"),
        ("Dự án 2 (Đa dạng hóa sinh kế, phát triển các mô hình giảm nghèo)", "GNBV.DA2"),
        ("Đa dạng hóa sinh kế, phát triển mô hình giảm nghèo", "GNBV.DA2"),
        ("Tiểu dự án 2 - Dự án 3", "GNBV.DA3.TDA2"),
        ("Tiểu dự án 2 – Dự án 3", "GNBV.DA3.TDA2"),
        ("Tiểu dự án 2 thuộc Dự án 3", "GNBV.DA3.TDA2"),
        ("Tiểu dự án 2 (Dự án 3)", "GNBV.DA3.TDA2"),
        ("Tiểu dự án 2, Dự án 3", "GNBV.DA3.TDA2"),
        ("Dự án 3 - Tiểu dự án 2", "GNBV.DA3.TDA2"),
        ("Dự án 3/Tiểu dự án 2", "GNBV.DA3.TDA2"),
        ("Tiểu DA 2 - DA 3", "GNBV.DA3.TDA2"),
        ("TDA2-DA3", "GNBV.DA3.TDA2"),
        ("TDA2DA3", "GNBV.DA3.TDA2"),
        ("DA3.TDA2", "GNBV.DA3.TDA2"),
        ("DA3-TDA2", "GNBV.DA3.TDA2"),
        ("TDA 1 DA 4", "GNBV.DA4.TDA1"),
        ("GNBV.DA3.TDA2", "GNBV.DA3.TDA2"),
        ("gnbv.da3.tda2", "GNBV.DA3.TDA2"),
        ("tieu du an 2 thuoc du an 3", "GNBV.DA3.TDA2"),
        ("Cải thiện dinh dưỡng", "GNBV.DA3.TDA2"),
        ("Tiểu dự án 2: Cải thiện dinh dưỡng", "GNBV.DA3.TDA2"),
        ("Tiểu dự án 1: Giảm nghèo về thông tin", "GNBV.DA6.TDA1"),
        ("Tiểu dự án 2: Giám sát, đánh giá", "GNBV.DA7.TDA2"),
    ],
)
def test_a_component_is_read_however_it_was_typed(names, text, code):
    assert names.part(text).code == code
    assert names.part(unicodedata.normalize("NFD", text)).code == code


@pytest.mark.parametrize("part", PARTS, ids=[part.code for part in PARTS])
def test_every_component_is_found_by_code_and_name(names, part):
    assert names.part(part.code).code == part.code
    assert names.part(part.name).code == part.code


@pytest.mark.parametrize(
    ("text", "under", "code"),
    [
        ("Tiểu dự án 1", "GNBV.DA3", "GNBV.DA3.TDA1"),
        ("Tiểu dự án 2", "GNBV.DA3.TDA1", "GNBV.DA3.TDA2"),
        ("TDA3", "GNBV.DA4", "GNBV.DA4.TDA3"),
        ("Dự án 4", "GNBV.DA3.TDA2", "GNBV.DA4"),
        ("Tiểu dự án 1 - Dự án 4", "GNBV.DA3", "GNBV.DA4.TDA1"),
    ],
)
def test_the_section_tells_which_sub_project_is_meant(names, text, under, code):
    assert names.part(text, under=under).code == code


def test_a_number_without_its_section_is_asked(names):
    assert values(names.part("Tiểu dự án 3")) == []
    assert names.part("Tiểu dự án 3").code == "GNBV.DA4.TDA3"
    assert len(values(names.part("Tiểu dự án 1"))) == 5
    match = names.part("Tiểu dự án 2")
    assert match.code is None
    assert "Tiểu dự án 2 - Dự án 3: Cải thiện dinh dưỡng" in [one.name for one in match.options]


def test_a_number_and_the_name_of_another_component_are_asked(names):
    assert values(names.part("Dự án 2: Cải thiện dinh dưỡng")) == ["GNBV.DA2", "GNBV.DA3.TDA2"]
    assert names.part("Dự án 2 chăn nuôi bò").code is None


@pytest.mark.parametrize(
    "text",
    [
        "Dự án 9", "Tiểu dự án 7 - Dự án 3", "Dự án liên kết sản xuất na theo chuỗi giá trị",
        "Dự án cộng đồng trồng keo xã Yên Bình", "Dự án", "", "DAK 2", "Tổng cộng",
        "Dự án vi sinh", "Dự án i ốt",
    ],
)  # fmt: skip
def test_what_is_no_component(names, text):
    assert names.part(text).is_nothing


def test_another_programme_with_other_words():
    parts = (
        KnownComponent(1, "NTM", "Nông thôn mới", "NTM", None),
        KnownComponent(2, "NTM.1", "Hạ tầng", "Nội dung 1", "NTM"),
        KnownComponent(3, "NTM.1.2", "Giao thông", "Hợp phần 2", "NTM.1"),
    )
    names = Names(Known(components=parts))

    assert names.part("Hợp phần 2 - Nội dung 1").code == "NTM.1.2"
    assert names.part("Nội dung 01: Hạ tầng").code == "NTM.1"


# ---------------------------------------------------------------------------------------- kinds


@given(st.text(max_size=60))
def test_no_text_is_taken_for_a_name_that_it_does_not_fold_to(text):
    """What is read has the letters of the name; whatever else lies near is at most proposed."""
    match = NAMES.unit(text)
    if match.code:
        unit = next(one for one in UNITS if one.code == match.code)
        letters = "".join(char for char in fold(f"{unit.name} {unit.code}") if char.isalnum())
        typed = "".join(char for char in fold(text) if char.isalnum())
        assert typed[-6:] in letters or typed in fold(unit.short_name).replace(" ", "")


@given(st.sampled_from(UNITS), st.integers(0, 60), st.sampled_from("abđêơxz"))
def test_one_wrong_letter_never_decides_for_another_unit(unit, place, letter):
    name = unit.short_name
    wrong = name[:place] + letter + name[place + 1 :]
    assert NAMES.unit(wrong).code in (None, unit.code)

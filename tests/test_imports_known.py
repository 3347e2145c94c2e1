"""What names in a file can mean for the person who brings it."""

from datetime import date

from models.imports import known_for
from models.sheets.names import Names
from tests.factories import make_former_name, make_investor, make_org_event, make_project

DAY = date(2024, 4, 20)


def test_a_unit_is_known_by_what_it_was_called_and_with_its_district(session):
    unit = make_investor(session, code="P-DT", name="Phòng Dân tộc và Tôn giáo")
    make_former_name(
        session,
        investor=unit,
        event=make_org_event(session),
        name="Phòng Lao động, Thương binh và Xã hội",
        short_name="Phòng LĐTBXH",
    )
    names = Names(known_for(session, day=DAY))

    for text in (
        "Phòng Dân tộc và Tôn giáo",
        "Phòng Dân tộc và Tôn giáo huyện Hữu Lũng",
        "Phòng Lao động - Thương binh và Xã hội",
        "Phòng LĐ-TB&XH",
    ):
        assert names.unit(text).code == "P-DT"


def test_a_unit_that_is_gone_is_not_known_and_its_projects_by_their_codes_alone(session):
    """No name means them beside those of a successor, not even the code of a unit used again."""
    gone = make_investor(
        session, code="X-1", valid_from=date(2020, 1, 1), valid_to=date(2024, 4, 19)
    )
    make_project(session, investor=gone, code="L01", name="Nuôi trâu")
    still = make_investor(
        session, code="X-1", valid_from=date(2024, 4, 20), valid_to=date(2024, 4, 20)
    )
    make_project(session, investor=still, code="L02", name="Nuôi trâu")

    known = known_for(session, day=DAY)

    assert [unit.id for unit in known.units] == [still.id]
    assert [work.code for work in known.projects] == ["L02"]
    assert [work.code for work in known.other_projects] == ["L01"]
    names = Names(known)
    assert names.work("Nuôi trâu").code == "L02"
    assert (names.work("", code="L01").code, names.work("L01").code) == ("L01", "L01")
    assert not known.is_part_of_district

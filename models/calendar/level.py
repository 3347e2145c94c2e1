"""What kind of place the managing level is: an office of a province does not say “the district”."""

from models.base import _n

# as its name begins → the word in the language of a page
LEVELS = {
    "thành phố": _n("city"),
    "thị trấn": _n("township"),
    "thị xã": _n("town"),
    "đặc khu": _n("special zone"),
    "phường": _n("ward"),
    "huyện": _n("district"),
    "quận": _n("urban district"),
    "tỉnh": _n("province"),
    "xã": _n("commune"),
    "địa bàn": _n("area"),
}
ELSEWHERE = "địa bàn"


def level_of(name: str) -> str:
    """The kind of place that a name begins with: `huyện` of “huyện Hữu Lũng”; where it begins with
    none, `địa bàn`, which holds for every office.
    """
    begins = f"{name.strip().lower()} "
    return next((one for one in LEVELS if begins.startswith(f"{one} ")), ELSEWHERE)

"""Fonts whose letters are others than the file says: TCVN3 (`.VnTime`) and VNI."""


def is_of_letters(font: str) -> bool:
    """Whether a font shows old Vietnamese letters in the place of those that are stored."""
    return font[:3].lower() == ".vn" or font[:4].lower() == "vni-"

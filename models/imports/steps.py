"""Reading in the ordinary way, until the part that does it is there."""

from models.sheets import Ask, Book, Known, Reading


def read(book: Book, ask: Ask, known: Known) -> Reading:
    raise NotImplementedError

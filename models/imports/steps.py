"""The step of an import that another part brings, until it is there."""

from models.sheets import Ask, Book, Known, Reading


def read(book: Book, ask: Ask, known: Known) -> Reading:
    raise NotImplementedError

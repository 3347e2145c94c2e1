"""What is said of a file that is opened: the child's keys, the stable codes, the sentences."""

from collections.abc import Iterable, Mapping
from typing import Any

from models.base import _n
from models.sheets.shapes import At, Finding, Level, Option

_E, _W = Level.ERROR, Level.WARNING
_SAID: dict[str, tuple[Level, str, str]] = {
    "empty": (
        _E,
        "file_damaged",
        _n("The file is empty. Choose the right one and send it again."),
    ),
    "damaged": (
        _E,
        "file_damaged",
        _n("The file is damaged or was cut off. Open it in Excel, save it anew and send it again."),
    ),
    "unreadable": (
        _E,
        "file_damaged",
        _n("The file cannot be read. Open it in Excel, save it as .xlsx and send it again."),
    ),
    "entities": (
        _E,
        "file_damaged",
        _n(
            "The file holds definitions that no spreadsheet writes and is not read. "
            "Open it in Excel, save it as .xlsx and send it again."
        ),
    ),
    "not_cells": (
        _E,
        "file_damaged",
        _n(
            "Row %(row)s cannot be split into cells: a quotation mark is missing or stands in the "
            "wrong place. Correct it, or save the table as .xlsx."
        ),
    ),
    "password": (
        _E,
        "file_password",
        _n(
            "The file is protected by a password. Open it in Excel, take the password away "
            "(File › Info › Protect Workbook) and send it again."
        ),
    ),
    "too_large": (
        _E,
        "file_too_large",
        _n("The file is larger than %(limit)s MB. Take away pictures and sheets not needed."),
    ),
    "unpacked": (
        _E,
        "file_too_large",
        _n(
            "Unpacked, the file is larger than %(limit)s MB. Copy the table alone into a new "
            "workbook and send that."
        ),
    ),
    "parts": (
        _E,
        "file_too_large",
        _n(
            "The file is made of more than %(limit)s parts. Copy the table alone into a new "
            "workbook and send that."
        ),
    ),
    "sheets": (_E, "file_too_large", _n("The file has more than %(limit)s sheets.")),
    "rows": (
        _E,
        "file_too_large",
        _n(
            "There is content below row %(limit)s. Delete what stands there, or send the table "
            "in several files."
        ),
    ),
    "columns": (
        _E,
        "file_too_large",
        _n(
            "There is content to the right of the first %(limit)s columns. Delete what stands "
            "there, or copy the table alone into a new workbook."
        ),
    ),
    "cells": (
        _E,
        "file_too_large",
        _n("The file has more than %(limit)s cells with content. Send it in several files."),
    ),
    "too_long": (
        _E,
        "file_too_large",
        _n(
            "Reading the file takes too long. Copy the table alone into a new workbook and send "
            "that, or send it in several files."
        ),
    ),
    "too_much": (
        _E,
        "file_too_large",
        _n(
            "Reading the file takes too much memory. Copy the table alone into a new workbook "
            "and send that, or send it in several files."
        ),
    ),
    "text_too_long": (
        _E,
        "text_too_long",
        _n("The cell holds more than %(limit)s characters. Shorten the text."),
    ),
    "macros": (
        _E,
        "file_active",
        _n("The file holds macros (%(part)s). Save it as .xlsx without macros and send that."),
    ),
    "controls": (
        _E,
        "file_active",
        _n(
            "The file holds program controls (%(part)s). Copy the table alone into a new workbook "
            "and send that."
        ),
    ),
    "embedded": (
        _E,
        "file_active",
        _n(
            "The file carries another file or a program inside (%(part)s). Delete the embedded "
            "object, or copy the table alone into a new workbook."
        ),
    ),
    "connections": (
        _E,
        "file_active",
        _n(
            "The file fetches data from elsewhere (%(part)s). Remove the connections "
            "(Data › Queries & Connections), or copy the table alone into a new workbook."
        ),
    ),
    "dde": (
        _E,
        "file_active",
        _n(
            "The cell would start a program when the file is opened (DDE). Delete its formula, "
            "type the value, and have the computer it comes from looked at."
        ),
    ),
    "dde_name": (
        _E,
        "file_active",
        _n(
            "A defined name of the workbook would start a program when the file is opened. Delete "
            "it (Formulas › Name Manager), or copy the table alone into a new workbook."
        ),
    ),
    "elsewhere": (
        _W,
        "external_reference",
        _n(
            "The figure comes from another workbook. It is taken as it was last calculated; see "
            "whether it is still right."
        ),
    ),
    "letters": (
        _E,
        "encoding_unclear",
        _n(
            "The letters of this file cannot be read. Open it in Excel and save it as .xlsx or as "
            "“CSV UTF-8”."
        ),
    ),
    "letters_lost": (
        _E,
        "encoding_unclear",
        _n(
            "The cell is in an old font (.VnTime, VNI) and its letters cannot be converted. Type "
            "its text anew in Unicode."
        ),
    ),
    "converted": (
        _W,
        "encoding_converted",
        _n("%(count)s texts in letters of old fonts (TCVN3, VNI) were converted to Unicode."),
    ),
    "converted_file": (
        _W,
        "encoding_converted",
        _n("The text of the file was converted from %(was)s to Unicode."),
    ),
    "pdf": (
        _E,
        "file_type",
        _n("This is a PDF, not a spreadsheet. Send the Excel file that it was made from."),
    ),
    "picture": (
        _E,
        "file_type",
        _n("This is a picture, not a spreadsheet. Send the Excel file itself."),
    ),
    "word": (
        _E,
        "file_type",
        _n("This is a text document, not a spreadsheet. Copy its table into Excel and send that."),
    ),
    "archive": (
        _E,
        "file_type",
        _n("This is a compressed folder. Unpack it and send the spreadsheet that is inside."),
    ),
    "web_page": (
        _E,
        "file_type",
        _n(
            "This is a web page that was saved under the name of a spreadsheet. Open it in Excel, "
            "save it as .xlsx and send that."
        ),
    ),
    "xml": (
        _E,
        "file_type",
        _n("This is an XML file. Open it in Excel, save it as .xlsx and send that."),
    ),
    "too_old": (
        _E,
        "file_type",
        _n(
            "The workbook was made by a program of before 1993. Open it in Excel, save it as .xlsx "
            "and send that."
        ),
    ),
    "other": (
        _E,
        "file_type",
        _n("This is no spreadsheet. What can be read: .xlsx, .xls, .xlsb, .ods, .csv."),
    ),
}
_ASKED = _n(
    "The text looks as if it were in the letters of an old font or encoding. In which way is it "
    "to be read?"
)
_LETTERS = {
    "tcvn3": _n("TCVN3 (ABC, fonts .VnTime)"),
    "vni": _n("VNI (fonts VNI-Times)"),
    "windows-1258": _n("Windows-1258"),
    "utf-8": _n("Unicode, as it is"),
}
_MORE = _n("The same is true of %(count)s further cells of this sheet.")


def finding(key: str, sheet: str, cell: str, values: Mapping[str, Any]) -> Finding:
    """The finding for a key of the child; `KEY_more` speaks of the cells no longer named."""
    plain = key.removesuffix("_more")
    level, code, message = _SAID[plain]
    message = message if plain == key else _MORE
    return Finding(level=level, code=code, message=message, values=values, at=At(sheet, cell))


def question(sheet: str, cell: str, options: Iterable[tuple[str, str]]) -> Finding:
    """The question on the letters of the file; each option is shown by a sample of its text."""
    listed = tuple(options)
    return Finding(
        level=Level.QUESTION,
        code="encoding_unclear",
        message=_ASKED,
        at=At(sheet, cell, value=listed[0][1]),
        options=tuple(Option(value, f"{_LETTERS[value]}: {sample}") for value, sample in listed),
        for_file=True,
    )

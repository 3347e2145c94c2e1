"""Workbooks of the binary kinds, record by record: .xls in its compound file, and .xlsb."""

import struct

from tests.handmade import packed, ties

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(**streams: bytes) -> bytes:
    """A compound file (OLE) with these streams; a name in upper case with no bytes is a folder."""
    content, starts, at = b"", {}, 0
    for name, stream in streams.items():
        padded = stream + bytes(-len(stream) % 512 if len(stream) >= 4_096 else 4_096 - len(stream))
        starts[name] = (at, len(padded))
        content += padded
        at += len(padded) // 512
    entries = [_entry("Root Entry", 5, _END, 0)]
    for name, stream in streams.items():
        start, size = starts[name]
        entries.append(_entry(name, 2 if stream else 1, start, size))
    folder = b"".join(entries)
    folder += bytes(-len(folder) % 512)
    first_folder, folders = at, len(folder) // 512
    table = [_FREE] * at
    for start, size in starts.values():
        for sector in range(start, start + size // 512):
            table[sector] = sector + 1
        table[start + size // 512 - 1] = _END
    table += [first_folder + n + 1 for n in range(folders - 1)] + [_END]
    sectors = -(-(len(table) + 1) // 127)
    fats = list(range(len(table), len(table) + sectors))
    table += [_FAT] * sectors
    table += [_FREE] * (-len(table) % 128)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, len(fats), first_folder, 0,
                        4_096, _END, 0, _END, 0, fats[0])  # fmt: skip
    head += b"".join(struct.pack("<I", one) for one in fats[1:])
    head += b"\xff" * (512 - len(head))
    return head + content + folder + struct.pack(f"<{len(table)}I", *table)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, 1 if kind == 5 else _FREE)
        + bytes(36)
        + struct.pack("<II4x", start, size)
    )


# ------------------------------------------------------------------------------ .xls


def record(kind: int, *pieces: bytes) -> bytes:
    data = b"".join(pieces)
    return struct.pack("<HH", kind, len(data)) + data


def long_text(words: str) -> bytes:
    return struct.pack("<HB", len(words), 1) + words.encode("utf-16-le")


def xls_sheet(*records: bytes) -> bytes:
    """The records of a sheet."""
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    return begin + b"".join(records) + record(0x000A)


def xls(
    *sheets: tuple[str, int, bytes], before: bytes = b"", version: int = 0x0600, kind: int = 0
) -> bytes:
    """A workbook of sheets (name, state, records); `before` stands among the common records."""
    begin = record(0x0809, struct.pack("<HHHHII", version, 5, 0, 0, 0, 0))
    looks = b"".join(record(0x00E0, struct.pack("<HH16x", 0, one)) for one in (0, 14, 4))
    if version == 0x0600:
        names = [bytes([len(name), 1]) + name.encode("utf-16-le") for name, _, _ in sheets]
        font = record(0x0031, bytes(14), b"\x05\x00Arial")
    else:
        names = [bytes([len(name)]) + name.encode("cp1252") for name, _, _ in sheets]
        font = record(0x0031, bytes(14), b"\x05Arial")
    common = font + looks + before
    at = len(begin + common + record(0x000A)) + sum(4 + 6 + len(name) for name in names)
    listed = b""
    for (_, state, records), name in zip(sheets, names, strict=True):
        listed += record(0x0085, struct.pack("<IBB", at, state, kind), name)
        at += len(records)
    body = begin + common + listed + record(0x000A) + b"".join(one for _, _, one in sheets)
    return compound(**{"Workbook" if version == 0x0600 else "Book": body})


def number(row: int, column: int, value: float, *, look: int = 0) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, look, value))


def formula(row: int, column: int, result: bytes, tokens: bytes = b"", *, flags: int = 0) -> bytes:
    head = struct.pack("<HHH8sHIH", row, column, 0, result, flags, 0, len(tokens))
    return record(0x0006, head, tokens)


# ------------------------------------------------------------------------------ .xlsb


def bin_record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(data)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + data


def wide_text(words: str) -> bytes:
    return struct.pack("<I", len(words)) + words.encode("utf-16-le")


def xlsb_row(number: int, *cells: bytes, is_hidden: bool = False) -> bytes:
    head = struct.pack("<IIHBBB", number - 1, 0, 300, 0, 0x10 if is_hidden else 0, 0) + bytes(4)
    return bin_record(0, head) + b"".join(cells)


def xlsb_cell(kind: int, column: int, data: bytes, *, look: int = 0) -> bytes:
    return bin_record(kind, struct.pack("<II", column - 1, look) + data)


def xlsb(*sheets: tuple[str, int, bytes], texts: tuple[str, ...] = (), more: bytes = b"",
         more_parts: dict[str, bytes] | None = None,
         fonts: tuple[tuple[int, int], ...] = ()) -> bytes:  # fmt: skip
    """A workbook of sheets (name, state, records of rows and what follows them). `fonts` are the
    flags and the place on the line of fonts after the first one.
    """
    book = bin_record(131) + bin_record(153, bytes(8) + wide_text("")) + bin_record(143)
    for place, (name, state, _) in enumerate(sheets, 1):
        head = struct.pack("<II", state, place)
        book += bin_record(156, head + wide_text(f"rId{place}") + wide_text(name))
    book += bin_record(144) + more + bin_record(132)
    font = b"".join(
        bin_record(
            43,
            struct.pack("<HHHHBBBB8xB", 220, flags, 400, place, 0, 0, 0, 0, 0) + wide_text("Arial"),
        )
        for flags, place in ((0, 0), *fonts)
    )
    styles = bin_record(278) + bin_record(615, struct.pack("<I", 1))
    styles += bin_record(44, struct.pack("<H", 164) + wide_text("#,##0,,")) + bin_record(616)
    styles += bin_record(611, struct.pack("<I", 1)) + font + bin_record(612)
    styles += bin_record(626, struct.pack("<I", 1)) + bin_record(47, bytes(16)) + bin_record(627)
    styles += bin_record(617, struct.pack("<I", 3))
    for shown in (0, 14, 164):
        styles += bin_record(47, struct.pack("<HHH10x", 0, shown, 0))
    styles += bin_record(618) + bin_record(279)
    shared = bin_record(159, struct.pack("<II", len(texts), len(texts)))
    shared += b"".join(bin_record(19, b"\0" + wide_text(one)) for one in texts) + bin_record(160)
    pairs = [("worksheet", f"worksheets/sheet{n}.bin") for n in range(1, len(sheets) + 1)]
    pairs += [("styles", "styles.bin"), ("sharedStrings", "sharedStrings.bin")]
    pairs += [("externalLink", f"externalLinks/{name}") for name in more_parts or {}]
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.'
        'binary.macroEnabled.main"/></Types>',
        "_rels/.rels": ties(("officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": ties(*pairs),
        "xl/styles.bin": styles,
        "xl/sharedStrings.bin": shared,
        **{f"xl/externalLinks/{name}": part for name, part in (more_parts or {}).items()},
    }
    for place, (_, _, rows) in enumerate(sheets, 1):
        start = bin_record(129) + bin_record(148, struct.pack("<IIII", 0, 99, 0, 99))
        parts[f"xl/worksheets/sheet{place}.bin"] = start + bin_record(145) + rows + bin_record(130)
    return packed(parts)

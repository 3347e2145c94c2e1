"""Names to find audit entries by, and the Vietnamese order of names."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQLITE = (
    "CREATE TRIGGER audit_entry_no_update BEFORE update ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
)
AT_ONCE = 2_000
SORTED = {
    "component": "name",
    "decision": None,
    "investor": "short_name",
    "obstacle": "content",
    "project": "name",
    "user_account": "full_name",
}


def upgrade() -> None:
    for table, name in SORTED.items():
        op.execute(f"ALTER TABLE {table} ADD COLUMN sort_text TEXT NOT NULL DEFAULT ''")
        if name is not None:
            _fill_order(table, name)
    op.execute("ALTER TABLE audit_entry ADD COLUMN search_text TEXT NOT NULL DEFAULT ''")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    # the one change that entries ever see: what they are found by is derived from what they say
    if is_sqlite:
        op.execute("DROP TRIGGER audit_entry_no_update")
    else:
        op.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
    _fill()
    if is_sqlite:
        op.execute(_SQLITE)
    else:
        op.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_append_only")


def downgrade() -> None:
    for table in SORTED:
        op.execute(f"ALTER TABLE {table} DROP COLUMN sort_text")
    op.execute("ALTER TABLE audit_entry DROP COLUMN search_text")


def _fill_order(table: str, name: str) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT id, {name} FROM {table}")).all()  # noqa: S608
    if rows:
        connection.execute(
            sa.text(f"UPDATE {table} SET sort_text = :text WHERE id = :id"),  # noqa: S608
            [{"id": key, "text": _sort_key(text or "")} for key, text in rows],
        )


def _sort_key(text: str) -> str:
    """As models.text.sort_key was when this was written."""
    order = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
    marks_of_tone = "\u0300\u0309\u0303\u0301\u0323"
    place = {one: "abcdefghij"[n // 10] + "abcdefghij"[n % 10] for n, one in enumerate(order)}
    place |= {str(digit): f"1{digit}" for digit in range(10)}
    letters, tones = [], []
    for char in unicodedata.normalize("NFC", " ".join(text.split()).casefold()):
        marks = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in marks if mark in marks_of_tone), "")
        base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark != tone))
        at = place.get(base if base in place else marks[0], "01")
        if at != "01" or (letters and letters[-1] != "01"):
            letters.append(at)
            tones.append(str(marks_of_tone.find(tone) + 1) if tone else "0")
    return f"{''.join(letters)}00{''.join(tones)}"


def _fill() -> None:
    connection = op.get_bind()
    read = sa.text(
        "SELECT id, label, user_name FROM audit_entry WHERE id > :after ORDER BY id LIMIT :most"
    )
    write = sa.text("UPDATE audit_entry SET search_text = :text WHERE id = :id")
    after = 0
    while rows := connection.execute(read, {"after": after, "most": AT_ONCE}).all():
        connection.execute(
            write, [{"id": key, "text": _fold(f"{label} {who}")} for key, label, who in rows]
        )
        after = rows[-1][0]


def _fold(text: str) -> str:
    """As models.text.fold was when this was written."""
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.replace("đ", "d").replace("ð", "d").split())

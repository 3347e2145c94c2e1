"""Names to find audit entries by."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0002"
branch_labels = None
depends_on = None

_SQLITE = (
    "CREATE TRIGGER audit_entry_no_update BEFORE update ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
)
AT_ONCE = 2_000


def upgrade() -> None:
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
    op.execute("ALTER TABLE audit_entry DROP COLUMN search_text")


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

"""The audit trail is chained: every entry has a seal, those of before as well."""

import hashlib
import json
import secrets
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
ENTRY = sa.table(
    "audit_entry",
    sa.column("id", sa.BigInteger()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("user_id", sa.BigInteger()),
    sa.column("user_name", sa.String()),
    sa.column("action", sa.String()),
    sa.column("resource", sa.String()),
    sa.column("row_id", sa.String()),
    sa.column("label", sa.String()),
    sa.column("investor_id", sa.BigInteger()),
    sa.column("import_run", sa.BigInteger()),
    sa.column("changes", sa.JSON()),
    sa.column("search_text", sa.Text()),
)
REFUSED = "the audit trail is append-only"


def upgrade() -> None:
    seals = op.create_table(
        "audit_seal",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
    )
    _seal_all(seals)
    op.create_index(op.f("ix_audit_seal_entry_id"), "audit_seal", ["entry_id"])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER audit_seal_no_{act} BEFORE {act} ON audit_seal "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER audit_seal_append_only BEFORE DELETE OR UPDATE ON audit_seal "
            "FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only()"
        )


def _seal_all(seals: sa.Table) -> None:
    """In the order in which they were numbered."""
    connection = op.get_bind()
    after, number, before = 0, 0, ""
    some = sa.select(ENTRY).where(ENTRY.c.id > sa.bindparam("after")).order_by(ENTRY.c.id)
    while rows := connection.execute(some.limit(AT_ONCE), {"after": after}).mappings().all():
        made = []
        for row in rows:
            number, salt = number + 1, secrets.token_hex(16)
            digest = _digest(dict(row), salt)
            before = _sha256(f"{before}\n{number}\n{row['id']}\n{digest}")
            made.append(
                {
                    "number": number,
                    "entry_id": row["id"],
                    "salt": salt,
                    "digest": digest,
                    "hash": before,
                }
            )
        connection.execute(seals.insert(), made)
        after = rows[-1]["id"]


def _digest(values: dict[str, object], salt: str) -> str:
    """As models.base.chain had it when this was written."""
    at = values["at"]
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    values["at"] = at.isoformat(timespec="microseconds")
    told = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _sha256(f"{salt}\n{told}")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def downgrade() -> None:
    op.drop_table("audit_seal")

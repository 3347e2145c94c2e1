"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_SQLITE = (
    "CREATE TRIGGER audit_entry_no_{0} BEFORE {0} ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
)
APPEND_ONLY = {
    "sqlite": (_SQLITE.format("update"), _SQLITE.format("delete")),
    "postgresql": (
        "CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$",
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("user_name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("resource", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("investor_id", sa.BigInteger(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_entry_investor", ["investor_id", "at"], unique=False)
        batch_op.create_index("ix_audit_entry_row", ["resource", "row_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_user_id"), ["user_id"], unique=False)

    op.create_table(
        "component",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.String(length=120), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_component_name_given")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_component_parent_is_another")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_component_valid_order")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["component.id"], name=op.f("fk_component_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component")),
        sa.UniqueConstraint("code", name=op.f("uq_component_code")),
    )
    with op.batch_alter_table("component", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_component_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint("length(trim(number)) > 0", name=op.f("ck_decision_number_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "number", "issued_on", "issuer", name=op.f("uq_decision_number_issued_on_issuer")
        ),
    )
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "holiday",
                "compensatory",
                "swap_off",
                "working_override",
                "local_off",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source_note", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("day", name=op.f("uq_holiday_day")),
    )
    op.create_table(
        "investor",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "department",
                "public_service",
                "association",
                "commune",
                "management_board",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.String(length=120), nullable=False),
        sa.Column("gso_code", sa.String(length=10), nullable=True),
        sa.Column("contact_name", sa.String(length=120), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint("length(trim(code)) > 0", name=op.f("ck_investor_code_given")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_investor_name_given")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_investor_valid_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investor")),
    )
    with op.batch_alter_table("investor", schema=None) as batch_op:
        batch_op.create_index("ix_investor_code", ["code"], unique=False)

    op.create_table(
        "login_attempt",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_attempt_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_attempt_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_attempt_username"), ["username"], unique=False)

    op.create_table(
        "period",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "month",
                "quarter",
                "closing",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("budget_year", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("data_from", sa.Date(), nullable=False),
        sa.Column("data_to", sa.Date(), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_reason", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "locked",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("lock_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.CheckConstraint("data_to >= data_from", name=op.f("ck_period_window_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
        sa.UniqueConstraint("code", name=op.f("uq_period_code")),
    )
    with op.batch_alter_table("period", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_period_budget_year"), ["budget_year"], unique=False)
        batch_op.create_index(batch_op.f("ix_period_data_to"), ["data_to"], unique=False)

    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "user_account",
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "officer",
                "finance",
                "investor",
                "leader",
                "auditor",
                name="role_known",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "length(trim(username)) > 0", name=op.f("ck_user_account_username_given")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_table(
        "expected_report",
        sa.Column(
            "investor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "period_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("exempt_reason", sa.Text(), nullable=True),
        sa.Column("exempt_until", sa.Date(), nullable=True),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline_reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "deadline_at IS NULL OR deadline_reason IS NOT NULL",
            name=op.f("ck_expected_report_extension_has_reason"),
        ),
        sa.CheckConstraint(
            "exempt_until IS NULL OR exempt_reason IS NOT NULL",
            name=op.f("ck_expected_report_exemption_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f("fk_expected_report_investor_id")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_expected_report_period_id")
        ),
        sa.PrimaryKeyConstraint("investor_id", "period_id", name=op.f("pk_expected_report")),
    )
    with op.batch_alter_table("expected_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_expected_report_period_id"), ["period_id"], unique=False
        )

    op.create_table(
        "form_key",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_form_key_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_key")),
    )
    with op.batch_alter_table("form_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_key_used_at"), ["used_at"], unique=False)

    op.create_table(
        "project",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "component_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("total_investment", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "active",
                "completed",
                "suspended",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "end_on IS NULL OR end_on >= start_on", name=op.f("ck_project_days_order")
        ),
        sa.CheckConstraint("length(trim(code)) > 0", name=op.f("ck_project_code_given")),
        sa.CheckConstraint("length(trim(name)) > 0", name=op.f("ck_project_name_given")),
        sa.CheckConstraint(
            "total_investment BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_project_total_investment_range"),
        ),
        sa.ForeignKeyConstraint(
            ["component_id"], ["component.id"], name=op.f("fk_project_component_id")
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f("fk_project_investor_id")
        ),
        sa.PrimaryKeyConstraint("investor_id", "id", name=op.f("pk_project")),
        sa.UniqueConstraint("investor_id", "code", name=op.f("uq_project_investor_id_code")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_component_id"), ["component_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_id"), ["id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_sign_in_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column(
            "period_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "accepted",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("first_submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nil_report", sa.Boolean(), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status = 'draft' OR first_submitted_at IS NOT NULL",
            name=op.f("ck_submission_sent_has_moment"),
        ),
        sa.CheckConstraint(
            "(first_submitted_at IS NULL) = (last_submitted_at IS NULL)",
            name=op.f("ck_submission_moments_together"),
        ),
        sa.CheckConstraint(
            "last_submitted_at >= first_submitted_at", name=op.f("ck_submission_moments_order")
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f("fk_submission_investor_id")
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_submission_period_id")),
        sa.PrimaryKeyConstraint("investor_id", "id", name=op.f("pk_submission")),
        sa.UniqueConstraint(
            "investor_id", "period_id", name=op.f("uq_submission_investor_id_period_id")
        ),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_id"), ["id"], unique=False)
        batch_op.create_index("ix_submission_period_status", ["period_id", "status"], unique=False)

    op.create_table(
        "user_investor",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f("fk_user_investor_investor_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_user_investor_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "investor_id", name=op.f("pk_user_investor")),
    )
    op.create_table(
        "allocation",
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("budget_year", sa.SmallInteger(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "NSTW",
                "NST",
                "NSH",
                "NSX",
                "HDK",
                "TDCS",
                name="source_known",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "nature",
            sa.Enum(
                "DTPT",
                "SN",
                name="nature_known",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("vintage", sa.SmallInteger(), nullable=False),
        sa.Column("disburse_until", sa.Date(), nullable=True),
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "budget_year BETWEEN 2000 AND 2100", name=op.f("ck_allocation_budget_year_range")
        ),
        sa.CheckConstraint("vintage <= budget_year", name=op.f("ck_allocation_vintage_not_later")),
        sa.CheckConstraint(
            "vintage BETWEEN 2000 AND 2100", name=op.f("ck_allocation_vintage_range")
        ),
        sa.ForeignKeyConstraint(
            ["investor_id", "project_id"],
            ["project.investor_id", "project.id"],
            name=op.f("fk_allocation_investor_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f("fk_allocation_investor_id")
        ),
        sa.PrimaryKeyConstraint("investor_id", "id", name=op.f("pk_allocation")),
        sa.UniqueConstraint(
            "investor_id",
            "project_id",
            "budget_year",
            "source",
            "nature",
            "vintage",
            name=op.f("uq_allocation_investor_id_project_id_budget_year_source_nature_vintage"),
        ),
    )
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_allocation_budget_year"), ["budget_year"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_allocation_id"), ["id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocation_project_id"), ["project_id"], unique=False)

    op.create_table(
        "explanation",
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(trim(text)) > 0", name=op.f("ck_explanation_text_given")),
        sa.ForeignKeyConstraint(
            ["investor_id", "submission_id"],
            ["submission.investor_id", "submission.id"],
            name=op.f("fk_explanation_investor_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f("fk_explanation_investor_id")
        ),
        sa.PrimaryKeyConstraint("investor_id", "id", name=op.f("pk_explanation")),
        sa.UniqueConstraint(
            "investor_id",
            "submission_id",
            "rule",
            "subject",
            name=op.f("uq_explanation_investor_id_submission_id_rule_subject"),
        ),
    )
    with op.batch_alter_table("explanation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_explanation_id"), ["id"], unique=False)

    op.create_table(
        "progress_entry",
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("physical_progress", sa.Integer(), nullable=True),
        sa.Column("volume_value", sa.BigInteger(), nullable=True),
        sa.Column("progress_text", sa.Text(), nullable=True),
        sa.Column("obstacles", sa.Text(), nullable=True),
        sa.Column("proposals", sa.Text(), nullable=True),
        sa.Column("estimate", sa.BigInteger(), nullable=True),
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "estimate BETWEEN 0 AND 1000000000000000", name=op.f("ck_progress_entry_estimate_range")
        ),
        sa.CheckConstraint(
            "physical_progress BETWEEN 0 AND 10000",
            name=op.f("ck_progress_entry_physical_progress_range"),
        ),
        sa.CheckConstraint(
            "volume_value BETWEEN 0 AND 1000000000000000",
            name=op.f("ck_progress_entry_volume_value_range"),
        ),
        sa.ForeignKeyConstraint(
            ["investor_id", "project_id"],
            ["project.investor_id", "project.id"],
            name=op.f("fk_progress_entry_investor_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["investor_id", "submission_id"],
            ["submission.investor_id", "submission.id"],
            name=op.f("fk_progress_entry_investor_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f("fk_progress_entry_investor_id")
        ),
        sa.PrimaryKeyConstraint("investor_id", "id", name=op.f("pk_progress_entry")),
        sa.UniqueConstraint(
            "investor_id",
            "submission_id",
            "project_id",
            name=op.f("uq_progress_entry_investor_id_submission_id_project_id"),
        ),
    )
    with op.batch_alter_table("progress_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_progress_entry_id"), ["id"], unique=False)
        batch_op.create_index(
            "ix_progress_entry_project", ["investor_id", "project_id"], unique=False
        )

    op.create_table(
        "submission_event",
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "sent",
                "returned",
                "accepted",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("user_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'returned' OR reason IS NOT NULL",
            name=op.f("ck_submission_event_return_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["investor_id", "submission_id"],
            ["submission.investor_id", "submission.id"],
            name=op.f("fk_submission_event_investor_id_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f("fk_submission_event_investor_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_submission_event_user_id")
        ),
        sa.PrimaryKeyConstraint("investor_id", "id", name=op.f("pk_submission_event")),
    )
    with op.batch_alter_table("submission_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_event_id"), ["id"], unique=False)
        batch_op.create_index(
            "ix_submission_event_owner", ["investor_id", "submission_id"], unique=False
        )

    op.create_table(
        "allocation_line",
        sa.Column("allocation_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "initial",
                "supplement",
                "adjust",
                "recall",
                "carry_in",
                "transfer",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('initial', 'supplement', 'carry_in') AND amount > 0) OR (kind = 'recall' AND amount < 0) OR kind IN ('adjust', 'transfer')",
            name=op.f("ck_allocation_line_sign_fits_kind"),
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_allocation_line_amount_not_zero")),
        sa.CheckConstraint(
            "amount BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_allocation_line_amount_range"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_allocation_line_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["investor_id", "allocation_id"],
            ["allocation.investor_id", "allocation.id"],
            name=op.f("fk_allocation_line_investor_id_allocation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f("fk_allocation_line_investor_id")
        ),
        sa.PrimaryKeyConstraint("investor_id", "id", name=op.f("pk_allocation_line")),
    )
    with op.batch_alter_table("allocation_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_allocation_line_decision_id"), ["decision_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_allocation_line_effective_on"), ["effective_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_allocation_line_id"), ["id"], unique=False)
        batch_op.create_index(
            "ix_allocation_line_owner", ["investor_id", "allocation_id"], unique=False
        )

    op.create_table(
        "disbursement",
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("allocation_id", sa.BigInteger(), nullable=False),
        sa.Column("advance", sa.BigInteger(), nullable=False),
        sa.Column("completed", sa.BigInteger(), nullable=False),
        sa.Column("recovered", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("return_document", sa.String(length=200), nullable=True),
        sa.Column("awaits_decision", sa.Boolean(), nullable=False),
        sa.Column("investor_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "advance BETWEEN 0 AND 1000000000000000", name=op.f("ck_disbursement_advance_range")
        ),
        sa.CheckConstraint(
            "completed BETWEEN 0 AND 1000000000000000", name=op.f("ck_disbursement_completed_range")
        ),
        sa.CheckConstraint(
            "recovered <= completed", name=op.f("ck_disbursement_recovered_within_completed")
        ),
        sa.CheckConstraint(
            "recovered BETWEEN 0 AND 1000000000000000", name=op.f("ck_disbursement_recovered_range")
        ),
        sa.CheckConstraint(
            "returned BETWEEN 0 AND 1000000000000000", name=op.f("ck_disbursement_returned_range")
        ),
        sa.ForeignKeyConstraint(
            ["investor_id", "allocation_id"],
            ["allocation.investor_id", "allocation.id"],
            name=op.f("fk_disbursement_investor_id_allocation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["investor_id", "entry_id"],
            ["progress_entry.investor_id", "progress_entry.id"],
            name=op.f("fk_disbursement_investor_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investor.id"], name=op.f("fk_disbursement_investor_id")
        ),
        sa.PrimaryKeyConstraint("investor_id", "id", name=op.f("pk_disbursement")),
        sa.UniqueConstraint(
            "investor_id",
            "entry_id",
            "allocation_id",
            name=op.f("uq_disbursement_investor_id_entry_id_allocation_id"),
        ),
    )
    with op.batch_alter_table("disbursement", schema=None) as batch_op:
        batch_op.create_index(
            "ix_disbursement_allocation", ["investor_id", "allocation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_disbursement_id"), ["id"], unique=False)

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("disbursement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disbursement_id"))
        batch_op.drop_index("ix_disbursement_allocation")

    op.drop_table("disbursement")
    with op.batch_alter_table("allocation_line", schema=None) as batch_op:
        batch_op.drop_index("ix_allocation_line_owner")
        batch_op.drop_index(batch_op.f("ix_allocation_line_id"))
        batch_op.drop_index(batch_op.f("ix_allocation_line_effective_on"))
        batch_op.drop_index(batch_op.f("ix_allocation_line_decision_id"))

    op.drop_table("allocation_line")
    with op.batch_alter_table("submission_event", schema=None) as batch_op:
        batch_op.drop_index("ix_submission_event_owner")
        batch_op.drop_index(batch_op.f("ix_submission_event_id"))

    op.drop_table("submission_event")
    with op.batch_alter_table("progress_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_progress_entry_project")
        batch_op.drop_index(batch_op.f("ix_progress_entry_id"))

    op.drop_table("progress_entry")
    with op.batch_alter_table("explanation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_explanation_id"))

    op.drop_table("explanation")
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_project_id"))
        batch_op.drop_index(batch_op.f("ix_allocation_id"))
        batch_op.drop_index(batch_op.f("ix_allocation_budget_year"))

    op.drop_table("allocation")
    op.drop_table("user_investor")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index("ix_submission_period_status")
        batch_op.drop_index(batch_op.f("ix_submission_id"))

    op.drop_table("submission")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_user_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_component_id"))

    op.drop_table("project")
    with op.batch_alter_table("form_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_key_used_at"))

    op.drop_table("form_key")
    with op.batch_alter_table("expected_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expected_report_period_id"))

    op.drop_table("expected_report")
    op.drop_table("user_account")
    op.drop_table("setting")
    with op.batch_alter_table("period", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_period_data_to"))
        batch_op.drop_index(batch_op.f("ix_period_budget_year"))

    op.drop_table("period")
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_attempt_username"))
        batch_op.drop_index(batch_op.f("ix_login_attempt_at"))
        batch_op.drop_index(batch_op.f("ix_login_attempt_address"))

    op.drop_table("login_attempt")
    with op.batch_alter_table("investor", schema=None) as batch_op:
        batch_op.drop_index("ix_investor_code")

    op.drop_table("investor")
    op.drop_table("holiday")
    op.drop_table("decision")
    with op.batch_alter_table("component", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_component_parent_id"))

    op.drop_table("component")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_user_id"))
        batch_op.drop_index("ix_audit_entry_row")
        batch_op.drop_index("ix_audit_entry_investor")
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))

    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_append_only")

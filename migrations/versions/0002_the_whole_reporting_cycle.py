"""The whole reporting cycle."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

MAX_DONG = 10**15
ADDED = (
    ("decision", "crosses_level BOOLEAN NOT NULL DEFAULT false"),
    (
        "disbursement",
        "correction BIGINT NOT NULL DEFAULT 0 CONSTRAINT ck_disbursement_correction_range "
        f"CHECK (correction BETWEEN -{MAX_DONG} AND {MAX_DONG})",
    ),
    ("disbursement", "correction_reason TEXT"),
    (
        "progress_entry",
        "treasury_cumulative BIGINT CONSTRAINT ck_progress_entry_treasury_cumulative_range "
        f"CHECK (treasury_cumulative BETWEEN 0 AND {MAX_DONG})",
    ),
    (
        "submission",
        "stated_total BIGINT CONSTRAINT ck_submission_stated_total_range "
        f"CHECK (stated_total BETWEEN -{MAX_DONG} AND {MAX_DONG})",
    ),
    ("submission", "received_note TEXT"),
    (
        "submission",
        "received_via VARCHAR(30) CONSTRAINT ck_submission_received_known "
        "CHECK (received_via IN ('paper', 'chat', 'mail', 'other')) "
        "CONSTRAINT ck_submission_receipt_has_evidence "
        "CHECK (received_via IS NULL OR received_note IS NOT NULL)",
    ),
    ("submission", "received_by VARCHAR(200)"),
    ("submission", "narrative_results TEXT"),
    ("submission", "narrative_obstacles TEXT"),
    ("submission", "narrative_tasks TEXT"),
    ("submission", "narrative_proposals TEXT"),
)
FROZEN = ("report_version", "version_part", "version_paper")
_SQLITE = (
    "CREATE TRIGGER {0}_no_{1} BEFORE {1} ON {0} "
    "BEGIN SELECT RAISE(ABORT, 'a frozen report is immutable'); END"
)
_OTHER_YEAR = (
    "(SELECT p.budget_year FROM progress_entry e JOIN submission s ON "
    "s.investor_id = e.investor_id AND s.id = e.submission_id JOIN period p ON p.id = s.period_id "
    "WHERE e.investor_id = NEW.investor_id AND e.id = NEW.entry_id) <> "
    "(SELECT a.budget_year FROM allocation a "
    "WHERE a.investor_id = NEW.investor_id AND a.id = NEW.allocation_id)"
)
TRIGGERS = {
    "sqlite": (
        *(_SQLITE.format(table, act) for table in FROZEN for act in ("update", "delete")),
        *(
            f"CREATE TRIGGER disbursement_year_{act} BEFORE {act} ON disbursement "
            f"WHEN {_OTHER_YEAR} BEGIN SELECT RAISE(ABORT, 'capital of another budget year'); END"
            for act in ("insert", "update")
        ),
    ),
    "postgresql": (
        "CREATE FUNCTION frozen_report_immutable() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a frozen report is immutable'; END $$",
        *(
            f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION frozen_report_immutable()"
            for table in FROZEN
        ),
        "CREATE FUNCTION disbursement_one_year() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_OTHER_YEAR} THEN RAISE EXCEPTION 'capital of another budget year' "
        "USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER disbursement_one_year BEFORE INSERT OR UPDATE ON disbursement "
        "FOR EACH ROW EXECUTE FUNCTION disbursement_one_year()",
    ),
}
DROPS = {
    "sqlite": (
        "DROP TRIGGER disbursement_year_insert",
        "DROP TRIGGER disbursement_year_update",
    ),
    "postgresql": (
        "DROP TRIGGER disbursement_one_year ON disbursement",
        "DROP FUNCTION disbursement_one_year",
    ),
}


def upgrade() -> None:
    op.create_table('capital_term',
    sa.Column('budget_year', sa.SmallInteger(), nullable=False),
    sa.Column('vintage', sa.SmallInteger(), nullable=False),
    sa.Column('disburse_until', sa.Date(), nullable=False),
    sa.Column('basis', sa.String(length=300), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.CheckConstraint('budget_year BETWEEN 2000 AND 2100', name=op.f('ck_capital_term_budget_year_range')),
    sa.CheckConstraint('vintage <= budget_year', name=op.f('ck_capital_term_vintage_not_later')),
    sa.CheckConstraint('vintage BETWEEN 1990 AND 2100', name=op.f('ck_capital_term_vintage_range')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_capital_term')),
    sa.UniqueConstraint('budget_year', 'vintage', name=op.f('uq_capital_term_budget_year_vintage'))
    )
    op.create_table('digest',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('recipient', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('delivery', sa.Enum('claimed', 'sent', 'failed', name='delivery_known', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digest')),
    sa.UniqueConstraint('day', 'recipient', name=op.f('uq_digest_day_recipient'))
    )
    op.create_table('letter_head',
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('superior', sa.String(length=200), nullable=True),
    sa.Column('issuer', sa.Text(), nullable=False),
    sa.Column('issuer_short', sa.String(length=120), nullable=False),
    sa.Column('symbol', sa.String(length=60), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('authority', sa.String(length=120), nullable=True),
    sa.Column('position', sa.String(length=120), nullable=False),
    sa.Column('signer', sa.String(length=120), nullable=False),
    sa.Column('via_office', sa.String(length=200), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('recipients', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.CheckConstraint('length(trim(issuer)) > 0', name=op.f('ck_letter_head_issuer_given')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_letter_head_valid_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_head'))
    )
    op.create_table('letter_template',
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_template'))
    )
    op.create_table('rule_setting',
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('is_trial', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_rule_setting'))
    )
    op.create_table('org_event',
    sa.Column('kind', sa.Enum('rename', 'merge', 'close', 'found', name='kind_known', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('decision_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_by', sa.String(length=200), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.String(length=200), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_org_event_decision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_org_event'))
    )
    op.create_table('reminder',
    sa.Column('period_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('step', sa.String(length=40), nullable=False),
    sa.Column('channel', sa.Enum('mail', 'chat', 'letter', name='channel_known', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('recipient', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_name', sa.String(length=200), nullable=False),
    sa.Column('delivery', sa.Enum('claimed', 'sent', 'failed', name='delivery_known', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('investor_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['investor_id'], ['investor.id'], name=op.f('fk_reminder_investor_id')),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], name=op.f('fk_reminder_period_id')),
    sa.PrimaryKeyConstraint('investor_id', 'id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('investor_id', 'period_id', 'step', 'channel', 'recipient', name=op.f('uq_reminder_investor_id_period_id_step_channel_recipient'))
    )
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminder_id'), ['id'], unique=False)
        batch_op.create_index('ix_reminder_period', ['period_id'], unique=False)

    op.create_table('reopening',
    sa.Column('period_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=True),
    sa.Column('user_name', sa.String(length=200), nullable=False),
    sa.Column('investor_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(trim(reason)) > 0', name=op.f('ck_reopening_reason_given')),
    sa.CheckConstraint('until_at > from_at', name=op.f('ck_reopening_until_after_from')),
    sa.ForeignKeyConstraint(['investor_id'], ['investor.id'], name=op.f('fk_reopening_investor_id')),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], name=op.f('fk_reopening_period_id')),
    sa.PrimaryKeyConstraint('investor_id', 'id', name=op.f('pk_reopening'))
    )
    with op.batch_alter_table('reopening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reopening_id'), ['id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reopening_period_id'), ['period_id'], unique=False)
        batch_op.create_index('ix_reopening_unit', ['investor_id', 'period_id'], unique=False)

    op.create_table('report_version',
    sa.Column('period_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=True),
    sa.Column('user_name', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['period_id'], ['period.id'], name=op.f('fk_report_version_period_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_version')),
    sa.UniqueConstraint('period_id', 'number', name=op.f('uq_report_version_period_id_number'))
    )
    op.create_table('former_name',
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('gso_code', sa.String(length=10), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('short_name', sa.String(length=120), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=False),
    sa.Column('investor_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('valid_to >= valid_from', name=op.f('ck_former_name_valid_order')),
    sa.ForeignKeyConstraint(['event_id'], ['org_event.id'], name=op.f('fk_former_name_event_id')),
    sa.ForeignKeyConstraint(['investor_id'], ['investor.id'], name=op.f('fk_former_name_investor_id')),
    sa.PrimaryKeyConstraint('investor_id', 'id', name=op.f('pk_former_name'))
    )
    with op.batch_alter_table('former_name', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_former_name_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_former_name_id'), ['id'], unique=False)

    op.create_table('obstacle',
    sa.Column('project_id', sa.BigInteger(), nullable=True),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('cause', sa.Enum('guidance', 'beneficiaries', 'bidding', 'season', 'site', 'staff', 'late_capital', 'other', name='cause_known', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('proposal', sa.Text(), nullable=True),
    sa.Column('solver', sa.Enum('unit', 'district', 'province', 'central', name='solver_known', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('promised_on', sa.Date(), nullable=True),
    sa.Column('state', sa.Enum('open', 'in_hand', 'solved', name='state_known', native_enum=False, create_constraint=True, length=30), nullable=False),
    sa.Column('raised_on', sa.Date(), nullable=False),
    sa.Column('solved_on', sa.Date(), nullable=True),
    sa.Column('solution', sa.Text(), nullable=True),
    sa.Column('investor_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'solved') = (solved_on IS NOT NULL)", name=op.f('ck_obstacle_solved_has_day')),
    sa.CheckConstraint('length(trim(content)) > 0', name=op.f('ck_obstacle_content_given')),
    sa.CheckConstraint('solved_on IS NULL OR solved_on >= raised_on', name=op.f('ck_obstacle_days_order')),
    sa.ForeignKeyConstraint(['investor_id', 'project_id'], ['project.investor_id', 'project.id'], name=op.f('fk_obstacle_investor_id_project_id')),
    sa.ForeignKeyConstraint(['investor_id'], ['investor.id'], name=op.f('fk_obstacle_investor_id')),
    sa.PrimaryKeyConstraint('investor_id', 'id', name=op.f('pk_obstacle'))
    )
    with op.batch_alter_table('obstacle', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_obstacle_id'), ['id'], unique=False)
        batch_op.create_index('ix_obstacle_project', ['investor_id', 'project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_obstacle_raised_on'), ['raised_on'], unique=False)

    op.create_table('project_succession',
    sa.Column('project_id', sa.BigInteger(), nullable=False),
    sa.Column('to_investor_id', sa.BigInteger(), nullable=False),
    sa.Column('to_project_id', sa.BigInteger(), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('investor_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['org_event.id'], name=op.f('fk_project_succession_event_id')),
    sa.ForeignKeyConstraint(['investor_id', 'project_id'], ['project.investor_id', 'project.id'], name=op.f('fk_project_succession_investor_id_project_id')),
    sa.ForeignKeyConstraint(['investor_id'], ['investor.id'], name=op.f('fk_project_succession_investor_id')),
    sa.ForeignKeyConstraint(['to_investor_id', 'to_project_id'], ['project.investor_id', 'project.id'], name=op.f('fk_project_succession_to_investor_id_to_project_id')),
    sa.PrimaryKeyConstraint('investor_id', 'id', name=op.f('pk_project_succession'))
    )
    with op.batch_alter_table('project_succession', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_succession_event_id'), ['event_id'], unique=False)
        batch_op.create_index('ix_project_succession_from', ['investor_id', 'project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_succession_id'), ['id'], unique=False)
        batch_op.create_index('ix_project_succession_to', ['to_investor_id', 'to_project_id'], unique=False)

    op.create_table('remark',
    sa.Column('submission_id', sa.BigInteger(), nullable=False),
    sa.Column('thread_id', sa.BigInteger(), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('figure', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=True),
    sa.Column('user_name', sa.String(length=200), nullable=False),
    sa.Column('by_office', sa.Boolean(), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_by', sa.String(length=200), nullable=True),
    sa.Column('investor_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(trim(text)) > 0', name=op.f('ck_remark_text_given')),
    sa.ForeignKeyConstraint(['investor_id', 'submission_id'], ['submission.investor_id', 'submission.id'], name=op.f('fk_remark_investor_id_submission_id')),
    sa.ForeignKeyConstraint(['investor_id'], ['investor.id'], name=op.f('fk_remark_investor_id')),
    sa.PrimaryKeyConstraint('investor_id', 'id', name=op.f('pk_remark'))
    )
    with op.batch_alter_table('remark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_remark_id'), ['id'], unique=False)
        batch_op.create_index('ix_remark_submission', ['investor_id', 'submission_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_remark_thread_id'), ['thread_id'], unique=False)

    op.create_table('succession',
    sa.Column('successor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('investor_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('successor_id <> investor_id', name=op.f('ck_succession_successor_is_another')),
    sa.ForeignKeyConstraint(['event_id'], ['org_event.id'], name=op.f('fk_succession_event_id')),
    sa.ForeignKeyConstraint(['investor_id'], ['investor.id'], name=op.f('fk_succession_investor_id')),
    sa.ForeignKeyConstraint(['successor_id'], ['investor.id'], name=op.f('fk_succession_successor_id')),
    sa.PrimaryKeyConstraint('investor_id', 'id', name=op.f('pk_succession'))
    )
    with op.batch_alter_table('succession', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_succession_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_succession_id'), ['id'], unique=False)
        batch_op.create_index('ix_succession_successor', ['successor_id'], unique=False)

    op.create_table('version_paper',
    sa.Column('version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_name', sa.String(length=200), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['report_version.id'], name=op.f('fk_version_paper_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_version_paper'))
    )
    with op.batch_alter_table('version_paper', schema=None) as batch_op:
        batch_op.create_index('ix_version_paper_version', ['version_id'], unique=False)

    op.create_table('version_part',
    sa.Column('investor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['investor_id'], ['investor.id'], name=op.f('fk_version_part_investor_id')),
    sa.ForeignKeyConstraint(['version_id'], ['report_version.id'], name=op.f('fk_version_part_version_id')),
    sa.PrimaryKeyConstraint('investor_id', 'version_id', name=op.f('pk_version_part'))
    )
    with op.batch_alter_table('version_part', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_version_part_version_id'), ['version_id'], unique=False)

    op.create_table('capital_transfer',
    sa.Column('allocation_id', sa.BigInteger(), nullable=False),
    sa.Column('to_investor_id', sa.BigInteger(), nullable=False),
    sa.Column('to_allocation_id', sa.BigInteger(), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('investor_id', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['org_event.id'], name=op.f('fk_capital_transfer_event_id')),
    sa.ForeignKeyConstraint(['investor_id', 'allocation_id'], ['allocation.investor_id', 'allocation.id'], name=op.f('fk_capital_transfer_investor_id_allocation_id')),
    sa.ForeignKeyConstraint(['investor_id'], ['investor.id'], name=op.f('fk_capital_transfer_investor_id')),
    sa.ForeignKeyConstraint(['to_investor_id', 'to_allocation_id'], ['allocation.investor_id', 'allocation.id'], name=op.f('fk_capital_transfer_to_investor_id_to_allocation_id')),
    sa.PrimaryKeyConstraint('investor_id', 'id', name=op.f('pk_capital_transfer'))
    )
    with op.batch_alter_table('capital_transfer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_capital_transfer_event_id'), ['event_id'], unique=False)
        batch_op.create_index('ix_capital_transfer_from', ['investor_id', 'allocation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_capital_transfer_id'), ['id'], unique=False)
        batch_op.create_index('ix_capital_transfer_to', ['to_investor_id', 'to_allocation_id'], unique=False)

    # SQLite would copy a whole table to change it, and its children refuse that; adding a column
    # with its own check is understood by both databases
    for table, column in ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in DROPS[op.get_bind().dialect.name]:
        op.execute(statement)
    for table, column in reversed(ADDED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")

    with op.batch_alter_table('capital_transfer', schema=None) as batch_op:
        batch_op.drop_index('ix_capital_transfer_to')
        batch_op.drop_index(batch_op.f('ix_capital_transfer_id'))
        batch_op.drop_index('ix_capital_transfer_from')
        batch_op.drop_index(batch_op.f('ix_capital_transfer_event_id'))

    op.drop_table('capital_transfer')
    with op.batch_alter_table('version_part', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_version_part_version_id'))

    op.drop_table('version_part')
    with op.batch_alter_table('version_paper', schema=None) as batch_op:
        batch_op.drop_index('ix_version_paper_version')

    op.drop_table('version_paper')
    with op.batch_alter_table('succession', schema=None) as batch_op:
        batch_op.drop_index('ix_succession_successor')
        batch_op.drop_index(batch_op.f('ix_succession_id'))
        batch_op.drop_index(batch_op.f('ix_succession_event_id'))

    op.drop_table('succession')
    with op.batch_alter_table('remark', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_remark_thread_id'))
        batch_op.drop_index('ix_remark_submission')
        batch_op.drop_index(batch_op.f('ix_remark_id'))

    op.drop_table('remark')
    with op.batch_alter_table('project_succession', schema=None) as batch_op:
        batch_op.drop_index('ix_project_succession_to')
        batch_op.drop_index(batch_op.f('ix_project_succession_id'))
        batch_op.drop_index('ix_project_succession_from')
        batch_op.drop_index(batch_op.f('ix_project_succession_event_id'))

    op.drop_table('project_succession')
    with op.batch_alter_table('obstacle', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_obstacle_raised_on'))
        batch_op.drop_index('ix_obstacle_project')
        batch_op.drop_index(batch_op.f('ix_obstacle_id'))

    op.drop_table('obstacle')
    with op.batch_alter_table('former_name', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_former_name_id'))
        batch_op.drop_index(batch_op.f('ix_former_name_event_id'))

    op.drop_table('former_name')
    op.drop_table('report_version')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION frozen_report_immutable')
    with op.batch_alter_table('reopening', schema=None) as batch_op:
        batch_op.drop_index('ix_reopening_unit')
        batch_op.drop_index(batch_op.f('ix_reopening_period_id'))
        batch_op.drop_index(batch_op.f('ix_reopening_id'))

    op.drop_table('reopening')
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.drop_index('ix_reminder_period')
        batch_op.drop_index(batch_op.f('ix_reminder_id'))

    op.drop_table('reminder')
    op.drop_table('org_event')
    op.drop_table('rule_setting')
    op.drop_table('letter_template')
    op.drop_table('letter_head')
    op.drop_table('digest')
    op.drop_table('capital_term')


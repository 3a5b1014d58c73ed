"""The pages: accounts, score sheets, drafts of rounds, hearings."""

import sqlalchemy as sa

from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from models.types import ExactDecimal, UTCDateTime

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


OF_CENTRE = sa.text("chain = 'centre'")


def upgrade() -> None:
    op.create_index('ix_entry_of_account', 'entry', ['subject', 'number'], sqlite_where=OF_CENTRE, postgresql_where=OF_CENTRE)
    op.create_table('account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('login', AutoString(length=64), nullable=False),
    sa.Column('name', AutoString(), nullable=False),
    sa.Column('staff_no', AutoString(length=64), nullable=True),
    sa.Column('password', AutoString(), nullable=False),
    sa.Column('totp_secret', AutoString(), nullable=False),
    sa.Column('totp_since', UTCDateTime(timezone=True), nullable=True),
    sa.Column('totp_step', sa.Integer(), nullable=False),
    sa.Column('subject', AutoString(), nullable=True),
    sa.Column('language', AutoString(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('made_at', UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('login', name=op.f('uq_account_login')),
    sa.UniqueConstraint('staff_no', name=op.f('uq_account_staff_no')),
    sa.UniqueConstraint('subject', name=op.f('uq_account_subject'))
    )
    op.create_table('attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('login', AutoString(), nullable=False),
    sa.Column('address', AutoString(), nullable=False),
    sa.Column('device', AutoString(), nullable=False),
    sa.Column('at', UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt'))
    )
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attempt_address'), ['address'], unique=False)
        batch_op.create_index(batch_op.f('ix_attempt_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_attempt_login'), ['login'], unique=False)

    op.create_table('viewing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('actor', AutoString(), nullable=False),
    sa.Column('hour', UTCDateTime(timezone=True), nullable=False),
    sa.Column('page', AutoString(), nullable=False),
    sa.Column('round_code', AutoString(), nullable=False),
    sa.Column('subject', AutoString(), nullable=False),
    sa.Column('at', UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_viewing')),
    sa.UniqueConstraint('actor', 'hour', 'page', 'round_code', 'subject', name=op.f('uq_viewing_actor_hour_page_round_code_subject'))
    )
    with op.batch_alter_table('viewing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_viewing_actor'), ['actor'], unique=False)
        batch_op.create_index(batch_op.f('ix_viewing_round_code'), ['round_code'], unique=False)

    op.create_table('accountrole',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('role', AutoString(), nullable=False),
    sa.CheckConstraint("role IN ('hr', 'reviewer', 'candidate', 'observer', 'admin')", name=op.f('ck_accountrole_role')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_accountrole_account_id_account')),
    sa.PrimaryKeyConstraint('account_id', 'role', name=op.f('pk_accountrole'))
    )
    op.create_table('acknowledgement',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('staff_no', AutoString(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('seen_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_acknowledgement_round_id_round')),
    sa.PrimaryKeyConstraint('round_id', 'staff_no', 'generation', name=op.f('pk_acknowledgement'))
    )
    op.create_table('answered',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('key', AutoString(length=128), nullable=False),
    sa.Column('request', AutoString(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('etag', AutoString(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('at', UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_answered_account_id_account')),
    sa.PrimaryKeyConstraint('account_id', 'key', name=op.f('pk_answered'))
    )
    with op.batch_alter_table('answered', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answered_at'), ['at'], unique=False)

    op.create_table('apitoken',
    sa.Column('id', AutoString(length=64), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('name', AutoString(), nullable=False),
    sa.Column('scopes', AutoString(), nullable=False),
    sa.Column('made_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('used_at', UTCDateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_apitoken_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_apitoken'))
    )
    with op.batch_alter_table('apitoken', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_apitoken_account_id'), ['account_id'], unique=False)

    op.create_table('declaration',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('reviewer_no', AutoString(), nullable=False),
    sa.Column('made_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('made_by', AutoString(), nullable=False),
    sa.Column('statement', AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_declaration_round_id_round')),
    sa.PrimaryKeyConstraint('round_id', 'reviewer_no', name=op.f('pk_declaration'))
    )
    op.create_table('device',
    sa.Column('id', AutoString(length=64), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_device_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device'))
    )
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_device_account_id'), ['account_id'], unique=False)

    op.create_table('draft',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('title', AutoString(), nullable=False),
    sa.Column('content', AutoString(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', AutoString(), nullable=False),
    sa.Column('made_by', AutoString(), nullable=False),
    sa.Column('made_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('saved_by', AutoString(), nullable=False),
    sa.Column('saved_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint("state IN ('open', 'published', 'discarded')", name=op.f('ck_draft_state')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_draft_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft'))
    )
    op.create_table('handover',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('staff_no', AutoString(), nullable=False),
    sa.Column('slot', AutoString(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', AutoString(), nullable=False),
    sa.Column('media_type', AutoString(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', AutoString(), nullable=False),
    sa.Column('state', AutoString(), nullable=False),
    sa.Column('reason', AutoString(), nullable=False),
    sa.Column('uploaded_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('handed_in_at', UTCDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('draft', 'handed_in', 'superseded', 'taken_back', 'returned')", name=op.f('ck_handover_state')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_handover_round_id_round')),
    sa.ForeignKeyConstraint(['sha256'], ['blob.sha256'], name=op.f('fk_handover_sha256_blob')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover')),
    sa.UniqueConstraint('round_id', 'staff_no', 'slot', 'version', name=op.f('uq_handover_round_id_staff_no_slot_version'))
    )
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handover_round_id'), ['round_id'], unique=False)

    op.create_table('hearing',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', AutoString(), nullable=False),
    sa.Column('staff_no', AutoString(), nullable=False),
    sa.Column('raised_by', AutoString(), nullable=False),
    sa.Column('channel', AutoString(), nullable=False),
    sa.Column('ground', AutoString(), nullable=False),
    sa.Column('received_by', AutoString(), nullable=False),
    sa.Column('received_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('state', AutoString(), nullable=False),
    sa.Column('answer', AutoString(), nullable=False),
    sa.Column('upheld', sa.Boolean(), nullable=True),
    sa.Column('answered_by', AutoString(), nullable=False),
    sa.Column('answered_at', UTCDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('human_check', 'objection')", name=op.f('ck_hearing_kind')),
    sa.CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name=op.f('ck_hearing_state')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_hearing_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hearing')),
    sa.UniqueConstraint('round_id', 'number', name=op.f('uq_hearing_round_id_number'))
    )
    with op.batch_alter_table('hearing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hearing_round_id'), ['round_id'], unique=False)

    op.create_table('onetimelink',
    sa.Column('id', AutoString(length=64), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('made_by', AutoString(), nullable=False),
    sa.Column('made_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('used_at', UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_onetimelink_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_onetimelink'))
    )
    with op.batch_alter_table('onetimelink', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_onetimelink_account_id'), ['account_id'], unique=False)

    op.create_table('recoverycode',
    sa.Column('id', AutoString(length=64), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('used_at', UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recoverycode_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recoverycode'))
    )
    with op.batch_alter_table('recoverycode', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recoverycode_account_id'), ['account_id'], unique=False)

    op.create_table('sheet',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('stage', AutoString(), nullable=False),
    sa.Column('staff_no', AutoString(), nullable=False),
    sa.Column('reviewer_no', AutoString(), nullable=False),
    sa.Column('state', AutoString(), nullable=False),
    sa.Column('status', AutoString(), nullable=False),
    sa.Column('reason', AutoString(), nullable=False),
    sa.Column('entries', AutoString(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('saved_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('saved_by', AutoString(), nullable=False),
    sa.Column('filed_at', UTCDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('draft', 'filed', 'returned')", name=op.f('ck_sheet_state')),
    sa.CheckConstraint("status IN ('scored', 'abstained', 'recused')", name=op.f('ck_sheet_status')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_sheet_round_id_round')),
    sa.PrimaryKeyConstraint('round_id', 'stage', 'staff_no', 'reviewer_no', name=op.f('pk_sheet'))
    )
    op.create_table('sheetsave',
    sa.Column('key', AutoString(length=64), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('stage', AutoString(), nullable=False),
    sa.Column('staff_no', AutoString(), nullable=False),
    sa.Column('reviewer_no', AutoString(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('saved_at', UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_sheetsave_round_id_round')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_sheetsave'))
    )
    op.create_table('signature',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('signed_by', AutoString(), nullable=False),
    sa.Column('signed_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.Column('head', AutoString(), nullable=False),
    sa.Column('statement', AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_signature_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signature'))
    )
    with op.batch_alter_table('signature', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signature_round_id'), ['round_id'], unique=False)

    op.create_table('signedin',
    sa.Column('id', AutoString(length=64), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('csrf', AutoString(), nullable=False),
    sa.Column('agent', AutoString(), nullable=False),
    sa.Column('began_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('seen_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('shown_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('proved_at', UTCDateTime(timezone=True), nullable=True),
    sa.Column('ended_at', UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_signedin_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signedin'))
    )
    with op.batch_alter_table('signedin', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signedin_account_id'), ['account_id'], unique=False)

    op.create_table('supplement',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', AutoString(), nullable=False),
    sa.Column('reason', AutoString(), nullable=False),
    sa.Column('policy_before', AutoString(), nullable=False),
    sa.Column('policy_after', AutoString(), nullable=False),
    sa.Column('made_by', AutoString(), nullable=False),
    sa.Column('made_at', UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['policy_after'], ['blob.sha256'], name=op.f('fk_supplement_policy_after_blob')),
    sa.ForeignKeyConstraint(['policy_before'], ['blob.sha256'], name=op.f('fk_supplement_policy_before_blob')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_supplement_round_id_round')),
    sa.PrimaryKeyConstraint('round_id', 'number', name=op.f('pk_supplement'))
    )
    op.create_table('upload',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('book', AutoString(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=True),
    sa.Column('name', AutoString(), nullable=False),
    sa.Column('sha256', AutoString(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('made_by', AutoString(), nullable=False),
    sa.Column('made_at', UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_upload_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload'))
    )
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_upload_made_at'), ['made_at'], unique=False)



def downgrade() -> None:
    op.drop_index('ix_entry_of_account', table_name='entry')
    with op.batch_alter_table('recoverycode', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recoverycode_account_id'))

    op.drop_table('recoverycode')
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_device_account_id'))

    op.drop_table('device')
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_upload_made_at'))

    op.drop_table('upload')
    op.drop_table('supplement')
    with op.batch_alter_table('signedin', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signedin_account_id'))

    op.drop_table('signedin')
    with op.batch_alter_table('signature', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signature_round_id'))

    op.drop_table('signature')
    op.drop_table('sheetsave')
    op.drop_table('sheet')
    with op.batch_alter_table('onetimelink', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_onetimelink_account_id'))

    op.drop_table('onetimelink')
    with op.batch_alter_table('hearing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hearing_round_id'))

    op.drop_table('hearing')
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_handover_round_id'))

    op.drop_table('handover')
    op.drop_table('draft')
    op.drop_table('declaration')
    with op.batch_alter_table('answered', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answered_at'))

    op.drop_table('answered')
    with op.batch_alter_table('apitoken', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_apitoken_account_id'))

    op.drop_table('apitoken')
    op.drop_table('acknowledgement')
    op.drop_table('accountrole')
    with op.batch_alter_table('viewing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_viewing_round_code'))
        batch_op.drop_index(batch_op.f('ix_viewing_actor'))

    op.drop_table('viewing')
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attempt_login'))
        batch_op.drop_index(batch_op.f('ix_attempt_at'))
        batch_op.drop_index(batch_op.f('ix_attempt_address'))

    op.drop_table('attempt')
    op.drop_table('account')

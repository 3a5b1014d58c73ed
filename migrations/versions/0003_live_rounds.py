"""Live rounds: grace after deadlines, panels, the outbox, proposals, holds."""

import sqlalchemy as sa

from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from models.types import ExactDecimal, UTCDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('assignment',
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('stage', AutoString(), nullable=False),
    sa.Column('staff_no', AutoString(), nullable=False),
    sa.Column('reviewer_no', AutoString(), nullable=False),
    sa.Column('status', AutoString(), nullable=False),
    sa.CheckConstraint("status IN ('assigned', 'replaced')", name=op.f('ck_assignment_status')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_assignment_round_id_round')),
    sa.PrimaryKeyConstraint('round_id', 'stage', 'staff_no', 'reviewer_no', name=op.f('pk_assignment'))
    )
    op.create_table('hold',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('staff_no', AutoString(), nullable=False),
    sa.Column('reason', AutoString(), nullable=False),
    sa.Column('held_by', AutoString(), nullable=False),
    sa.Column('held_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('released_by', AutoString(), nullable=False),
    sa.Column('released_at', UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_hold_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold'))
    )
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hold_round_id'), ['round_id'], unique=False)

    op.create_table('message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', AutoString(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=True),
    sa.Column('kind', AutoString(), nullable=False),
    sa.Column('recipient', AutoString(), nullable=False),
    sa.Column('address', AutoString(), nullable=False),
    sa.Column('subject', AutoString(), nullable=False),
    sa.Column('body', AutoString(), nullable=False),
    sa.Column('state', AutoString(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', AutoString(), nullable=False),
    sa.Column('written_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('due_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('taken_at', UTCDateTime(timezone=True), nullable=True),
    sa.Column('sent_at', UTCDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'sending', 'sent', 'given_up')", name=op.f('ck_message_state')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_message_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('key', name=op.f('uq_message_key'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_round_id'), ['round_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_state'), ['state'], unique=False)

    op.create_table('proposal',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('deed', AutoString(), nullable=False),
    sa.Column('arguments', AutoString(), nullable=False),
    sa.Column('reason', AutoString(), nullable=False),
    sa.Column('state', AutoString(), nullable=False),
    sa.Column('proposed_by', AutoString(), nullable=False),
    sa.Column('proposed_at', UTCDateTime(timezone=True), nullable=False),
    sa.Column('decided_by', AutoString(), nullable=False),
    sa.Column('decided_at', UTCDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('open', 'carried_out', 'rejected')", name=op.f('ck_proposal_state')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_proposal_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal')),
    sa.UniqueConstraint('round_id', 'number', name=op.f('uq_proposal_round_id_number'))
    )
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_round_id'), ['round_id'], unique=False)

    with op.batch_alter_table('reviewer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('substitute_no', AutoString(), nullable=True))

    with op.batch_alter_table('stage', schema=None) as batch_op:
        batch_op.add_column(sa.Column('grace_hours', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('due_at', UTCDateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_stage_due_at'), ['due_at'], unique=False)
    op.execute('UPDATE stage SET due_at = closes_at')  # rounds under way had no grace



def downgrade() -> None:
    with op.batch_alter_table('stage', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stage_due_at'))
        batch_op.drop_column('due_at')
        batch_op.drop_column('grace_hours')

    with op.batch_alter_table('reviewer', schema=None) as batch_op:
        batch_op.drop_column('substitute_no')

    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_round_id'))

    op.drop_table('proposal')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_state'))
        batch_op.drop_index(batch_op.f('ix_message_round_id'))

    op.drop_table('message')
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hold_round_id'))

    op.drop_table('hold')
    op.drop_table('assignment')

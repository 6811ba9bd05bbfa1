"""Drafts of staff: what was typed into the form of a record and not saved yet, sealed."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('staff_draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('registry_key', sa.String(length=60), nullable=False),
    sa.Column('record', sa.String(length=20), nullable=False),
    sa.Column('page', sa.String(length=20), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('user_id', 'registry_key', 'record', name='uq_staff_draft')
    )
    with op.batch_alter_table('staff_draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_draft_expires_at'), ['expires_at'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('staff_draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_draft_expires_at'))

    op.drop_table('staff_draft')

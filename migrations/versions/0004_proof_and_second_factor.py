"""proof of identity, second factor, sessions a person can see"""

import sqlalchemy as sa
from alembic import op

from app.models.schema import furnish

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

_A_NAME = {
    "sqlite": "UPDATE login_session SET public_id = lower(hex(randomblob(8)))",
    "postgresql": "UPDATE login_session SET public_id = substr(md5(random()::text || id), 1, 16)",
}


def upgrade() -> None:
    op.create_table('passkey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('credential_id', sa.Integer(), nullable=False),
    sa.Column('key_id', sa.LargeBinary(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('transports', sa.JSON(), nullable=False),
    sa.Column('synced', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['credential_id'], ['credential.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('key_id'),
    sa.UniqueConstraint('public_id')
    )
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkey_credential_id'), ['credential_id'], unique=False)

    with op.batch_alter_table('credential', schema=None) as batch_op:
        batch_op.add_column(sa.Column('totp_counter', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('factor_due_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('proof_failures', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('proof_locked_until', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('public_id', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('agent', sa.String(length=255), server_default='', nullable=False))
        batch_op.add_column(sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('proven_at', sa.DateTime(timezone=True), nullable=True))
    op.execute(_A_NAME[op.get_bind().dialect.name])
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.alter_column('public_id', existing_type=sa.String(length=20), nullable=False)
        batch_op.create_index(batch_op.f('ix_login_session_public_id'), ['public_id'], unique=True)

    furnish(op.get_bind())  # batch operations on SQLite drop triggers without a word


def downgrade() -> None:
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_login_session_public_id'))
        batch_op.drop_column('proven_at')
        batch_op.drop_column('seen_at')
        batch_op.drop_column('agent')
        batch_op.drop_column('public_id')

    op.drop_table('passkey')
    # SQLite would rebuild a table that others point to; dropping a plain column needs no rebuilding.
    for column in ('proof_locked_until', 'proof_failures', 'factor_due_at', 'totp_counter'):
        op.execute(f"ALTER TABLE credential DROP COLUMN {column}")
    furnish(op.get_bind())

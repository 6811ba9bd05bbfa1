"""what the office changed of the declared rights; limits on rows of users and roles"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

LIMITS = ('limit_regions', 'limit_zones', 'limit_agencies')


def upgrade() -> None:
    op.create_table('grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=60), nullable=False),
    sa.Column('registry_key', sa.String(length=60), nullable=False),
    sa.Column('field', sa.String(length=60), nullable=False),
    sa.Column('right', sa.String(length=12), nullable=False),
    sa.Column('value', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=160), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('role', 'registry_key', 'field', 'right')
    )
    op.create_index('ix_grant_version', 'grant', ['version'])
    # Straight, not by a batch: rebuilding a table on SQLite drops its triggers without a word.
    for table in ('user', 'role'):
        for name in LIMITS:
            op.add_column(table, sa.Column(name, sa.JSON(), nullable=False, server_default='[]'))
    # Codes by their bytes, whatever language the database sorts in.
    op.create_index('ix_region_under', 'region', ['code'], postgresql_ops={'code': 'text_pattern_ops'})


def downgrade() -> None:
    op.drop_index('ix_region_under', table_name='region')
    for table in ('user', 'role'):
        for name in LIMITS:
            op.drop_column(table, name)
    op.drop_index('ix_grant_version', table_name='grant')
    op.drop_table('grant')

"""history: the door of a change, entries of a record in order, records in the trash"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

REGISTRIES = [
    'agency', 'company', 'company_name', 'contact', 'foreign_national', 'passport', 'region', 'register',
    'register_entry', 'role', 'sponsorship', 'stay_permit', 'user', 'visa_index', 'worksite', 'zone',
]


def upgrade() -> None:
    # Straight, not by a batch: rebuilding the table on SQLite would drop the wall around it.
    op.add_column('audit_entry', sa.Column('door', sa.String(length=60), nullable=True))
    op.drop_index('ix_audit_entry_record', table_name='audit_entry')
    op.create_index('ix_audit_entry_record', 'audit_entry', ['entity', 'entity_id', 'seq'])
    gone = sa.text('deleted_at IS NOT NULL')
    for name in REGISTRIES:
        op.create_index(f'ix_{name}_trash', name, ['deleted_at'], sqlite_where=gone, postgresql_where=gone)


def downgrade() -> None:
    for name in REGISTRIES:
        op.drop_index(f'ix_{name}_trash', table_name=name)
    op.drop_index('ix_audit_entry_record', table_name='audit_entry')
    op.create_index('ix_audit_entry_record', 'audit_entry', ['entity', 'entity_id'])
    op.drop_column('audit_entry', 'door')

"""Lists: the index of the usual order carries the states of a record too."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

ALIVE = {'sqlite_where': sa.text('deleted_at IS NULL'), 'postgresql_where': sa.text('deleted_at IS NULL')}
# table: (the order of its list, its state)
TABLES = {
    'agency': ('name', 'status'),
    'company': ('legal_name', 'status'),
    'contact': ('name', 'status'),
    'foreign_national': ('name_display', 'presence'),
    'levy_payment': ('reference', 'status'),
    'message_template': ('kind', 'status'),
    'passport': ('number', 'status'),
    'register': ('code', 'status'),
    'register_entry': ('source_row', 'match_state'),
    'sponsorship': ('started_on', 'status'),
    'stay_permit': ('number', 'status'),
    'task_force': ('valid_from', 'status'),
    'task_force_member': ('name', 'status'),
    'user': ('name', 'status'),
    'visa_index': ('code', 'status'),
    'work_plan': ('ends_on', 'status'),
    'worksite': ('label', 'status'),
    'zone': ('name', 'status'),
}


def upgrade() -> None:
    for table, (order, state) in TABLES.items():
        op.drop_index(f'ix_{table}_order', table)
        op.create_index(f'ix_{table}_order', table, [order, 'id', state], **ALIVE)


def downgrade() -> None:
    for table, (order, _state) in TABLES.items():
        op.drop_index(f'ix_{table}_order', table)
        op.create_index(f'ix_{table}_order', table, [order, 'id'], **ALIVE)

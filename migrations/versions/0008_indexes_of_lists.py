"""Lists: indexes that hold only what is not in the trash, one for each field a list sorts or filters by."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

ALIVE = {'sqlite_where': sa.text('deleted_at IS NULL'), 'postgresql_where': sa.text('deleted_at IS NULL')}
# table: (the order of its list, the fields it is sorted or filtered by)
TABLES = {
    'agency': ('name', ['kind', 'status']),
    'barred_position': ('name', ['basis', 'name_en', 'valid_from', 'valid_until']),
    'company': ('legal_name', ['capital_status', 'is_employer', 'is_sponsor', 'legal_form', 'nib_status', 'scale', 'sector', 'status']),
    'company_name': ('name', []),
    'contact': ('name', ['email_state', 'position', 'status']),
    'foreign_national': ('name_display', ['birth_date', 'nationality', 'presence', 'sex']),
    'holiday': ('falls_on', ['basis', 'kind', 'name']),
    'levy_payment': ('reference', ['amount_usd', 'destination', 'months', 'paid_on', 'persons', 'status']),
    'passport': ('number', ['expires_on', 'status']),
    'region': ('code', ['level', 'name']),
    'register': ('code', ['status', 'unit']),
    'register_entry': ('source_row', ['as_of', 'match_state', 'presence']),
    'role': ('code', ['label_en', 'label_id']),
    'sponsorship': ('started_on', ['ended_on', 'job_title', 'kind', 'status']),
    'stay_permit': ('number', ['expires_on', 'status']),
    'task_force': ('valid_from', ['status', 'valid_until']),
    'task_force_member': ('name', ['ended_on', 'position', 'role', 'started_on', 'status']),
    'user': ('name', ['status']),
    'visa_index': ('code', ['letter', 'status', 'title', 'valid_until', 'work_allowed']),
    'work_plan': ('ends_on', ['headcount', 'kind', 'position', 'regions', 'starts_on', 'status']),
    'worksite': ('label', ['status']),
    'zone': ('name', ['manager', 'status']),
}
# indexes of one column, over the trash as well
REPLACED = [
    ('company', 'is_employer'),
    ('company', 'is_sponsor'),
    ('company', 'sector'),
    ('foreign_national', 'birth_date'),
    ('foreign_national', 'nationality'),
    ('foreign_national', 'sex'),
    ('levy_payment', 'paid_on'),
    ('passport', 'expires_on'),
    ('register_entry', 'as_of'),
    ('sponsorship', 'ended_on'),
    ('stay_permit', 'expires_on'),
    ('task_force', 'valid_from'),
    ('task_force', 'valid_until'),
    ('visa_index', 'work_allowed'),
    ('work_plan', 'ends_on'),
    ('work_plan', 'starts_on'),
]
REFERENCES = {
    'agency': ['region'],
    'company': ['zone', 'region'],
    'company_name': ['company'],
    'contact': ['company'],
    'foreign_national': ['region'],
    'levy_payment': ['work_plan'],
    'passport': ['person', 'replaced_by'],
    'region': ['parent'],
    'register': ['owner_agency', 'zone', 'region'],
    'register_entry': ['source', 'company', 'person'],
    'sponsorship': ['person', 'sponsor', 'worksite', 'work_plan'],
    'stay_permit': ['person', 'visa_index', 'old_index', 'office', 'sponsorship'],
    'task_force': ['region', 'chair'],
    'task_force_member': ['task_force', 'agency'],
    'user': ['agency'],
    'visa_index': ['replaced_by'],
    'work_plan': ['company'],
    'worksite': ['company', 'region', 'zone', 'default_escort'],
}


def upgrade() -> None:
    for table, columns in REFERENCES.items():
        for column in columns:
            op.drop_index(f'ix_{table}_{column}', table)
            op.create_index(f'ix_{table}_{column}', table, [column, 'deleted_at'])
    for table, column in REPLACED:
        op.drop_index(f'ix_{table}_{column}', table)
    for table, (order, columns) in TABLES.items():
        op.drop_index(f'ix_{table}_order', table)
        op.create_index(f'ix_{table}_order', table, [order, 'id'], **ALIVE)
        op.create_index(f'ix_{table}_changed', table, ['updated_at', 'id'], **ALIVE)
        for column in columns:
            op.create_index(f'ix_{table}_{column}_list', table, [column, 'id'], **ALIVE)


def downgrade() -> None:
    for table, (order, columns) in TABLES.items():
        for column in columns:
            op.drop_index(f'ix_{table}_{column}_list', table)
        op.drop_index(f'ix_{table}_changed', table)
        op.drop_index(f'ix_{table}_order', table)
        op.create_index(f'ix_{table}_order', table, [order, 'id'])
    for table, column in REPLACED:
        op.create_index(f'ix_{table}_{column}', table, [column])
    for table, columns in REFERENCES.items():
        for column in columns:
            op.drop_index(f'ix_{table}_{column}', table)
            op.create_index(f'ix_{table}_{column}', table, [column])

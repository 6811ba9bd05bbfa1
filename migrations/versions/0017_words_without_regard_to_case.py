"""Lists by a column of words: SQLite's indexes hold "LEE" beside "Lee"."""

from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

# index: (table, column of words, what follows it)
INDEXES = {
    'ix_region_name_list': ('region', 'name', 'id'),
    'ix_agency_order': ('agency', 'name', 'id, status'),
    'ix_zone_manager_list': ('zone', 'manager', 'id'),
    'ix_zone_order': ('zone', 'name', 'id, status'),
    'ix_barred_position_basis_list': ('barred_position', 'basis', 'id'),
    'ix_barred_position_name_en_list': ('barred_position', 'name_en', 'id'),
    'ix_barred_position_order': ('barred_position', 'name', 'id'),
    'ix_company_order': ('company', 'legal_name', 'id, status'),
    'ix_company_name_order': ('company_name', 'name', 'id'),
    'ix_contact_order': ('contact', 'name', 'id, status'),
    'ix_contact_position_list': ('contact', 'position', 'id'),
    'ix_foreign_national_order': ('foreign_national', 'name_display', 'id, presence'),
    'ix_holiday_name_list': ('holiday', 'name', 'id'),
    'ix_holiday_basis_list': ('holiday', 'basis', 'id'),
    'ix_message_template_subject_list': ('message_template', 'subject', 'id'),
    'ix_register_order': ('register', 'code', 'id, status'),
    'ix_sponsorship_job_title_list': ('sponsorship', 'job_title', 'id'),
    'ix_task_force_member_order': ('task_force_member', 'name', 'id, status'),
    'ix_task_force_member_position_list': ('task_force_member', 'position', 'id'),
    'ix_role_label_id_list': ('role', 'label_id', 'id'),
    'ix_role_label_en_list': ('role', 'label_en', 'id'),
    'ix_role_order': ('role', 'code', 'id'),
    'ix_user_order': ('user', 'name', 'id, status'),
    'ix_visa_index_title_list': ('visa_index', 'title', 'id'),
    'ix_work_plan_position_list': ('work_plan', 'position', 'id'),
    'ix_worksite_order': ('worksite', 'label', 'id, status'),
}


def upgrade() -> None:
    _make_again(' COLLATE NOCASE')


def downgrade() -> None:
    _make_again('')


def _make_again(order: str) -> None:
    """By hand: Alembic knows no collation of an index, and PostgreSQL orders by that of its database."""
    if op.get_bind().dialect.name != 'sqlite':
        return
    for name, (table, column, after) in INDEXES.items():
        op.execute(f'DROP INDEX {name}')
        op.execute(f'CREATE INDEX {name} ON "{table}" ({column}{order}, {after}) WHERE deleted_at IS NULL')

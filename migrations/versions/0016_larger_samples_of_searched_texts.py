"""Search: PostgreSQL keeps a larger sample of the texts that are searched, by which very common words are known."""

from alembic import op
from sqlalchemy import text

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

TEXTS = 300  # as `search.ddl` makes them


def upgrade() -> None:
    for table in _searched():
        op.execute(f'ALTER INDEX "{table}_search" ALTER COLUMN 1 SET STATISTICS {TEXTS}')
        op.execute(f'ANALYZE "{table}"')


def downgrade() -> None:
    for table in _searched():
        op.execute(f'ALTER INDEX "{table}_search" ALTER COLUMN 1 SET STATISTICS -1')


def _searched() -> list[str]:
    bind = op.get_bind()
    if bind.dialect.name != 'postgresql':
        return []
    made = (
        "SELECT tablename FROM pg_indexes"
        " WHERE schemaname = current_schema() AND indexname = tablename || '_search'"
    )
    return list(bind.execute(text(made)).scalars())

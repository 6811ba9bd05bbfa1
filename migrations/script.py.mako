"""${message}"""

import sqlalchemy as sa
from alembic import op

from app.models.schema import furnish

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
    furnish(op.get_bind())  # batch operations on SQLite drop triggers without a word


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}

"""Write the next step from the difference between the models and the steps so far.

    python -m migrations.make "add work plans"
    python -m migrations.make --first        (before the first release only: writes 0001 anew)

Read what it wrote before you commit it: autogenerate does not see renames, data or intentions.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import text

from app import database
from app.models import schema

VERSIONS = schema.MIGRATIONS / "versions"


def main(message: str) -> None:
    first = message == "--first"
    if first:
        for step in VERSIONS.glob("0001_*.py"):
            step.unlink()
        message = "initial schema"
    with tempfile.TemporaryDirectory() as folder:
        engine = database.engine(f"sqlite:///{Path(folder) / 'scratch.db'}")
        number = "0001" if first else f"{int(schema.newest()) + 1:04d}"
        if not first:
            schema.upgrade(engine)
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            command.revision(schema.config(connection), message=message, autogenerate=True, rev_id=number)
        database.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])

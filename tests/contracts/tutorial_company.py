"""The one company that the tutorial's vehicles belong to."""

from app.database import create_schema, unit_of_work, utcnow
from app.domain.actors import Actor
from app.operations import records
from app.registry import get

if __name__ == "__main__":
    create_schema()
    with unit_of_work() as session:
        records.save(session, get("company"), {"legal_name": "PT Contoh Maju"}, Actor.system("tutorial"), now=utcnow())

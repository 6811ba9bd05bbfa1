"""A copy of everything an office cannot make again: database, uploaded files, settings without secrets.

One .tar.gz with a manifest of hashes and row counts. The secret key is not in it: who finds the copy can open
neither links nor sessions; keep `secret.key` elsewhere, for the restored office needs it.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select, update

from app.config import SECRET_FILE, SECRETS, Settings, shown, variable
from app.domain.errors import Refused
from app.domain.messages import OPEN_STATES
from app.models import schema
from app.models.audit import AuditEntry
from app.models.outbox_message import OutboxMessage
from app.operations import audit, dump, outbox
from app.operations.uploads import INCOMING

MANIFEST = "manifest.json"
_STAMP = "%Y%m%dT%H%M%SZ"
_PREFIX = "sinergi-"


class BackupRefused(Refused):
    """A copy that cannot be made or restored (codes: not_empty, damaged, other_database, other_schema, not_a_copy)."""


@dataclass
class Restored:
    """What a restore did, and what its check found (empty when all is well)."""

    made_at: str
    tables: dict[str, int]
    files: int
    held_messages: int
    findings: list[str] = field(default_factory=list)


def make(engine: Engine, settings: Settings, out: Path, *, now: datetime) -> Path:
    """Write a copy to `out` (a file, or a folder that gets a dated one); it appears under its name when complete."""
    target = out / f"{_PREFIX}{now:{_STAMP}}.tar.gz" if out.is_dir() else out
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    hashes: dict[str, str] = {}
    try:
        with (
            tempfile.TemporaryDirectory(prefix="sinergi-copy-", dir=target.parent) as scratch,
            os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
        ):
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as tar:
                # The database first: a file it knows was there before its row, so it is still found below.
                tables = dump.copy_out(engine, Path(scratch))
                for path in sorted(Path(scratch).iterdir()):
                    hashes[f"database/{path.name}"] = _add(tar, f"database/{path.name}", path)
                for path in _files(settings.uploads):
                    if path.name.startswith(INCOMING):
                        continue
                    name = f"uploads/{path.relative_to(settings.uploads).as_posix()}"
                    with contextlib.suppress(FileNotFoundError):  # taken back meanwhile
                        hashes[name] = _add(tar, name, path)
                _add_text(tar, MANIFEST, _manifest(engine, settings, tables, hashes, now))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def restore(engine: Engine, settings: Settings, source: Path, *, now: datetime, force: bool, verify: bool) -> Restored:
    """Put a copy in place of an empty database (of any, with `force`); the mail ledger comes back on hold.

    Everything is unpacked and compared with its hash before anything is touched. Raises BackupRefused.
    """
    from app import database

    settings.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.data) as scratch:
        folder = Path(scratch)
        manifest = _unpack(source, folder)
        if manifest["dialect"] != engine.dialect.name:
            raise BackupRefused("other_database", copy=manifest["dialect"], here=engine.dialect.name)
        if (manifest["schema"] or "") > schema.newest():
            raise BackupRefused("other_schema", copy=manifest["schema"], here=schema.newest())
        if not force and not dump.is_empty(engine):
            raise BackupRefused("not_empty")
        if engine.dialect.name == "sqlite":
            _place_sqlite(engine, folder / "database" / dump.SQLITE_FILE)
        else:
            _fill_postgresql(engine, folder / "database", manifest)
        schema.upgrade(engine)  # a copy may be older than this version
        _place_uploads(folder / "uploads", settings.uploads)
    with database.unit_of_work() as session:
        held = _hold_mail(session, now)
    result = Restored(manifest["made_at"], manifest["tables"], len(manifest["files"]), held)
    if verify:
        result.findings = list(_findings(engine, settings, manifest))
    return result


def nightly(engine: Engine, settings: Settings, *, now: datetime) -> Path | None:
    """The copy of this night in the chosen folder; older ones beyond `backup_keep` go. None without a folder."""
    if settings.backup_dir is None:
        return None
    settings.backup_dir.mkdir(parents=True, exist_ok=True)
    made = make(engine, settings, settings.backup_dir, now=now)
    for old in sorted(settings.backup_dir.glob(f"{_PREFIX}*.tar.gz"))[: -settings.backup_keep]:
        old.unlink()
    return made


def backup_age(settings: Settings, *, now: datetime) -> timedelta | None:
    """Age of the newest copy in the chosen folder; None when there is no folder or no copy."""
    if settings.backup_dir is None:
        return None
    ages = [now - made for path in settings.backup_dir.glob(f"{_PREFIX}*.tar.gz") if (made := _made_at(path))]
    return min(ages, default=None)


def _manifest(
    engine: Engine, settings: Settings, tables: dict[str, int], hashes: dict[str, str], now: datetime
) -> dict[str, Any]:
    hidden = {variable(name) for name in SECRETS}
    return {
        "format": 1,
        "product": version("sinergi"),
        "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "dialect": engine.dialect.name,
        "schema": schema.current(engine),
        "tables": tables,
        "files": hashes,
        "audit_head": _audit_head(engine, tables.get("audit_entry", 0)),
        "key": _key_mark(settings),
        "settings": {str(row["name"]): row["value"] for row in shown(settings) if row["name"] not in hidden},
    }


def _findings(engine: Engine, settings: Settings, manifest: dict[str, Any]) -> Iterator[str]:
    here = dump.rows(engine)
    for name, count in manifest["tables"].items():
        # Putting mail on hold adds its own steps to the ledger.
        if here.get(name) != count and not (name == "outbox_event" and here.get(name, 0) > count):
            yield f"table {name}: {here.get(name)} rows here, {count} in the copy"
    for name, digest in manifest["files"].items():
        if name.startswith("uploads/"):
            path = settings.uploads / name.removeprefix("uploads/")
            if not path.is_file() or _digest(path) != digest:
                yield f"file {name}: missing or different"
    if manifest["key"] != _key_mark(settings):
        yield (
            "the secret key here is not the one of the copy: links do not open and the audit chain cannot be checked. "
            f"Put the key of the old installation in {settings.data / SECRET_FILE} (or SINERGI_SECRET_KEY), then "
            "restore again with --force"
        )
        return
    with Session(engine) as session:
        verdict = audit.verify(session)
    if verdict.broken_at is not None:
        yield f"audit chain: broken at entry {verdict.broken_at}"
    elif _audit_head(engine, manifest["tables"].get("audit_entry", 0)) != manifest["audit_head"]:
        yield "audit chain: it is another one than in the copy"


def _audit_head(engine: Engine, entries: int) -> str | None:
    """Hash of the last entry in the copy; the chain may have grown since, but what stands in it never changes."""
    with Session(engine) as session:
        return session.exec(select(AuditEntry.hash).where(AuditEntry.seq == entries)).first()


def _hold_mail(session: Session, now: datetime) -> int:
    """What was being sent when the copy was made may have left since: a person looks before anything is sent again."""
    state, phase = col(OutboxMessage.state), col(OutboxMessage.phase)
    for was, becomes in ((phase == "dot", "uncertain"), (phase != "dot", "queued")):
        session.execute(
            update(OutboxMessage).where(state == "sending", was).values(state=becomes, phase="", lease_token=None)
        )
    return outbox.hold(session, state.in_(OPEN_STATES), by="restore", now=now)


def _place_sqlite(engine: Engine, copy: Path) -> None:
    target = Path(str(engine.url.database))
    dump.check_whole(copy)
    engine.dispose()
    for leftover in (
        f"{target}-wal",
        f"{target}-shm",
    ):  # of the database that goes; they would corrupt the one that comes
        Path(leftover).unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(copy, target)


def _fill_postgresql(engine: Engine, folder: Path, manifest: dict[str, Any]) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    schema.upgrade(engine, manifest["schema"])
    dump.copy_in(engine, folder, manifest["tables"])


def _place_uploads(copied: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for path in _files(copied):
        place = target / path.relative_to(copied)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, place)


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Members of the copy into `folder`, each compared with its hash; returns the manifest."""
    seen: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    try:
        with tarfile.open(source, "r:gz") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if not member.isreg() or content is None or ".." in Path(member.name).parts or member.name[:1] == "/":
                    raise BackupRefused("not_a_copy", name=member.name)
                if member.name == MANIFEST:
                    manifest = json.load(content)
                    continue
                path = folder / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as file:
                    shutil.copyfileobj(content, file)
                seen[member.name] = _digest(path)
    except (tarfile.TarError, OSError, EOFError, ValueError) as unreadable:
        raise BackupRefused("not_a_copy", reason=str(unreadable)) from None
    if manifest.get("format") != 1:
        raise BackupRefused("not_a_copy", reason="no manifest")
    damaged = sorted(name for name, digest in manifest["files"].items() if seen.get(name) != digest)
    if damaged:
        raise BackupRefused("damaged", names=damaged[:5], count=len(damaged))
    return manifest


def _key_mark(settings: Settings) -> str:
    """Tells whether two installations have the same secret, and nothing about it."""
    return settings.key("backup-mark").hex()[:16]


def _made_at(path: Path) -> datetime | None:
    try:
        return datetime.strptime(path.name.removeprefix(_PREFIX).removesuffix(".tar.gz"), _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def _add(tar: tarfile.TarFile, name: str, path: Path) -> str:
    digest = _digest(path)
    tar.add(path, arcname=name, recursive=False)
    return digest


def _add_text(tar: tarfile.TarFile, name: str, content: Any) -> None:
    data = json.dumps(content, indent=1, ensure_ascii=False).encode()
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Files that people send: kept outside the web root under generated names, file first, row last."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.errors import Refused
from app.models.draft import Upload
from app.models.duty import Duty
from app.registry import Registry

SHEET_LIMIT = 10 * 1024 * 1024  # bytes, as the page says
ATTACHMENT_LIMIT = 10 * 1024 * 1024
ATTACHMENTS_A_DUTY = 20
_LOW_BYTES, _LOW_SHARE = 1024**3, 0.05
_CHUNK = 1024 * 1024
INCOMING = "incoming-"  # begins the name of a file that is still being written

# First bytes of what may come as an attachment: the name and the browser's word count for nothing.
_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (8, b"WEBP", "image/webp"),
)
KINDS = frozenset(kind for _offset, _magic, kind in _MAGIC)


class FileRefused(Refused):
    """A file that is not taken: too large, empty, of another kind, or no room on the disk."""

    status = 422


def keep_sheet(session: Session, duty: Duty, name: str, stream: IO[bytes], *, folder: Path, now: datetime) -> Upload:
    """Keep a spreadsheet as it came; whether it can be read is decided later, in a child process."""
    written = _write(stream, folder, SHEET_LIMIT)
    return _row(session, written, name, "application/octet-stream", now, kind="sheet", duty_id=duty.id)


def keep_attachment(
    session: Session, duty: Duty, name: str, stream: IO[bytes], *, folder: Path, now: datetime
) -> Upload:
    """Keep a scan or photo for staff. Raises FileRefused when the bytes are no PDF or picture."""
    if len(attachments(session, duty)) >= ATTACHMENTS_A_DUTY:
        raise FileRefused("attachments_too_many", limit=ATTACHMENTS_A_DUTY)
    written, media_type = _known(name, stream, folder, ATTACHMENT_LIMIT, KINDS)
    return _row(session, written, name, media_type, now, kind="attachment", duty_id=duty.id)


def keep_for_record(
    session: Session,
    registry: Registry,
    field: str,
    name: str,
    stream: IO[bytes],
    actor: Actor,
    *,
    folder: Path,
    now: datetime,
) -> Upload:
    """Keep a file for a field of a record that `actor` is about to save. Raises FileRefused for what it does not take.

    It is nobody else's, and goes with the sweep, until `app.operations.files` ties it to the record.
    """
    taken = registry.files[field]
    written, media_type = _known(name, stream, folder, taken.max_bytes, taken.kinds)
    return _row(
        session, written, name, media_type, now, kind="record", entity=registry.key, field=field, user_id=actor.user_id
    )


def attachments(session: Session, duty: Duty) -> Sequence[Upload]:
    """Attachments of a duty that are not yet part of a submission, oldest first."""
    query = select(Upload).where(
        Upload.duty_id == duty.id, Upload.kind == "attachment", col(Upload.submission_id).is_(None)
    )
    return session.exec(query.order_by(col(Upload.id))).all()


def drop(session: Session, upload: Upload, *, folder: Path) -> None:
    """Forget an attachment its sender took back. The file goes; a file without a row is swept anyway."""
    session.delete(upload)
    path_of(upload, folder).unlink(missing_ok=True)


def path_of(upload: Upload, folder: Path) -> Path:
    return folder / upload.stored


def media_type_of(head: bytes) -> str | None:
    """Media type by the first bytes, or None when it is nothing we take."""
    for offset, magic, media_type in _MAGIC:
        if head[offset : offset + len(magic)] == magic and (media_type != "image/webp" or head[:4] == b"RIFF"):
            return media_type
    return None


def clean_name(name: str) -> str:
    """The sender's file name without folders and control characters, at most 200 characters."""
    base = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] != "C")
    return kept.strip(" .")[-200:] or "berkas"


def sweep(session: Session, folder: Path, *, now: datetime) -> int:
    """Delete files older than a day that no row knows (a crash between file and COMMIT). Returns how many.

    First the rows of files for a record that nobody saved.
    """
    unsaved = (col(Upload.kind) == "record") & col(Upload.entity_id).is_(None)
    session.execute(delete(Upload).where(unsaved, col(Upload.created_at) < now - timedelta(days=1)))
    if not folder.is_dir():
        return 0
    known = set(session.exec(select(Upload.stored)).all())
    orphans = [
        path
        for path in folder.iterdir()
        if path.is_file() and path.name not in known and now.timestamp() - path.stat().st_mtime > 86_400
    ]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _known(name: str, stream: IO[bytes], folder: Path, limit: int, kinds: Collection[str]) -> tuple[_Written, str]:
    """Write it and look at its first bytes; what they do not say to be one of `kinds` leaves nothing behind."""
    written = _write(stream, folder, limit)
    media_type = media_type_of(written.head)
    if media_type in kinds:
        return written, str(media_type)
    (folder / written.stored).unlink(missing_ok=True)
    papers = media_type is None and "application/pdf" in kinds
    raise FileRefused("attachment_type" if papers else "picture_wanted", name=clean_name(name))


def _row(session: Session, written: _Written, name: str, media_type: str, now: datetime, **owner: Any) -> Upload:
    made = Upload(
        name=clean_name(name),
        media_type=media_type,
        size=written.size,
        sha256=written.digest,
        stored=written.stored,
        created_at=now,
        **owner,
    )
    session.add(made)
    session.flush()
    return made


@dataclass(frozen=True, slots=True)
class _Written:
    """A file on the disk: its generated name, bytes, sha256, first bytes."""

    stored: str
    size: int
    digest: str
    head: bytes


def _write(stream: IO[bytes], folder: Path, limit: int) -> _Written:
    """Temporary name, fsync, rename: never a torn file."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _refuse_when_full(folder)
    handle, aside = tempfile.mkstemp(dir=folder, prefix=INCOMING)
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with os.fdopen(handle, "wb") as out:
            while chunk := stream.read(_CHUNK):
                head = head or chunk[:32]
                size += len(chunk)
                if size > limit:
                    raise FileRefused("file_too_large", max=f"{limit // 1024**2} MB")
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if size == 0:
            raise FileRefused("file_empty")
        stored = secrets.token_hex(20)
        os.rename(aside, folder / stored)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    return _Written(stored, size, digest.hexdigest(), head)


def _refuse_when_full(folder: Path) -> None:
    usage = shutil.disk_usage(folder)
    if usage.free < _LOW_BYTES and usage.free < usage.total * _LOW_SHARE:
        raise FileRefused("disk_full")

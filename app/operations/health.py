"""What is wrong with an installation, and the command that mends it: for `sinergi doctor` and the staff home page."""

from __future__ import annotations

import shutil
import smtplib
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel

from app import doorbell
from app.config import Settings
from app.domain.filling import fill
from app.models import schema
from app.operations import backup, dump, factors
from app.queries import office
from app.queries import outbox as queries

ROOT = Path(__file__).resolve().parents[2]
_CATALOGUES = ("app", "forms", "admin", "notifications")
_OLD_COPY = timedelta(hours=36)
_LOW_DISK = 1024**3  # bytes
_LATE_S = 900


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` is a code; `severity` "error" stops work, "warning" will; `mend` is the command or setting that helps."""

    what: str
    severity: str
    message: str
    mend: str

    def __str__(self) -> str:
        return f"[{self.severity}] {self.what}: {self.message}\n    {self.mend}"

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def examine(engine: Engine, settings: Settings, *, now: datetime) -> list[Finding]:
    """Every finding, errors first."""
    found = [
        *of_database(engine),
        *_of_queue(settings),
        *_of_mail(settings),
        *_of_ledger(engine, settings, now),
        *_of_folders(settings),
        *_of_copies(settings, now),
        *_of_public_address(settings),
        *_of_office(settings),
        *_of_secret(settings),
        *_of_seals(engine, settings),
        *_of_built_files(),
    ]
    return sorted(found, key=lambda finding: finding.severity != "error")


def of_database(engine: Engine) -> list[Finding]:
    """Whether the database answers, is whole and has every table and column of this version."""
    try:
        with engine.connect() as connection:
            missing = _missing(connection)
        if engine.dialect.name == "sqlite":
            dump.check_whole(Path(str(engine.url.database)))
    except (SQLAlchemyError, OSError) as broken:
        reason = str(broken).splitlines()[0]
        return [Finding("database", "error", reason, "Check SINERGI_DATABASE_URL and that the server runs.")]
    except dump.NotWhole as damage:
        return [
            Finding("database", "error", f"The file is damaged: {damage}", "sinergi db restore COPY --force --verify")
        ]
    stands, newest = schema.current(engine), schema.newest()
    if (stands or "") > newest:
        text = f"The database has schema {stands}; this version knows {newest}."
        return [Finding("schema", "error", text, "Install the newer version, or restore the copy made before it.")]
    if stands != newest and not missing:
        return [Finding("schema", "error", f"The database has schema {stands}, not {newest}.", "sinergi db upgrade")]
    if missing:
        return [Finding("schema", "error", f"The database lacks {', '.join(missing[:5])}.", "sinergi db upgrade")]
    return []


def _missing(connection: Any) -> list[str]:
    seen = inspect(connection)
    tables = set(seen.get_table_names())
    missing = [f"table {name}" for name in sorted(SQLModel.metadata.tables) if name not in tables]
    for name, table in sorted(SQLModel.metadata.tables.items()):
        if name in tables:
            here = {column["name"] for column in seen.get_columns(name)}
            missing += [f"column {name}.{column.name}" for column in table.columns if column.name not in here]
    return missing


def _of_queue(settings: Settings) -> Iterator[Finding]:
    if not doorbell.hears(settings.redis_url):
        mend = (
            "sinergi run starts it" if settings.embedded_redis else "Check SINERGI_REDIS_URL and that the server runs."
        )
        yield Finding("valkey", "warning", "The queue does not answer: mail still goes, but later.", mend)


def _of_mail(settings: Settings) -> Iterator[Finding]:
    try:
        with socket.create_connection((settings.mail_server, settings.mail_port), timeout=5):
            pass
        if settings.mail_tls != "tls":
            with smtplib.SMTP(settings.mail_server, settings.mail_port, timeout=5) as relay:
                relay.ehlo()
                if settings.mail_tls == "starttls" and not relay.has_extn("starttls"):
                    yield Finding(
                        "mail", "error", "The relay offers no STARTTLS.", "Set SINERGI_MAIL_TLS to tls or none."
                    )
    except (OSError, smtplib.SMTPException) as silent:
        where = f"{settings.mail_server}:{settings.mail_port}"
        mend = "sinergi run starts the mail box" if settings.embedded_mail else "Check SINERGI_MAIL_SERVER and _PORT."
        yield Finding("mail", "warning", f"No mail server answers at {where} ({silent}); mail waits.", mend)
    if settings.embedded_mail and not settings.demo:
        yield Finding(
            "mail_relay",
            "warning",
            "Mail goes to the local mail box and reaches nobody.",
            "Fill in the page Settings, E-mail account.",
        )


def _of_ledger(engine: Engine, settings: Settings, now: datetime) -> Iterator[Finding]:
    try:
        with Session(engine) as session:
            urgent = queries.capped(session, settings, now)  # what the daily limit holds is not late
            waiting, held = queries.oldest_due_s(session, now, urgent=urgent), queries.counts(session)["held"]
    except SQLAlchemyError:
        return  # `of_database` says what is wrong
    if waiting is not None and waiting > _LATE_S:
        text = f"A message has been due for {waiting / 60:.0f} minutes."
        yield Finding(
            "mail_late", "error", text, "sinergi worker and sinergi scheduler must run; look at: sinergi outbox status"
        )
    if held:
        yield Finding(
            "mail_held", "warning", f"{held} messages are on hold.", "Look at them, then: sinergi outbox release"
        )


def _of_seals(engine: Engine, settings: Settings) -> Iterator[Finding]:
    """A database that came without its root secret: codes of apps and recovery codes open nothing any more."""
    try:
        with Session(engine) as session:
            closed = factors.unopenable(session, settings)
    except SQLAlchemyError:
        return  # `of_database` says what is wrong
    try:
        with Session(engine) as session:
            lost = office.stored(session, settings).closed
    except SQLAlchemyError:
        return
    if lost:
        text = "The password of the mail server was sealed with a secret key we do not have: mail waits."
        yield Finding("mail_password", "error", text, "Write it again on the page Settings, E-mail account.")
    if closed:
        said = (
            "{count} {count:person has|people have} an authenticator app "
            "that was sealed with a secret key we do not have."
        )
        text = fill(said, {"count": closed})
        mend = "Bring back secret.key, or set SINERGI_OLD_SECRET_KEYS_FILE, or: sinergi user factors EMAIL --reset"
        yield Finding("second_step", "error", text, mend)


def _of_folders(settings: Settings) -> Iterator[Finding]:
    try:
        free = shutil.disk_usage(settings.data).free
    except OSError as absent:
        yield Finding(
            "disk", "error", f"{settings.data}: {absent.strerror}", "Set SINERGI_DATA to a folder you may write."
        )
        return
    if free < _LOW_DISK:
        yield Finding("disk", "error", f"{free / 1e6:.0f} MB are left in {settings.data}.", "Make room on this disk.")


def _of_copies(settings: Settings, now: datetime) -> Iterator[Finding]:
    if settings.demo:
        return
    if settings.backup_dir is None:
        yield Finding("backup", "warning", "No folder is chosen for the nightly copy.", "Set SINERGI_BACKUP_DIR.")
        return
    age = backup.backup_age(settings, now=now)
    if age is None or age > _OLD_COPY:
        text = (
            "There is no copy yet."
            if age is None
            else f"The newest copy is {age.days * 24 + age.seconds // 3600} h old."
        )
        yield Finding("backup", "warning", text, f"sinergi db backup {settings.backup_dir}")


def _of_public_address(settings: Settings) -> Iterator[Finding]:
    problem = settings.public_url_problem()
    if problem:
        yield Finding("public_url", "warning", problem.en, "Set SINERGI_PUBLIC_URL, see docs/deploy.")


def _of_office(settings: Settings) -> Iterator[Finding]:
    """What pages, mails and receipts say of the office; the demo may say something made up."""
    if settings.demo:
        return
    if "office_name" not in settings.origins:
        text = f"Pages and mails call the office “{settings.office_name}”."
        yield Finding("office_name", "warning", text, "Fill it in on the page Settings, Office.")
    if not settings.office_phone and not settings.office_email:
        text = "Companies find no telephone number and no address to ask at."
        yield Finding("office_contact", "warning", text, "Fill them in on the page Settings, Office.")
    if not settings.embedded_mail and "mail_sender" not in settings.origins:
        text = f"Mail goes out as {settings.mail_sender}, which nobody owns."
        yield Finding(
            "mail_sender",
            "warning",
            text,
            "Fill it in on the page Settings, E-mail account.",
        )


def _of_secret(settings: Settings) -> Iterator[Finding]:
    secret = settings.secret_key
    if len(secret) < 32 or len(set(secret)) < 12:
        mend = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))", then set SINERGI_SECRET_KEY'
        yield Finding("secret", "error", "The secret key is short or plain: links and sessions could be guessed.", mend)


def _of_built_files() -> Iterator[Finding]:
    if not (ROOT / "app" / "static" / "dist" / "manifest.json").exists():
        yield Finding("frontend", "error", "Style sheets and scripts are not built.", "make setup")
    for package in _CATALOGUES:
        for source in sorted((ROOT / package / "translations").glob("*/LC_MESSAGES/messages.po")):
            compiled = source.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
                name = source.relative_to(ROOT)
                yield Finding("catalogue", "warning", f"{name} is not compiled.", "make setup")

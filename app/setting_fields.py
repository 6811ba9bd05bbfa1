"""What a deployment may decide, as typed fields with their defaults, and what follows from them."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import secrets
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from app.domain.fields import Label
from app.setting_types import AbsolutePath, Blank, DatabaseUrl, FactorFor, Port, PublicUrl, RedisUrl, Secret, Zone

SECRET_FILE = "secret.key"  # noqa: S105 - a file name
_SUN_PATH = 100  # sockaddr_un.sun_path holds 108 bytes with its end; room for a suffix


class Logo(NamedTuple):
    """The picture of the office, as it is served and printed."""

    digest: str  # SHA-256, hexadecimal
    media_type: str
    content: bytes


class Settings(BaseModel):
    """Everything a deployment may decide. Frozen; secrets are shown as stars by `repr`.

    `database_url`, `redis_url`, `public_url` and `secret_key` are properties, because their defaults follow from
    others (VARIABLES names the environment variable of each).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    data: AbsolutePath = Field(Path(".sinergi"), description="folder of the embedded database, uploads, secret")
    database: DatabaseUrl | None = Field(None, description="SQLite or PostgreSQL URL")
    redis: RedisUrl | None = Field(None, description="Redis or Valkey URL")
    secret: Secret | None = Field(None, description="root of every derived key")
    old_secrets: Annotated[SecretStr | None, Blank] = Field(
        None, description="earlier secret keys, one a line: they only open what they sealed"
    )
    public: PublicUrl | None = Field(None, description="address in links and mails")

    host: str = Field("127.0.0.1", description="address the web process listens on")
    port: Port = Field(8000, description="port the web process listens on")
    web_workers: int = Field(2, ge=1, le=64, description="web processes")
    web_threads: int = Field(4, ge=1, le=64, description="threads of one web process")
    trusted_proxies: int = Field(0, ge=0, le=5, description="reverse proxies whose X-Forwarded-* headers count")
    language: Literal["id", "en"] = Field("id", description="first language of pages and mails")
    demo: bool = Field(False, description="made-up data; pages say so")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="how much is logged")

    mail_server: str = Field("127.0.0.1", description="SMTP relay; by default the local mail box")
    mail_port: Port = Field(8025, description="port of the SMTP relay or mail box")
    mail_username: Annotated[str | None, Blank] = Field(None, description="SMTP user")
    mail_secret: Annotated[SecretStr | None, Blank] = Field(None, description="SMTP password")
    mail_tls: Literal["none", "starttls", "tls"] = Field("none", description="TLS of the SMTP connection")
    mail_sender: str = Field("sinergi@kantor.example", description="address mails come from")
    mail_reply_to: Annotated[str | None, Blank] = Field(None, description="address replies go to; else the office's")
    mail_daily_cap: int = Field(0, ge=0, description="messages a day; codes and receipts go on; 0: no limit")
    message_domain: Annotated[str | None, Blank] = Field(None, description="right side of Message-ID")
    mail_timing: str = Field("", description="waits of the mail worker in seconds, such as lease=60,tick=15")
    mailbox_port: Port = Field(8026, description="page of the local mail box")

    office_ministry: str = Field("", description="first line of the letterhead")
    office_unit: str = Field("", description="lines of the letterhead between ministry and office")
    office_name: str = Field("Kantor Imigrasi Kelas I (contoh)", description="name of the office on pages and mails")
    office_address: str = Field("", description="postal address of the office")
    office_phone: str = Field("", description="telephone or WhatsApp of the office")
    office_email: str = Field("", description="address people may answer to")
    office_hours: str = Field("Senin-Jumat 08.00-16.00", description="opening hours")
    office_colour: Annotated[str | None, Blank] = Field(None, description="main colour of pages and mails: #17457f")
    office_time_zone: Zone = Field("Asia/Jakarta", description="time zone of dates")
    factor_for: FactorFor = Field(
        "sensitive", description="who must log in with a second step: sensitive, all, none, or roles by comma"
    )
    factor_grace_days: int = Field(14, ge=0, le=365, description="days to set up a required second step")
    fresh_minutes: int = Field(
        15, ge=1, le=720, description="minutes a proof of identity is enough for exports, reveals, roles"
    )
    report_due_day: int = Field(10, ge=1, le=28, description="day of the next month by which to report")
    correction_days: int = Field(7, ge=1, le=90, description="days a company has at least to correct a returned report")

    trash_days_public: int = Field(0, ge=0, description="days public data wait in the trash; 0: kept")
    trash_days_internal: int = Field(0, ge=0, description="days internal data wait in the trash; 0: kept")
    trash_days_personal: int = Field(0, ge=0, description="days personal data wait in the trash; 0: kept")
    trash_days_specific: int = Field(0, ge=0, description="days specific personal data wait in the trash; 0: kept")

    backup_dir: Annotated[AbsolutePath | None, Blank] = Field(None, description="folder of the nightly copy")
    metrics_token: Annotated[SecretStr | None, Blank] = Field(None, description="who knows it may read /metrics")
    backup_keep: int = Field(14, ge=1, le=3650, description="nightly copies kept")

    origins: Mapping[str, str] = Field(default_factory=dict, exclude=True, repr=False)
    logo: Logo | None = Field(None, exclude=True, repr=False)

    @property
    def embedded_database(self) -> bool:
        return self.database is None

    @property
    def embedded_redis(self) -> bool:
        return self.redis is None

    @property
    def embedded_mail(self) -> bool:
        """Whether mail goes to the local mail box instead of a relay."""
        return "mail_server" not in self.origins

    @property
    def office_known(self) -> bool:
        """Whether somebody said which office this is; letters are not printed before."""
        return "office_name" in self.origins

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.embedded_file}"

    @property
    def embedded_file(self) -> Path:
        return self.data / "sinergi.db"

    @property
    def redis_url(self) -> str:
        return self.redis or f"unix://{self.valkey_socket}?db=0"

    @property
    def valkey_socket(self) -> Path:
        """Socket of the embedded Valkey; a data folder with a long path gets one under the temporary folder."""
        beside = self.data / "valkey" / "valkey.sock"
        if len(os.fsencode(beside)) <= _SUN_PATH:
            return beside
        digest = hashlib.sha256(os.fsencode(beside)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"sinergi-{os.getuid()}-{digest}" / "valkey.sock"

    @property
    def uploads(self) -> Path:
        return self.data / "uploads"

    @property
    def exports(self) -> Path:
        """Sheets made for staff, each for a day; several hosts share the folder as they share the uploads."""
        return self.data / "exports"

    @property
    def public_url(self) -> str:
        return self.public or f"http://localhost:{self.port}"

    @property
    def mail_password(self) -> str | None:
        return self.mail_secret.get_secret_value() if self.mail_secret else None

    @property
    def mail_domain(self) -> str:
        return self.message_domain or self.mail_sender.rpartition("@")[2] or "localhost"

    @property
    def secret_key(self) -> str:
        """The root secret: as configured, else generated once, readable by this user only, in the data folder."""
        return self.secret.get_secret_value() if self.secret else _generated_secret(self.data)

    def today(self, now: datetime) -> date:
        """The date at the office at that instant: due dates are local dates."""
        return now.astimezone(ZoneInfo(self.office_time_zone)).date()

    def key(self, name: str) -> bytes:
        """32 bytes for one purpose ("link", "audit", "mail"…): HKDF-SHA256 (RFC 5869) of the root secret."""
        return _derived(self.secret_key, name)

    def keys(self, name: str) -> list[bytes]:
        """`key` of the present root secret, then of the earlier ones: what those sealed still opens."""
        old = self.old_secrets.get_secret_value().splitlines() if self.old_secrets else []
        return [self.key(name), *(_derived(one.strip(), name) for one in old if one.strip())]

    def public_url_problem(self) -> Label | None:
        """Why a link in a mail would not open on somebody's phone, or None."""
        if _is_private(urlsplit(self.public_url).hostname or ""):
            return Label(
                f"Alamat publik {self.public_url} hanya dikenal di komputer atau jaringan ini: "
                "tautan yang dikirim tidak dapat dibuka di ponsel penerima.",
                f"The public address {self.public_url} is known only on this computer or network: "
                "links in mails will not open on a recipient's phone.",
            )
        if not self.public_url.startswith("https://"):
            return Label(
                f"Alamat publik {self.public_url} belum memakai https: "
                "tautan yang dikirim tidak akan berfungsi di ponsel penerima.",
                f"The public address {self.public_url} is plain http: "
                "links in mails will not work on a recipient's phone.",
            )
        return None


def _derived(secret: str, name: str) -> bytes:
    extracted = hmac.digest(bytes(32), secret.encode(), hashlib.sha256)
    return hmac.digest(extracted, b"sinergi/" + name.encode() + b"\x01", hashlib.sha256)


def _generated_secret(folder: Path) -> str:
    """The secret of an embedded installation; written aside and linked, so that two first starts agree on one."""
    path = folder / SECRET_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, aside = tempfile.mkstemp(dir=folder)  # 0600
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(aside)
    return path.read_text(encoding="ascii").strip()


def _is_private(host: str) -> bool:
    """Whether only this machine or its network finds the host: loopback, private ranges, names without a dot."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".lan", ".internal", ".home.arpa"))

"""A copy brings back rows, files and the audit chain; nothing is touched by a bad one; mail comes back on hold."""

from __future__ import annotations

import tarfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import Session, select

from app import database, registry
from app.cli import main
from app.config import settings
from app.domain.actors import Actor
from app.models.outbox_message import OutboxMessage
from app.operations import backup, outbox, records
from app.operations.backup import BackupRefused


@pytest.fixture
def office(database_url: str, admin_actor: Actor, now: datetime) -> None:
    """One zone, one uploaded file, one message waiting to be sent."""
    _add_zone("Kawasan Uji Satu", admin_actor, now)
    with database.unit_of_work() as session:
        outbox.enqueue(
            session,
            "accepted",
            to="hrd@pt-uji.example",
            language="id",
            context={"company_name": "PT Uji", "receipt_code": "SNG-2026-7F3K-9"},
            dedupe_key="a:1",
            now=now,
        )
    folder = settings().uploads
    folder.mkdir(parents=True)
    (folder / "abc").write_bytes(b"isi berkas")


def _add_zone(name: str, actor: Actor, now: datetime) -> None:
    with database.unit_of_work() as session:
        saved = records.save_many(session, registry.get("zone"), [{"name": name, "code": name}], actor, now=now)
        assert saved.written, saved


def _zones() -> list[str]:
    with Session(database.engine()) as session:
        table = registry.get("zone").table
        return list(session.execute(select(table.c.name).order_by(table.c.name)).scalars())


def _copy(tmp_path: Path, now: datetime) -> Path:
    return backup.make(database.engine(), settings(), tmp_path / "copy.tar.gz", now=now)


def test_restored_copy_is_what_was_copied(office: None, tmp_path: Path, admin_actor: Actor, now: datetime) -> None:
    copy = _copy(tmp_path, now)
    _add_zone("Kawasan Uji Dua", admin_actor, now)
    (settings().uploads / "abc").unlink()

    result = backup.restore(database.engine(), settings(), copy, now=now, force=True, verify=True)

    assert result.findings == []
    assert _zones() == ["Kawasan Uji Satu"]
    assert (settings().uploads / "abc").read_bytes() == b"isi berkas"
    _add_zone("Kawasan Uji Tiga", admin_actor, now)  # numbering and audit chain go on
    assert len(_zones()) == 2


def test_mail_comes_back_on_hold(office: None, tmp_path: Path, now: datetime) -> None:
    copy = _copy(tmp_path, now)
    result = backup.restore(database.engine(), settings(), copy, now=now, force=True, verify=True)
    assert result.held_messages == 1
    with Session(database.engine()) as session:
        assert [message.state for message in session.exec(select(OutboxMessage))] == ["held"]


def test_database_with_work_in_it_is_replaced_only_by_force(office: None, tmp_path: Path, now: datetime) -> None:
    copy = _copy(tmp_path, now)
    with pytest.raises(BackupRefused, match="not_empty"):
        backup.restore(database.engine(), settings(), copy, now=now, force=False, verify=True)


def test_damaged_copy_touches_nothing(office: None, tmp_path: Path, admin_actor: Actor, now: datetime) -> None:
    copy = _copy(tmp_path, now)
    _add_zone("Kawasan Uji Dua", admin_actor, now)
    with tarfile.open(copy) as tar:
        tar.extractall(tmp_path / "open")
    (tmp_path / "open" / "uploads" / "abc").write_bytes(b"isi lain")
    with tarfile.open(copy, "w:gz") as tar:
        for path in sorted(path for path in (tmp_path / "open").rglob("*") if path.is_file()):
            tar.add(path, arcname=str(path.relative_to(tmp_path / "open")))
    with pytest.raises(BackupRefused, match="damaged"):
        backup.restore(database.engine(), settings(), copy, now=now, force=True, verify=True)
    copy.write_bytes(b"not a copy at all")
    with pytest.raises(BackupRefused, match="not_a_copy"):
        backup.restore(database.engine(), settings(), copy, now=now, force=True, verify=True)
    assert len(_zones()) == 2


def test_copy_holds_no_secret(office: None, tmp_path: Path, now: datetime) -> None:
    copy = _copy(tmp_path, now)
    assert copy.stat().st_mode & 0o077 == 0
    with tarfile.open(copy) as tar:
        manifest = tar.extractfile("manifest.json")
        assert manifest is not None
        text = manifest.read().decode()
        assert not any("secret" in name for name in tar.getnames())
    assert settings().secret_key not in text
    assert "SINERGI_OFFICE_NAME" in text


def test_a_copy_made_while_files_come_in_is_whole(
    office: None, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file is still being written, one is taken back, after the list of files was made."""
    folder = settings().uploads
    (folder / "incoming-abc").write_bytes(b"half of a f")
    listed = [*sorted(folder.iterdir()), folder / "taken back"]
    monkeypatch.setattr(backup, "_files", lambda _folder: listed)
    copy = _copy(tmp_path, now)
    monkeypatch.undo()
    with tarfile.open(copy) as tar:
        assert [name for name in tar.getnames() if name.startswith("uploads/")] == ["uploads/abc"]


def test_a_place_that_cannot_be_written_is_said_in_one_line(office: None) -> None:
    done = CliRunner().invoke(main, ["db", "backup", "/proc/copy.tar.gz"])
    assert (done.exit_code, "Traceback" in done.output) == (2, False)
    assert "/proc" in done.output


def test_restore_with_another_secret_is_said(
    office: None, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = _copy(tmp_path, now)
    monkeypatch.setenv("SINERGI_SECRET_KEY", "quite another secret of some length")
    settings.cache_clear()
    result = backup.restore(database.engine(), settings(), copy, now=now, force=True, verify=True)
    assert len(result.findings) == 1
    assert "secret key" in result.findings[0]
    assert str(settings().data / "secret.key") in result.findings[0], "where the right one belongs"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nightly_copy_keeps_the_newest_and_tells_its_age(
    office: None, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert backup.backup_age(settings(), now=now) is None
    assert backup.nightly(database.engine(), settings(), now=now) is None
    monkeypatch.setenv("SINERGI_BACKUP_DIR", str(tmp_path / "copies"))
    monkeypatch.setenv("SINERGI_BACKUP_KEEP", "2")
    settings.cache_clear()
    for day in range(4):
        backup.nightly(database.engine(), settings(), now=now + timedelta(days=day))
    assert len(list((tmp_path / "copies").iterdir())) == 2
    assert backup.backup_age(settings(), now=now + timedelta(days=4)) == timedelta(days=1)

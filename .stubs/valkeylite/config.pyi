from pathlib import Path
from typing import Any

def generate_config_file(
    config_path: Path,
    port: int,
    data_dir: Path,
    config_overrides: dict[str, Any],
    unix_socket_path: Path | None = ...,
    unix_socket_perm: str | int = ...,
) -> None: ...

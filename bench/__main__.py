"""`python -m bench [FIGURE…]`: runs the scripts of this folder, one after the other, each in a process of its own.

A script is `bench/NAME.py`, or a folder of that name, with `main()`, which prints one JSON line a figure:
{"figure", "value", "unit", "ratio", "against", "goal", "ok", "n"}.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = HERE / ".venv"  # Django and the like: never in the product's environment
LOCK = HERE / "requirements.lock"
ORDER = ("sheet", "import", "form", "list", "weight", "axe", "mail")


def main(wanted: list[str]) -> int:
    make_peers()
    present = {path.stem.rstrip("_"): path.stem for path in _scripts()}
    names = wanted or sorted(present, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    strange = [name for name in names if name not in present]
    if strange:
        print(f"No figure is called {', '.join(strange)}; there are: {', '.join(sorted(present))}", file=sys.stderr)
        return 2
    env = {name: value for name, value in os.environ.items() if not name.startswith("SINERGI_")}
    failed = 0
    for name in names:
        script = f"from bench.{present[name]} import main; main()"
        failed += subprocess.run([sys.executable, "-c", script], cwd=HERE.parent, env=env).returncode != 0
    return 1 if failed else 0


def _scripts() -> list[Path]:
    """Files and folders of this folder that measure something."""
    folders = [path.parent for path in HERE.glob("*/__init__.py") if path.parent != HERE / "peers"]
    return [path for path in (*HERE.glob("*.py"), *folders) if path.stem[0] != "_"]


def make_peers() -> None:
    """The peers' environment, made again when its lock changes."""
    stamp = PEERS / "stamp"
    if not LOCK.exists() or (stamp.exists() and stamp.read_text() == LOCK.read_text()):
        return
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, str(PEERS)], check=True)
    subprocess.run(
        [uv, "pip", "sync", "-q", "--python", str(PEERS / "bin" / "python"), "--require-hashes", str(LOCK)], check=True
    )
    stamp.write_text(LOCK.read_text())


if __name__ == "__main__":
    raise SystemExit(main([name for argument in sys.argv[1:] for name in argument.split(",") if name]))

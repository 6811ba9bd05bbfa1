"""Figure "import": dry run and apply of a register of 31,320 rows, against django-import-export's preview and import.

Both on SQLite, alternating in one run; best of the repeats each, since these machines drift.
The file is the sponsor register of ../shared where it stands, else an invented one of the same size and shape.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / "bench" / ".venv" / "bin" / "python"
ROWS, REPEATS, GOAL = 31_320, 2, 10.0


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = sponsors() or invented(folder / "register.csv")
        ours, peers, statements = [], [], []
        for turn in range(REPEATS):
            answer = product(file, folder / f"product{turn}")
            ours.append(answer["rows"] / answer["seconds"])
            statements.append(answer["statements"])
            peers.append(peer(file, folder / f"peer{turn}"))
        small = product(cut(file, folder / "small.csv", 3_000), folder / "small")
    ratio = max(ours) / max(peers)
    report(
        "import_rows_per_s",
        round(max(ours)),
        ratio,
        "django-import-export preview + import",
        f">= {GOAL}x",
        ratio >= GOAL,
    )
    growth = statements[0] - small["statements"]
    report(
        "import_statements", statements[0], growth, f"statements more than for {small['rows']} rows", "0", growth <= 0
    )


def report(figure: str, value: float, ratio: float, against: str, goal: str, ok: bool) -> None:
    line = {
        "figure": figure,
        "value": value,
        "unit": "rows/s" if "rows" in figure else "statements",
        "ratio": round(ratio, 2),
    }
    print(json.dumps(line | {"against": against, "goal": goal, "ok": ok, "n": ROWS}), flush=True)


def product(file: Path, folder: Path) -> dict[str, float]:
    env = {**os.environ, "SINERGI_DATA": str(folder), "SINERGI_SECRET_KEY": "bench bench bench bench bench bench"}
    done = subprocess.run(
        [sys.executable, "-m", "bench.import_", str(file)],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def peer(file: Path, folder: Path) -> float:
    folder.mkdir()
    script = str(ROOT / "bench" / "peers" / "django_import.py")
    done = subprocess.run([str(PEER), script, str(file), str(folder)], check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout)
    return float(answer["rows"] / answer["seconds"])


def measured(file: Path) -> None:
    """Dry run, then apply, in this process; prints rows, seconds and how many statements were sent."""
    import time

    from sqlalchemy import event

    from app import database
    from app.cli import import_
    from app.registry import get

    database.create_schema()
    sent = 0

    def count(*_: object) -> None:
        nonlocal sent
        sent += 1

    event.listen(database.engine(), "before_cursor_execute", count)
    started = time.perf_counter()
    options = {"source": "bench", "as_register": False, "good_rows": False, "sheet": None}
    import_.run(get("company"), file, ["legal_name", "town"], dry_run=True, **options)
    answer = import_.run(get("company"), file, ["legal_name", "town"], dry_run=False, **options)
    seconds = time.perf_counter() - started
    assert answer["batch"], answer["errors"][:3]
    print(json.dumps({"rows": answer["rows"], "seconds": seconds, "statements": sent}))


def sponsors() -> Path | None:
    found = sorted((ROOT.parent / "shared" / "data" / "sponsors").glob("uk_register_2020-07-27*.csv"))
    return found[0] if found else None


def invented(path: Path) -> Path:
    chance = random.Random(7)
    words = ["Maju", "Jaya", "Sentosa", "Abadi", "Makmur", "Karya", "Prima", "Utama", "Mandiri", "Sejahtera"]
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(["Organisation Name", "Town/City", "County", "Type & Rating", "Route"])
        for n in range(ROWS):
            name = f"PT {chance.choice(words)} {chance.choice(words)} {n}"
            writer.writerow([name, chance.choice(words), "", "Tier 2 (A rating)", "Tier 2 General"])
    return path


def cut(file: Path, target: Path, rows: int) -> Path:
    with file.open(encoding="utf-8-sig") as opened, target.open("w", encoding="utf-8") as written:
        for number, line in enumerate(opened):
            if number > rows:
                break
            written.write(line)
    return target


if __name__ == "__main__":
    measured(Path(sys.argv[1]))

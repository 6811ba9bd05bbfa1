"""Write the corpus and its answer key: `python -m tests.corpus.make FOLDER`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.corpus.reports import reports


def make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    key = {}
    for report in reports():
        report.write(folder)
        key[report.file] = {
            "rows": report.rows,
            "good": report.good,
            "bad": [asdict(bad) for bad in report.bad],
            "questions": report.questions,
        }
    (folder / "key.json").write_text(json.dumps(key, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1] if len(sys.argv) > 1 else "corpus"))

"""The tutorial is true: its files are written and its commands run on a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "tutorial" / "add-a-registry.md"
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.M | re.S)
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "node_modules", ".mypy_cache", "*.egg-info", ".sinergi")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project without what is installed; the environment that runs this test serves it."""
    return Path(shutil.copytree(ROOT, tmp_path / "copy", ignore=LEFT_OUT))


def run(copy: Path, command: str) -> str:
    words = command.split(maxsplit=1)
    program = {"python": [sys.executable], "sinergi": [sys.executable, "-m", "app.cli"]}[words[0]]
    arguments = re.findall(r'"[^"]*"|\S+', words[1])
    env = {**os.environ, "PYTHONPATH": str(copy), "SINERGI_DATA": str(copy / "data")}
    done = subprocess.run(
        [*program, *(word.strip('"') for word in arguments)], cwd=copy, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_every_step_of_the_tutorial_works_on_a_copy(copy: Path) -> None:
    said: dict[str, str] = {}
    for language, title, body in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if title:
            (copy / title).write_text(body, encoding="utf-8")
        elif language == "sh":
            said[body.strip()] = run(copy, body.strip())
    assert "Nomor polisi" in said["sinergi registry show vehicle"]
    assert (copy / "vehicles.xlsx").stat().st_size > 5_000
    assert "2 new" in said["sinergi import vehicle vehicles.csv --source daftar-kendaraan"]
    again = run(copy, "sinergi import vehicle vehicles.csv --source daftar-kendaraan --dry-run")
    assert "2 same" in again
    assert "passed" in next(
        answer for command, answer in said.items() if "test_registries_staff.py -k vehicle" in command
    )

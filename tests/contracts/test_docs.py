"""What the documentation promises is there: pages it links to, commands it names."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest

from app.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OURS = re.compile(r"(?<![\w/@-])sinergi ([a-z]+(?: [a-z]+)?)(?![\w.])")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_link_in_a_page_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    missing = [one for one in targets if "://" not in one and not (page.parent / one).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_command_in_a_page_exists(page: Path) -> None:
    named = set()
    for block in re.findall(r"`([^`]*)`|```\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        named |= {match.strip() for match in OURS.findall(" ".join(block))}
    nouns = main.list_commands(click.Context(main))
    for words in sorted(named):
        noun, _, verb = words.partition(" ")
        assert noun in nouns, f"sinergi {words}"
        command = main.get_command(click.Context(main), noun)
        if verb and noun != "import" and isinstance(command, click.Group):  # `sinergi import` takes a key or `undo`
            assert command.get_command(click.Context(command), verb), f"sinergi {words}"


def test_each_feature_names_a_test_that_exists() -> None:
    rows = re.findall(
        r"^\| (?!Feature|---)(.+?) \| (.+?) \|$", (ROOT / "docs/features.md").read_text("utf-8"), re.MULTILINE
    )
    assert len(rows) > 50
    for feature, place in rows:
        file, name = place.strip("`").split("::")
        assert f"\ndef {name}(" in (ROOT / file).read_text("utf-8"), feature


def test_settings_named_in_the_guides_exist() -> None:
    from app.config import Settings, variable

    known = {variable(name) for name in Settings.model_fields}
    for page in PAGES:
        for name in re.findall(r"SINERGI_[A-Z_]+", page.read_text(encoding="utf-8")):
            base = name.removesuffix("_FILE").rstrip("_")
            assert base in known or any(one.startswith(base) for one in known), f"{page.name}: {name}"


@pytest.mark.parametrize("guide", ["debian.md", "small-office-windows.md"])
def test_a_shell_reads_the_settings_of_a_guide_as_systemd_does(guide: str, tmp_path: Path) -> None:
    """Unquoted, "Kantor Imigrasi" is to a shell a command named Imigrasi."""
    text = (ROOT / "docs/deploy" / guide).read_text(encoding="utf-8")
    lines = re.findall(r"^ *(SINERGI_[A-Z_]+=.*)$", text, re.MULTILINE)
    assert any(line.startswith("SINERGI_OFFICE_NAME=") for line in lines)
    (tmp_path / "env").write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(
        ["sh", "-c", "set -a; . ./env; env"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    wanted = {name: value.strip('"') for name, _, value in (line.partition("=") for line in lines)}
    got = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    assert {name: got.get(name) for name in wanted} == wanted

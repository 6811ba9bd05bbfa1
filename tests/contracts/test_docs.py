"""What the documentation promises is there: pages it links to, commands it names."""

from __future__ import annotations

import re
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


def test_settings_named_in_the_guides_exist() -> None:
    from app.config import Settings, variable

    known = {variable(name) for name in Settings.model_fields}
    for page in PAGES:
        for name in re.findall(r"SINERGI_[A-Z_]+", page.read_text(encoding="utf-8")):
            base = name.removesuffix("_FILE").rstrip("_")
            assert base in known or any(one.startswith(base) for one in known), f"{page.name}: {name}"

"""The house keeps its shape: names, places, locks, sizes, commands."""

from __future__ import annotations

import importlib
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = set(
    "app forms admin notifications migrations tests pyproject.toml Procfile README.md CHANGELOG.md CONTRIBUTING.md"
    " LICENSE Makefile requirements.lock requirements-dev.lock docs bench".split()
)
NOUNS = "audit config db demo doctor import link outbox region registry routes run scheduler sheet user worker".split()
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "service", "services", "misc"}
LONG_WITH_REASON = {
    "app/registry.py": "the hub: what a declaration becomes is read in one place",
}


def tracked(pattern: str = "") -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *([pattern] if pattern else [])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("name", ["app", "forms", "admin", "notifications"])
def test_package_with_a_common_name_is_ours(name: str) -> None:
    assert importlib.import_module(name).__file__ == str(ROOT / name / "__init__.py")


def test_top_level_is_as_the_owner_fixed_it() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def test_modules_say_what_they_are_about() -> None:
    assert [str(path) for path in tracked("*.py") if path.stem in VAGUE] == []


def test_no_module_holds_two_ideas() -> None:
    """A file over 350 lines wants to be two; one that does not says why here."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py")
        if path.parts[len(ROOT.parts)] in ("app", "forms", "admin", "notifications")
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 350
    }
    assert {name: lines for name, lines in long.items() if name not in LONG_WITH_REASON} == {}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "app/frontend/package-lock.json"])
def test_lock_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r'"resolved"|--index|--extra-index|--find-links|^[^#\n]* @ ', text, re.MULTILINE) == []


def test_every_locked_package_has_a_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "")
        bare = [line for line in text.splitlines() if "==" in line and "--hash=sha256:" not in line]
        assert bare == []


def test_link_to_another_host_is_marked() -> None:
    """`rel="external"` stands right after the href, so that a reviewer and a test find every way out."""
    found = []
    for path in tracked("*.html"):
        for match in re.finditer(r'<a[^>]*?href="https?://[^"{]*"([^>]*)', path.read_text(encoding="utf-8")):
            if not match.group(1).lstrip().startswith('rel="external'):
                found.append(f"{path.relative_to(ROOT)}: {match.group(0)[:100]}")
    assert found == []


def test_nothing_is_fetched_from_another_host() -> None:
    loads = re.compile(r"""<(?:script|link|img|iframe|source)[^>]+(?:src|href)=["'](?:https?:)?//""")
    imports = re.compile(r"""(?:@import|url\()\s*["']?(?:https?:)?//""")
    for path in [*tracked("*.html"), *tracked("*.css"), *tracked("*.scss")]:
        text = path.read_text(encoding="utf-8")
        assert not loads.search(text), path
        assert not imports.search(text), path


@pytest.mark.parametrize("noun", NOUNS)
def test_command_answers(noun: str) -> None:
    result = CliRunner().invoke(main, [noun, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output


def test_procfile_starts_what_production_needs() -> None:
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines())
    assert list(lines) == ["release", "web", "worker", "scheduler"]


def test_unknown_command_and_bad_setting_are_usage_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CliRunner().invoke(main, ["nonsense"]).exit_code == 2
    monkeypatch.setenv("SINERGI_PORT", "eighty")
    from app.config import settings

    settings.cache_clear()
    result = CliRunner().invoke(main, ["config"])
    assert result.exit_code == 2
    assert "SINERGI_PORT" in result.output

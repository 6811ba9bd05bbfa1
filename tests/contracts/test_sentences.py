"""Every code that any package raises is said in both languages, and its sentence finds the facts it names."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import wording

ROOT = Path(__file__).parents[2]
RAISING = {
    "Problem",
    "Refused",
    "Note",
    "Invalid",
    "NotFound",
    "Forbidden",
    "LinkGone",
    "SheetRejected",
    "EditConflict",
    "FileRefused",
}
SPEAKING = (
    "app.sheets.checking",
    "app.sheets.sandbox",
    "app.factory",
    "forms",
    "notifications",
)
# what `sentence` always has, and what it makes of other facts
ALWAYS = {
    "field",
    "value",
    "month_name",
    "year_of",
    "length_now",
    "columns_at",
    "error_text",
    "replacement",
    "example_now",
    "suggestion",
}


@dataclass(frozen=True)
class Raised:
    """One place in the source: the code and, where they can be read off, the names of its facts."""

    where: str
    code: str
    facts: frozenset[str] | None


def raised() -> Iterator[Raised]:
    for package in ("app", "forms", "admin", "notifications"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func) in RAISING:
                    where = f"{path.relative_to(ROOT)}:{node.lineno}"
                    for code in _codes(node):
                        yield Raised(where, code, _facts(node))


def _name(function: ast.expr) -> str:
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def _codes(call: ast.Call) -> list[str]:
    first = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "code"), None)
    parts = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def _facts(call: ast.Call) -> frozenset[str] | None:
    """Names of the parameters; None when they are made elsewhere."""
    name = _name(call.func)
    if name in ("Problem", "Note"):
        given = next((k.value for k in call.keywords if k.arg == "params"), None)
        if given is None and name == "Note" and len(call.args) > 1:
            given = call.args[1]
        if given is None:
            return frozenset()
        if not isinstance(given, ast.Dict) or any(key is None for key in given.keys):
            return None
        return frozenset(str(key.value) for key in given.keys if isinstance(key, ast.Constant))
    if any(k.arg is None for k in call.keywords):
        return None
    return frozenset(str(k.arg) for k in call.keywords)


@pytest.fixture(scope="module", autouse=True)
def speaking() -> None:
    for module in SPEAKING:
        importlib.import_module(module)
    for package in ("app.operations", "app.web", "admin"):
        for found in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            importlib.import_module(found.name)
    importlib.import_module("forms.sentences").register()


def sentences_of(code: str) -> list[str]:
    return [key for key in wording.SENTENCES if key == code or key.startswith(f"{code}.")]


def test_every_code_in_the_source_has_a_sentence() -> None:
    missing = sorted({f"{one.code} ({one.where})" for one in raised() if not sentences_of(one.code)})
    assert missing == []


def test_every_sentence_is_complete_in_both_languages() -> None:
    for code, label in wording.SENTENCES.items():
        assert label.id.strip(), code
        assert label.en.strip(), code
        assert _holes(label.id) == _holes(label.en), code


def test_a_sentence_names_no_fact_that_is_never_given() -> None:
    gaps = []
    for one in raised():
        label = wording.SENTENCES.get(one.code)
        if one.facts is None or label is None or "kind" in one.facts or "expected" in one.facts:
            continue
        missing = _holes(label.id) - one.facts - ALWAYS
        if missing:
            gaps.append(f"{one.code} wants {sorted(missing)}: {one.where}")
    assert sorted(gaps) == []


def _holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}

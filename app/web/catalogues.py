"""The Indonesian catalogues: ours (one a package) and those we wrote for libraries that have none.

    python -m app.web.catalogues extract    # new messages into the .po files, untranslated
    python -m app.web.catalogues check      # exit 1 at a missing, fuzzy, unused or broken one
    python -m app.web.catalogues compile    # .po → .mo

English is the language of the source; it has no catalogue.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "app" / "translations_vendor"
PACKAGES = ("app", "forms", "admin", "notifications")
LANGUAGE = "id"
# Domain of each library's catalogue, and the file that lists what it says, inside its package.
LIBRARIES = {
    "admin": ("flask_admin", "translations/ja/LC_MESSAGES/admin.po"),  # it ships no template of its own
    "wtforms": ("wtforms", "locale/wtforms.pot"),
    "flask_security": ("flask_security", "translations/flask_security.pot"),
}
_METHODS: list[tuple[str, str]] = [("**/node_modules/**", "ignore"), ("**.py", "python")]
_METHODS += [(f"**.{ending}", "jinja2") for ending in ("html", "txt", "jinja")]
_OPTIONS = {pattern: {"silent": "false"} for pattern, method in _METHODS if method == "jinja2"}
_HEADER = """# Indonesian. Written for the office: courteous, plain, complete.
msgid ""
msgstr ""
"Language: id\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
_KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "lazy_gettext": None, "_l": None, "N_": None,
    "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def init_app(app: Flask) -> None:
    """Tell every library where its Indonesian is; must run before the extensions read a catalogue."""
    freshen()
    # Flask-Babel takes the rule of the plural from the last folder, even one without a catalogue: ours stands last.
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(str(ROOT / name / "translations") for name in PACKAGES[::-1])
    _teach_wtforms()
    _teach_flask_admin()


def freshen() -> None:
    """Compile what is missing or older than its source; a folder that cannot be written is left as it is."""
    for source in sources():
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            try:
                compile_one(source)
            except OSError:
                return


def sources() -> list[Path]:
    """Every .po file of this tree."""
    own = [po_of(package) for package in PACKAGES]
    libraries = [VENDOR / LANGUAGE / "LC_MESSAGES" / f"{domain}.po" for domain in LIBRARIES]
    return [path for path in own + libraries if path.exists()]


def po_of(package: str) -> Path:
    return ROOT / package / "translations" / LANGUAGE / "LC_MESSAGES" / "messages.po"


def compile_one(source: Path) -> None:
    """Written aside and renamed: a page drawn meanwhile reads the old one or the new one."""
    buffer = io.BytesIO()
    write_mo(buffer, _read(source))
    handle, aside = tempfile.mkstemp(dir=source.parent, suffix=".mo.new")
    with os.fdopen(handle, "wb") as file:
        file.write(buffer.getvalue())
    os.chmod(aside, 0o644)
    os.replace(aside, source.with_suffix(".mo"))


def extract(package: str) -> Catalog:
    """What the sources of a package say, in English."""
    found = Catalog(project="Sinergi")
    folder = ROOT / package
    for file, line, message, comments, context in extract_from_dir(
        folder, _METHODS, _OPTIONS, keywords=_KEYWORDS, comment_tags=("Translators:",)
    ):
        place = f"{package}/{Path(file).as_posix()}"
        found.add(message, None, [(place, line)], auto_comments=comments, context=context)
    return found


def update(package: str) -> int:
    """Bring a package's .po in line with its sources; returns how many messages still need words."""
    path = po_of(package)
    known = _read(path) if path.exists() else Catalog(locale=LANGUAGE, charset="utf-8")
    known.update(extract(package), no_fuzzy_matching=True, update_creation_date=False)
    known.obsolete.clear()
    write(path, known)
    return sum(1 for message in known if message.id and not _is_translated(message))


def write(path: Path, catalogue: Catalog) -> None:
    """One message a paragraph, sorted, with a header that never changes by itself: merges stay easy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, no_location=True, sort_output=True, omit_header=True)
    path.write_bytes(_HEADER.encode() + buffer.getvalue())


def problems() -> Iterator[str]:
    """One line for each message that is missing, untranslated, fuzzy, unused or broken."""
    for package in PACKAGES:
        yield from _compare(f"{package}/translations", po_of(package), extract(package), unused=True)
    for domain in LIBRARIES:
        path = VENDOR / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"
        yield from _compare(f"app/translations_vendor ({domain})", path, said_by(domain), unused=False)


def said_by(domain: str) -> Catalog:
    """What a library says, by the list it ships."""
    import importlib.util

    package, inside = LIBRARIES[domain]
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    return _read(Path(spec.origin).parent / inside, locale=None)


def main(arguments: list[str]) -> int:
    """The command; returns its exit code."""
    match arguments:
        case ["extract"]:
            for package in PACKAGES:
                print(f"{package}: {update(package)} without Indonesian")
            return 0
        case ["check"]:
            found = list(problems())
            print("\n".join(found) or "catalogues complete")
            return 1 if found else 0
        case ["compile"]:
            for source in sources():
                compile_one(source)
            return 0
    print(__doc__)
    return 2


def _compare(name: str, path: Path, said: Catalog, *, unused: bool) -> Iterator[str]:
    if not path.exists():
        if any(message.id for message in said):
            yield f"{name}: no catalogue"
        return
    known = _read(path)
    for message in said:
        if message.id:
            ours = known.get(message.id, message.context)
            if ours is None or not _is_translated(ours):
                yield f"{name}: no Indonesian for {message.id!r}"
    for message in known:
        if not message.id:
            continue
        if message.fuzzy:
            yield f"{name}: fuzzy {message.id!r}"
        if unused and said.get(message.id, message.context) is None:
            yield f"{name}: nothing says {message.id!r}"
        for error in message.check(known):
            yield f"{name}: {message.id!r}: {error}"


def _is_translated(message: Message) -> bool:
    words = message.string if isinstance(message.string, list | tuple) else [message.string]
    return bool(words) and all(words)


def _read(path: Path, locale: str | None = LANGUAGE) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def _teach_wtforms() -> None:
    """Flask-WTF reads WTForms' own folder, which has no Indonesian, anew at every request; ours is read once."""
    import flask_wtf.i18n
    from flask import has_request_context
    from flask_babel import Domain

    domain = Domain([str(VENDOR)], domain="wtforms")

    def translations() -> NullTranslations | None:
        return domain.get_translations() if has_request_context() else None

    flask_wtf.i18n._get_translations = translations  # type: ignore[attr-defined]


def _teach_flask_admin() -> None:
    """Its domain asks the current view for a folder, and its sentences are also used outside of views."""
    import flask_admin.babel
    from flask_babel import Domain

    domain = flask_admin.babel.domain
    if str(VENDOR) not in domain._translation_directories:
        domain._translation_directories.append(str(VENDOR))
    flask_admin.babel.wtforms_domain = Domain([str(VENDOR)], domain="wtforms")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

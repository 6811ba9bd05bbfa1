"""`sinergi sheet template KEY OUT.xlsx`: the template of a registry or form."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.domain.errors import NotFound
from app.registry import schema
from app.sheets.template import write_template


@click.command("template")
@click.argument("key")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--language",
    "lang",
    type=click.Choice(["id", "en"]),
    default="id",
    show_default=True,
    help="Language of the headings.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
def command(key: str, out: Path, lang: str, as_json: bool) -> None:
    """Write the template of the registry or form KEY to OUT (xlsx)."""
    try:
        wanted = schema(key)
    except NotFound:
        raise click.UsageError(f"There is no registry or form {key!r}.") from None
    if out.suffix.casefold() != ".xlsx":
        raise click.UsageError("OUT ends in .xlsx.")
    write_template(wanted, str(out), language=lang)
    click.echo(json.dumps({"key": key, "file": str(out)}, ensure_ascii=False) if as_json else str(out))

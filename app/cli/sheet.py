"""`sinergi sheet read|check|template`: each subcommand in its own module, loaded when it is used."""

from __future__ import annotations

import importlib

import click

_MODULES = {"read": "_sheet_read", "check": "_sheet_check", "template": "_sheet_template"}


class _Subcommands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return None
        loaded: click.Command = importlib.import_module(f"app.cli.{_MODULES[cmd_name]}").command
        return loaded


@click.group(cls=_Subcommands)
def command() -> None:
    """Read, check and prepare spreadsheets; needs no database."""

"""`sinergi NOUN …`: one module a noun in this package, loaded only when its noun is used."""

from __future__ import annotations

import errno
import importlib
import pkgutil

import click


class Nouns(click.Group):
    """Finds commands by file name, so that `sinergi sheet` never pays for the import of the web."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(module.name.rstrip("_") for module in pkgutil.iter_modules(__path__) if module.name[0] != "_")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = "import_" if cmd_name == "import" else cmd_name
        loaded: click.Command = importlib.import_module(f"{__name__}.{module}").command
        return loaded

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ValueError as error:
            from app.config import BadSetting  # not before it is needed: `--help` stays quick

            if isinstance(error, BadSetting):
                raise click.UsageError(str(error), ctx) from None
            raise
        except OSError as error:  # a place that is not there, not ours to write to, or full
            if error.filename is None and error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            where = f"{error.filename}: " if error.filename else ""
            raise click.UsageError(f"{where}{error.strerror}.", ctx) from None
        except RuntimeError as error:
            if type(error).__name__ == "SchemaOutdated":
                raise click.ClickException(str(error)) from None
            raise


@click.group(cls=Nouns, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sinergi")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Sinergi: registries, forms and reports of an immigration office."""
    if ctx.invoked_subcommand in _SPEAKING:
        _know_the_office()


# Commands that write, send or say something in the name of the office: what it chose on a screen counts.
_SPEAKING = frozenset({"config", "demo", "doctor", "import", "link", "outbox", "scheduler", "user", "worker"})


def _know_the_office() -> None:
    """Hand the stored settings to this process, where a database stands already."""
    from sqlalchemy.exc import SQLAlchemyError

    from app import database
    from app.config import settings

    current = settings.environment()
    if current.embedded_database and not current.embedded_file.exists():
        return
    from app.queries import office

    try:
        with database.unit_of_work(write=False) as session:
            office.refresh(session)
    except (SQLAlchemyError, OSError):
        return  # the command itself says what is wrong with the database

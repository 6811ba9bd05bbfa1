"""One process that starts, watches and stops the embedded world.

Valkey, the schema, web, worker, scheduler and the local mail box, in that order; TERM or INT stops all of them
within ten seconds, and a supervisor that is killed leaves nothing that blocks the next start.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from app.config import Settings, load, settings
from app.embedded import valkey, world
from app.embedded.child import Child, born, end_orphan

_ROOT = Path(__file__).resolve().parents[1]
_START_S = 60.0
_STOP_S = 6.0  # then KILL; Valkey, which the others write to, gets two seconds more
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

Say = Callable[[str], None]


class Failed(Exception):
    """A part of the world did not start; the text says which and shows the end of its log."""


class Stopped(Exception):
    """TERM or INT came before the world was up."""


class Supervisor:
    """Use as a context: entering starts everything, leaving stops it.

    >>> with Supervisor(settings, say) as up:
    ...     announce(up.settings.public_url)
    ...     up.watch()
    """

    def __init__(self, settings: Settings, say: Say, prepare: Callable[[Settings], None] | None = None) -> None:
        """`prepare` runs once the schema is there and before the web process starts (to load the demo)."""
        self.settings = settings
        self.children: list[Child] = []
        self._say = say
        self._prepare = prepare
        self._stack = ExitStack()
        self._stopping = 0

    def __enter__(self) -> Supervisor:
        # Set even where a shell started us with INT ignored (`sinergi run &` in a script): Python alone would not.
        for number in _SIGNALS:
            signal.signal(number, self._on_signal)
        try:
            self._stack.enter_context(world.held(self.settings.data))
            self._end_leftovers()
            self._choose_ports()
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_failure: object) -> None:
        self.stop()

    def watch(self) -> None:
        """Until TERM or INT: starts again, ever slower, what dies."""
        while not self._stopping:
            now = time.monotonic()
            for child in self.children:
                before = child.pid
                sentence = child.tick(now)
                if sentence:
                    self._say(sentence)
                if child.pid != before:
                    self._remember()
            time.sleep(0.2)

    def stop(self) -> None:
        """End every child within ten seconds, Valkey last."""
        last = [child for child in self.children if child.name == "valkey"]
        rest = [child for child in self.children if child.name != "valkey"]
        self._end(rest, _STOP_S)
        self._end(last, 2.0)
        if self.children:
            self.children.clear()
            self._remember()
        self._stack.close()

    def _start(self) -> None:
        env = self._environment()
        if self.settings.embedded_redis:
            server = valkey.child(self.settings, env, self._log("valkey"))
            self._launch(server)
            if not valkey.wait(self.settings, server):
                raise Failed(f"Valkey did not start.\n{server.tail()}")
        self._apply_schema()
        if self._prepare:
            self._prepare(self.settings)
        python = sys.executable
        web = Child(
            "web", [python, "-m", "gunicorn", "--config", "python:app.serving", "app.wsgi:app"], env, self._log("web")
        )
        self._launch(web)
        self._await_first_page(web)  # before the others, which would compete for the processor
        if self.settings.embedded_mail:
            self._launch(Child("mailbox", [python, "-m", "app.mailbox"], env, self._log("mailbox")))
        for name in ("worker", "scheduler"):
            self._launch(Child(name, [python, "-m", "app.cli", name], env, self._log(name)))

    def _launch(self, child: Child) -> None:
        if self._stopping:
            raise Stopped
        self.children.append(child)
        child.start()
        self._remember()

    def _await_first_page(self, web: Child) -> None:
        host = self.settings.host if self.settings.host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104
        url = f"http://{host}:{self.settings.port}/healthz"
        until = time.monotonic() + _START_S
        while time.monotonic() < until:
            if self._stopping:
                raise Stopped
            if not web.alive():
                break
            try:
                with urllib.request.urlopen(url, timeout=5):
                    return
            except urllib.error.HTTPError:
                return  # it answers; what is wrong it says itself
            except OSError:
                time.sleep(0.03)
        raise Failed(f"The web process did not start.\n{web.tail()}")

    def _end_leftovers(self) -> None:
        """What a killed supervisor of this folder left running."""
        for name, (pid, birth) in world.read(self.settings.data).get("children", {}).items():
            if name != "valkey" and end_orphan(pid, birth):
                self._say(f"Ended a {name} process ({pid}) that an earlier start left behind.")
        if self.settings.embedded_redis and valkey.end_living(self.settings):
            self._say("Ended a Valkey server that an earlier start left behind; its data are kept.")

    def _choose_ports(self) -> None:
        current = self.settings
        if not world.free(current.host, current.port):
            raise world.Busy(
                f"Port {current.port} is in use by another program. Stop it, or choose another port: --port "
                f"{world.first_free(current.host, current.port + 1, set())}"
            )
        chosen: dict[str, int | bool] = {"port": current.port}
        if current.demo:
            chosen["demo"] = True
        if current.embedded_mail:
            taken = {current.port}
            for name, wish in (("mail_port", current.mail_port), ("mailbox_port", current.mailbox_port)):
                chosen[name] = world.first_free("127.0.0.1", wish, taken)
                taken.add(int(chosen[name]))
        world.note(current.data, settings=chosen, children={})
        for name, value in chosen.items():
            os.environ[f"SINERGI_{name.upper()}"] = str(value)
        self.settings = load(os.environ)

    def _apply_schema(self) -> None:
        """Bring the database up to date; a second start of the same version skips the second this takes."""
        settings.cache_clear()
        version, known = _code_version(), world.read(self.settings.data).get("schema")
        if self.settings.embedded_database and self.settings.embedded_file.exists() and known == version:
            return
        from app import database
        from app.models.schema import SchemaOutdated

        try:
            database.create_schema()
        except SchemaOutdated as outdated:
            raise Failed(str(outdated)) from None
        database.dispose()
        world.note(self.settings.data, schema=version)

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "SINERGI_DATA": str(self.settings.data), "PYTHONUNBUFFERED": "1"}

    def _remember(self) -> None:
        children = {child.name: [child.pid, born(child.pid)] for child in self.children if child.pid}
        world.note(self.settings.data, children=children)

    def _log(self, name: str) -> Path:
        return self.settings.data / "log" / f"{name}.log"

    def _end(self, children: list[Child], patience: float) -> None:
        for child in children:
            child.signal(signal.SIGTERM)
        until = time.monotonic() + patience
        while any(child.alive() for child in children) and time.monotonic() < until and self._stopping < 2:
            time.sleep(0.02)
        for child in children:
            child.kill_group()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping += 1


def _code_version() -> str:
    """Changes whenever a table or a migration may have."""
    digest = hashlib.sha256()
    for folder in ("app/models", "app/search", "migrations/versions"):
        for path in sorted((_ROOT / folder).glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

"""What every test may ask for. The servers behind the fixtures are real ones; see tests/fixtures/."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from app.config import settings

if TYPE_CHECKING:
    from app.domain.actors import Actor

hypothesis.settings.register_profile("sinergi", deadline=None)  # no test asserts a duration
hypothesis.settings.load_profile("sinergi")

pytest_plugins = [
    "tests.fixtures.compiled",
    "tests.fixtures.database",
    "tests.fixtures.valkey",
    "tests.fixtures.smtp",
    "tests.fixtures.web",
    "tests.fixtures.office",
    "tests.fixtures.browser",
    "tests.fixtures.production",
]


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not walk through it a thousand times (a quarter of the run)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def settings_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting and no data folder of the machine it runs on, for what is made once a run either."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("SINERGI_")]:
            patch.delenv(name)
        patch.setenv("SINERGI_DATA", str(tmp_path_factory.mktemp("run") / "data"))
        patch.setenv("SINERGI_SECRET_KEY", "a secret for tests, and for nothing else")
        settings.cache_clear()
        yield


@pytest.fixture(autouse=True)
def own_settings(settings_of_the_run: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has its own data folder."""
    monkeypatch.setenv("SINERGI_DATA", str(tmp_path / "data"))
    settings.cache_clear()
    yield
    settings.cache_clear()
    if opened := sys.modules.get("app.database"):
        opened.dispose()


@pytest.fixture
def now() -> datetime:
    """A Sunday in the office's November, at 14.03 WIB."""
    return datetime(2026, 11, 22, 7, 3, tzinfo=UTC)


@pytest.fixture
def today() -> date:
    return date(2026, 11, 22)


@pytest.fixture
def staff() -> Callable[..., Actor]:
    """`staff("analyst", "secretariat")`: a member of staff with these roles."""
    from app.domain.actors import Actor

    def make(*roles: str) -> Actor:
        return Actor(
            kind="staff", name="Petugas Uji", roles=frozenset(roles), user_id=None, agency_id=None, company_id=None
        )

    return make


@pytest.fixture
def admin_actor(staff: Callable[..., Actor]) -> Actor:
    return staff("admin")

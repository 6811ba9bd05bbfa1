"""How often Python looks for cycles among what lives.

Thousands of rows on their way into the database are no cycles, but every look walks all of them: a seventh of the
time of an import.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (50_000, 20, 100)


@contextmanager
def seldom() -> Iterator[None]:
    """Look seldom while this runs, for work on many rows at once."""
    usual = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)

"""Every table, one noun a file. Importing this package declares every registry."""

from __future__ import annotations

import importlib
import pkgutil

for _found in pkgutil.iter_modules(__path__):
    if _found.name not in {"schema", "guard"}:
        importlib.import_module(f"{__name__}.{_found.name}")

importlib.import_module(f"{__name__}.guard").install()

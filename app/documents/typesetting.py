"""A layout in typst and its data into a PDF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst


def typeset(layout: Path, data: dict[str, Any]) -> bytes:
    """The PDF of a layout, which reads `data` (JSON values) as `sys.inputs.data`."""
    made: Any = typst.compile(
        layout.read_bytes(), sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, format="pdf"
    )
    return bytes(made)

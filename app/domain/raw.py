"""A row as it was given: kept word for word, shown, never edited."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from app.domain.semantic import Invalid, SemanticType


class RawRowType(SemanticType):
    """A JSON object of heading → text."""

    key: ClassVar[str] = "raw_row"
    python: ClassVar[type] = dict
    input: ClassVar[str] = "textarea"
    example = '{"Nama": "PT Contoh Maju"}'

    def parse(self, raw: Any) -> Any:
        if isinstance(raw, str):
            try:
                raw = json.loads(raw)
            except ValueError:
                raise Invalid("type") from None
        if not isinstance(raw, dict):
            raise Invalid("type")
        return raw

    def show(self, value: Any, language: str = "id") -> str:
        return "; ".join(f"{heading}: {text}" for heading, text in (value or {}).items() if text not in (None, ""))

    def entry(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False) if value else ""

    def cell(self, value: Any) -> Any:
        return self.entry(value)

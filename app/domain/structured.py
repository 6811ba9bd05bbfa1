"""Values of more than one part: rows kept as given, lists of references."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from app.domain.semantic import Invalid, SemanticType
from app.domain.types import ReferenceType


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

    def mask(self, value: Any) -> str:
        return "•••" if value else ""


class ReferencesType(ReferenceType):
    """Several records of another registry, stored as a list of ids."""

    key: ClassVar[str] = "references"
    python: ClassVar[type] = list

    def parse(self, raw: Any) -> Any:
        items = raw if isinstance(raw, list | tuple) else [part for part in str(raw).split(";") if part.strip()]
        return [super(ReferencesType, self).parse(item) for item in items if item not in (None, "")]

"""The base of every semantic type: how one kind of value is read, checked, shown and masked.

A type is used as `Annotated[str, NibType()]`; pydantic calls `parse` before its own check of the
Python type, so staff form, public form, sheet, import and API share one validator.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


class Invalid(ValueError):
    """A value that cannot be taken. Facts only: sentences are made at the edge (`app.wording`)."""

    def __init__(self, code: str, *, suggestion: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.suggestion = suggestion
        self.params: Mapping[str, Any] = params


class SemanticType:
    """One word of the domain. Subclasses are plain picklable objects (they cross to the sheet child)."""

    key: ClassVar[str] = ""
    python: ClassVar[type] = str
    example: str = ""
    max_length: int | None = None
    excel_format: ClassVar[str] = "@"  # number format of a template column
    # text, textarea, select, multiselect, date, datetime, number, decimal, email, tel, url, checkbox, file, files,
    # reference
    input: ClassVar[str] = "text"

    def parse(self, raw: Any) -> Any:
        """Normalise and check `raw` (str from a form; str, int, float, bool, date, datetime from a sheet).

        Returns a value of `self.python`; raises `Invalid`. `raw` is never None nor blank.
        """
        raise NotImplementedError

    def show(self, value: Any, language: str = "id") -> str:
        """The value as a person reads it on a page."""
        return "" if value is None else str(value)

    def entry(self, value: Any) -> str:
        """The value as it stands in an input box; `parse(entry(v)) == v`."""
        return "" if value is None else str(value)

    def cell(self, value: Any) -> Any:
        """The value as written into a spreadsheet cell (str, number or date)."""
        return value

    def mask(self, value: Any) -> str:
        """What someone without the right to see it sees."""
        return "" if value is None else "•••"

    def choices(self, language: str = "id") -> list[tuple[str, str]] | None:
        """(stored value, label) where the values are a closed list, else None."""
        return None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._for_pydantic, handler(source))

    def _for_pydantic(self, raw: Any) -> Any:
        if raw is None:
            return None
        try:
            return self.parse(raw)
        except Invalid as wrong:
            facts = {"params": dict(wrong.params), "suggestion": wrong.suggestion}
            raise PydanticCustomError(wrong.code, "{params}", facts) from None

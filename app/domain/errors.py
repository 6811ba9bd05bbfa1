"""The one error record, as facts. `app.wording` turns it into a sentence, once, for every door."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with one value, one row, one column or one file.

    `row` is the 1-based row a person sees in the sheet, `column` the letter they see ("D"); both None
    for a form field. `value` is what was typed. `suggestion` is a ready value ("Tiongkok").
    Codes: see `app.wording.SENTENCES`.
    """

    code: str
    field: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    suggestion: str | None = None
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class Refused(Exception):
    """A fact that stops an operation; `code` and `params` become one plain sentence at the edge."""

    status = 400

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class NotFound(Refused):
    """No such record, or none this actor may see: the two are never told apart."""

    status = 404

    def __init__(self, code: str = "not_found", **params: Any) -> None:
        super().__init__(code, **params)


class Forbidden(Refused):
    """The actor may see the thing but not do this to it."""

    status = 403

    def __init__(self, code: str = "forbidden", **params: Any) -> None:
        super().__init__(code, **params)


class LinkGone(Refused):
    """A token that once was real: expired or revoked (params: reason, expires_at)."""

    status = 410


class SheetRejected(Refused):
    """A file that is not opened, or cannot be read as a table."""

    status = 422


class EditConflict(Refused):
    """The record changed since the form was opened (params: public_id, current, base)."""

    status = 409

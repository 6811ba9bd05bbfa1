"""What every record carries and a list may be narrowed to, shown and put in order by, beside its own fields."""

from __future__ import annotations

from app.domain.fields import Field, Label
from app.domain.types import InstantType

CREATED = Field(
    key="created_at", label=Label("Dibuat", "Created"), type=InstantType(), nullable=False, order=900, sortable=True
)
UPDATED = Field(
    key="updated_at",
    label=Label("Terakhir diubah", "Last changed"),
    type=InstantType(),
    nullable=False,
    order=901,
    sortable=True,
)
RECORD_FIELDS: dict[str, Field] = {one.key: one for one in (CREATED, UPDATED)}

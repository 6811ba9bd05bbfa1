"""What a field is: the data every door is generated from.

A `Field` is declared once, beside its column (`app.registry.field`), or made at run time by an
admin; forms, sheets, lists, exports and the API read it and never repeat it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from app.domain.semantic import SemanticType

if TYPE_CHECKING:
    from app.domain.states import Arrows

Language = Literal["id", "en"]
Sensitivity = Literal["public", "internal", "personal", "specific"]
OnDelete = Literal["ask", "block", "together"]


@dataclass(frozen=True, slots=True)
class Label:
    """The same words in both languages of the interface."""

    id: str
    en: str

    def text(self, language: str) -> str:
        return self.en if language == "en" else self.id


class Masked(str):
    """A value as those see it who may know only that it is there: never the value itself."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a registry or form. `key` is also the column, form and JSON name."""

    key: str
    label: Label
    type: SemanticType
    required: bool = False
    default: Any = None  # a value, or a function that makes one
    nullable: bool = True  # False: a blank becomes the default
    help: Label | None = None
    example: str | None = None  # else type.example
    aliases: tuple[str, ...] = ()  # sheet headings beside key and labels
    group: Label | None = None
    order: int = 0
    listed: bool = False
    search: bool = False
    filter: bool = False
    sortable: bool = False
    natural_key: bool = False
    unique: bool = False
    public: bool = False  # asked on the public form
    compute: Callable[[Mapping[str, Any]], Any] | None = None  # row → value, a module-level function
    reads: tuple[str, ...] = ()  # paths over references that `compute` sees (app.domain.row_rules)
    states: Arrows | None = None  # the allowed ways between its choices
    sensitivity: Sensitivity = "internal"
    masked: bool = False  # shown as dots until someone reveals it, which is logged
    read: frozenset[str] | None = None  # roles; None = whoever reads the record
    write: frozenset[str] | None = None  # roles; None = whoever writes the record
    on_delete: OnDelete = "ask"  # of a reference: what becomes of this record when the other goes to the trash
    owner: str | None = None  # register whose value wins
    runtime: bool = False  # value lives in the `extra` column
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def computed(self) -> bool:
        """Made from other fields: no door writes it."""
        return self.compute is not None

    @property
    def reference(self) -> str | None:
        """Key of the registry this field points to."""
        return getattr(self.type, "registry", None)

    def sample(self) -> str:
        return self.example or self.type.example


def sections(fields: Iterable[Field]) -> list[tuple[Label | None, list[Field]]]:
    """Fields under their headings: those without one first, then each heading where it first appears."""
    made: dict[Label | None, list[Field]] = {None: []}
    for f in fields:
        made.setdefault(f.group, []).append(f)
    return [(heading, members) for heading, members in made.items() if members]

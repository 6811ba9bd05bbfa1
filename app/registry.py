"""The hub. A registry or form is declared once; every door pulls what it needs from here.

    class CompanyBase(SQLModel):
        legal_name: LegalName = field("Nama resmi", "Legal name", search=True, listed=True)

    class Company(CompanyBase, Record, table=True):
        __tablename__ = "company"

    company = Registry(Company, title=("Perusahaan", "Companies"), icon="building")

`Schema.validate` is the one validator: staff screen, public form, sheet, import and jobs call it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from types import UnionType
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin

import sqlmodel
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from sqlalchemy import JSON, Table
from sqlmodel import SQLModel
from typing_extensions import TypedDict

from app import list_indexes
from app.domain import steps, types
from app.domain.actors import Scope
from app.domain.errors import NotFound, Problem
from app.domain.fields import Field, Label, OnDelete, Sensitivity
from app.domain.row_rules import Across, RowRule
from app.domain.semantic import SemanticType
from app.domain.states import Arrows
from app.domain.structured import RawRowType, ReferencesType

Mode = Literal["create", "update"]
Words = tuple[str, str]
SENSITIVITIES: tuple[Sensitivity, ...] = ("public", "internal", "personal", "specific")
STAFF_WRITERS = frozenset({"admin", "analyst"})
OFFICE = frozenset(
    {"admin", "head", "division_head", "analyst", "field_officer", "secretariat", "timpora_chair", "auditor"}
)


def field(
    label_id: str,
    label_en: str,
    *,
    default: Any = PydanticUndefined,
    default_factory: Callable[[], Any] | None = None,
    help: Words | None = None,
    example: str | None = None,
    aliases: Sequence[str] = (),
    group: Words | None = None,
    listed: bool = False,
    search: bool = False,
    filter: bool = False,
    sortable: bool | None = None,
    natural_key: bool = False,
    unique: bool = False,
    public: bool = False,
    sensitivity: Sensitivity = "internal",
    masked: bool = False,
    read: Iterable[str] | None = None,
    write: Iterable[str] | None = None,
    owner: str | None = None,
    choices: Sequence[tuple[str, str, str]] | None = None,
    reference: str | None = None,
    on_delete: OnDelete = "ask",
    multiple: bool = False,
    raw: bool = False,
    files: types.FileType | None = None,
    compute: Callable[[Mapping[str, Any]], Any] | None = None,
    reads: Sequence[str] = (),
    states: Arrows | None = None,
) -> Any:
    """One column and everything the doors need to know of it.

    `choices` are (stored value, Indonesian, English); `states` the only ways between them; `reference` is the
    key of another registry, whose id the column holds; `multiple` makes either a JSON list; `raw` is a JSON
    object kept as given; `files` says which files it takes and how many. When the record referred to goes to the trash,
    `on_delete` says what this one does: stay, once the person has been told ("ask"), forbid it ("block"), or go along
    and come back along ("together"). `compute` makes the value from the row, and from what its references point to
    where `reads` names the paths. A field without a default is required.
    """
    declared = {
        "label": Label(label_id, label_en),
        "help": Label(*help) if help else None,
        "example": example,
        "aliases": tuple(aliases),
        "group": Label(*group) if group else None,
        "listed": listed,
        "search": search,
        "filter": filter,
        "sortable": (listed and not reference) if sortable is None else sortable,  # a list knows ids, not names
        "natural_key": natural_key,
        "unique": unique,
        "public": public,
        "sensitivity": sensitivity,
        "masked": masked,
        "read": frozenset(read) if read is not None else None,
        "write": frozenset(write) if write is not None else None,
        "on_delete": on_delete,
        "owner": owner,
        "compute": compute,
        "reads": tuple(reads),
        "states": states,
    }
    kind = files or (RawRowType() if raw else _declared_type(choices, reference, multiple))
    options: dict[str, Any] = {"schema_extra": {"json_schema_extra": {"sinergi": declared, "type": kind}}}
    if default_factory is not None:
        options["default_factory"] = default_factory
    elif default is not PydanticUndefined:
        options["default"] = default
    if multiple or raw or files:
        options["sa_type"] = JSON
    if reference and not multiple and compute is None:  # what is computed needs no constraint, and may go in circles
        options["foreign_key"] = f"{reference}.id"
    elif natural_key and not reference and not multiple:
        options["index"] = True
    return sqlmodel.Field(**options)


def _declared_type(
    choices: Sequence[tuple[str, str, str]] | None, reference: str | None, multiple: bool
) -> SemanticType | None:
    if choices is not None:
        pairs = [(value, Label(id_, en)) for value, id_, en in choices]
        return types.MultiChoiceType(pairs) if multiple else types.ChoiceType(pairs)
    if reference is not None:
        return ReferencesType(reference) if multiple else types.ReferenceType(reference)
    return None


class Schema:
    """Named fields and one validator over them. Registries have a table; forms do not."""

    version = 1

    def __init__(
        self,
        model: type[SQLModel],
        *,
        key: str,
        title: Words,
        rules: Sequence[RowRule] = (),
        row_rules: Sequence[Callable[..., Any]] = (),
    ) -> None:
        self.key = key
        self.model = model
        self.title = Label(*title)
        self.rules = tuple(rules)
        self.row_rules = tuple(row_rules)  # of sheets: may also note and ask (app.domain.sheets)
        self.fields: dict[str, Field] = {
            name: _read_field(name, info, order)
            for order, (name, info) in enumerate(model.model_fields.items())
            if name not in getattr(model, "record_columns", ())
        }

    def validate(
        self, values: Mapping[str, Any], mode: Mode = "create", *, base: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Any], list[Problem]]:
        """Normalise and check one row of raw values.

        Blank means None. In "update" only the given fields are checked, and the row rules see
        `base` overlaid with them. Unknown keys are problems, never ignored.
        """
        given = {key: _blank_to_none(value) for key, value in values.items()}
        problems = self._missing(given, mode)
        filled = {key: value for key, value in given.items() if value is not None}
        clean, wrong = self._parse(filled)
        problems += wrong
        clean |= {key: self._blank(key) for key, value in given.items() if value is None and key in self.fields}
        if mode == "create":
            clean = self._defaults() | clean
        if not problems:
            whole = {**(base or {}), **clean}
            clean |= self.computed(whole)
            if self.states and (base is not None or mode == "create"):
                problems += steps.problems(self.fields, self.states, clean, base)
            problems += [problem for rule in self.rules for problem in rule({**whole, **clean})]
        return clean, problems

    @cached_property
    def states(self) -> dict[str, Arrows]:
        """field → the allowed ways between its states."""
        return {name: f.states for name, f in self.fields.items() if f.states is not None}

    def computed(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The values of the computed fields of `row`."""
        return {name: compute(row) for name, compute in self._computes.items()}

    @cached_property
    def _computes(self) -> dict[str, Callable[[Mapping[str, Any]], Any]]:
        return {name: f.compute for name, f in self.fields.items() if f.compute is not None and not f.reads}

    def _missing(self, given: Mapping[str, Any], mode: Mode) -> list[Problem]:
        asked = self._required if mode == "create" else [name for name in self._required if name in given]
        return [Problem("required", field=name) for name in asked if given.get(name) is None]

    def _parse(self, filled: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
        try:
            return dict(self._adapter.validate_python(filled)), []
        except ValidationError as wrong:
            problems = [problem_of(error, filled) for error in wrong.errors(include_url=False)]
        bad = {problem.field for problem in problems}
        good = {key: value for key, value in filled.items() if key not in bad}
        return (dict(self._adapter.validate_python(good)) if good else {}), problems

    @cached_property
    def _required(self) -> list[str]:
        return [name for name, f in self.fields.items() if f.required and not f.computed]

    def _blank(self, name: str) -> Any:
        return None if self.fields[name].nullable else self._default(name)

    def _default(self, name: str) -> Any:
        default = self.fields[name].default
        return default() if callable(default) else default

    def _defaults(self) -> dict[str, Any]:
        return self._fixed_defaults | {name: make() for name, make in self._made_defaults.items()}

    @cached_property
    def _fixed_defaults(self) -> dict[str, Any]:
        return {name: f.default for name, f in self.fields.items() if not callable(f.default)}

    @cached_property
    def _made_defaults(self) -> dict[str, Callable[[], Any]]:
        return {name: f.default for name, f in self.fields.items() if callable(f.default)}

    @cached_property
    def _adapter(self) -> TypeAdapter[dict[str, Any]]:
        annotations = {
            name: NotRequired[Annotated[_python(f), f.type]] for name, f in self.fields.items() if not f.computed
        }
        make: Any = TypedDict  # its checked form wants literals, and this row is made from declarations
        row = make(f"{self.key}_row", annotations)
        row.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
        adapter: TypeAdapter[dict[str, Any]] = TypeAdapter(row)
        return adapter

    def api_model(self, mode: Literal["create", "update", "read"]) -> type[BaseModel]:
        """The pydantic model the API and its OpenAPI page show; same fields, same types."""
        fields: dict[str, Any] = {}
        for name, f in self.fields.items():
            if f.computed and mode != "read":
                continue
            annotation: Any = Annotated[_python(f), f.type]
            needed = f.required and mode == "create"
            fields[name] = (annotation, ...) if needed else (annotation | None, None)
        made: type[BaseModel] = create_model(f"{self.key}_{mode}", __config__=ConfigDict(extra="forbid"), **fields)
        return made


class Form(Schema):
    """A public form of rows without a table of its own: what a company sends."""

    def __init__(self, model: type[SQLModel], **kw: Any) -> None:
        super().__init__(model, **kw)
        _forms[self.key] = self


class SettingGroup(Schema):
    """Settings that the office decides on a screen. A field is a setting of `app.config` by the same name."""

    def __init__(
        self,
        model: type[SQLModel],
        *,
        key: str,
        title: Words,
        icon: str,
        read: Iterable[str],
        write: Iterable[str],
        rules: Sequence[RowRule] = (),
    ) -> None:
        super().__init__(model, key=key, title=title, rules=rules)
        self.icon = icon
        self.read, self.write = frozenset(read), frozenset(write)
        _groups[self.key] = self

    @cached_property
    def secrets(self) -> frozenset[str]:
        """Fields that are written and never shown."""
        return frozenset(name for name, f in self.fields.items() if f.type.input == "password")


class Registry(Schema):
    """A table with every door generated. The key is the table name, singular."""

    def __init__(
        self,
        model: type[SQLModel],
        *,
        title: Words,
        singular: Words | None = None,
        about: Words | None = None,
        icon: str = "table",
        menu: str | None = "registers",
        order_by: str,
        label: str | None = None,
        detail: Sequence[str] = (),
        scope: Scope | None = None,
        read: Iterable[str] = OFFICE,
        write: Iterable[str] = STAFF_WRITERS,
        sheet: bool = True,
        form: bool = False,
        api: bool = False,
        guarded: bool = False,
        rules: Sequence[RowRule] = (),
        remarks: Sequence[RowRule] = (),
        partners: Iterable[str] | None = None,
        office_only: bool = False,
        inlines: Sequence[str] = (),
    ) -> None:
        """`detail` are fields whose values stand beside the name in pickers, where the name alone does not tell records
        apart; those that refer to a record are also searched by it. `partners` are the fields partner agencies see
        where they may read at all: by default those that are neither personal nor masked. `office_only`: the office
        cannot open it to them, whatever it grants. `inlines` are registries whose records are edited on the form of
        this one: "contact", or "sponsorship.sponsor" where more than one of their fields points here. `about` is said
        above the list, where its title leaves a question."""
        local = [rule for rule in rules if not isinstance(rule, Across)]
        super().__init__(model, key=str(model.__tablename__), title=title, rules=local)
        self.across = tuple(rule for rule in rules if isinstance(rule, Across))  # asked where the database is
        self.remarks = tuple(remarks)  # what is odd and is said on the record's page, but refuses nothing
        self.table: Table = model.__table__  # type: ignore[attr-defined]
        self.singular = Label(*singular) if singular else self.title
        self.about = Label(*about) if about else None
        self.icon, self.menu = icon, menu
        self.order_by = order_by
        list_indexes.declare(self.table, order_by, self.fields.values())
        self.label_field = label or order_by  # how a record is named in pickers and links
        self.detail = tuple(detail)
        self.scope = scope or Scope()
        self.read = frozenset(read)
        self.write = frozenset(write)
        self.sheet, self.form, self.api = sheet, form, api
        self.guarded = guarded  # its rows are rights: who changes them proves first who they are
        self.partners = None if partners is None else frozenset(partners)
        self.office_only = office_only
        self._inlines = tuple(inlines)
        _registries[self.key] = self

    @property
    def doors(self) -> list[str]:
        doors = ["staff", "import", "export"]
        return doors + [name for name in ("sheet", "form", "api") if getattr(self, name)]

    @property
    def personal(self) -> bool:
        """Whether a person stands in it."""
        return any(f.sensitivity in ("personal", "specific") for f in self.fields.values())

    def shared(self, f: Field) -> bool:
        """Whether partner agencies see this field by default."""
        if self.partners is not None:
            return f.key in self.partners
        return not f.masked and f.sensitivity in ("public", "internal")

    @cached_property
    def natural_key(self) -> tuple[str, ...]:
        """Fields that together name a record; empty when only its public id does."""
        return tuple(name for name, f in self.fields.items() if f.natural_key)

    @cached_property
    def beside(self) -> tuple[str, ...]:
        """Fields that tell records of one name apart: as declared, else what names a record besides its label."""
        return self.detail or tuple(name for name in self.natural_key if name != self.label_field)

    @cached_property
    def derived(self) -> dict[str, Field]:
        """Fields computed from what the record points to."""
        return {name: f for name, f in self.fields.items() if f.reads}

    @cached_property
    def files(self) -> dict[str, types.FileType]:
        """field → which files it takes."""
        return {name: f.type for name, f in self.fields.items() if isinstance(f.type, types.FileType)}

    @cached_property
    def references(self) -> dict[str, str]:
        """field → key of the registry it points to (lists included)."""
        return {name: f.reference for name, f in self.fields.items() if f.reference}

    @cached_property
    def sensitivity(self) -> Sensitivity:
        """The class of a whole record: that of its most sensitive field."""
        return max((f.sensitivity for f in self.fields.values()), key=SENSITIVITIES.index)

    def pointing_at(self, target: Registry) -> list[str]:
        """Fields that hold one record of `target`, lists of references left out."""
        return [n for n, key in self.references.items() if key == target.key and self.fields[n].type.python is not list]

    @cached_property
    def inlines(self) -> tuple[Inline, ...]:
        """What is edited on the form of a record, in declared order. Raises ValueError for a name that is not there."""
        return tuple(self._inline(text) for text in self._inlines)

    def _inline(self, text: str) -> Inline:
        key, _, name = text.partition(".")
        fields = [one for one in get(key).pointing_at(self) if one == (name or one)]
        if len(fields) != 1:
            raise ValueError(f"{self.key}: {text!r} names {len(fields)} fields that point here")
        return Inline(get(key), fields[0])


@dataclass(frozen=True, slots=True)
class Inline:
    """Records of `registry` whose `field` points at the record of the form."""

    registry: Registry
    field: str


_registries: dict[str, Registry] = {}
_forms: dict[str, Form] = {}
_groups: dict[str, SettingGroup] = {}


def registries() -> dict[str, Registry]:
    """Every registry, in the order of declaration."""
    importlib.import_module("app.models")  # declares them; by name, since models stand above the hub
    return _registries


def versions() -> tuple[tuple[str, int], ...]:
    """What there is and in which version: with this whatever is derived from several registries may be kept."""
    return tuple((key, registry.version) for key, registry in registries().items())


def forms() -> dict[str, Form]:
    """Every public form."""
    registries()
    return _forms


def setting_groups() -> dict[str, SettingGroup]:
    """Every group of settings that has a screen."""
    registries()
    return _groups


def get(key: str) -> Registry:
    """The registry of that key. Raises NotFound."""
    try:
        return registries()[key]
    except KeyError:
        raise NotFound("registry_unknown", key=key) from None


def schema(key: str) -> Schema:
    """The registry or form of that key. Raises NotFound."""
    return forms()[key] if key in forms() else get(key)


def problem_of(error: Mapping[str, Any], values: Mapping[str, Any]) -> Problem:
    """One pydantic error as the error record."""
    name = str(error["loc"][0]) if error["loc"] else None
    context = error.get("ctx") or {}
    return Problem(
        code=_CODES.get(error["type"], error["type"]) if "params" not in context else error["type"],
        field=name,
        value=_typed(values.get(name)) if name else None,
        suggestion=context.get("suggestion"),
        params=context.get("params", {}),
    )


_CODES = {"missing": "required", "extra_forbidden": "unknown_field"}


def _typed(value: Any) -> str | None:
    return None if value is None else str(value)


def _python(f: Field) -> Any:
    """References pass as ids or as written text: whether they exist is asked on writing."""
    return Any if f.reference and f.type.python is str else f.type.python


def _blank_to_none(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.strip() else None
    return None if isinstance(value, list | tuple) and not value else value


def _read_field(name: str, info: FieldInfo, order: int) -> Field:
    extra = info.json_schema_extra
    if not isinstance(extra, dict) or "sinergi" not in extra:
        raise TypeError(f"{name}: declare it with app.registry.field")
    declared: Any = extra["sinergi"]
    kind: Any = extra["type"] or type_of(info)
    required = info.is_required() and not declared["compute"]
    default = info.default_factory or (None if info.default is PydanticUndefined else info.default)
    nullable = type(None) in _plain(info.annotation)
    made = Field(key=name, type=kind, required=required, default=default, nullable=nullable, order=order, **declared)
    return replace(made, search=made.search and not isinstance(made.type, types.ReferenceType))


def type_of(info: FieldInfo) -> SemanticType:
    """The semantic type of an annotation; in `Nib | None` the marker sits inside the union."""
    for found in (*info.metadata, *_markers(info.annotation)):
        if isinstance(found, SemanticType):
            return found
    for python in _plain(info.annotation):
        if python in _PLAIN:
            return _PLAIN[python]
    raise TypeError(f"no semantic type for {info.annotation}")


_PLAIN: dict[Any, SemanticType] = {
    str: types.TextType(),
    bool: types.BoolType(),
    int: types.IntType(),
    Decimal: types.DecimalType(),
    date: types.DateType(),
    datetime: types.InstantType(),
}


def _markers(annotation: Any) -> Iterable[Any]:
    if get_origin(annotation) is Annotated:
        yield from get_args(annotation)[1:]
    for inner in get_args(annotation):
        yield from _markers(inner)


def _plain(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)

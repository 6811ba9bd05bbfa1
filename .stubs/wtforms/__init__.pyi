from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from markupsafe import Markup

class Field:
    name: str
    short_name: str
    id: str
    data: Any
    object_data: Any
    raw_data: list[Any] | None
    errors: Any
    description: str
    render_kw: dict[str, Any] | None
    label: Any
    widget: Any
    def __init__(self, label: str | None = None, validators: Any = None, **kwargs: Any) -> None: ...
    def __call__(self, **kwargs: Any) -> Markup: ...
    def process(self, formdata: Any, data: Any = ..., extra_filters: Any = None) -> None: ...
    def process_data(self, value: Any) -> None: ...
    def process_formdata(self, valuelist: list[Any]) -> None: ...
    def _value(self) -> str: ...

class Form:
    Meta: ClassVar[type]
    errors: dict[str, Any]
    data: dict[str, Any]
    _fields: dict[str, Field]
    def __init__(
        self,
        formdata: Any = None,
        obj: Any = None,
        prefix: str = "",
        data: Mapping[str, Any] | None = None,
        meta: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None: ...
    def validate(self, extra_validators: Any = None) -> bool: ...
    def process(
        self, formdata: Any = None, obj: Any = None, data: Any = None, extra_filters: Any = None, **kwargs: Any
    ) -> None: ...
    def __iter__(self) -> Iterator[Field]: ...
    def __getitem__(self, name: str) -> Field: ...
    def __contains__(self, name: str) -> bool: ...

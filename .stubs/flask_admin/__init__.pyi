from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Flask

from .theme import Theme

_View = TypeVar("_View", bound=Callable[..., Any])

def expose(url: str = ..., methods: tuple[str, ...] | list[str] | None = ...) -> Callable[[_View], _View]: ...

class BaseView:
    name: str | None
    category: str | None
    endpoint: str
    url: str | None
    blueprint: Blueprint | None
    admin: Admin | None
    def __init__(
        self,
        name: str | None = ...,
        category: str | None = ...,
        endpoint: str | None = ...,
        url: str | None = ...,
        static_folder: str | None = ...,
        static_url_path: str | None = ...,
        menu_class_name: str | None = ...,
        menu_icon_type: str | None = ...,
        menu_icon_value: str | None = ...,
    ) -> None: ...
    def create_blueprint(self, admin: Admin) -> Blueprint: ...
    def render(self, template: str, **kwargs: Any) -> str: ...
    def is_visible(self) -> bool: ...
    def is_accessible(self) -> bool: ...
    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any: ...
    def get_url(self, endpoint: str, **kwargs: Any) -> str: ...
    def _handle_view(self, name: str, **kwargs: Any) -> Any: ...
    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any: ...

class AdminIndexView(BaseView): ...

class Admin:
    def __init__(
        self,
        app: Flask | None = ...,
        name: str | None = ...,
        url: str | None = ...,
        subdomain: str | None = ...,
        index_view: BaseView | None = ...,
        translations_path: str | None = ...,
        endpoint: str | None = ...,
        static_url_path: str | None = ...,
        theme: Theme | None = ...,
        category_icon_classes: dict[str, str] | None = ...,
        host: str | None = ...,
        csp_nonce_generator: Callable[[], str] | None = ...,
    ) -> None: ...
    def init_app(
        self, app: Flask, index_view: BaseView | None = ..., endpoint: str | None = ..., url: str | None = ...
    ) -> None: ...
    def add_view(self, view: BaseView) -> None: ...

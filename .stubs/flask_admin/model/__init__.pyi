from typing import Any

from flask_admin import BaseView
from wtforms import Form

class BaseModelView(BaseView):
    can_create: bool
    can_edit: bool
    can_delete: bool
    can_view_details: bool
    can_export: bool
    can_set_page_size: bool
    page_size: int
    list_template: str
    create_template: str
    edit_template: str
    details_template: str
    ajax_update: Any
    def __init__(
        self,
        model: Any,
        name: str | None = ...,
        category: str | None = ...,
        endpoint: str | None = ...,
        url: str | None = ...,
        static_folder: str | None = ...,
        menu_class_name: str | None = ...,
        menu_icon_type: str | None = ...,
        menu_icon_value: str | None = ...,
    ) -> None: ...
    def _refresh_cache(self) -> None: ...
    def init_actions(self) -> None: ...
    def scaffold_form(self) -> type[Form]: ...
    def get_pk_value(self, model: Any) -> Any: ...

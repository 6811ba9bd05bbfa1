"""S0: what waits for the person who looks."""

from __future__ import annotations

from typing import Any

from flask_admin import BaseView, expose


class HomeView(BaseView):
    """The first page of the staff door."""

    def __init__(self) -> None:
        super().__init__(name="Home", endpoint="admin", url="/staff")

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)  # as in RegistryView: never twice

    @expose("/")
    def index(self) -> str:
        """Yang menunggu saya."""
        return str(self.render("staff/home.html", total=0, tiles=[], tasks=[], facts=[], inbox_url=None))

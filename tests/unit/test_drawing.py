"""Pages drawn by our compiled templates say what Jinja's own would."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, render_template_string
from flask.templating import Environment
from jinja2 import pass_context
from markupsafe import Markup

from app.web.drawing import DrawingEnvironment


class _Page:
    def __html__(self) -> str:
        return "<b>&</b>"


@pass_context
def _asks(context: Any, name: str) -> str:
    return f"{context['value']}{name}"


def _adds(first: str, second: str = "<s>") -> str:
    return first + second


def _drawn(environment: type[Environment], source: str, value: object) -> str:
    app = Flask("drawing")
    app.jinja_environment = environment
    app.jinja_env.globals.update(asks=_asks, adds=_adds, page=_Page())
    with app.test_request_context():
        return render_template_string(source, value=value)


@pytest.mark.parametrize(
    "value",
    ["", "a", "<a href='x'>&\"", Markup("<i>"), 5, 1.5, None, _Page(), ["<"]],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ value }}</p>",
        "{{ value|e }}{{ value|safe }}{{ value|string|upper }}",
        "{% autoescape false %}{{ value }}{% endautoescape %}",
        "{% set kept %}<u>{{ value }}</u>{% endset %}{{ kept }}{{ adds('<b>') }}{{ adds('a', second='&') }}",
        "{% macro inner(one, two='<') %}[{{ one }}{{ two }}{{ caller() if caller }}]{% endmacro %}"
        "{{ inner(value) }}{% call inner(value, two=value) %}<q>{{ value }}</q>{% endcall %}",
        "{% for one in [1, 2] %}{{ loop.index }}{{ asks('<') }}{{ one.missing }}{{ value ~ '<' }}{% endfor %}",
    ],
)
def test_a_template_says_what_it_would_with_the_library_alone(source: str, value: object) -> None:
    assert _drawn(DrawingEnvironment, source, value) == _drawn(Environment, source, value)


def test_text_of_a_value_is_escaped() -> None:
    assert _drawn(DrawingEnvironment, "{{ value }}", "<script>") == "&lt;script&gt;"

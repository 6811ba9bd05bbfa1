"""Templates that draw faster: a page is thousands of small pieces, and Jinja does more for each than ours need.

A value is written as escaped text; Jinja would make a Markup of it first. A function that asks for no context is
called as it is; Jinja would look for such a wish in two places, and in a macro for the one it is known to have.
"""

from __future__ import annotations

from types import FunctionType, MethodType
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

_PLAIN = frozenset({FunctionType, MethodType})


def drawn(value: Any) -> str:
    """What a page says of a value: its own HTML, or its text escaped."""
    kind = type(value)
    if kind is str:
        return _escape_inner(value)  # what `escape` does, without the Markup round it
    return value if kind is Markup else escape(value)


class _Code(CodeGenerator):
    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        self.writeline(f"from {__name__} import drawn")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("drawn(")


class _Context(Context):
    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - as the library names them
        if type(__obj) is Macro:
            args = (__self.eval_ctx, *args)
        elif type(__obj) not in _PLAIN or hasattr(__obj, "jinja_pass_arg"):
            return super().call(__obj, *args, **kwargs)
        kwargs.pop("_loop_vars", None)
        kwargs.pop("_block_vars", None)
        return __obj(*args, **kwargs)


class DrawingEnvironment(Environment):
    code_generator_class = _Code
    context_class = _Context


def init_app(app: Flask) -> None:
    app.jinja_environment = DrawingEnvironment

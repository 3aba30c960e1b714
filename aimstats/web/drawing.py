"""Templates as text in the language of the request: what a template says is translated once, when it is compiled."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex
from typing import Any, Final

from babel.support import NullTranslations
from flask import current_app
from flask_babel import get_translations  # type: ignore[import-untyped]  # it ships no types
from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer
from jinja2_fragments import render_block
from markupsafe import Markup

from aimstats.web.language import language

ENVIRONMENTS: Final = "environments"
_MARK: Final = f"-{token_hex(8)}-"
"""Stands around the name of a piece that comes later: nobody can guess it and write it into a text."""


class _Saying(NodeTransformer):
    """Puts the translation in place of each text that is translated without values."""

    def __init__(self, translations: NullTranslations) -> None:
        self._translations = translations

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # named after what it visits
        called = node.node
        is_plain = isinstance(called, nodes.Name) and called.name in ("_", "gettext") and len(node.args) == 1
        text = node.args[0] if is_plain and not (node.kwargs or node.dyn_args or node.dyn_kwargs) else None
        if isinstance(text, nodes.Const) and isinstance(text.value, str):
            return nodes.Const(Markup(self._translations.gettext(text.value)) % {}, lineno=node.lineno)
        return self.generic_visit(node)


class _Compiler(CodeGenerator):
    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: N802
        _Saying(get_translations()).visit(node)
        super().visit_Template(node, frame)


def _environment() -> Environment:
    """The templates compiled in the language of the request."""
    made: dict[str, Environment] = current_app.extensions.setdefault(ENVIRONMENTS, {})
    code = language().code
    if code not in made:
        environment = current_app.jinja_env.overlay()
        environment.code_generator_class = _Compiler
        made[code] = environment
    return made[code]


def template(name: str) -> Template:
    """A template in the language of the request."""
    return _environment().get_template(name)


def hole(name: str) -> Markup:
    """What stands in a page that is drawn for a piece of that name (`filled`)."""
    return Markup(f"{_MARK}{name}{_MARK}")


def filled(html: str | bytes, pieces: Mapping[str, bytes]) -> bytes:
    """The page with these pieces in its holes. What is long and kept, rows and what stands around a page, is put there as bytes:
    as text it would be copied and encoded each time."""
    body = html.encode() if isinstance(html, str) else html
    for name, piece in pieces.items():
        body = body.replace(hole(name).encode(), piece)
    return body


def around(name: str, block: str, context: Mapping[str, Any]) -> str:
    """A template with a hole named like the block in place of what its block draws."""
    whole = template(name)
    given = whole.new_context(dict(context))
    given.blocks[block].insert(0, lambda _: iter((hole(block),)))
    return "".join(whole.root_render_func(given))


def drawn(name: str, context: Mapping[str, Any], *, block: str = "") -> str:
    """A template, or one block of it. Raises BlockNotFoundError for a block that it lacks."""
    return render_block(_environment(), name, block, context) if block else template(name).render(context)

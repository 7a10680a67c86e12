"""Messages written by admins in Liquid: checked strictly when saved, rendered without surprises when sent."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError, TemplateNotFoundError

MOST_OUTPUT = 100_000  # characters; no message is as long
MOST_LOOPS = 1_000


class BadTemplate(ValueError):
    """The template cannot be used; the text says why, in words for the admin."""


class _Strict(Environment):
    """Nothing undefined, nothing endless, nothing loaded from elsewhere."""

    loop_iteration_limit = MOST_LOOPS
    output_stream_limit = MOST_OUTPUT
    context_depth_limit = 10


_PLAIN = _Strict(undefined=StrictUndefined, autoescape=False)
_HTML = _Strict(undefined=StrictUndefined, autoescape=True)


def check(source: str, *, known: Collection[str]) -> None:
    """Refuse a template that uses a variable nobody will give it, also in a branch that is not taken today.

    `known` are names as written in the template: `customer.first_name`.

    raises: BadTemplate
    """
    names, filters = _used(source)
    if unknown := sorted(filters - set(_PLAIN.filters)):
        raise BadTemplate(f"There is no filter “{unknown[0]}”.")
    if missing := sorted(names - set(known)):
        raise BadTemplate(f"There is no {', '.join('{{ ' + name + ' }}' for name in missing)}.")


def _used(source: str) -> tuple[set[str], set[str]]:
    """Variables from outside and filters, in every branch."""
    try:
        found = _parse(source).analyze()
    except LiquidError as error:
        raise BadTemplate(_first_line(error)) from error
    return {str(each) for used in found.globals.values() for each in used}, set(found.filters)


def _first_line(error: LiquidError) -> str:
    """What went wrong, without the parser's drawing of where."""
    if isinstance(error, TemplateNotFoundError):
        return "A template cannot include another one."
    return str(error).strip().splitlines()[0]


def render_text(source: str, data: Mapping[str, Any]) -> str:
    """The template with its data, as plain text; what the data holds is never read as Liquid.

    raises: BadTemplate for a variable that is missing after all
    """
    return _render(_parse(source), data)


def render_html(source: str, data: Mapping[str, Any]) -> str:
    """The same as HTML: every value escaped; the template's own text is taken as HTML.

    raises: BadTemplate
    """
    return _render(_parse_html(source), data)


def text_to_html(text: str) -> str:
    """Plain text as safe HTML with paragraphs, for the HTML part of an e-mail that was written as text."""
    paragraphs = html.escape(text.strip()).split("\n\n")
    return "".join("<p>" + part.replace("\n", "<br>") + "</p>" for part in paragraphs)


def _render(template: BoundTemplate, data: Mapping[str, Any]) -> str:
    try:
        return str(template.render(**data))
    except LiquidError as error:
        raise BadTemplate(_first_line(error)) from error


@lru_cache(maxsize=1_000)
def _parse(source: str) -> BoundTemplate:
    return _parsed(_PLAIN, source)


@lru_cache(maxsize=1_000)
def _parse_html(source: str) -> BoundTemplate:
    return _parsed(_HTML, source)


def _parsed(environment: Environment, source: str) -> BoundTemplate:
    try:
        return environment.from_string(source)
    except LiquidError as error:
        raise BadTemplate(_first_line(error)) from error

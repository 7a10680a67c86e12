from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from insights.shell import build_shell


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give every page what stands around it; nothing is read until a template asks."""
    return {"shell": SimpleLazyObject(lambda: build_shell(request))}

"""`{% tenant_url "insights:due-list" %}`: the path of a page of the dealership in the request."""

from typing import Any

from django import template

from dealerships.routing import url_for

register = template.Library()


@register.simple_tag(takes_context=True)
def tenant_url(context: dict[str, Any], name: str, **kwargs: Any) -> str:
    return url_for(context["request"].dealership, name, **kwargs)

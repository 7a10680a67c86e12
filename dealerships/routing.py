from typing import Any

from django.urls import reverse

from dealerships.middleware import SLUG
from dealerships.models import Dealership


def url_for(dealership: Dealership, name: str, **kwargs: Any) -> str:
    """Return the path of a page of one dealership, e.g. `url_for(d, "insights:customer-detail", customer_id=7)`."""
    return reverse(name, kwargs={SLUG: dealership.slug, **kwargs})

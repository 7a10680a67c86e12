"""The search words of the dealership in scope."""

from collections import defaultdict
from collections.abc import Sequence

from customers.enums import ContactKind
from customers.logic.search import search_tokens
from customers.models import ContactPoint, Customer, SearchToken, Vehicle
from customers.services.imports import bulk


def refresh_tokens(customer_ids: Sequence[int]) -> None:
    """Bring the search words of customers in line with their names, contacts and vehicles. Set-based."""
    contacts: dict[tuple[int, str], list[str]] = defaultdict(list)
    for customer, kind, value in ContactPoint.objects.filter(customer_id__any_of=customer_ids).values_list(
        "customer_id", "kind", "value"
    ):
        contacts[customer, kind].append(value)
    cars: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for customer, vin, plate in Vehicle.objects.filter(customer_id__any_of=customer_ids).values_list(
        "customer_id", "vin", "plate"
    ):
        cars[customer or 0].append((vin, plate))
    wanted: set[tuple[str, int]] = set()
    for customer, name, number in Customer.objects.filter(id__any_of=customer_ids).values_list(
        "id", "display_name", "external_id"
    ):
        tokens = search_tokens(
            names=[name],
            phones=contacts[customer, ContactKind.PHONE],
            emails=contacts[customer, ContactKind.EMAIL],
            vins=[vin for vin, _ in cars[customer]],
            plates=[plate for _, plate in cars[customer] if plate],
            numbers=[] if number.startswith("~") else [number],
        )
        wanted |= {(token, customer) for token in tokens}
    have = {
        (token, customer): row
        for row, token, customer in SearchToken.objects.filter(customer_id__any_of=customer_ids).values_list(
            "id", "token", "customer_id"
        )
    }
    if stale := [row for key, row in have.items() if key not in wanted]:
        SearchToken.objects.filter(id__any_of=stale).delete()
    bulk.insert(SearchToken, ("token", "customer_id"), sorted(wanted - have.keys()))

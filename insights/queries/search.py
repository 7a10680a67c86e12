"""Finding customers by what an advisor types: a name, phone, plate, VIN tail or e-mail."""

from django.db.models import QuerySet

from customers.logic.search import search_terms
from customers.models import SearchToken

MOST_MATCHES = 500  # more means that the words are too short to be of use
MOST_WORDS = 5  # the longest count: each costs a look into the index
LAST = "\uffff"


def customer_ids(text: str) -> list[int]:
    """Return the ids of customers who have a token beginning with every word of `text`.

    At most `MOST_MATCHES`; an empty text finds nobody. Ranges, not LIKE: see `SearchToken`.
    """
    words = sorted(search_terms(text), key=len, reverse=True)[:MOST_WORDS]
    if not words:
        return []
    found = _beginning_with(words[0])
    for word in words[1:]:
        found = found.filter(customer_id__in=_beginning_with(word).values("customer_id"))
    ids = found.order_by("token").values_list("customer_id", flat=True)[:MOST_MATCHES]
    return list(dict.fromkeys(ids))


def _beginning_with(word: str) -> QuerySet[SearchToken]:
    return SearchToken.objects.filter(token__gte=word, token__lt=word + LAST)

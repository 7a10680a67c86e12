import pytest

from customers.models import SearchToken
from insights.queries import found, search
from tests.factories.customers import CustomerFactory


@pytest.fixture
def known(dealership):
    """Return a maker of a customer with tokens."""

    def make(*tokens: str, **customer):
        made = CustomerFactory(dealership=dealership, **customer)
        for token in tokens:
            SearchToken.objects.create(dealership=dealership, token=token, customer=made)
        return made.pk

    return make


def test_customer_ids_by_the_beginning_of_a_word(known):
    ruiz, ruizinger = known("ruiz", "ana"), known("ruizinger", "ben")
    known("bruiz")

    assert sorted(search.customer_ids("RUIZ")) == [ruiz, ruizinger]


def test_customer_ids_of_two_words_must_have_both(known):
    wanted = known("ruiz", "ana")
    known("ruiz", "ben")
    known("ana", "okafor")

    assert search.customer_ids("an rui") == [wanted]


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "'; DROP TABLE", "\uffff", "zz"])
def test_customer_ids_of_what_nobody_has_are_none(known, text):
    known("ruiz")

    assert search.customer_ids(text) == []


@pytest.mark.parametrize("text", ["(512) 555-0123", "512.555.01", "5550123"])
def test_customer_ids_by_a_phone_however_it_is_typed(known, text):
    ruiz = known("15125550123", "5125550123", "5550123", "0123")

    assert search.customer_ids(text) == [ruiz]


def test_customer_ids_are_bounded(known, monkeypatch):
    monkeypatch.setattr(search, "MOST_MATCHES", 2)
    for _ in range(3):
        known("ruiz")

    assert len(search.customer_ids("r")) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_customers_found_take_the_same_queries_for_any_number(
    make_busy_customer, near, dealership, count, django_assert_num_queries
):
    for _ in range(count):
        car = make_busy_customer()
        SearchToken.objects.create(dealership=dealership, token="honda", customer=car.customer)

    with django_assert_num_queries(5):
        result = found.customers("hon", near=near)

    assert [(row.vehicles, row.due_words) for row in result.rows] == [("2019 Honda Civic", "23 Nov")] * count

"""Several planners and dispatchers at once, each with a connection of its own, on real PostgreSQL."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import connection

from campaigns.models import Enrolment, EnrolmentItem, Touch
from campaigns.services import dispatch, enrolments, takeovers
from common.enums import Channel
from common.tenancy import tenant_scope
from dealerships.services import dealerships
from messaging.models import Message
from tests.campaigns.worlds import a_customer, a_due_car, enrol

pytestmark = pytest.mark.django_db(transaction=True)

ENROLLED_AT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
DUE_ON = date(2026, 12, 8)
EMAIL_AT = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
WORKERS = 4


@pytest.fixture
def tenant(transactional_db):
    return dealerships.create(
        dealerships.NewDealership(
            name="Twin Lanes", slug="twin-lanes", time_zone="America/Chicago", phone="+15125550100"
        )
    )


def all_at_once(work):
    """Run `work` in WORKERS threads that start together; return what each answered."""
    start = Barrier(WORKERS)

    def one(_):
        try:
            start.wait(timeout=10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(one, range(WORKERS)))


def test_enrol_due_at_once_enrols_everybody_once(tenant, monkeypatch):
    monkeypatch.setattr(enrolments, "HOUSEHOLDS_AT_ONCE", 7)
    with tenant_scope(tenant):
        for number in range(30):
            a_due_car(tenant, due_on=DUE_ON, customer=a_customer(tenant, household_key=f"h{number // 2}"))

    def work():
        with tenant_scope(tenant.pk):
            return enrolments.enrol_due(now=ENROLLED_AT).enrolled

    assert sum(all_at_once(work)) == 15
    with tenant_scope(tenant):
        assert (Enrolment.objects.count(), EnrolmentItem.objects.count(), Touch.objects.count()) == (
            15,
            30,
            75,
        )


def test_dispatch_due_at_once_sends_every_touch_once(tenant, monkeypatch):
    monkeypatch.setattr(dispatch, "BATCH", 5)
    with tenant_scope(tenant):
        for _ in range(40):
            a_due_car(tenant, due_on=DUE_ON)
        enrol(ENROLLED_AT)

    done = all_at_once(lambda: dispatch.dispatch_due(now=EMAIL_AT))

    assert sum(one.sent for one in done) == 40
    with tenant_scope(tenant):
        keys = Message.objects.values_list("key", flat=True)
        assert Counter(keys) == Counter(
            f"touch:{pk}" for pk in Touch.objects.filter(step_number=1).values_list("pk", flat=True)
        )


def test_dispatch_due_at_once_keeps_the_cap_of_one_person(tenant):
    """Each worker takes another touch of the same person: only one may go out today."""
    at = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
    with tenant_scope(tenant):
        owner = a_customer(tenant, kinds=("phone",))
        for days in (0, 40, 80, 120):
            a_due_car(tenant, due_on=date.fromordinal(DUE_ON.toordinal() + days), customer=owner)
        for on in (date(2026, 11, 23), date(2027, 1, 5), date(2027, 2, 15), date(2027, 3, 28)):
            enrol(datetime(on.year, on.month, on.day, 16, 0, tzinfo=UTC))
        assert Enrolment.objects.count() == 4
        Touch.objects.exclude(step_number=1).delete()
        Touch.objects.update(due_at=at, next_try_at=at, state="planned", reason="", decided_at=None)

    def work():
        with tenant_scope(tenant.pk):
            return dispatch.dispatch_batch(now=at, limit=1)

    all_at_once(work)
    dispatch.dispatch_due(now=at)
    with tenant_scope(tenant):
        assert list(Message.objects.values_list("channel", flat=True)) == [Channel.SMS]


def test_take_over_at_once_plans_the_next_channel_once(tenant):
    with tenant_scope(tenant):
        for _ in range(6):
            a_due_car(tenant, due_on=DUE_ON)
        enrol(ENROLLED_AT)
    dispatch.dispatch_due(now=EMAIL_AT)
    with tenant_scope(tenant):
        failed = list(Message.objects.order_by("pk").values_list("pk", flat=True))

    def work():
        with tenant_scope(tenant.pk):
            return sum(takeovers.take_over(pk, now=EMAIL_AT) is not None for pk in failed)

    assert sum(all_at_once(work)) == len(failed) == 6
    with tenant_scope(tenant):
        assert list(Touch.objects.filter(fallback_number__gt=0).values_list("step_number", "channel")) == (
            [(1, Channel.SMS)] * 6
        )


def test_dispatch_due_beside_the_planner_sends_every_touch_once(tenant, monkeypatch):
    """Two plan and two dispatch at the same time, as at two in the morning after a long stop."""
    monkeypatch.setattr(enrolments, "HOUSEHOLDS_AT_ONCE", 5)
    monkeypatch.setattr(dispatch, "BATCH", 5)
    with tenant_scope(tenant):
        for _ in range(20):
            a_due_car(tenant, due_on=DUE_ON)

    def work():
        with tenant_scope(tenant.pk):
            enrolments.enrol_due(now=EMAIL_AT)
        return dispatch.dispatch_due(now=EMAIL_AT).sent

    first = sum(all_at_once(work))
    rest = dispatch.dispatch_due(now=EMAIL_AT).sent
    with tenant_scope(tenant):
        assert (Enrolment.objects.count(), Touch.objects.filter(state="sent").count()) == (20, first + rest)
        assert Counter(Message.objects.values_list("customer_id", flat=True)).most_common(1)[0][1] == 1
        assert first + rest == Message.objects.count() > 0

from datetime import timedelta

import pytest
from django.db import OperationalError

from anticipate import health
from campaigns.enums import TouchState, Trigger
from campaigns.models import Cadence, CadenceVersion, Enrolment, Touch
from common import clock
from common.enums import Channel, Purpose
from common.tenancy import tenant_scope
from messaging.models import ProviderAccount, WebhookReceipt
from tests.factories.customers import CustomerFactory


@pytest.mark.django_db
def test_healthz_nothing_due_is_ok(client):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "oldest_due_seconds": {"touch": None, "message": None},
        "stuck": 0,
    }
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(("age", "status"), [(None, "ok"), (300, "ok"), (301, "late")])
def test_healthz_old_due_row_is_late_but_the_web_process_is_well(client, monkeypatch, age, status):
    monkeypatch.setattr(health, "oldest_due_seconds", lambda *, now: {"touch": age, "message": None})
    monkeypatch.setattr(health, "stuck_count", lambda: 0)

    response = client.get("/healthz")

    assert (response.status_code, response.json()["status"]) == (200, status)


def test_healthz_database_gone_is_503_and_says_nothing_more(client, monkeypatch):
    def fail(*, now):
        raise OperationalError("connection to secret-host failed")

    monkeypatch.setattr(health, "oldest_due_seconds", fail)

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json() == {"status": "down", "database": "unreachable"}


@pytest.mark.parametrize(("attempts", "status"), [(3, "ok"), (4, "stuck")])
def test_healthz_receipt_that_fails_again_and_again_is_stuck(client, world, now, attempts, status):
    with tenant_scope(world.other):
        account = ProviderAccount.objects.get(channel="sms")
        WebhookReceipt.objects.create(
            dealership=world.other,
            account=account,
            event_key="1",
            body=b"{}",
            received_at=now,
            attempt_count=attempts,
        )

    response = client.get("/healthz")

    assert (response.status_code, response.json()["status"]) == (200, status)
    assert response.json()["stuck"] == int(status == "stuck")


def test_healthz_post_is_refused(client):
    assert client.post("/healthz").status_code == 405


def _touch(dealership, *, next_try_at, state=TouchState.PLANNED) -> None:
    with tenant_scope(dealership):
        cadence = Cadence.objects.create(
            dealership=dealership,
            key=f"test-{next_try_at:%H%M}",
            name="Test",
            trigger=Trigger.SERVICE_DUE,
            purpose=Purpose.MARKETING,
        )
        version = CadenceVersion.objects.create(
            dealership=dealership, cadence=cadence, number=1, published_at=next_try_at
        )
        enrolment = Enrolment.objects.create(
            dealership=dealership,
            customer=CustomerFactory(dealership=dealership),
            version=version,
            anchor_on=next_try_at.date(),
            started_at=next_try_at,
        )
        Touch.objects.create(
            dealership=dealership,
            enrolment=enrolment,
            step_number=1,
            channel=Channel.EMAIL,
            due_at=next_try_at,
            local_on=next_try_at.date(),
            local_time=next_try_at.time(),
            zone_name="UTC",
            next_try_at=next_try_at,
            state=state,
        )


@pytest.mark.django_db
def test_oldest_due_seconds_counts_from_the_oldest_row_of_all_dealerships(world, now):
    _touch(world.dealership, next_try_at=now - timedelta(minutes=3))
    _touch(world.other, next_try_at=now - timedelta(minutes=9))
    _touch(world.other, next_try_at=now - timedelta(minutes=20), state=TouchState.SENT)
    _touch(world.other, next_try_at=now + timedelta(minutes=9))

    assert health.oldest_due_seconds(now=now) == {"touch": 540, "message": None}


def test_age_of_clock_now_is_zero():
    moment = clock.now()

    assert health._age(moment, now=moment) == 0

"""A whole small installation on an embedded PostgreSQL of its own: made, then sending while somebody kills the server.

Prints the states of its messages as JSON once the sweeps of the next hours have run.
"""

import json
import os
from collections import Counter
from datetime import timedelta

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.core.management import call_command

    from common.tenancy import cross_tenant, tenant_scope
    from dealerships.services import dealerships
    from messaging.models import Message, ProviderAccount
    from messaging.services import reconciling, sending, sweeping
    from tests.conftest import NOW
    from tests.factories.customers import CustomerFactory
    from tests.factories.messaging import MessageFactory

    call_command("migrate", verbosity=0)
    new = dealerships.NewDealership("Live Oak Motors", "live-oak", "America/Chicago")
    dealership = dealerships.create(new)
    with tenant_scope(dealership):
        account = ProviderAccount.objects.get(channel="email")
        ProviderAccount.objects.filter(pk=account.pk).update(
            uuid=os.environ["ACCOUNT_UUID"], config={"max_in_flight": 4}
        )
        MessageFactory.create_batch(
            int(os.environ["MESSAGES"]),
            dealership=dealership,
            account=account,
            customer=CustomerFactory(dealership=dealership),
            channel="email",
            to_address="ana@example.com",
        )
    now = NOW
    for _ in range(4):
        sending.drain(now=lambda moment=now: moment)
        now += timedelta(minutes=12)
        sweeping.give_up_lost_claims(now=now)
        reconciling.reconcile(now=now)
    with cross_tenant(reason="test"):
        states = Counter(Message.objects.values_list("state", flat=True))
    print(json.dumps(states))  # noqa: T201 -- the test reads it

"""People and cars a reminder is due for, for the benches of campaigns."""

import os
from datetime import UTC, date, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anticipate.settings")
django.setup()

from django.db import connection  # noqa: E402 -- after the settings

from common.tenancy import tenant_scope  # noqa: E402
from dealerships.models import Dealership  # noqa: E402
from dealerships.services import dealerships  # noqa: E402

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TODAY = NOW.date()

# One car a customer, two in ten people share a household; each car has one service due within the next month or in
# the last one, and a second due next year; everybody has a phone, a mailbox and an address and agreed to messages.
SEED = (
    """INSERT INTO customers_customer (dealership_id, external_id, kind, first_name, last_name, company_name, display_name,
           language, household_key, is_internal, is_fleet, created_at)
       SELECT %(tenant)s, 'C' || n, 'person', 'Pat', 'Doe' || n, '', 'Pat Doe' || n, 'en',
           CASE WHEN n %% 10 < 2 THEN 'home' || n / 10 ELSE '' END, false, false, now()
       FROM generate_series(1, %(count)s) AS n""",
    """INSERT INTO customers_vehicle (dealership_id, customer_id, vin, vin_is_valid, external_id, year, make, model, plate,
           distance_unit, status, is_internal, created_at)
       SELECT dealership_id, id, 'V' || external_id, false, '', 2019, 'Honda', 'Civic', '', 'mi', 'active', false, now()
       FROM customers_customer""",
    """INSERT INTO customers_contactpoint (dealership_id, customer_id, kind, value, street, city, region, postal_code, country,
           validity, textability, rank)
       SELECT dealership_id, id, point, CASE point WHEN 'phone' THEN '+1512' || 2000000 + id %% 7000000
               WHEN 'email' THEN external_id || '@example.com' ELSE '1 Main St, Austin, TX 78701' END,
           '1 Main St', 'Austin', 'TX', '78701', 'US', 'valid', 'textable', 0
       FROM customers_customer CROSS JOIN unnest(ARRAY['phone', 'email', 'postal']) AS point""",
    """INSERT INTO messaging_consentevent (dealership_id, customer_id, channel, purpose, action, source, wording, evidence, at)
       SELECT dealership_id, id, '', '', 'granted', 'dms_attestation', '', '{}', now() FROM customers_customer""",
    """INSERT INTO customers_forecast (dealership_id, vehicle_id, service_id, low_on, due_on, high_on, probability_30d, "limit",
           basis, cycle_started_on, is_next, forecast_on, rule_version)
       SELECT v.dealership_id, v.id, s.id, due.due_on - 10, due.due_on, due.due_on + 12, 0.6, 'distance',
           'about 980 mi a month over 6 visits', %(today)s::date - 180, s.turn = 1, %(today)s, 1
       FROM customers_vehicle v
       CROSS JOIN (SELECT id, row_number() OVER (ORDER BY rank, id) AS turn FROM customers_service) s
       CROSS JOIN LATERAL (SELECT %(today)s::date + (v.id %% 45)::int - 30 + (s.turn - 1)::int * 400 AS due_on) due
       WHERE s.turn <= 2""",
)


def seed(*, vehicles: int, slug: str = "bench") -> Dealership:
    """Return a dealership with as many customers as `vehicles`, each of whom has one that is due."""
    dealership = dealerships.create(
        dealerships.NewDealership(
            name="Bench Motors",
            slug=slug,
            time_zone="America/Chicago",
            phone="+15125550100",
            email="service@bench.example.com",
            street="1 Main St",
            city="Austin",
            region="TX",
            postal_code="78701",
        )
    )
    facts: dict[str, int | date] = {"tenant": dealership.pk, "count": vehicles, "today": TODAY}
    with tenant_scope(dealership), connection.cursor() as cursor:
        for statement in SEED:
            cursor.execute(statement, facts)
        cursor.execute("ANALYZE")
    return dealership

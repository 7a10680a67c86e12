"""The due list, as the view calls it (six queries and the rows as dataclasses), under forced row security and without.

Both are measured in turns in one run, so that a busy machine bears on both alike; the best time of each counts. What row
security costs is less than the noise of Python around the queries: so PostgreSQL's own time of the main query
is compared as well. BENCH_VEHICLES sets the size; a second dealership beside it has a tenth of that. In a database of
its own, made and dropped here.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anticipate.settings")
django.setup()

from django.db import connection  # noqa: E402 -- after the settings
from django.db.models import QuerySet  # noqa: E402

from campaigns.models import Cadence, CadenceVersion  # noqa: E402
from common import clock  # noqa: E402
from common.tenancy import cross_tenant, tenant_scope  # noqa: E402
from customers.models import Forecast, Service  # noqa: E402
from dealerships.models import Dealership  # noqa: E402
from dealerships.services import dealerships  # noqa: E402
from insights.logic.cursor import Place  # noqa: E402
from insights.logic.due_filter import DueFilter, Progress, Window  # noqa: E402
from insights.logic.moments import Near  # noqa: E402
from insights.queries import due_list  # noqa: E402
from tools.bench.figure import Figure  # noqa: E402
from tools.bench.own_database import own_database  # noqa: E402

VEHICLES = int(os.environ.get("BENCH_VEHICLES", "200000"))
ROUNDS = 5
RUNS = 3  # of a case in a round
TABLES = (
    "customers_forecast",
    "customers_vehicle",
    "customers_customer",
    "customers_service",
    "customers_searchtoken",
    "campaigns_enrolmentitem",
    "campaigns_enrolment",
    "campaigns_touch",
    "messaging_message",
    "messaging_inboundmessage",
    "booking_appointment",
    "conversations_conversation",
)
FAMILY_NAMES = (
    "ARRAY['adeyemi','bergstrom','carvalho','dumont','ekholm','fontaine','galvan','haddad','ito','jansen']"
)

# {d}: the dealership; {n}: vehicles. Three vehicles to two customers, due dates over two years around today.
FILL = """
INSERT INTO customers_customer (dealership_id, external_id, kind, first_name, last_name, company_name,
    display_name, language, household_key, is_internal, is_fleet, created_at)
SELECT {d}, 'C' || i, 'person', 'Person', 'N' || i, '', 'Person N' || i, '', '', false, false, now()
FROM generate_series(1, {n} * 2 / 3) i;
CREATE TEMP TABLE of_customer AS
    SELECT id, row_number() OVER () AS i FROM customers_customer WHERE dealership_id = {d};
CREATE INDEX ON of_customer (i);
INSERT INTO customers_vehicle (dealership_id, customer_id, vin, vin_is_valid, external_id, year, make, model,
    plate, distance_unit, status, is_internal, created_at)
SELECT {d}, c.id, 'B' || {d} || 'V' || v, true, '', 2015 + v % 10, 'Honda', 'Civic', '', 'mi',
    CASE WHEN v % 20 = 0 THEN 'sold' ELSE 'active' END, v % 200 = 1, now()
FROM generate_series(1, {n}) v JOIN of_customer c ON c.i = v * 2 / 3 + 1;
INSERT INTO customers_forecast (dealership_id, vehicle_id, service_id, low_on, due_on, high_on,
    probability_30d, "limit", basis, cycle_started_on, is_next, forecast_on, rule_version)
SELECT {d}, v.id, s.id, due.day - 20, due.day, due.day + 25, 0.4, 'distance',
    'about 980 mi a month over 6 visits; oil every 5,000 mi or 6 months, last done 14 March',
    due.day - 180, s.place = 1, current_date, 1
FROM customers_vehicle v
CROSS JOIN LATERAL (SELECT current_date - 365 + (hashint8(v.id) & 1023) % 730 AS day) due
CROSS JOIN LATERAL (
    SELECT id, row_number() OVER (ORDER BY hashint8(id + v.id)) AS place
    FROM customers_service WHERE dealership_id = {d} AND code != 'bench-rare' LIMIT 2) s
WHERE v.dealership_id = {d};
UPDATE customers_forecast SET service_id =
    (SELECT id FROM customers_service WHERE dealership_id = {d} AND code = 'bench-rare')
WHERE dealership_id = {d} AND is_next AND id % 20011 = 0;
INSERT INTO customers_searchtoken (dealership_id, token, customer_id)
SELECT {d}, ({names})[1 + i % 10] || i / 10 % 1000, id FROM of_customer
UNION ALL SELECT {d}, '1512' || lpad(i::text, 7, '0'), id FROM of_customer
UNION ALL SELECT {d}, 'person', id FROM of_customer;
INSERT INTO campaigns_enrolment (dealership_id, customer_id, version_id, state, end_reason, anchor_on, started_at)
SELECT {d}, id, (SELECT min(id) FROM campaigns_cadenceversion WHERE dealership_id = {d}), 'active', '',
    current_date, now()
FROM of_customer WHERE i % 12 = 0;
INSERT INTO campaigns_touch (dealership_id, enrolment_id, step_number, fallback_number, channel, due_at, local_on,
    local_time, zone_name, next_try_at, state, reason)
SELECT {d}, e.id, step, 0, 'email', now() + step * interval '5 days', current_date + step * 5, '10:00',
    'America/Chicago', now() + step * interval '5 days', 'planned', ''
FROM campaigns_enrolment e, generate_series(1, 5) step WHERE e.dealership_id = {d};
"""


def run() -> list[Figure]:
    """Return milliseconds of each page, and how many times that without row-level security."""
    with own_database():
        dealership = prepare()
        near = Near(now=clock.now(), zone=ZoneInfo("America/Chicago"))
        with tenant_scope(dealership):
            return [_size(), *_compare(near)]


def _size() -> Figure:
    return Figure("vehicles on the due list", Forecast.objects.filter(is_next=True).count(), "vehicles")


def _compare(near: Near) -> list[Figure]:
    measures = cases(near) | own_times(near)
    forced: dict[str, list[float]] = {name: [] for name in measures}
    unforced: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(ROUNDS):
        _measure(measures, forced)
        with without_force():
            _measure(measures, unforced)
    return [
        Figure(name, min(times), "ms", min(times) / min(unforced[name]), "times without row security")
        for name, times in forced.items()
    ]


def _measure(measures: dict[str, Callable[[], float]], into: dict[str, list[float]]) -> None:
    for name, measure in measures.items():
        measure()  # warms up
        into[name] += [measure() for _ in range(RUNS)]


def prepare() -> Dealership:
    """Return the large dealership, filled, beside a smaller one."""
    made = [
        dealerships.create(dealerships.NewDealership(name=slug, slug=slug, time_zone="America/Chicago"))
        for slug in ("bench-large", "bench-small")
    ]
    with cross_tenant(reason="benchmark: fill the tables of two dealerships"):
        for dealership, count in zip(made, (VEHICLES, VEHICLES // 10), strict=True):
            prepare_parts(dealership)
            fill(dealership, vehicles=count)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return made[0]


def fill(dealership: Dealership, *, vehicles: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS of_customer")
        for statement in FILL.format(d=dealership.pk, n=vehicles, names=FAMILY_NAMES).split(";\n"):
            if statement.strip():
                cursor.execute(statement)
        cursor.execute(enrolment_items(), {"dealership": dealership.pk})


def enrolment_items() -> str:
    """Return the statement that makes every enrolment about one vehicle of its customer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = 'campaigns_enrolmentitem' AND column_name IN ('end_reason') "
        )
        more = [name for (name,) in cursor.fetchall()]
    names = "".join(f", {name}" for name in more)
    values = ", ''" * len(more)
    return (
        "INSERT INTO campaigns_enrolmentitem "  # noqa: S608 -- the names come from the catalogue
        f"(dealership_id, enrolment_id, vehicle_id, service_id, cycle_started_on, due_on{names}) "
        f"SELECT e.dealership_id, e.id, f.vehicle_id, f.service_id, f.cycle_started_on, f.due_on{values} "
        # Not min(id) in a LATERAL: PostgreSQL then walks the primary key for every enrolment.
        "FROM campaigns_enrolment e JOIN ("
        "SELECT DISTINCT ON (customer_id) customer_id, id FROM customers_vehicle ORDER BY customer_id, id"
        ") v ON v.customer_id = e.customer_id "
        "JOIN customers_forecast f ON f.vehicle_id = v.id AND f.is_next WHERE e.dealership_id = %(dealership)s"
    )


def prepare_parts(dealership: Dealership) -> None:
    """Make sure there are services, one of them rare, and a cadence version."""
    for number, code in enumerate(("bench-oil", "bench-tires", "bench-rare")):
        Service.objects.get_or_create(
            dealership=dealership,
            code=code,
            defaults={"name": code, "interval_months": 6 + number, "interval_distance": 5000},
        )
    cadence = Cadence.objects.create(
        dealership=dealership, key="bench", name="Bench", trigger="service_due", is_active=False
    )
    CadenceVersion.objects.create(dealership=dealership, cadence=cadence, number=1, published_at=clock.now())


@contextmanager
def without_force() -> Iterator[None]:
    """Let the owner of the tables past the policies: what row-level security costs is the difference."""
    set_force("NO FORCE")
    try:
        yield
    finally:
        set_force("FORCE")


def set_force(word: str) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} {word} ROW LEVEL SECURITY")


def cases(near: Near) -> dict[str, Callable[[], float]]:
    """Pages as a view asks for them, each answering how many milliseconds it took."""

    def page(wanted: DueFilter, place: Place | None = None) -> Callable[[], float]:
        return lambda: _milliseconds(lambda: due_list.page(wanted, near=near, after=place))

    everything = DueFilter(window=Window.ALL)
    deep = Place(near.today + timedelta(days=340), 0)
    return {
        "next 30 days, first page": page(DueFilter()),
        "overdue, first page": page(DueFilter(window=Window.LATE)),
        "all, a page near the end": page(everything, deep),
        "a rare service (1 in 20,000), all": page(DueFilter(window=Window.ALL, service="bench-rare")),
        "in a cadence, 30 days": page(DueFilter(progress=Progress.RUNNING)),
        "nothing planned, 30 days": page(DueFilter(progress=Progress.IDLE)),
        "reply waiting (nobody), all": page(DueFilter(window=Window.ALL, progress=Progress.WAITING)),
        "booked (nobody), all": page(DueFilter(window=Window.ALL, progress=Progress.BOOKED)),
        "search by phone": page(DueFilter(window=Window.ALL, query="15120001234")),
        "search by a word everybody has": page(DueFilter(window=Window.ALL, query="person")),
        "search by two words": page(DueFilter(window=Window.ALL, query="person galvan12")),
    }


def own_times(near: Near) -> dict[str, Callable[[], float]]:
    """PostgreSQL's own time of the main query, of a page at the beginning and one near the end."""
    first = DueFilter()
    everything = due_list.filtered(DueFilter(window=Window.ALL), near=near)
    beyond = due_list._beyond(Place(near.today + timedelta(days=340), 0), is_falling=False)  # noqa: SLF001 -- of just this
    return {
        "main query, first page": lambda: _server_milliseconds(due_list.filtered(first, near=near)),
        "main query, a page near the end": lambda: _server_milliseconds(everything.filter(beyond)),
    }


def _server_milliseconds(query: QuerySet[Forecast]) -> float:
    page = query.order_by("due_on", "id").select_related("vehicle", "vehicle__customer", "service")
    (plan,) = json.loads(page[: due_list.PAGE_SIZE + 1].explain(format="json", analyze=True))
    return float(plan["Execution Time"])


def _milliseconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000

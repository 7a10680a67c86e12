from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.enums import Evidence, Part, RuleForce, RuleKind
from messaging.logic.caps import Sent, cap_lifts_at
from messaging.logic.law import Law, SendingHours, in_force, is_holiday
from messaging.logic.rules import Cap, Hours, Parts, Span
from messaging.logic.sending_windows import next_allowed, what_closes
from tests.law import LAW, rule, week

pytestmark = pytest.mark.logic

WEEKDAYS = (True,) * 5 + (False, False)
CHICAGO = "America/Chicago"


def local(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def hours_at(*places, channel="sms", purpose="marketing", law=LAW):
    return law.hours(channel=channel, purpose=purpose, places=places)


def said_on(day, *places, channel="sms", law=LAW):
    """The common hours of a local date, in words: what the sheet's table says of it."""
    found = hours_at(*places, channel=channel, law=law).on(day)
    span = getattr(found, "span", None)
    return f"{span.opens:%H:%M}-{span.closes:%H:%M}" if span else "closed"


MONDAY, SATURDAY, SUNDAY = date(2026, 12, 7), date(2026, 12, 5), date(2026, 12, 6)
CHRISTMAS = date(2026, 12, 25)  # a Friday

# The sheet's rows. Only those whose own text was read (Florida, Mississippi, Washington) widen the cautious default; and our
# own rule keeps Sundays, holidays and the hours before nine free there too.
VECTORS = [
    # place, Monday, Saturday, Sunday, Christmas
    (("US",), "10:00-17:00", "closed", "closed", "closed"),
    (("US-FL",), "09:00-20:00", "09:00-20:00", "closed", "closed"),
    (("US-WA",), "09:00-20:00", "09:00-20:00", "closed", "closed"),
    (("US-MS",), "09:00-20:00", "09:00-20:00", "closed", "closed"),
    (("US-TX",), "10:00-17:00", "closed", "closed", "closed"),
    (("US-OK",), "10:00-17:00", "closed", "closed", "closed"),
    (("US-ME",), "10:00-17:00", "closed", "closed", "closed"),
    (("US-RI",), "10:00-17:00", "closed", "closed", "closed"),
    (("US-UT",), "10:00-17:00", "closed", "closed", "closed"),  # nobody has looked it up
    (("US-FL", "US-TX"), "10:00-17:00", "closed", "closed", "closed"),  # the strictest of both
    (("US-FL", "US-WA"), "09:00-20:00", "09:00-20:00", "closed", "closed"),
    (("US", "US-FL"), "10:00-17:00", "closed", "closed", "closed"),
    (("CA-ON",), "10:00-17:00", "closed", "closed", "closed"),
    (("MX",), "10:00-17:00", "closed", "closed", "closed"),
]


@pytest.mark.parametrize(("places", "expected"), [(places, days) for places, *days in VECTORS])
@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_hours_by_place_are_the_sheets(channel, places, expected):
    found = [said_on(day, *places, channel=channel) for day in (MONDAY, SATURDAY, SUNDAY, CHRISTMAS)]

    assert found == expected


# What each state's own rows say by themselves, as the sheet has them: Monday, Saturday, Sunday, Christmas.
STATES = {
    "AL": ("08:00-20:00", "08:00-20:00", "closed", "closed"),
    "CT": ("09:00-20:00", "09:00-20:00", "09:00-20:00", "09:00-20:00"),
    "FL": ("08:00-20:00", "08:00-20:00", "08:00-20:00", "08:00-20:00"),
    "KY": ("10:00-21:00", "10:00-21:00", "10:00-21:00", "10:00-21:00"),
    "LA": ("08:00-20:00", "08:00-20:00", "closed", "closed"),
    "MA": ("08:00-20:00", "08:00-20:00", "08:00-20:00", "08:00-20:00"),
    "MD": ("08:00-20:00", "08:00-20:00", "08:00-20:00", "08:00-20:00"),
    "ME": ("09:00-17:00", "closed", "closed", "09:00-17:00"),
    "MI": ("09:00-21:00", "09:00-21:00", "09:00-21:00", "09:00-21:00"),
    "MN": ("09:00-21:00", "09:00-21:00", "09:00-21:00", "09:00-21:00"),
    "MS": ("08:00-20:00", "08:00-20:00", "closed", "08:00-20:00"),
    "NJ": ("08:00-20:00", "08:00-20:00", "08:00-20:00", "08:00-20:00"),
    "NM": ("09:00-21:00", "09:00-21:00", "09:00-21:00", "09:00-21:00"),
    "NV": ("09:00-20:00", "09:00-20:00", "09:00-20:00", "09:00-20:00"),
    "OK": ("08:00-20:00", "08:00-20:00", "08:00-20:00", "08:00-20:00"),
    "PA": ("08:00-21:00", "08:00-12:00", "closed", "08:00-21:00"),
    "RI": ("09:00-18:00", "10:00-17:00", "closed", "closed"),
    "TX": ("09:00-21:00", "09:00-21:00", "12:00-21:00", "09:00-21:00"),
    "WA": ("08:00-20:00", "08:00-20:00", "08:00-20:00", "08:00-20:00"),
    "WY": ("08:00-20:00", "08:00-20:00", "08:00-20:00", "08:00-20:00"),
}


@pytest.mark.parametrize(("state", "expected"), STATES.items())
def test_each_states_row_says_what_the_sheet_says(state, expected):
    law = Law([row for row in LAW.rules if row.jurisdiction == f"US-{state}"])

    found = tuple(said_on(day, f"US-{state}", law=law) for day in (MONDAY, SATURDAY, SUNDAY, CHRISTMAS))

    assert found == expected


def test_there_is_no_state_this_test_does_not_know():
    ours = {row.jurisdiction for row in LAW.rules if row.kind == RuleKind.HOURS and "-" in row.jurisdiction}

    assert ours == {f"US-{state}" for state in STATES}


def test_every_row_names_its_source_and_every_key_is_about_one_thing():
    assert all(row.source and row.effective_on and row.terms for row in LAW.rules)
    about = {}
    for row in LAW.rules:
        one = (row.kind, row.jurisdiction, row.purpose, row.channels)
        assert about.setdefault(row.key, one) == one


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2026, 10, 11), "08:00-21:00"), (date(2026, 10, 18), "closed"), (date(2026, 10, 25), "closed")],
)
def test_pennsylvanias_sundays_end_on_their_day(day, expected):
    law = Law([row for row in LAW.rules if row.jurisdiction == "US-PA"])

    assert said_on(day, "US-PA", law=law) == expected


@pytest.mark.parametrize(
    "zone", ["America/New_York", CHICAGO, "Pacific/Honolulu", "Asia/Kathmandu", "America/St_Johns"]
)
def test_a_new_row_takes_over_at_midnight_there(zone):
    before = rule(Hours(week(time(0), time(0))), effective_on=date(2026, 1, 1))
    after = rule(Hours(week(time(0, 30), time(12))), effective_on=date(2026, 6, 10), id=2)
    hours = SendingHours([after, before], ("US",))
    midnight = local(zone, 2026, 6, 10)

    last = midnight - timedelta(microseconds=1)
    assert next_allowed(last, hours=hours, zone_names=[zone]) == last
    assert next_allowed(midnight, hours=hours, zone_names=[zone]) == local(zone, 2026, 6, 10, 0, 30)


def test_a_row_without_terms_ends_its_rule():
    begins = rule(Hours(week(time(9), time(17))), effective_on=date(2026, 1, 1))
    ends = rule(None, effective_on=date(2026, 6, 1), id=2)

    assert in_force([begins, ends], places=["US"], on=date(2026, 5, 31)) == (begins,)
    assert in_force([begins, ends], places=["US"], on=date(2026, 6, 1)) == ()


def test_of_two_rows_for_one_day_the_later_recorded_holds():
    first = rule(Hours(week(time(9), time(17))), id=5)
    corrected = rule(Hours(week(time(10), time(17))), id=9)

    assert in_force([corrected, first], places=["US"], on=MONDAY) == (corrected,)


def default(**fields):
    usual = {"key": "default", "jurisdiction": "US", "force": RuleForce.DEFAULT}
    return rule(Hours(week(time(10), time(17), WEEKDAYS)), **(usual | fields))


@pytest.mark.parametrize(
    ("evidence", "monday", "saturday"),
    [
        (Evidence.PRIMARY, "08:00-20:00", "08:00-20:00"),
        (Evidence.COUNSEL, "08:00-20:00", "08:00-20:00"),
        (Evidence.SECONDARY, "10:00-17:00", "closed"),
        (Evidence.UNVERIFIED, "10:00-17:00", "closed"),
        (Evidence.HOUSE, "10:00-17:00", "closed"),
    ],
)
def test_only_a_checked_rule_of_a_narrower_place_lifts_the_default(evidence, monday, saturday):
    state = rule(Hours(week(time(8), time(20))), key="state", jurisdiction="US-OH", evidence=evidence)
    law = Law([default(), state])

    assert (said_on(MONDAY, "US-OH", law=law), said_on(SATURDAY, "US-OH", law=law)) == (monday, saturday)


def test_an_unchecked_rule_beside_a_checked_one_keeps_the_default():
    checked = rule(Hours(week(time(8), time(20))), key="a", jurisdiction="US-OH")
    unchecked = rule(
        Hours(week(time(8), time(21))), key="b", jurisdiction="US-OH", evidence=Evidence.SECONDARY
    )

    assert said_on(MONDAY, "US-OH", law=Law([default(), checked, unchecked])) == "10:00-17:00"


def test_a_checked_rule_of_the_same_place_lifts_nothing():
    federal = rule(Hours(week(time(8), time(21))), key="federal", jurisdiction="US")

    assert said_on(MONDAY, "US-OH", law=Law([default(), federal])) == "10:00-17:00"


def test_a_dealerships_own_rule_only_narrows():
    narrow = rule(Hours(week(time(11), time(23))), key="own", evidence=Evidence.HOUSE)

    assert said_on(MONDAY, "US-TX", law=LAW.with_own([narrow])) == "11:00-17:00"
    assert said_on(SATURDAY, "US-TX", law=LAW.with_own([narrow])) == "closed"


def test_rules_without_an_hour_in_common_close_the_day_and_the_earlier_end_is_named():
    morning = rule(Hours(week(time(8), time(12))), key="morning")
    evening = rule(Hours(week(time(12), time(20))), key="evening")
    hours = SendingHours([morning, evening], ("US",))

    assert hours.on(MONDAY).closed_by == morning


@pytest.mark.parametrize(
    ("at", "key", "zone"),
    [
        ((2026, 12, 7, 9, 30), "us.hours.marketing-phone-default", "America/New_York"),
        ((2026, 12, 7, 17, 30), "us.hours.marketing-phone-default", "America/New_York"),
        ((2026, 12, 6, 12), "us.hours.marketing-phone-default", "America/New_York"),
    ],
)
def test_the_rule_that_closes_is_named(at, key, zone):
    closing = what_closes(local(zone, *at), hours=hours_at("US-NY"), zone_names=[zone])

    assert (closing.rule.key, closing.zone_name) == (key, zone)


def test_the_zone_that_waits_longest_is_named():
    zones = ["America/New_York", "America/Los_Angeles"]
    nine_in_new_york = local("America/New_York", 2026, 12, 7, 9)

    assert (
        what_closes(nine_in_new_york, hours=hours_at("US"), zone_names=zones).zone_name
        == "America/Los_Angeles"
    )
    assert (
        what_closes(local("America/New_York", 2026, 12, 7, 14), hours=hours_at("US"), zone_names=zones)
        is None
    )


@pytest.mark.parametrize(
    ("on", "place", "expected"),
    [
        (date(2026, 7, 3), "US", True),  # the 4th is a Saturday: observed
        (date(2026, 2, 17), "US-LA", True),  # Mardi Gras
        (date(2026, 2, 17), "US", False),
        (date(2026, 2, 17), "US-ZZ", False),
        (date(2026, 12, 25), "US-ZZ", True),
        (date(2026, 12, 26), "CA-ON", True),
        (date(2026, 12, 25), "ZZ", False),
    ],
)
def test_holidays_are_those_of_the_place(on, place, expected):
    assert is_holiday(on, place=place) == expected


def test_a_rule_of_everywhere_keeps_the_holidays_of_the_country():
    canada_day = date(2026, 7, 1)

    assert said_on(canada_day, "CA-ON") == "closed"
    assert said_on(canada_day, "US-NY") == "10:00-17:00"


def test_places_must_be_named():
    with pytest.raises(ValueError, match="country"):
        hours_at()


# --- caps ---

NOW = local(CHICAGO, 2026, 12, 9, 12)


def lift(*sent, cap, zones=(CHICAGO,), now=NOW, channels=("sms", "voice", "email")):
    law = Law([rule(cap, kind=RuleKind.CAP, channels=frozenset(channels))])
    return cap_lifts_at(
        now, channel="sms", purpose="marketing", sent=sent, zone_names=zones, law=law, places=("US",)
    )


def ago(channel="sms", **span):
    return Sent(channel, NOW - timedelta(**span))


def test_cap_of_hours_lifts_when_the_oldest_that_counts_is_old_enough():
    sent = (ago(hours=30), ago(hours=20), ago("email", hours=3), ago("voice", hours=1))

    assert lift(*sent, cap=Cap(3, hours=24)).at == NOW + timedelta(hours=4)
    assert lift(*sent, cap=Cap(4, hours=24)) is None
    assert lift(*sent, cap=Cap(4, hours=168)).at == NOW + timedelta(hours=138)


def test_cap_on_each_channel_counts_that_channel_alone():
    sent = (ago("email", hours=3), ago("voice", hours=1))

    assert lift(*sent, cap=Cap(1, days=1, on_each_channel=True)) is None
    assert lift(*sent, cap=Cap(1, days=1)).at == local(CHICAGO, 2026, 12, 10)


def test_cap_counts_its_own_channels_only():
    assert lift(ago("email", hours=1), cap=Cap(1, hours=24), channels=("sms", "voice")) is None


def test_cap_of_calendar_days_lifts_at_local_midnight():
    assert lift(ago(days=2), ago(days=1), cap=Cap(2, days=3)).at == local(CHICAGO, 2026, 12, 10)
    assert lift(ago(days=3), ago(days=1), cap=Cap(2, days=3)) is None


def test_cap_that_takes_effect_tomorrow_holds_nothing_today():
    law = Law([rule(Cap(1, days=7), kind=RuleKind.CAP, effective_on=date(2026, 12, 10))])
    given_ = {"channel": "sms", "purpose": "marketing", "sent": [ago(hours=1)], "law": law, "places": ("US",)}

    assert cap_lifts_at(NOW, zone_names=(CHICAGO,), **given_) is None
    assert cap_lifts_at(NOW, zone_names=(CHICAGO, "Pacific/Kiritimati"), **given_).rule.key == "test"


def test_the_week_has_four():
    sent = [ago(days=day, hours=1) for day in (1, 2, 3, 4)]
    found = cap_lifts_at(
        NOW,
        channel="email",
        purpose="marketing",
        sent=sent,
        zone_names=(CHICAGO,),
        law=LAW,
        places=("US-TX",),
    )

    assert (found.rule.key, found.at) == (
        "everywhere.cap.four-a-week",
        NOW + timedelta(days=3) - timedelta(hours=1),
    )


# --- parts ---


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("sms", {Part.DEALERSHIP_NAME, Part.WAY_OUT}),
        ("email", {Part.DEALERSHIP_NAME, Part.WAY_OUT, Part.POSTAL_ADDRESS}),
        ("voice", {Part.CALLER_IDENTITY, Part.CALLBACK_NUMBER, Part.OPT_OUT_KEY}),
        ("letter", set()),
    ],
)
def test_parts_of_marketing(channel, expected):
    assert LAW.parts(channel=channel, purpose="marketing", places=("US-TX",), on=MONDAY) == expected
    assert LAW.parts(channel=channel, purpose="transactional", places=("US-TX",), on=MONDAY) == set()


def test_a_template_must_do_for_every_state_of_the_country():
    state = rule(
        Parts(frozenset({Part.POSTAL_ADDRESS})), kind=RuleKind.PARTS, jurisdiction="US-VT", key="vermont"
    )
    law = Law([*LAW.rules, state])
    asked = {"channel": "sms", "purpose": "marketing", "on": MONDAY}

    assert Part.POSTAL_ADDRESS in law.parts_anywhere(country="US", **asked)
    assert Part.POSTAL_ADDRESS not in law.parts_anywhere(country="CA", **asked)
    assert Part.POSTAL_ADDRESS not in law.parts(places=("US-TX",), **asked)


# --- whatever the rules, zones and moment ---

ZONES = [
    "America/New_York",
    CHICAGO,
    "America/Phoenix",
    "Pacific/Honolulu",
    "America/St_Johns",  # half an hour off
    "Asia/Kolkata",
    "Asia/Kathmandu",  # three quarters of an hour off
    "Pacific/Chatham",  # and with summer time
    "Australia/Lord_Howe",  # summer time of half an hour
    "America/Havana",  # summer time begins at midnight: a date without a first hour
]
PLACES = st.lists(
    st.sampled_from(sorted({f"US-{s}" for s in STATES} | {"US", "CA-ON", "MX", "US-UT"})),
    min_size=1,
    max_size=3,
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))


@st.composite
def any_rule(draw):
    jurisdiction, spans = draw(st.sampled_from(["*", "US", "US-TX", "US-FL"])), []
    for _ in range(7):
        opens, closes = sorted([draw(TIMES), draw(TIMES)])
        spans.append(None if opens == closes or draw(st.booleans()) else Span(opens, closes))
    if not any(spans):
        spans[draw(st.integers(0, 6))] = Span(time(9), time(0))
    return rule(
        Hours(tuple(spans), keeps_holidays=draw(st.booleans())),
        key=f"{jurisdiction}.{draw(st.sampled_from(['a', 'b']))}",
        jurisdiction=jurisdiction,
        force=draw(st.sampled_from(list(RuleForce))),
        evidence=draw(st.sampled_from(list(Evidence))),
        effective_on=draw(st.dates(date(2025, 12, 1), date(2026, 3, 1))),
    )


def allows(each, shown, places):
    """Whether one row allows a local moment; as plainly as can be."""
    if each.hours.keeps_holidays:
        of = [each.jurisdiction] if each.jurisdiction != "*" else {place[:2] for place in places}
        if any(is_holiday(shown.date(), place=place) for place in of):
            return False
    span = each.hours.week[shown.weekday()]
    return (
        span is not None
        and span.opens <= shown.time()
        and (span.closes == time(0) or shown.time() < span.closes)
    )


@given(
    rules=st.lists(any_rule(), min_size=1, max_size=6),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 4, 20), timezones=st.just(UTC)),
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=3),
    places=st.sampled_from([("US",), ("US-TX",), ("US-FL", "US-TX"), ("CA-ON",)]),
    share=st.floats(0, 1, exclude_max=True),
)
@settings(max_examples=60, deadline=None)
def test_no_send_instant_lies_outside_any_rule_in_any_zone_and_none_is_missed(
    rules, at, zones, places, share
):
    rules = [replace(each, id=number) for number, each in enumerate(rules)]
    hours = Law(rules).hours(channel="sms", purpose="marketing", places=places)
    answer = next_allowed(at, hours=hours, zone_names=zones)

    def is_allowed(moment):
        shown = [moment.astimezone(ZoneInfo(name)) for name in zones]
        return all(
            allows(each, local_, places)
            for local_ in shown
            for each in in_force(rules, places=places, on=local_.date())
        )

    assert answer is None or (answer >= at and is_allowed(answer))
    end = answer or at + timedelta(days=28)
    between = at + (end - at) * share
    assert between >= end or not is_allowed(between)
    assert (what_closes(at, hours=hours, zone_names=zones) is None) == is_allowed(at)


@given(
    places=PLACES,
    at=MOMENTS,
    zones=st.lists(st.sampled_from(ZONES[:5]), min_size=1, max_size=2),
    more=st.sampled_from(["US-TX", "US-RI", "CA-ON", "US"]),
)
def test_one_more_place_never_allows_earlier(places, at, zones, more):
    fewer = next_allowed(at, hours=hours_at(*places), zone_names=zones)
    wider = next_allowed(at, hours=hours_at(*places, more), zone_names=zones)

    assert wider is None or (fewer is not None and wider >= fewer)


@given(places=PLACES, at=MOMENTS, zone=st.sampled_from(ZONES))
def test_no_reminder_by_phone_ever_rings_before_nine_after_eight_or_on_a_sunday(places, at, zone):
    answer = next_allowed(at, hours=hours_at(*places, channel="voice"), zone_names=[zone])

    shown = answer.astimezone(ZoneInfo(zone))
    assert shown.weekday() != 6
    assert time(9) <= shown.time() < time(20)

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from common.tenancy import tenant_scope
from dealerships.models import LogEntry
from messaging.logic.own_rules import SUBJECTS, own_rule
from messaging.logic.rules import Cap, Hours
from messaging.models import LawRule, OwnRule
from messaging.queries.law import LawMissing, law_here, law_known_at, law_of
from messaging.services import law_seed
from messaging.services.law_changes import ChangeRefused, LawChange, Subject, add_rule, set_own, supersede
from tests.conftest import NOW
from tests.law import LAW, week

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
FLORIDA = "us-fl.hours.solicitation"
NARROW = Hours(week(time(11), time(16)))
CHANGE = LawChange(NARROW, TODAY, "counsel", "A letter of 20 November")
MONDAY = date(2026, 11, 23)


def text_hours(law, *places, on=MONDAY):
    return law.hours(channel="sms", purpose="marketing", places=places).on(on).span


def test_law_of_the_release_is_there_after_migrating(dealership):
    assert {(rule.key, rule.effective_on) for rule in law_here().rules} == {
        (rule.key, rule.effective_on) for rule in LAW.rules
    }


def test_loading_again_changes_nothing(db, capsys):
    before = LawRule.objects.count()

    assert law_seed.load_law(now=NOW).added == 0
    call_command("load_law")

    assert LawRule.objects.count() == before
    assert "0 rows added" in capsys.readouterr().out


def test_a_release_that_says_something_else_supersedes_and_an_operators_change_is_left_alone(
    db, world, monkeypatch
):
    supersede(FLORIDA, CHANGE, by=world.alice, now=NOW)
    rules = law_seed.read_file()
    texas = next(rule for rule in rules if rule.key == "us-tx.hours.solicitation")
    florida = next(rule for rule in rules if rule.key == FLORIDA)
    later = [replace(texas, source="corrected"), replace(florida, effective_on=date(2027, 1, 1))]
    monkeypatch.setattr(law_seed, "read_file", lambda: later)

    loaded = law_seed.load_law(now=NOW)

    assert (loaded.added, loaded.kept) == (1, (FLORIDA,))
    assert [row.source for row in LawRule.objects.filter(key=texas.key).order_by("pk")] == [
        texas.source,
        "corrected",
    ]


def test_without_any_row_nothing_may_be_decided():
    with pytest.raises(LawMissing, match="load_law"):
        law_of(1, version=0, own_version=0)


def test_a_change_is_followed_from_its_day_on_and_the_old_row_stays(dealership, world):
    before = law_here()
    assert text_hours(before, "US-FL").opens == time(9)

    row = supersede(FLORIDA, replace(CHANGE, effective_on=MONDAY), by=world.alice, now=NOW)

    after = law_here()
    assert after is not before
    assert text_hours(after, "US-FL").opens == time(11)
    assert text_hours(after, "US-FL", on=TODAY).opens == time(9)
    assert (row.actor, row.recorded_at) == (world.alice, NOW)
    assert LawRule.objects.filter(key=FLORIDA).count() == 2
    assert (row.jurisdiction, row.channels, row.force) == ("US-FL", ["sms", "voice"], "binding")


def test_law_is_read_once_for_a_version(dealership, django_assert_num_queries):
    law = law_here()

    with django_assert_num_queries(1):
        assert law_here() is law


def test_a_rule_can_end(dealership, world):
    supersede("everywhere.hours.no-reminder-on-sunday", replace(CHANGE, terms=None), by=world.alice, now=NOW)

    assert text_hours(law_here(), "US-FL", on=date(2026, 11, 22)).opens == time(8)  # a Sunday


def test_what_was_decided_before_a_change_is_explained_by_the_law_of_then(dealership, world):
    LawRule.objects.all().delete()
    law_seed.load_law(now=NOW - timedelta(days=1))
    supersede(FLORIDA, CHANGE, by=world.alice, now=NOW)

    assert text_hours(law_known_at(NOW - timedelta(hours=1)), "US-FL").opens == time(9)
    assert text_hours(law_known_at(NOW), "US-FL").opens == time(11)
    # Older than the table: the law as it stands.
    assert law_known_at(NOW - timedelta(days=9)) is law_here()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (replace(CHANGE, effective_on=date(2026, 11, 19)), "today or later"),
        (replace(CHANGE, source="  "), "where it stands"),
    ],
)
def test_a_change_of_the_past_or_without_a_source_is_refused(world, change, words):
    with pytest.raises(ChangeRefused, match=words):
        supersede(FLORIDA, change, by=world.alice, now=NOW)


def test_a_new_rule_is_added_once(dealership, world):
    subject = Subject("hours", "US-OH", "marketing", frozenset({"sms"}))

    row = add_rule(subject, CHANGE, by=world.alice, now=NOW)

    assert row.key == "us-oh.hours.marketing.sms.binding"
    assert text_hours(law_here(), "US-OH").opens == time(11)
    with pytest.raises(ChangeRefused, match="already"):
        add_rule(subject, CHANGE, by=world.alice, now=NOW)


def test_a_cap_on_messages_nobody_counts_is_refused(world):
    subject = Subject("cap", "US", "transactional", frozenset({"sms"}))

    with pytest.raises(ChangeRefused, match="counted"):
        add_rule(subject, replace(CHANGE, terms=Cap(1, hours=24)), by=world.alice, now=NOW)


def test_rows_cannot_be_rewritten(world):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LawRule.objects.update(source="x")


def test_own_rules_narrow_one_dealership_alone_and_are_logged(dealership, world):
    phone = SUBJECTS[0]

    assert set_own(own_rule(phone, NARROW, on=TODAY), by=world.alice, now=NOW)
    assert not set_own(own_rule(phone, NARROW, on=TODAY), by=world.alice, now=NOW)

    assert text_hours(law_here(), "US-TX") == text_hours(law_here(), "US-FL") == NARROW.week[0]
    with tenant_scope(world.other):
        assert text_hours(law_here(), "US-TX").opens == time(10)
    entry = LogEntry.objects.get(action="messaging.own_rule.changed")
    assert (entry.actor, entry.data["key"]) == (world.alice, "own.hours.phone")

    assert set_own(own_rule(phone, None, on=TODAY), by=world.alice, now=NOW)
    assert text_hours(law_here(), "US-FL").opens == time(9)
    assert OwnRule.objects.count() == 2


def test_own_rules_of_another_dealership_are_behind_the_wall(dealership, world):
    set_own(own_rule(SUBJECTS[0], NARROW, on=TODAY), by=world.alice, now=NOW)

    with tenant_scope(world.other), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM messaging_ownrule")
        assert cursor.fetchone() == (0,)

from datetime import UTC, date, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from campaigns import tasks
from campaigns.models import Enrolment, Touch
from common.tenancy import tenant_scope
from messaging.models import Message
from tests.campaigns.worlds import a_due_car

NOW = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def car(world):
    with time_machine.travel(NOW, tick=False), tenant_scope(world.dealership):
        yield a_due_car(world.dealership, due_on=date(2026, 12, 8))


def out_of(*args, **kwargs):
    out = StringIO()
    call_command(*args, stdout=out, **kwargs)
    return [line.split() for line in out.getvalue().splitlines() if line]


def test_simulate_prints_days_and_channels():
    lines = out_of("simulate", dealership="live-oak", days=90)

    assert lines[0] == ["day", "E-mail", "Text", "Call", "Letter", "all"]
    assert lines[1:7] == [
        ["2026-11-24", "1", "0", "0", "0", "1"],
        ["2026-12-01", "0", "1", "0", "0", "1"],
        ["2026-12-08", "0", "0", "1", "0", "1"],
        ["2026-12-18", "0", "0", "0", "1", "1"],
        ["2027-01-07", "0", "1", "0", "0", "1"],
        ["all", "1", "2", "1", "1", "5"],
    ]
    assert Enrolment.objects.count() == 0


@pytest.mark.parametrize(
    ("command", "options", "words"),
    [
        ("simulate", {"dealership": "nowhere"}, "no dealership “nowhere”"),
        ("simulate", {"dealership": "live-oak", "days": 0}, "from 1 to 366"),
        ("enrol_due", {"dealership": "nowhere"}, "no active dealership “nowhere”"),
    ],
)
def test_commands_say_what_is_wrong(command, options, words):
    with pytest.raises(CommandError, match=words):
        call_command(command, **options)


def test_enrol_and_dispatch_by_hand():
    assert out_of("enrol_due", dealership="live-oak") == [["live-oak:", "1", "enrolled,", "0", "joined"]]
    assert out_of("enrol_due", dealership="live-oak") == [
        ["live-oak:", "0", "enrolled,", "0", "joined"],
        [
            "1",
            "not:",
            "Reminders",
            "for",
            "this",
            "service",
            "are",
            "under",
            "way",
            "or",
            "were",
            "sent",
            "in",
            "this",
            "cycle",
        ],
    ]
    assert out_of("dispatch_due") == [["1", "to", "send,", "0", "waiting,", "0", "skipped,", "0", "failed"]]
    assert Message.objects.count() == 1


def test_tasks_do_the_same(world, car):
    tasks.enrol(dealership_id=world.dealership.pk, vehicle_ids=[car.pk])
    tasks.dispatch_due()

    assert Touch.objects.filter(state="sent").count() == 1

from datetime import UTC, date, datetime

import pytest
import time_machine

from campaigns.models import Cadence, CadenceVersion, Enrolment, Touch
from common.tenancy import tenant_scope
from dealerships.models import LogEntry
from messaging.enums import Reason
from tests.campaigns.worlds import a_due_car, enrol

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
LIST = "/d/live-oak/cadences/"
DETAIL = "/d/live-oak/cadences/service-due/"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def alice(client, world):
    client.force_login(world.alice)
    return client


@pytest.fixture
def bob(client, world):
    client.force_login(world.bob)
    return client


def fields_of(response):
    """What a browser would send back unchanged."""
    form = response.context["form"]
    data = {"based_on": str(form.version.number)}
    for part in [
        *(step.form for step in form.steps),
        *(text.form for step in form.steps for text in step.texts),
        form.new_step,
    ]:
        for field in part:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value.strftime("%H:%M") if hasattr(value, "strftime") else str(value)
    return data


def test_list_shows_the_built_in_cadence(bob):
    page = bob.get(LIST)

    assert page.status_code == 200
    content = page.content.decode()
    assert "Service due" in content
    assert "Running" in content


def test_detail_shows_every_step_and_text(bob):
    page = bob.get(DETAIL).content.decode()

    assert [f"Step {number}" in page for number in range(1, 7)] == [True] * 5 + [False]
    assert page.count("<textarea") == 2 * (2 + 2 + 3 + 1 + 2)  # languages times channels a step may use
    assert "Publish version" not in page  # an advisor reads


def test_detail_unknown_cadence_is_404(alice):
    assert alice.get("/d/live-oak/cadences/nothing/").status_code == 404


def test_publish_changes_waits_and_channels_for_new_enrolments_only(alice, world):
    with tenant_scope(world.dealership):
        a_due_car(world.dealership, due_on=date(2026, 12, 8))
        (old,) = enrol(NOW)
    data = fields_of(alice.get(DETAIL)) | {
        "step-1-offset_days": "-10",
        "step-2-leave_out": "on",
        "step-3-channel": "sms",
        "text-1-email-en-body": "Hello {{ first_name }}!\r\n{{ dealership_name }}, {{ dealership_address }} {{ opt_out_link }}",
        "step-new-offset_days": "20",
        "step-new-channel": "email",
    }

    response = alice.post(DETAIL, data)

    assert (response.status_code, response.url) == (302, DETAIL)
    with tenant_scope(world.dealership):
        version = CadenceVersion.objects.get(number=2)
        assert list(version.steps.values_list("number", "offset_days", "channel", "channel_rule")) == [
            (1, -10, "email", "next_working"),
            (2, 0, "sms", "next_working"),
            (3, 10, "letter", "fixed"),
            (4, 20, "email", "next_working"),
            (5, 30, "sms", "next_working"),
        ]
        texts = version.steps.get(number=1).templates
        assert texts.get(channel="email", language="en").body == (
            "Hello {{ first_name }}!\n{{ dealership_name }}, {{ dealership_address }} {{ opt_out_link }}"
        )
        assert version.published_by == world.alice
        assert Enrolment.objects.get().version == old.version
        entry = LogEntry.objects.filter(action="campaigns.cadence.version_published").latest("pk")
        assert (entry.actor, entry.data) == (world.alice, {"number": 2})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text-1-email-en-body": "Hi {{ frist_name }}"}, "There is no variable “frist_name”."),
        ({"text-2-sms-en-body": "Hi {{ first_name }}"}, "A text needs the word STOP"),
        ({"text-1-email-en-body": "{% if %}"}, "Missing expression"),
        ({"step-1-offset_days": "-7"}, "must come at least a day after"),
        ({"step-1-send_time": "06:00"}, "choose a time from 08:00 to 20:00"),
        ({"step-1-offset_days": "soon"}, "Enter a whole number."),
        ({"text-1-email-en-body": ""}, "This field is required."),
        ({"based_on": "0"}, "was published meanwhile"),
    ],
)
def test_publish_with_a_fault_says_which_and_publishes_nothing(alice, world, change, words):
    response = alice.post(DETAIL, fields_of(alice.get(DETAIL)) | change)

    assert response.status_code == 422
    assert words in response.content.decode()
    with tenant_scope(world.dealership):
        assert CadenceVersion.objects.count() == 1


@pytest.mark.parametrize("path", [DETAIL, DETAIL + "text/", DETAIL + "running/", DETAIL + "move/"])
def test_changes_are_for_admins(bob, path):
    assert bob.post(path, {}).status_code == 403


def check(client, channel, body, subject="Hi"):
    data = {
        "prefix": "text-1",
        "channel": channel,
        "language": "en",
        "text-1-subject": subject,
        "text-1-body": body,
    }
    return client.post(DETAIL + "text/", data, headers={"HX-Request": "true"}).content.decode()


def test_text_check_names_faults_while_typing(alice):
    assert "There is no variable “nonsense”." in check(alice, "sms", "{{ nonsense }} STOP")


def test_text_check_shows_what_it_would_say(alice):
    answer = check(alice, "sms", "{{ dealership_name }}: {{ vehicle }} STOP <b>")

    assert "Lakeside Ford: 2019 Ford Fiesta STOP &lt;b&gt;" in answer
    assert "1 part as a text" in answer


@pytest.mark.parametrize(
    "bad", [{"channel": "pigeon", "language": "en"}, {"channel": "sms", "language": "xx"}, {}]
)
def test_text_check_of_nothing_we_know_is_404(alice, bad):
    assert alice.post(DETAIL + "text/", bad).status_code == 404


def test_running_pauses_and_resumes(alice, world):
    for answer, is_active in (("no", False), ("no", False), ("yes", True)):
        assert alice.post(DETAIL + "running/", {"running": answer}).status_code == 302
        with tenant_scope(world.dealership):
            assert Cadence.objects.get().is_active is is_active
    with tenant_scope(world.dealership):
        assert (
            LogEntry.objects.filter(action__startswith="campaigns.cadence.")
            .exclude(action="campaigns.cadence.version_published")
            .count()
            == 2
        )


def test_move_takes_enrolments_to_the_current_version(alice, world):
    with tenant_scope(world.dealership):
        a_due_car(world.dealership, due_on=date(2026, 12, 8))
        enrol(NOW)
    data = fields_of(alice.get(DETAIL)) | {"step-5-leave_out": "on", "step-2-offset_days": "-5"}
    alice.post(DETAIL, data)
    assert "1 enrolments go on with an earlier version" in alice.get(DETAIL).content.decode()

    alice.post(DETAIL + "move/")

    with tenant_scope(world.dealership):
        assert Enrolment.objects.get().version.number == 2
        assert list(Touch.objects.order_by("step_number").values_list("step_number", "local_on")) == [
            (1, date(2026, 11, 24)),
            (2, date(2026, 12, 3)),
            (3, date(2026, 12, 8)),
            (4, date(2026, 12, 18)),
        ]


def test_preview_shows_days_and_reasons(bob, world):
    with tenant_scope(world.dealership):
        a_due_car(world.dealership, due_on=date(2026, 12, 8))

    page = bob.get(LIST + "preview/").content.decode()

    assert "24 Nov 2026" in page
    assert "1 vehicle or household would be enrolled." in page


def test_preview_of_nothing_says_so(bob):
    assert "Nothing would be sent" in bob.get(LIST + "preview/").content.decode()


def test_list_tells_what_holds_reminders_up(bob, world):
    with tenant_scope(world.dealership):
        car = a_due_car(world.dealership, due_on=date(2026, 12, 8))
        enrol(NOW)
        Touch.objects.filter(step_number=2).update(reason=Reason.NO_TEXT)

    text = " ".join(bob.get(LIST).content.decode().split())

    assert "Service due, step 2 (Text): reminders are held up" in text
    assert "The cadence has no text for this step that can be filled in. 1 waits and is tried again" in text
    assert f"/d/live-oak/customers/{car.customer_id}/" in text

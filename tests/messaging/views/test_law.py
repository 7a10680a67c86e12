import pytest
import time_machine

from common.tenancy import cross_tenant
from dealerships.models import User
from messaging.models import LawRule, OwnRule
from tests.conftest import NOW
from tests.factories.dealerships import UserFactory

pytestmark = pytest.mark.django_db

FLORIDA = "us-fl.hours.solicitation"
WEEK = {f"day_{number}": "11:00-16:00" for number in range(5)}
CHANGE = {"effective_on": "2026-11-20", "evidence": "counsel", "source": "A letter"}


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def operator(client, world) -> User:
    user = UserFactory(email="operator@example.com", is_staff=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("path", ["", f"{FLORIDA}/", "new/hours/"])
def test_law_is_there_for_operators_only(client, world, path):
    assert client.get(f"/platform/law/{path}").status_code == 302  # to sign in

    client.force_login(world.alice)

    assert client.get(f"/platform/law/{path}").status_code == 404
    assert client.post(f"/platform/law/{path}", CHANGE | WEEK).status_code == 404


def test_operator_sees_every_rule_in_words(client, operator):
    page = client.get("/platform/law/").content.decode()

    assert page.count("<tr") == LawRule.objects.values("key").distinct().count() + 1
    assert "Monday to Saturday 09:00 to 20:00, not on holidays" in page
    assert "15 O.S. 775C" in page
    assert "Sundays banned from 18 October 2026" in page


def test_operator_changes_a_rule_and_its_history_stays(client, operator):
    answer = client.post(f"/platform/law/{FLORIDA}/", CHANGE | WEEK)

    assert answer.status_code == 302
    page = client.get(f"/platform/law/{FLORIDA}/").content.decode()
    assert "Monday to Friday 11:00 to 16:00" in page
    assert "every day 08:00 to 20:00" in page
    assert "by operator@example.com" in page
    assert LawRule.objects.filter(key=FLORIDA, actor=operator).count() == 1


def test_operator_ends_a_rule(client, operator):
    client.post(f"/platform/law/{FLORIDA}/", CHANGE | {"ends": "on", "effective_on": "2026-12-01"})

    assert LawRule.objects.latest("pk").terms is None
    assert "From 1 Dec 2026: Ended" in client.get("/platform/law/").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"effective_on": "2026-11-18"}, "today or later"),
        ({"effective_on": ""}, "required"),
        ({"source": ""}, "required"),
        ({"day_0": "17-9"}, "Monday: the hours must end after they begin"),
        ({"day_0": "nine"}, "Monday: write hours as 09:00-20:00"),
        (dict.fromkeys(WEEK, ""), "At least one day must be open"),
    ],
)
def test_a_bad_change_records_nothing_and_says_why(client, operator, fields, words):
    before = LawRule.objects.count()

    answer = client.post(f"/platform/law/{FLORIDA}/", CHANGE | WEEK | fields)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert LawRule.objects.count() == before


SUBJECT = {"jurisdiction": "us-oh", "purpose": "marketing", "channels": ["sms", "voice"], "force": "binding"}


@pytest.mark.parametrize(
    ("kind", "terms", "says"),
    [
        ("hours", WEEK, "Monday to Friday 11:00 to 16:00"),
        (
            "cap",
            {"most": "2", "span": "24", "unit": "hours"},
            "At most 2 in 24 hours over its channels together",
        ),
        ("parts", {"parts": ["way_out"]}, "It must say the way out"),
    ],
)
def test_operator_adds_a_rule_once(client, operator, kind, terms, says):
    data = SUBJECT | CHANGE | terms

    answer = client.post(f"/platform/law/new/{kind}/", data)

    assert (answer.status_code, answer.url) == (
        302,
        f"/platform/law/us-oh.{kind}.marketing.sms-voice.binding/",
    )
    assert says in client.get(answer.url).content.decode()
    assert "already" in client.post(f"/platform/law/new/{kind}/", data).content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"jurisdiction": "Ohio state"}, "Write US, US-TX or"),
        ({"channels": []}, "required"),
        ({"jurisdiction": ""}, "required"),
    ],
)
def test_a_rule_about_nowhere_or_nothing_is_refused(client, operator, fields, words):
    answer = client.post("/platform/law/new/hours/", SUBJECT | CHANGE | WEEK | fields)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_unknown_rules_and_kinds_are_not_there(client, operator):
    assert client.get("/platform/law/no.such.rule/").status_code == 404
    assert client.get("/platform/law/new/taxes/").status_code == 404


# --- a dealership's own ---

OWN = "/d/live-oak/sending-hours/"


def own(**days):
    return {f"own.hours.phone-day_{number}": text for number, text in enumerate(days.get("days", []))} | {
        "own.cap-most": days.get("most", "")
    }


def test_admin_narrows_the_hours_and_the_number(client, world):
    client.force_login(world.alice)

    answer = client.post(OWN, own(days=["11:00-16:00"] * 5, most="2"))

    assert (answer.status_code, answer.url) == (302, OWN)
    assert [(row.key, row.actor) for row in rows()] == [
        ("own.hours.phone", world.alice),
        ("own.cap", world.alice),
    ]
    page = client.get(OWN).content.decode()
    assert 'value="11:00-16:00"' in page
    assert "47 CFR 64.1200(c)(1)" in page
    # The same again changes nothing; emptied, the law's own hold alone.
    client.post(OWN, own(days=["11:00-16:00"] * 5, most="2"))
    assert len(rows()) == 2
    client.post(OWN, own(most="2"))
    assert [(row.key, row.terms) for row in rows()][2:] == [("own.hours.phone", None)]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["08:00-16:00"], "Monday: the law allows 09:00 to 20:00 at most."),
        (["11:00-21:00"], "Monday: the law allows 09:00 to 20:00 at most."),
        (["", "", "", "", "", "", "12:00-13:00"], "Sunday: nothing may be sent then."),
        (["later"], "Monday: write hours as"),
    ],
)
def test_hours_beyond_the_law_are_refused(client, world, days, words):
    client.force_login(world.alice)

    answer = client.post(OWN, own(days=days))

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert rows() == []


def test_advisors_and_viewers_look_only(client, world):
    for user in (world.bob, world.vera):
        client.force_login(user)
        assert client.get(OWN).status_code == 200
        assert client.post(OWN, own(most="1")).status_code == 403
    assert rows() == []


def rows():
    with cross_tenant(reason="test"):
        return list(OwnRule.objects.order_by("pk"))

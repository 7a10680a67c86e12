import re
from datetime import timedelta

import pytest

from common import clock
from common.tenancy import cross_tenant, tenant_scope
from dealerships.models import LogEntry
from messaging.enums import Priority
from messaging.models import Message, ProviderAccount, Suppression
from messaging.services import account_changes, consent, sending
from messaging.services.account_changes import Draft
from tests.factories.customers import ContactPointFactory, CustomerFactory
from tests.factories.messaging import MessageFactory

SID, TOKEN, NEW_TOKEN = "AC" + "1" * 32, "abcdef0123456789" * 2, "fedcba9876543210" * 2
SENDGRID_KEY = "SG." + "a" * 22 + "." + "b" * 43
HERE = "/d/live-oak/channels/"


@pytest.fixture
def admin(client, world):
    client.force_login(world.alice)
    return client


def account(world, channel="sms"):
    with tenant_scope(world.dealership):
        return ProviderAccount.objects.get(channel=channel, is_active=True)


@pytest.fixture
def twilio(admin, world):
    response = admin.post(f"{HERE}new/?provider=twilio_sms", FORM)
    assert response.status_code == 302
    return account(world)


FORM = {"account_sid": SID, "auth_token": TOKEN, "from_address": "(512) 555-0142"}


def errors(response):
    return dict(response.context["form"].errors.items())


def test_page_says_for_each_channel_whose_account_it_is(admin, world):
    page = admin.get(HERE).content.decode()

    assert page.count("The sandbox reaches nobody") == 3
    assert re.findall(r"<dt>Account</dt><dd>(.*?)</dd>", page) == ["Sandbox, built in"] * 3 + [
        "Print queue, built in"
    ]


def test_account_is_entered_and_its_secret_never_comes_back(admin, world, twilio):
    assert (twilio.provider, twilio.from_address) == ("twilio_sms", "+15125550142")
    assert dict(twilio.config) == {"account_sid": SID, "auth_token": TOKEN}
    pages = [admin.get(url).content.decode() for url in (HERE, f"{HERE}{twilio.pk}/")]

    today = clock.now().astimezone(world.dealership.zone)
    assert f"Set {today.day} {today:%B %Y}, ends in ..89." in pages[1]
    assert f"Set {today.day} {today:%b %Y}, ends in" in pages[0]
    assert "..89" in pages[0]
    assert SID in pages[1]
    assert [page for page in pages if TOKEN in page] == []


def test_replaced_secret_is_used_and_audited_by_field_only(admin, world, twilio):
    response = admin.post(f"{HERE}{twilio.pk}/", {**FORM, "auth_token": NEW_TOKEN}, follow=True)

    assert "Saved." in response.content.decode()
    assert account(world).config["auth_token"] == NEW_TOKEN
    with tenant_scope(world.dealership):
        last = LogEntry.objects.filter(action="messaging.account.changed").get()
    assert (last.actor, last.data) == (world.alice, {"provider": "twilio_sms", "fields": ["auth_token"]})


def test_form_without_a_secret_keeps_the_one_that_is_set(admin, world, twilio):
    admin.post(f"{HERE}{twilio.pk}/", {**FORM, "auth_token": "", "from_address": "512 555 0143"})

    row = account(world)
    assert (row.config["auth_token"], row.from_address, row.version) == (TOKEN, "+15125550143", 2)


@pytest.mark.parametrize(
    ("provider", "given", "expected"),
    [
        ("twilio_sms", {}, {"account_sid", "auth_token", "from_address"}),
        ("twilio_sms", FORM | {"account_sid": "SK" + "1" * 32}, {"account_sid"}),
        ("twilio_sms", FORM | {"auth_token": TOKEN + "0"}, {"auth_token"}),
        ("twilio_sms", FORM | {"from_address": "555"}, {"from_address"}),
        ("twilio_sms", FORM | {"api_key_sid": "SK" + "1" * 32}, {"api_key_secret"}),
        ("twilio_sms", FORM | {"messaging_service_sid": "MG1"}, {"messaging_service_sid"}),
        ("sendgrid", {"api_key": "x" * 60, "from_address": "a@example.com"}, {"api_key"}),
        (
            "sendgrid",
            {"api_key": SENDGRID_KEY, "from_address": "a@example.com, b@example.com"},
            {"from_address"},
        ),
        (
            "sendgrid",
            {
                "api_key": SENDGRID_KEY,
                "from_address": "a@example.com",
                "base_url": "https://evil.example.com",
            },
            {"base_url"},
        ),
        (
            "sendgrid",
            {"api_key": SENDGRID_KEY, "from_address": "a@example.com", "subuser": "x\r\nBcc: y"},
            {"subuser"},
        ),
        ("smtp", {"host": "127.0.0.1", "port": "587", "from_address": "a@example.com"}, {"host"}),
        ("smtp", {"host": "localhost", "port": "25", "from_address": "a@example.com"}, {"host", "port"}),
        (
            "smtp",
            {"host": "mail.example.com", "port": "587", "from_address": "a@example.com", "password": "p"},
            {"username"},
        ),
        ("lob", {"api_key": "live_pub_" + "a" * 40}, {"api_key"}),
        ("lob", {"api_key": "\x00" * 40}, {"api_key"}),
        ("lob", {"api_key": "live_" + "a" * 100_000}, {"api_key"}),
    ],
)
def test_wrong_settings_are_named_kept_apart_and_save_nothing(admin, world, provider, given, expected):
    response = admin.post(f"{HERE}new/?provider={provider}", given)

    assert (response.status_code, set(errors(response))) == (422, expected)
    page = response.content.decode()
    assert "Nothing is saved yet" in page
    assert [
        name for name in ("auth_token", "api_key") if given.get(name, "-")[:60] in page and given.get(name)
    ] == []
    with tenant_scope(world.dealership):
        assert not ProviderAccount.objects.filter(provider=provider).exists()


def test_hostile_words_are_shown_as_words(admin, world):
    response = admin.post(
        f"{HERE}new/?provider=twilio_sms", FORM | {"account_sid": '"><script>alert(1)</script>'}
    )

    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("provider", ["nonsense", "", "sandbox", "../../etc", "\x00"])
def test_unknown_provider_leads_back(admin, provider):
    assert admin.get(f"{HERE}new/", {"provider": provider}).status_code == 302


@pytest.mark.parametrize("who", ["bob", "vera"])
def test_only_admins_change_and_test(client, world, twilio, who):
    client.force_login(getattr(world, who))
    before = dict(account(world).config)

    said = [client.get(f"{HERE}{twilio.pk}/").status_code, client.get(f"{HERE}new/?provider=lob").status_code]
    verbs = ("", "pause/", "resume/", "remove/", "test/")
    said += [
        client.post(f"{HERE}{twilio.pk}/{verb}", FORM | {"to": "5125550177"}).status_code for verb in verbs
    ]

    assert set(said) == {403}
    assert (dict(account(world).config), account(world).state) == (before, "working")
    page = client.get(HERE)
    assert page.status_code == 200
    assert "Send test" not in page.content.decode()


def test_pause_resume_and_remove(admin, world, twilio):
    admin.post(f"{HERE}{twilio.pk}/pause/")
    assert account(world).state == "paused"
    assert "Paused since" in admin.get(HERE).content.decode()
    admin.post(f"{HERE}{twilio.pk}/resume/")
    assert account(world).state == "working"
    admin.post(f"{HERE}{twilio.pk}/remove/")
    assert account(world).provider == "sandbox"
    assert admin.get(f"{HERE}{twilio.pk}/").status_code == 302


def test_refused_account_says_since_when_why_and_how_many_wait(admin, world, twilio):
    with tenant_scope(world.dealership):
        ProviderAccount.objects.filter(pk=twilio.pk).update(
            state="failing", state_since=clock.now(), trouble="20003"
        )
        MessageFactory.create_batch(
            3, dealership=world.dealership, account=twilio, reason="account_held", error_code="authentication"
        )

    page = admin.get(HERE).content.decode()

    assert "Refused since" in page
    assert "20003" in page
    assert "Replace them; what waits goes then." in page
    assert re.search(r"Waiting for it</dt><dd><span class=\"num\">3</span> messages", page)


def test_page_takes_few_queries_whatever_there_is(admin, world, twilio, django_assert_max_num_queries):
    with tenant_scope(world.dealership):
        MessageFactory.create_batch(20, dealership=world.dealership, account=twilio, accepted_at=clock.now())

    with django_assert_max_num_queries(14):
        admin.get(HERE)


# --- tests of a channel


def trials_of(world):
    with tenant_scope(world.dealership):
        return list(Message.objects.filter(key__startswith="test:").order_by("pk"))


def send_test(admin, row, to="(512) 555-0177"):
    return admin.post(f"{HERE}{row.pk}/test/", {"to": to})


def test_test_is_in_the_ledger_without_a_customer_and_goes_first(admin, world):
    row = account(world)

    assert send_test(admin, row).status_code == 302

    (message,) = trials_of(world)
    assert (message.to_address, message.customer_id, message.account_id) == ("+15125550177", None, row.pk)
    assert (message.purpose, message.priority, message.state) == ("transactional", Priority.URGENT, "queued")
    assert message.body_text.startswith("Live Oak Motors: this is a test")
    with tenant_scope(world.dealership):
        entry = LogEntry.objects.get(action="messaging.account.tested")
    assert (entry.actor, entry.data) == (world.alice, {"provider": "sandbox", "message": message.pk})
    assert "On its way ..." in admin.get(HERE).content.decode()


def test_test_counts_nowhere_as_a_message_of_the_day(admin, world):
    send_test(admin, account(world))

    page = admin.get("/d/live-oak/?show=sends").content.decode()

    assert "this is a test" not in page
    assert "+15125550177" not in page
    assert "555-0177" not in page


@pytest.mark.parametrize("to", ["", "555", "not a number", "+1512555017700000", "a@example.com", "<script>"])
def test_test_to_no_number_is_refused(admin, world, to):
    response = send_test(admin, account(world), to)

    assert response.status_code == 422
    assert "<script>" not in response.content.decode().replace("&lt;script&gt;", "")[2000:].split("<main")[-1]
    assert trials_of(world) == []


def test_test_to_a_suppressed_address_is_refused(admin, world):
    with tenant_scope(world.dealership):
        Suppression.objects.create(
            dealership=world.dealership, channel="sms", address="+15125550177", reason="opted_out",
            created_at=clock.now(),
        )  # fmt: skip

    response = send_test(admin, account(world))

    assert (response.status_code, trials_of(world)) == (422, [])
    assert "This address must not be used" in response.content.decode()


def test_test_to_a_customer_who_said_stop_is_refused(admin, world):
    with tenant_scope(world.dealership):
        customer = CustomerFactory(dealership=world.dealership)
        ContactPointFactory(
            dealership=world.dealership, customer=customer, kind="phone", value="+15125550177"
        )
        consent.withdraw(
            customer, channels=None, purpose=None, evidence=consent.Evidence("advisor"), now=clock.now()
        )

    response = send_test(admin, account(world))

    assert (response.status_code, trials_of(world)) == (422, [])
    assert "asked us to stop" in response.content.decode()


def test_sixth_test_within_ten_minutes_is_refused_and_other_channels_are_not(admin, world):
    for _ in range(5):
        assert send_test(admin, account(world)).status_code == 302

    response = send_test(admin, account(world))

    assert (response.status_code, len(trials_of(world))) == (422, 5)
    assert "5 tests in 10 minutes are the most." in response.content.decode()
    assert send_test(admin, account(world, "email"), "me@example.com").status_code == 302


def test_twenty_tests_are_the_most_in_a_day(admin, world):
    row = account(world)
    for number in range(20):
        with tenant_scope(world.dealership):
            MessageFactory(
                dealership=world.dealership, account=row, key=f"test:{number}",
                created_at=clock.now() - timedelta(hours=2),
            )  # fmt: skip

    assert "20 tests in a day are the most." in send_test(admin, row).content.decode()


def test_letter_test_goes_to_the_dealership_and_the_print_queue_has_none(admin, world):
    printing = account(world, "letter")
    admin.post(f"{HERE}{printing.pk}/test/")
    assert trials_of(world) == []
    with tenant_scope(world.dealership):
        spec = account_changes.SPECS["lob"]
        lob = account_changes.add(
            spec, Draft("", {"api_key": "test_" + "a" * 35}), by=world.alice, now=clock.now()
        )

    admin.post(f"{HERE}{lob.pk}/test/")

    (message,) = trials_of(world)
    assert message.to_address == "100 Congress Ave, Austin, TX 78701"
    assert message.letter["recipient"] == message.letter["sender"]


def test_result_of_what_is_no_test_is_not_shown(admin, world):
    with tenant_scope(world.dealership):
        message = MessageFactory(dealership=world.dealership, account=account(world))

    assert admin.get(f"{HERE}tests/{message.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "words", "is_moving"),
    [
        ({"state": "queued"}, "On its way ...", True),
        ({"state": "sending"}, "On its way ...", True),
        ({"state": "accepted"}, "The provider took it.", False),
        ({"state": "delivered"}, "Delivered.", False),
        ({"state": "failed", "error_code": "invalid_address", "error_detail": "21211"}, "21211", False),
        ({"state": "queued", "error_code": "authentication"}, "refuses the credentials", False),
        ({"state": "queued", "reason": "quiet_hours"}, "It waits: Quiet hours", False),
        ({"state": "cancelled", "reason": "suppressed"}, "Not sent: The address must not", False),
        ({"state": "unconfirmed", "error_code": "unknown_outcome"}, "asked what became of it", False),
    ],
)
def test_result_is_said_in_words_and_the_page_stops_asking(admin, world, fields, words, is_moving):
    with tenant_scope(world.dealership):
        message = MessageFactory(
            dealership=world.dealership, account=account(world), key="test:1", customer=None, **fields
        )

    fragment = admin.get(f"{HERE}tests/{message.pk}/").content.decode()

    assert words in fragment
    assert ("hx-trigger" in fragment) is is_moving


@pytest.mark.django_db(transaction=True)
def test_test_goes_out_by_a_refused_account_and_success_frees_what_waits(admin, world, sandbox, celery_calls):
    row = account(world, "email")
    sandbox.behave(str(row.uuid))
    now = clock.now()
    with cross_tenant(reason="test"):
        ProviderAccount.objects.filter(pk=row.pk).update(state="failing", state_since=now)
    with tenant_scope(world.dealership):
        waiting = MessageFactory(
            dealership=world.dealership, account=row, channel="email", to_address="ana@example.com",
            not_before=now, created_at=now,
        )  # fmt: skip
    send_test(admin, row, "me@example.com")

    sending.drain(now=lambda: now + timedelta(seconds=5))

    (message,) = trials_of(world)
    with cross_tenant(reason="test"):
        waiting.refresh_from_db()
    assert (message.state, account(world, "email").state) == ("accepted", "working")
    assert (waiting.state, waiting.reason) == ("queued", "account_held")
    assert ("messaging.release", {"channel": "email", "dealership_id": world.dealership.pk}) in celery_calls


@pytest.fixture
def celery_calls(monkeypatch):
    """What is rung, on its way to the broker."""
    calls = []
    monkeypatch.setattr(
        "common.doorbell.current_app.send_task", lambda name, kwargs, retry: calls.append((name, kwargs))
    )
    return calls

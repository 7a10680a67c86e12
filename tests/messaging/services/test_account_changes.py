from datetime import timedelta

import pytest

from common.secrets import Sealed
from common.tenancy import cross_tenant, tenant_scope
from dealerships.models import LogEntry
from messaging.logic.provider_settings import SPECS
from messaging.models import ProviderAccount
from messaging.services import account_changes, accounts
from messaging.services.account_changes import Draft, NotOurs
from tests.conftest import NOW

LATER = NOW + timedelta(days=1)
SID, OTHER_SID = "AC" + "1" * 32, "AC" + "2" * 32
TOKEN, NEXT_TOKEN = "a" * 31 + "1", "b" * 31 + "2"
TWILIO = {"account_sid": SID, "auth_token": TOKEN}


def draft(settings=None, from_address="+15125550100", forgotten=()):
    return Draft(from_address, settings or TWILIO, frozenset(forgotten))


@pytest.fixture
def twilio(dealership, world):
    return account_changes.add(SPECS["twilio_sms"], draft(), by=world.alice, now=NOW)


def active(channel="sms"):
    return ProviderAccount.objects.get(channel=channel, is_active=True)


def logged():
    rows = LogEntry.objects.filter(action__startswith="messaging.account.").order_by("pk")
    return [(row.action.rpartition(".")[2], row.actor_id, row.data) for row in rows]


def test_added_account_takes_the_place_of_the_built_in_one(twilio, world):
    assert active() == twilio
    assert ProviderAccount.objects.filter(channel="sms", is_active=False).get().provider == "sandbox"
    assert isinstance(ProviderAccount.objects.get(pk=twilio.pk).config, Sealed)
    assert twilio.secrets_set_at == {"auth_token": NOW.isoformat()}
    about = {
        "provider": "twilio_sms",
        "fields": ["account_sid", "auth_token", "from_address"],
        "instead_of": "sandbox",
    }
    assert logged() == [("added", world.alice.pk, about)]


def test_replaced_token_keeps_the_account_and_counts_a_version(twilio, world):
    changed = account_changes.replace(
        twilio, draft({"account_sid": SID, "auth_token": NEXT_TOKEN}), by=world.alice, now=LATER
    )

    assert changed.pk == twilio.pk
    assert (changed.version, changed.secrets_set_at) == (2, {"auth_token": LATER.isoformat()})
    assert dict(active().config) == {"account_sid": SID, "auth_token": NEXT_TOKEN}
    assert logged()[-1] == (
        "changed",
        world.alice.pk,
        {"provider": "twilio_sms", "fields": ["auth_token"]},
    )


def test_empty_secret_keeps_the_one_that_is_set_and_nothing_changed_is_nothing_logged(twilio, world):
    before = logged()

    account_changes.replace(twilio, draft({"account_sid": SID}), by=world.alice, now=LATER)

    assert (dict(active().config), active().version, logged()) == (TWILIO, 1, before)


def test_secret_that_is_no_longer_wanted_is_forgotten(twilio, world):
    account_changes.replace(twilio, draft(TWILIO | {"next_auth_token": NEXT_TOKEN}), by=world.alice, now=NOW)

    account_changes.replace(
        twilio, draft({"account_sid": SID}, forgotten=["next_auth_token"]), by=world.alice, now=LATER
    )

    assert (dict(active().config), active().secrets_set_at) == (TWILIO, {"auth_token": NOW.isoformat()})


def test_promoted_token_is_no_longer_the_next_one(twilio, world):
    account_changes.replace(twilio, draft(TWILIO | {"next_auth_token": NEXT_TOKEN}), by=world.alice, now=NOW)

    account_changes.replace(
        twilio, draft({"account_sid": SID, "auth_token": NEXT_TOKEN}), by=world.alice, now=LATER
    )

    assert dict(active().config) == {"account_sid": SID, "auth_token": NEXT_TOKEN}


def test_settings_of_another_account_make_another_row_that_the_old_one_can_be_asked_beside(twilio, world):
    other = account_changes.replace(
        twilio, draft({"account_sid": OTHER_SID, "auth_token": NEXT_TOKEN}), by=world.alice, now=LATER
    )

    assert (other.pk != twilio.pk, other.uuid != twilio.uuid, active()) == (True, True, other)
    old = ProviderAccount.objects.get(pk=twilio.pk)
    assert (old.is_active, dict(old.config)) == (False, TWILIO)


def test_settings_no_form_knows_are_kept(twilio, world):
    ProviderAccount.objects.filter(pk=twilio.pk).update(config=TWILIO | {"max_in_flight": 3})

    account_changes.replace(
        twilio, draft({"account_sid": SID, "auth_token": NEXT_TOKEN}), by=world.alice, now=LATER
    )

    assert active().config["max_in_flight"] == 3


def test_domain_for_answers_gets_a_secret_of_ours(dealership, world):
    key = "SG." + "a" * 22 + "." + "b" * 43
    settings = {"api_key": key, "reply_domain": "answers.example.com"}

    account = account_changes.add(
        SPECS["sendgrid"], draft(settings, "service@liveoak.example.com"), by=world.alice, now=NOW
    )

    secret = active("email").config["reply_secret"]
    assert len(secret) == 32
    account_changes.replace(account, draft(settings, "s@liveoak.example.com"), by=world.alice, now=LATER)
    assert active("email").config["reply_secret"] == secret


@pytest.mark.parametrize(
    ("provider", "is_told_apart"), [("twilio_sms", True), ("lob", False), ("sendgrid", False)]
)
def test_credentials_that_may_be_of_another_account_are_remembered_as_such(
    dealership, provider, is_told_apart
):
    row = ProviderAccount(dealership=dealership, channel="sms", provider=provider, credentials_at=LATER)

    account = accounts.for_adapter(row)

    assert account.is_perhaps_another_than_at(NOW) is not is_told_apart
    assert account.is_perhaps_another_than_at(LATER + timedelta(seconds=1)) is False


def test_wrong_settings_are_refused_without_being_shown(dealership, world):
    with pytest.raises(ValueError, match=r"^these settings are wrong: account_sid, auth_token$") as caught:
        account_changes.add(
            SPECS["twilio_sms"],
            draft({"account_sid": "x\r\ny", "auth_token": "hush-7f3a9c"}),
            by=world.alice,
            now=NOW,
        )

    assert "hush" not in repr(caught.value)
    assert active().provider == "sandbox"


def test_pause_and_resume_are_logged_once_each(twilio, world):
    assert account_changes.pause(twilio, by=world.alice, now=NOW) is True
    assert account_changes.pause(twilio, by=world.bob, now=NOW) is False
    assert active().state == "paused"
    assert account_changes.resume(twilio, by=world.alice, now=NOW) is True
    assert account_changes.resume(twilio, by=world.alice, now=NOW) is False

    assert [each[:2] for each in logged()[1:]] == [
        ("paused", world.alice.pk),
        ("resumed", world.alice.pk),
    ]


def test_new_credentials_make_a_refused_account_work_and_leave_a_paused_one_paused(twilio, world):
    for before, after in (("failing", "working"), ("paused", "paused")):
        ProviderAccount.objects.filter(pk=twilio.pk).update(state=before, config=TWILIO)
        account_changes.replace(
            twilio, draft({"account_sid": SID, "auth_token": NEXT_TOKEN}), by=world.alice, now=LATER
        )
        assert active().state == after


def test_removed_account_leaves_the_built_in_one(twilio, world):
    account_changes.remove(twilio, by=world.alice, now=LATER)

    assert active().provider == "sandbox"
    assert logged()[-1][0] == "removed"
    with pytest.raises(NotOurs):
        account_changes.remove(twilio, by=world.alice, now=LATER)


def test_sandbox_has_nothing_to_change(dealership, world):
    with pytest.raises(NotOurs):
        account_changes.replace(active(), draft(), by=world.alice, now=NOW)


def test_no_secret_stands_in_the_log_or_in_what_prints_an_account(twilio, world):
    account_changes.replace(
        twilio,
        draft({"account_sid": SID, "auth_token": NEXT_TOKEN, "next_auth_token": "c" * 32}),
        by=world.alice,
        now=LATER,
    )
    row = ProviderAccount.objects.get(pk=twilio.pk)
    adapter = accounts.for_adapter(row)
    shown = [
        repr(row), str(row), repr(vars(row)), repr(adapter), str(adapter.config), repr(draft()),
        repr(logged()), repr(row.secrets_set_at),
    ]  # fmt: skip

    assert adapter.config["auth_token"] == NEXT_TOKEN
    assert [text for text in shown if TOKEN in text or NEXT_TOKEN in text or "c" * 32 in text] == []


def test_other_dealership_sees_and_changes_nothing(twilio, world):
    with tenant_scope(world.other):
        assert not ProviderAccount.objects.filter(pk=twilio.pk).exists()
        assert account_changes.pause(twilio, by=world.charlie, now=NOW) is False
        with pytest.raises(ProviderAccount.DoesNotExist):
            account_changes.replace(twilio, draft(), by=world.charlie, now=NOW)
    with cross_tenant(reason="test"):
        assert ProviderAccount.objects.get(pk=twilio.pk).state == "working"

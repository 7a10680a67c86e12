import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from common.tenancy import cross_tenant, tenant_scope
from dealerships.services import dealerships as dealership_service
from messaging.enums import AccountState
from messaging.logic.outcomes import AccountSeen, Failure, Try, not_accepted
from messaging.logic.provider_settings import SPECS
from messaging.models import PlatformAccount, ProviderAccount
from messaging.queries.claims import batch_facts
from messaging.services import account_changes, accounts, lanes, platform_accounts, recording
from messaging.services.account_changes import Draft
from tests.conftest import NOW
from tests.factories.messaging import MessageFactory

KEY, NEW_KEY = "SG." + "a" * 22 + "." + "b" * 43, "SG." + "c" * 22 + "." + "d" * 43


def enter(key=KEY, **more):
    return platform_accounts.enter(
        SPECS["sendgrid"], Draft("platform@example.com", {"api_key": key, **more}), now=NOW
    )


def account(place, channel="email"):
    with tenant_scope(place):
        return ProviderAccount.objects.get(channel=channel, is_active=True)


@pytest.fixture
def platform(world):
    return enter()


def test_platform_account_serves_every_dealership_without_one(platform, world):
    ours, theirs = account(world.dealership), account(world.other)

    assert [(row.provider, row.platform_id) for row in (ours, theirs)] == [("sendgrid", platform.pk)] * 2
    assert ours.uuid != theirs.uuid
    lane = lanes.open_lanes([ours.pk])[ours.pk]
    assert (lane.account.config["api_key"], lane.account.from_address) == (KEY, "platform@example.com")
    assert str(ours.uuid) in lane.account.callback_url
    assert lane.seen == AccountSeen(ours.pk, 1, platform.pk, 1)


def test_dealership_with_its_own_account_keeps_it(world):
    with tenant_scope(world.dealership):
        own = account_changes.add(
            SPECS["sendgrid"], Draft("s@liveoak.example.com", {"api_key": NEW_KEY}), by=world.alice, now=NOW
        )
    enter()

    assert account(world.dealership) == own
    assert account(world.other).platform_id is not None


def test_new_dealership_gets_a_share_and_one_that_removes_its_own_as_well(platform, world):
    with tenant_scope(world.dealership):
        own = account_changes.add(
            SPECS["sendgrid"], Draft("s@liveoak.example.com", {"api_key": NEW_KEY}), by=world.alice, now=NOW
        )
        account_changes.remove(own, by=world.alice, now=NOW)
    fresh = dealership_service.create(
        dealership_service.NewDealership(name="New", slug="new", time_zone="America/Chicago")
    )

    assert {account(place).platform_id for place in (world.dealership, fresh)} == {platform.pk}


def test_no_scope_of_a_dealership_sees_the_platforms_row_by_any_way(platform, world):
    with tenant_scope(world.dealership), connection.cursor() as cursor:
        share = account(world.dealership)
        cursor.execute("SELECT count(*) FROM messaging_platformaccount")
        assert cursor.fetchone() == (0,)
        cursor.execute("UPDATE messaging_platformaccount SET config = '' RETURNING id")
        assert cursor.fetchall() == []
        assert not PlatformAccount.objects.exists()
        joined = ProviderAccount.objects.select_related("platform").get(pk=share.pk)
        assert (joined.platform_id, joined.platform) == (platform.pk, None)
        assert (
            accounts.for_adapter(joined).config["api_key"] == KEY
        )  # the adapter's own way works all the same
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM messaging_platformaccount")
        assert cursor.fetchone() == (0,)


def test_table_of_the_platform_has_a_forced_policy_without_any_dealership(world):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity, polname, pg_get_expr(polqual, polrelid)"
            " FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE relname = 'messaging_platformaccount'"
        )
        ((is_on, is_forced, name, condition),) = cursor.fetchall()

    assert (is_on, is_forced, name) == (True, True, "tenant")
    assert "dealership_id =" not in condition


def test_share_is_not_the_dealerships_to_change(platform, world):
    with tenant_scope(world.dealership), pytest.raises(account_changes.NotOurs):
        account_changes.replace(
            account(world.dealership), Draft("x@example.com", {"api_key": NEW_KEY}), by=world.alice, now=NOW
        )


def test_new_credentials_are_a_new_version_and_another_provider_a_new_share(platform, world):
    share = account(world.dealership)

    again = enter(NEW_KEY)

    assert (again.pk, again.version, account(world.dealership)) == (platform.pk, 2, share)
    assert again.secrets_set_at == {"api_key": NOW.isoformat()}
    settings = {"host": "smtp.example.com", "port": "587"}
    other = platform_accounts.enter(SPECS["smtp"], Draft("p@example.com", settings), now=NOW)
    assert other.pk != platform.pk
    assert dict(other.config) == {
        "host": "smtp.example.com", "port": 587, "use_ssl": False, "use_tls": True, "public_only": True,
    }  # fmt: skip
    assert (account(world.dealership).provider, account(world.dealership).platform_id) == ("smtp", other.pk)
    with tenant_scope(world.dealership):
        assert ProviderAccount.objects.get(pk=share.pk).is_active is False


def test_refused_platform_account_is_held_at_every_dealership(platform, world):
    share, theirs = account(world.dealership), account(world.other)
    with tenant_scope(world.dealership):
        message = MessageFactory(dealership=world.dealership, account=share, channel="email", claim=None)
    tried = Try(message.pk, world.dealership.pk, None, 1, NOW, NOW, AccountSeen(share.pk, 1, platform.pk, 1))

    recording.record([not_accepted(tried, Failure("authentication", "401"), spread=0)], now=NOW)

    with cross_tenant(reason="test"), connection.cursor() as cursor:
        found = PlatformAccount.objects.get()
        assert (found.state, found.trouble) == ("failing", "401")
        facts = batch_facts(cursor, [MessageFactory.build(account=theirs, dealership=world.other)], now=NOW)
    assert facts.accounts[theirs.pk].is_held is True


def test_pause_holds_every_share_and_resume_lets_go(platform, world):
    assert platform_accounts.turn("email", AccountState.PAUSED, now=NOW) is True
    assert platform_accounts.turn("email", AccountState.PAUSED, now=NOW) is False
    assert platform_accounts.turn("sms", AccountState.PAUSED, now=NOW) is False
    assert platform_accounts.turn("email", AccountState.WORKING, now=NOW) is True


def test_withdrawn_platform_account_leaves_what_is_built_in(platform, world):
    assert platform_accounts.withdraw("email") is True
    assert platform_accounts.withdraw("email") is False

    assert (account(world.dealership).provider, account(world.other).provider) == ("sandbox", "sandbox")


def command(*arguments, stdin="", monkeypatch=None):
    out = io.StringIO()
    if monkeypatch is not None:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    call_command("platform_account", *arguments, stdout=out)
    return out.getvalue().strip()


def test_command_enters_from_standard_input_lists_and_never_shows_a_secret(world, monkeypatch):
    said = command(
        "enter", "sendgrid", "--from", "p@example.com",
        stdin=json.dumps({"api_key": KEY}), monkeypatch=monkeypatch,
    )  # fmt: skip

    assert said == "email: sendgrid serves every dealership without an account of its own."
    listed = command("list")
    assert listed.startswith("email: sendgrid, working since ")
    assert listed.endswith(", 2 dealerships")
    assert KEY not in listed
    assert command("pause", "email") == "Done."
    assert command("pause", "email") == "Nothing to change."
    assert command("withdraw", "email") == "Done."
    assert command("list") == ""


@pytest.mark.parametrize(
    ("stdin", "words"),
    [
        ("", "Standard input holds no JSON object."),
        ("[]", "Standard input holds no JSON object."),
        ('{"api_key": "hush-7f3a9c"}', "Nothing is saved: these settings are wrong: api_key."),
        ('{"nonsense": "hush-7f3a9c"}', "sendgrid has no setting nonsense."),
    ],
)
def test_command_refuses_what_it_cannot_use_and_saves_nothing(world, monkeypatch, stdin, words):
    with pytest.raises(CommandError) as caught:
        command("enter", "sendgrid", stdin=stdin, monkeypatch=monkeypatch)

    assert str(caught.value) == words
    assert command("list") == ""

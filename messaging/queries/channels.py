"""What the page Channels shows: for each channel the account in use, how it fares, and what was sent by it of late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from common.enums import Channel
from common.secrets import SecretsUnreadable
from common.tenancy import cross_tenant
from messaging.enums import AccountState, MessageState, Reason
from messaging.error_words import words_for_error
from messaging.logic.provider_settings import LABELS, SPECS, end_of
from messaging.logic.trial_messages import PREFIX
from messaging.models import Message, PlatformAccount, ProviderAccount
from messaging.reason_words import words_for

SHOWN = (Channel.EMAIL, Channel.SMS, Channel.VOICE, Channel.LETTER)
LATELY = 20_000  # newest messages looked through: bounded, however many a dealership has
TESTS_SHOWN = 3
BUILT_IN = frozenset({"sandbox", "print_queue"})


@dataclass(frozen=True, slots=True)
class SecretShown:
    """A secret as it may be shown: never itself."""

    name: str
    label: str
    set_at: datetime | None
    end: str


@dataclass(frozen=True, slots=True)
class Fares:
    """How an account fares: its own state, or that of the platform's that it is a share in."""

    state: str
    since: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True)
class Lately:
    last_sent_at: datetime | None = None
    last_error_at: datetime | None = None
    last_error: str = ""
    last_error_detail: str = ""
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class ChannelShown:
    channel: str
    account: ProviderAccount | None
    label: str
    is_own: bool
    is_share: bool
    fares: Fares
    lately: Lately
    secrets: tuple[SecretShown, ...]
    is_readable: bool
    tests: tuple[Message, ...]


def channels() -> list[ChannelShown]:
    """Every channel of the dealership in scope. Queries: 6 at most, whatever there is."""
    accounts = {row.channel: row for row in ProviderAccount.objects.filter(is_active=True)}
    platform = _platform_states() if any(row.platform_id for row in accounts.values()) else {}
    lately, tests = _lately(), _tests()
    return [_shown(channel, accounts.get(channel), platform, lately, tests) for channel in SHOWN]


def _shown(
    channel: str,
    account: ProviderAccount | None,
    platform: Mapping[int, Fares],
    lately: Mapping[str, Lately],
    tests: Mapping[str, list[Message]],
) -> ChannelShown:
    secrets, is_readable = secrets_of(account) if account else ((), True)
    return ChannelShown(
        channel=channel,
        account=account,
        label=LABELS.get(account.provider, account.provider) if account else "",
        is_own=account is not None and account.platform_id is None and account.provider not in BUILT_IN,
        is_share=account is not None and account.platform_id is not None,
        fares=_fares(account, platform),
        lately=lately.get(channel, Lately()),
        secrets=secrets,
        is_readable=is_readable,
        tests=tuple(tests.get(channel, ())),
    )


def _fares(account: ProviderAccount | None, platform: Mapping[int, Fares]) -> Fares:
    if account is None:
        return Fares("none", None, "")
    theirs = platform.get(account.platform_id or 0)
    if theirs is not None and account.state == AccountState.WORKING:
        return theirs
    return Fares(account.state, account.state_since, account.trouble)


def _platform_states() -> dict[int, Fares]:
    """Nothing of the platform's accounts but how they fare."""
    with cross_tenant(reason="a dealership may know whether the platform's account that serves it works"):
        rows = PlatformAccount.objects.filter(is_active=True)
        return {row.pk: Fares(row.state, row.state_since, row.trouble) for row in rows.defer("config")}


def secrets_of(account: ProviderAccount) -> tuple[tuple[SecretShown, ...], bool]:
    """The secrets that are set, each by when and its end; and whether a key opens them at all."""
    spec = SPECS.get(account.provider)
    if spec is None or account.platform_id is not None:
        return (), True
    try:
        values = dict(account.config)
    except SecretsUnreadable:
        return (), False
    moments = account.secrets_set_at
    return tuple(
        SecretShown(
            each.name,
            each.label,
            datetime.fromisoformat(moments[each.name]) if each.name in moments else None,
            end_of(str(values[each.name])),
        )
        for each in spec.settings
        if each.is_secret and values.get(each.name)
    ), True


def _lately() -> dict[str, Lately]:
    newest = Message.objects.exclude(key__startswith=PREFIX).order_by("-created_at")[:LATELY]
    ours = Message.objects.filter(pk__in=newest.values("pk")).order_by()
    sent = dict(ours.values_list("channel").annotate(Max("accepted_at")))
    errors = {
        row["channel"]: row
        for row in ours.exclude(error_code="")
        .order_by("channel", "-created_at", "-pk")
        .distinct("channel")
        .values("channel", "error_code", "error_detail", "claimed_at", "created_at")
    }
    held = Message.objects.filter(state=MessageState.QUEUED, reason=Reason.ACCOUNT_HELD)
    waiting = dict(held.order_by().values_list("channel").annotate(Count("pk")))
    return {
        channel: _of(sent.get(channel), errors.get(channel), waiting.get(channel, 0)) for channel in SHOWN
    }


def _of(sent_at: datetime | None, error: Mapping[str, object] | None, waiting: int) -> Lately:
    if error is None:
        return Lately(sent_at, waiting=waiting)
    at = error["claimed_at"] or error["created_at"]
    words, detail = words_for_error(str(error["error_code"])), str(error["error_detail"])
    return Lately(sent_at, at, words, detail, waiting)  # type: ignore[arg-type]  # a moment


def _tests() -> dict[str, list[Message]]:
    found: dict[str, list[Message]] = {}
    rows = Message.objects.filter(key__startswith=PREFIX).order_by("-created_at", "-pk")[: 4 * TESTS_SHOWN]
    for row in rows:
        if len(found.setdefault(row.channel, [])) < TESTS_SHOWN:
            found[row.channel].append(row)
    return found


@dataclass(frozen=True, slots=True)
class Result:
    """A test in words; `is_moving`: it is worth looking again."""

    tone: str
    words: str
    detail: str = ""
    is_moving: bool = False


SETTLED = {
    MessageState.DELIVERED: Result("good", "Delivered."),
    MessageState.ACCEPTED: Result("good", "The provider took it. Look whether it arrives."),
}
MOVING = Result("info", "On its way ...", is_moving=True)


def result_of(message: Message) -> Result:
    """What became of a test message."""
    if message.state in SETTLED:
        return SETTLED[MessageState(message.state)]
    if message.state == MessageState.CANCELLED:
        return Result("bad", f"Not sent: {words_for(message.reason)}.")
    if message.error_code and message.state != MessageState.SENDING:
        tone = "warn" if message.state == MessageState.UNCONFIRMED else "bad"
        return Result(tone, words_for_error(message.error_code), message.error_detail)
    if message.state == MessageState.QUEUED and message.reason:
        return Result("warn", f"It waits: {words_for(message.reason)}.")
    return MOVING

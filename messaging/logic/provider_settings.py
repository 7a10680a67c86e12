"""What an account at each provider consists of: its settings, which of them are secret, and how they must look (pure).

The form, the services and the page read this; an adapter reads `config` by the same names.
source: OpenAPI document twilio_api_v2010 of 2026-04-14 (patterns of SIDs); SendGrid's and Lob's consoles, 2026-11
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from common.enums import Channel

LONGEST = 500  # characters of a setting; the longest real one, a public key, has about 130
ENOUGH_TO_SHOW_AN_END = 12  # of a shorter secret even two characters would tell much


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; `pattern` must match it whole, `shape` says so in words. `choices` leaves nothing to type."""

    name: str
    label: str
    hint: str = ""
    is_secret: bool = False
    is_required: bool = False
    pattern: str = r"[\x20-\x7e]+"
    shape: str = "plain characters, without line ends"
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """A provider as its form knows it.

    `identity` are the settings that say which account it is there: other values mean another account, whose messages the
    present one knows nothing of. Empty: nothing tells, so that only a person can say that it is the same.
    `together`: settings that are of use only with each other.
    """

    key: str
    label: str
    channel: Channel
    about: str
    settings: tuple[Setting, ...] = ()
    identity: tuple[str, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    sends_from: str = ""  # "phone", "email" or nothing
    needs_sender: bool = False

    def setting(self, name: str) -> Setting:
        return next(each for each in self.settings if each.name == name)

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset(each.name for each in self.settings if each.is_secret)


HEX32, ANY32 = r"[0-9a-fA-F]{32}", r"[A-Za-z0-9]{32}"
NO_SPACE = r"[\x21-\x7e]"
HOST_NAME = r"(?=.{4,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
LABELS = {
    "twilio_sms": "Twilio",
    "twilio_voice": "Twilio",
    "sendgrid": "SendGrid",
    "smtp": "Mail server (SMTP)",
    "lob": "Lob",
    "print_queue": "Print queue",
    "sandbox": "Sandbox",
}

_TWILIO = (
    Setting(
        "account_sid",
        "Account SID",
        "Of the dealership's own subaccount, on Twilio's console under Account info.",
        is_required=True,
        pattern=f"AC{HEX32}",
        shape="AC and 32 of the characters 0-9 and a-f",
    ),
    Setting(
        "auth_token",
        "Auth token",
        "Of the same subaccount: Twilio signs with it what it reports to us.",
        is_secret=True,
        is_required=True,
        pattern=HEX32,
        shape="32 of the characters 0-9 and a-f",
    ),
    Setting(
        "next_auth_token",
        "Secondary auth token",
        "While you change the token: enter the secondary one here before you promote it at Twilio, so that no report is refused.",
        is_secret=True,
        pattern=HEX32,
        shape="32 of the characters 0-9 and a-f",
    ),
    Setting(
        "api_key_sid",
        "API key SID",
        "With its secret, signs our requests instead of the auth token.",
        pattern=f"SK{HEX32}",
        shape="SK and 32 of the characters 0-9 and a-f",
    ),
    Setting(
        "api_key_secret",
        "API key secret",
        is_secret=True,
        pattern=ANY32,
        shape="32 letters and digits",
    ),
)
_TWILIO_SERVICE = Setting(
    "messaging_service_sid",
    "Messaging service SID",
    "Sends from the service's numbers instead of the one below.",
    pattern=f"MG{HEX32}",
    shape="MG and 32 of the characters 0-9 and a-f",
)
_REPLIES = Setting(
    "reply_domain",
    "Domain for answers",
    "Whose mail comes to us; customers' answers then reach the thread.",
    pattern=HOST_NAME,
    shape="a domain such as answers.example.com",
)

SPECS: dict[str, ProviderSpec] = {
    spec.key: spec
    for spec in (
        ProviderSpec(
            "twilio_sms",
            LABELS["twilio_sms"],
            Channel.SMS,
            "Texts from your own number.",
            (*_TWILIO, _TWILIO_SERVICE),
            identity=("account_sid",),
            together=(("api_key_sid", "api_key_secret"),),
            sends_from="phone",
        ),
        ProviderSpec(
            "twilio_voice",
            LABELS["twilio_voice"],
            Channel.VOICE,
            "Reminder calls from your own number.",
            _TWILIO,
            identity=("account_sid",),
            together=(("api_key_sid", "api_key_secret"),),
            sends_from="phone",
            needs_sender=True,
        ),
        ProviderSpec(
            "sendgrid",
            LABELS["sendgrid"],
            Channel.EMAIL,
            "E-mail with delivery reports and answers in the thread.",
            (
                Setting(
                    "api_key",
                    "API key",
                    "With the right to send mail.",
                    is_secret=True,
                    is_required=True,
                    pattern=r"SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{32,128}",
                    shape="SG., two parts and a dot between them",
                ),
                Setting(
                    "subuser",
                    "Subuser",
                    "The dealership's own: else an opt-out at one dealership silences another.",
                    pattern=r"[A-Za-z0-9._@+-]{1,64}",
                    shape="a user name",
                ),
                Setting(
                    "webhook_public_key",
                    "Verification key of the event webhook",
                    "Shown by SendGrid under Signed event webhook. Without it no delivery report is believed.",
                    pattern=r"[A-Za-z0-9+/]{80,400}={0,2}",
                    shape="the key as SendGrid shows it, about 120 characters",
                ),
                _REPLIES,
                Setting(
                    "inbound_password",
                    "Password of Inbound Parse",
                    "You make it up; it stands in the address you give SendGrid.",
                    is_secret=True,
                    pattern=r"[A-Za-z0-9._~-]{12,100}",
                    shape="12 or more letters, digits or . _ ~ -",
                ),
                Setting(
                    "base_url",
                    "Region",
                    choices=(("", "Global"), ("https://api.eu.sendgrid.com", "Europe")),
                ),
            ),
            sends_from="email",
            needs_sender=True,
        ),
        ProviderSpec(
            "smtp",
            LABELS["smtp"],
            Channel.EMAIL,
            "E-mail through a mail server you already have. It reports neither delivery nor bounces.",
            (
                Setting(
                    "host",
                    "Server",
                    is_required=True,
                    pattern=HOST_NAME,
                    shape="a public host name such as smtp.example.com",
                ),
                Setting(
                    "port",
                    "Port and encryption",
                    is_required=True,
                    choices=(
                        ("587", "587, STARTTLS"),
                        ("465", "465, TLS from the start"),
                        ("2525", "2525, STARTTLS"),
                    ),
                ),
                Setting("username", "User name", pattern=rf"{NO_SPACE}{{1,200}}", shape="without spaces"),
                Setting("password", "Password", is_secret=True),
                _REPLIES,
            ),
            identity=("host", "username"),
            together=(("username", "password"),),
            sends_from="email",
            needs_sender=True,
        ),
        ProviderSpec(
            "lob",
            LABELS["lob"],
            Channel.LETTER,
            "Letters printed and mailed in the United States.",
            (
                Setting(
                    "api_key",
                    "Secret API key",
                    "live_... mails and charges; test_... prints nothing.",
                    is_secret=True,
                    is_required=True,
                    pattern=r"(live|test)_(?!pub)[A-Za-z0-9]{20,100}",
                    shape="live_ or test_ and 20 or more letters and digits, and not the publishable key",
                ),
                Setting(
                    "webhook_secret",
                    "Secret of the webhook",
                    "Shown by Lob beside the webhook. Without it no report is believed.",
                    is_secret=True,
                    pattern=rf"{NO_SPACE}{{16,200}}",
                    shape="16 or more characters without spaces",
                ),
            ),
        ),
        ProviderSpec(
            "print_queue",
            LABELS["print_queue"],
            Channel.LETTER,
            "Letters come out as one PDF that you print.",
        ),
    )
}


def specs_for(channel: str) -> list[ProviderSpec]:
    return [spec for spec in SPECS.values() if spec.channel == channel]


def problems(spec: ProviderSpec, values: Mapping[str, str], *, kept: Collection[str] = ()) -> dict[str, str]:
    """What is wrong with settings as typed, in words by name; never shows a value. Empty strings count as not given.

    `kept` names secrets that are set and stay: they were looked at when they were entered.
    """
    given = {each.name: values.get(each.name, "") for each in spec.settings}
    asked = [each for each in spec.settings if given[each.name] or each.name not in kept]
    found = {each.name: words for each in asked if (words := _problem(each, given[each.name]))}
    for group in spec.together:
        missing = [name for name in group if not given[name] and name not in kept]
        if missing and len(missing) < len(group):
            other = spec.setting(next(name for name in group if name not in missing))
            found |= dict.fromkeys(missing, f"Needed with “{other.label}”.")
    return found


def _problem(setting: Setting, value: str) -> str:
    if not value:
        is_wanted = setting.is_required and "" not in dict(setting.choices)
        return f"{setting.label} is needed." if is_wanted else ""
    if setting.choices:
        return "" if value in dict(setting.choices) else "Choose one of the list."
    if len(value) > LONGEST or not re.fullmatch(setting.pattern, value, flags=re.ASCII):
        return f"This does not look right: it has {setting.shape}."
    return ""


def is_same_account(spec: ProviderSpec, before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    """Whether two settings surely name the same account at the provider, as far as settings can tell."""
    return all(before.get(name, "") == after.get(name, "") for name in spec.identity)


def end_of(secret: str) -> str:
    """The last two characters of a secret, by which people recognise it; nothing of a short one."""
    return secret[-2:] if len(secret) >= ENOUGH_TO_SHOW_AN_END else ""


def for_config(spec: ProviderSpec, values: Mapping[str, str]) -> dict[str, object]:
    """Settings as the adapter reads them: nothing for what is not given, and a mail server's encryption by its port."""
    config: dict[str, object] = {name: value for name, value in values.items() if value}
    if spec.key == "smtp":
        config |= {
            "port": int(values["port"]),
            "use_ssl": values["port"] == "465",
            "use_tls": values["port"] != "465",
            "public_only": True,
        }
    return config

"""E-mail by SMTP, through Django's backend, in a thread: for who has no provider with an API.

Account settings: `host`, `port`, and optional `username`, `password`, `use_tls`, `use_ssl`, `answer_seconds`,
`reply_domain`, `reply_secret`; `public_only` (set for what a member entered) refuses private addresses. Bounces come back as e-mail to the sending address and are not read.
"""

from __future__ import annotations

import base64
import hashlib
import smtplib
from typing import ClassVar

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from common.enums import Channel
from messaging.adapters import reply_address
from messaging.adapters.base import (
    Account,
    Capabilities,
    ProviderError,
    SendRequest,
    SendResult,
    refusal,
)
from messaging.adapters.smtp.public_only import PrivateAddress, PublicOnlyBackend
from messaging.enums import ErrorCode

TEMPORARY_REPLIES = range(400, 500)
MAILBOX_REPLIES = frozenset({550, 551, 553})  # RFC 5321, 4.2.3: no such mailbox, not local, name not allowed


class SmtpSender:
    """Accepted means that the server took it after DATA; what breaks off there is unknown and never repeated by guess."""

    key: ClassVar[str] = "smtp"
    capabilities: ClassVar[Capabilities] = Capabilities(channels=frozenset({Channel.EMAIL}), max_in_flight=4)

    def accept(self, request: SendRequest, account: Account) -> SendResult:
        if request.channel != Channel.EMAIL:
            raise refusal(ErrorCode.UNSUPPORTED, str(request.channel))
        message, backend = compose(request, account), _backend(account)
        try:
            message.message()  # written once before anything is open: an address or header that cannot be, fails here
            _open(backend)
            _hand_over(backend, message)
        except ValueError as error:
            raise refusal(ErrorCode.INVALID_ADDRESS, type(error).__name__) from None
        finally:
            backend.close()
        return SendResult(str(message.extra_headers["Message-ID"]))


def compose(request: SendRequest, account: Account) -> EmailMultiAlternatives:
    """The e-mail; pure. Its Message-ID follows from our reference, so that a repetition can be recognised.

    raises: ProviderError
    """
    address = request.sender_address or account.from_address
    if not address:
        raise refusal(ErrorCode.CONFIGURATION, "the account has no address to send from")
    name = (request.sender_name or account.sender_name).replace('"', "").replace("\\", "")
    answer_to = reply_address.for_message(request.reference, account)
    message = EmailMultiAlternatives(
        subject=" ".join(request.subject.split()),
        body=request.text,
        from_email=f'"{name}" <{address}>' if name else address,
        to=[request.to],
        headers=dict(request.headers) | {"Message-ID": _message_id(request, account, address)},
        reply_to=[answer_to] if answer_to else None,
    )
    if request.html:
        message.attach_alternative(request.html, "text/html")
    for each in request.attachments:
        message.attach(each.name, base64.b64decode(each.content_base64), each.media_type)
    return message


def _message_id(request: SendRequest, account: Account, address: str) -> str:
    digest = hashlib.sha256(f"{account.uuid}:{request.reference}".encode()).hexdigest()[:32]
    return f"<{digest}@{address.rpartition('@')[2]}>"


def _backend(account: Account) -> EmailBackend:
    config = account.config
    if not config.get("host"):
        raise refusal(ErrorCode.CONFIGURATION, "setting host is missing")
    backend = PublicOnlyBackend if config.get("public_only") else EmailBackend
    return backend(
        host=str(config["host"]),
        port=int(config.get("port", 587)),
        username=str(config.get("username") or ""),
        password=str(config.get("password") or ""),
        use_tls=bool(config.get("use_tls", False)),
        use_ssl=bool(config.get("use_ssl", False)),
        timeout=account.answer_seconds,
    )


def _open(backend: EmailBackend) -> None:
    """Nothing has been handed over yet: whatever fails here may be tried again.

    raises: ProviderError
    """
    try:
        backend.open()
    except smtplib.SMTPAuthenticationError as error:
        raise refusal(ErrorCode.AUTHENTICATION, str(error.smtp_code)) from None
    except PrivateAddress:
        raise refusal(ErrorCode.CONFIGURATION, "the server has a private address") from None
    except (smtplib.SMTPException, OSError) as error:
        raise refusal(ErrorCode.TEMPORARY, type(error).__name__) from None


def _hand_over(backend: EmailBackend, message: EmailMultiAlternatives) -> None:
    """raises: ProviderError; the causes hold addresses and are left out"""
    try:
        backend.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, _ = next(iter(error.recipients.values()))
        raise _refused(code, ErrorCode.INVALID_ADDRESS) from None
    except smtplib.SMTPSenderRefused as error:
        raise _refused(error.smtp_code, ErrorCode.CONFIGURATION) from None
    except smtplib.SMTPResponseException as error:  # after DATA: the server's last word
        raise _refused(error.smtp_code, ErrorCode.REJECTED_CONTENT) from None
    except (smtplib.SMTPException, OSError) as error:
        raise ProviderError(ErrorCode.UNKNOWN_OUTCOME, is_permanent=False, raw=type(error).__name__) from None


def _refused(code: int, meaning: ErrorCode) -> ProviderError:
    if code in TEMPORARY_REPLIES:
        return refusal(ErrorCode.TEMPORARY, str(code))
    if meaning is ErrorCode.INVALID_ADDRESS and code not in MAILBOX_REPLIES:
        return refusal(ErrorCode.UNKNOWN, str(code))  # 554 may be said of the recipient as well as of us
    return refusal(meaning, str(code))

"""Letters into our own print queue: accepted means stored, in the transaction that records it."""

from __future__ import annotations

from typing import ClassVar

import typst

from common.enums import Channel
from messaging.adapters.base import Account, Capabilities, ProviderError, SendRequest, SendResult
from messaging.adapters.letter_parts import DoesNotFit
from messaging.adapters.print_queue import pdf
from messaging.enums import ErrorCode

MOST_SECONDS = 86_400 * 365 * 10


class PrintQueueSender:
    """Makes the PDF; an advisor prints it in a batch. Account settings: none."""

    key: ClassVar[str] = "print_queue"
    capabilities: ClassVar[Capabilities] = Capabilities(
        channels=frozenset({Channel.LETTER}),
        repeats_safely_for=MOST_SECONDS,
        max_in_flight=1,
        keeps_with_record=True,
    )

    def accept(self, request: SendRequest, account: Account) -> SendResult:
        if request.channel != Channel.LETTER or request.letter is None:
            raise ProviderError(ErrorCode.UNSUPPORTED, is_permanent=True, raw=str(request.channel))
        recipient = request.letter.recipient
        if not (recipient.street and recipient.city):
            raise ProviderError(ErrorCode.INVALID_ADDRESS, is_permanent=True, raw="no street or city")
        page = pdf.Page(request.letter, request.subject, request.text)
        try:
            document = pdf.render([page], country=recipient.country or "US")
        except DoesNotFit as error:
            raise ProviderError(ErrorCode.REJECTED_CONTENT, is_permanent=True, raw=str(error)) from error
        except typst.TypstError as error:
            raise ProviderError(
                ErrorCode.REJECTED_CONTENT, is_permanent=True, raw=error.message[:100]
            ) from error
        return SendResult(provider_id=request.reference, document=document)

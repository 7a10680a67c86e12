from django.db import models
from django.db.models import Q

from common.enums import Channel
from common.tenancy import TenantModel
from messaging.enums import InboundState
from messaging.models.message import Message
from messaging.models.provider_account import ProviderAccount
from messaging.models.untold import Tried


class WebhookReceipt(Tried):
    """What a provider told us, raw and stored once, before anything is done with it; never changed but for how far it got."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="receipts")
    event_key = models.CharField(max_length=128, help_text="The provider's event id, or a hash of the body")
    body = models.BinaryField()
    headers = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealership", "account", "event_key"], name="webhook_receipt_once"
            ),
        ]
        indexes = [
            # The sweep: received but never processed.
            models.Index(fields=["received_at"], name="webhook_receipt_open", condition=Q(processed_at=None)),
        ]


class InboundMessage(TenantModel):
    """What a customer wrote or pressed."""

    account = models.ForeignKey(ProviderAccount, on_delete=models.PROTECT, related_name="inbound_messages")
    provider_id = models.CharField(max_length=100)
    channel = models.CharField(max_length=10, choices=Channel)
    from_address = models.CharField(max_length=320)
    to_address = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.SET_NULL, related_name="inbound_messages"
    )
    in_reply_to = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="replies")
    state = models.CharField(max_length=10, choices=InboundState, default=InboundState.RECEIVED)
    is_opt_out = models.BooleanField(default=False)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealership", "account", "provider_id"], name="inbound_message_once"
            ),
        ]
        indexes = [
            models.Index(fields=["dealership", "customer", "-received_at"], name="inbound_message_customer")
        ]


class PrintBatch(TenantModel):
    """Letters printed together."""

    state = models.CharField(max_length=10, default="open")
    created_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True)


class PrintedLetter(TenantModel):
    """A letter in the print queue: the PDF of one message."""

    batch = models.ForeignKey(PrintBatch, null=True, on_delete=models.SET_NULL, related_name="letters")
    key = models.CharField(max_length=80, help_text="The message's key: a repeated hand-over changes nothing")
    path = models.CharField(max_length=300, help_text="The PDF, below MEDIA_ROOT")
    created_at = models.DateTimeField()
    taken_out_reason = models.CharField(
        max_length=25,
        blank=True,
        default="",
        help_text="Why (a `Reason`) it was taken out of its batch before that was printed",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealership", "key"], name="printed_letter_once")]

from django.db import models
from django.db.models import Q

from common.enums import Channel, Purpose
from common.tenancy import TenantModel
from messaging.enums import AttemptOutcome, ErrorCode, MessageState, Priority, Reason
from messaging.models.provider_account import ProviderAccount


class Message(TenantModel):
    """What is handed to a provider once: rendered text, address and the key that makes it unique."""

    key = models.CharField(max_length=80, help_text="Our reference, e.g. touch:17; sent to the provider too")
    # No indexes of their own on these two: each would be written twice a message, and `message_customer` serves.
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.SET_NULL, related_name="messages", db_index=False
    )
    account = models.ForeignKey(
        ProviderAccount, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel)
    purpose = models.CharField(max_length=15, choices=Purpose)
    priority = models.SmallIntegerField(choices=Priority, default=Priority.NORMAL)
    to_address = models.CharField(max_length=400)
    subject = models.CharField(max_length=300, blank=True)
    body_text = models.TextField()
    body_html = models.TextField(blank=True)
    attachments = models.JSONField(
        default=list, help_text="[{name, content_type, text}]: small texts such as .ics"
    )
    zone_names = models.JSONField(
        default=list, help_text="All IANA zones the recipient may be in; quiet hours hold in each"
    )
    places = models.JSONField(
        default=list, help_text="All jurisdictions the recipient may be in (US-TX); the rules of each hold"
    )
    letter = models.JSONField(
        null=True, help_text="Of a letter: both addresses and the lines around its text"
    )
    is_answer = models.BooleanField(
        default=False, help_text="Answers what the customer has just written: no quiet hours, no cap"
    )
    confirms_stop = models.BooleanField(
        default=False,
        help_text="The one confirmation a stop is answered with: the only message a stop lets through",
    )

    state = models.CharField(max_length=12, choices=MessageState, default=MessageState.QUEUED)
    reason = models.CharField(
        max_length=25, choices=Reason, blank=True, default="", help_text="Why cancelled or waiting"
    )
    not_before = models.DateTimeField(
        help_text="The earliest moment it may be claimed: now, a retry or the end of quiet hours"
    )
    expires_at = models.DateTimeField(null=True, help_text="Later it makes no sense any more")
    attempt_count = models.PositiveSmallIntegerField(default=0)
    lookup_count = models.PositiveSmallIntegerField(
        default=0, help_text="How often the provider was asked what became of it"
    )
    claim = models.UUIDField(
        null=True, help_text="Which claim is handing it over; what it writes back is tied to it"
    )
    claimed_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=100, blank=True)
    error_code = models.CharField(max_length=20, choices=ErrorCode, blank=True, default="")
    error_detail = models.CharField(max_length=300, blank=True)
    segments = models.PositiveSmallIntegerField(default=0)
    cost_cents = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dealership", "key"], name="message_key")]
        indexes = [
            # The sender's claim: what is queued and may go, urgent first.
            models.Index(
                fields=["dealership", "priority", "not_before"],
                name="message_claim",
                condition=Q(state=MessageState.QUEUED),
            ),
            # The sweep: what was claimed and never written back, and what nobody knows.
            models.Index(
                fields=["dealership", "claimed_at"],
                name="message_unsettled",
                condition=Q(state__in=[MessageState.SENDING, MessageState.UNCONFIRMED]),
            ),
            # A customer's messages, and their caps.
            models.Index(fields=["dealership", "customer", "-created_at"], name="message_customer"),
            # The messages of the day, on Today.
            models.Index(fields=["dealership", "-created_at"], name="message_day"),
            # Webhooks name the provider's id.
            models.Index(
                fields=["dealership", "provider_id"], name="message_provider_id", condition=~Q(provider_id="")
            ),
        ]


class Attempt(TenantModel):
    """One try at handing a message over and what came of it; append-only, written when it is known."""

    # `attempt_number` is its index; the one statement that inserts attempts takes them from the messages it changed, so
    # that a constraint would only look up each again.
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="attempts", db_index=False, db_constraint=False
    )
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=AttemptOutcome)
    provider_id = models.CharField(max_length=100, blank=True)
    error_code = models.CharField(max_length=20, choices=ErrorCode, blank=True, default="")
    detail = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealership", "message", "number"], name="attempt_number")
        ]

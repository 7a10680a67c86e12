from django.db import models
from django.db.models import Q

from common.tenancy import TenantModel
from conversations.enums import Action, ConversationState, WaitingReason


class Conversation(TenantModel):
    """All messages with one customer, over all channels, in one thread."""

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.CASCADE, related_name="conversation"
    )
    state = models.CharField(max_length=10, choices=ConversationState, default=ConversationState.OPEN)
    waiting_since = models.DateTimeField(null=True)
    waiting_reason = models.CharField(max_length=20, choices=WaitingReason, blank=True, default="")
    offered = models.JSONField(default=list, help_text="ISO times offered last, in the order they were named")
    last_message_at = models.DateTimeField()

    class Meta:
        indexes = [
            # Replies waiting, oldest first.
            models.Index(
                fields=["dealership", "waiting_since"],
                name="conversation_waiting",
                condition=Q(state=ConversationState.WAITING),
            ),
        ]


class Understanding(TenantModel):
    """What a reply was taken to mean, and what was done about it."""

    inbound_message = models.OneToOneField(
        "messaging.InboundMessage", on_delete=models.CASCADE, related_name="understanding"
    )
    intents = models.JSONField(default=list)
    date = models.DateField(null=True)
    time = models.TimeField(null=True)
    confidence = models.FloatField()
    rule = models.CharField(max_length=100, blank=True)
    action = models.CharField(max_length=30, choices=Action, blank=True)
    created_at = models.DateTimeField()

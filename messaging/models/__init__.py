from messaging.models.consent import ConsentEvent, Suppression
from messaging.models.inbound import InboundMessage, PrintBatch, PrintedLetter, WebhookReceipt
from messaging.models.message import Attempt, Message
from messaging.models.provider_account import PlatformAccount, ProviderAccount
from messaging.models.rule import LawRule, OwnRule
from messaging.models.untold import Untold

__all__ = [
    "Attempt",
    "ConsentEvent",
    "InboundMessage",
    "LawRule",
    "Message",
    "OwnRule",
    "PlatformAccount",
    "PrintBatch",
    "PrintedLetter",
    "ProviderAccount",
    "Suppression",
    "Untold",
    "WebhookReceipt",
]

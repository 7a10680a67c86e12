"""Every provider there is; a new one is one line in each table it can serve."""

from __future__ import annotations

from messaging.adapters.base import LocalSender, Sender
from messaging.adapters.lob.sender import LobSender
from messaging.adapters.lob.webhook import LobWebhook
from messaging.adapters.print_queue.sender import PrintQueueSender
from messaging.adapters.sandbox.sender import SandboxSender
from messaging.adapters.sandbox.webhook import SandboxWebhook
from messaging.adapters.sendgrid.sender import SendgridSender
from messaging.adapters.sendgrid.webhook import SendgridWebhook
from messaging.adapters.smtp.sender import SmtpSender
from messaging.adapters.twilio_sms.sender import TwilioSmsSender
from messaging.adapters.twilio_sms.webhook import TwilioSmsWebhook
from messaging.adapters.twilio_voice.sender import TwilioVoiceSender
from messaging.adapters.twilio_voice.webhook import TwilioVoiceWebhook
from messaging.adapters.webhook import Webhook

SENDERS: dict[str, Sender] = {
    each.key: each
    for each in (LobSender(), SandboxSender(), SendgridSender(), TwilioSmsSender(), TwilioVoiceSender())
}
LOCAL_SENDERS: dict[str, LocalSender] = {each.key: each for each in (PrintQueueSender(), SmtpSender())}
WEBHOOKS: dict[str, Webhook] = {
    each.key: each
    for each in (LobWebhook(), SandboxWebhook(), SendgridWebhook(), TwilioSmsWebhook(), TwilioVoiceWebhook())
}

from typing import Any

from django.dispatch import receiver

from booking.signals import appointment_changed
from common import clock
from conversations.services import announcing, replies
from messaging.signals import reply_received, stop_has_more


@receiver(reply_received, dispatch_uid="conversations.reply_received")
def handle_reply(*, inbound_message_id: int, **_: Any) -> None:
    replies.handle(inbound_message_id, now=clock.now())


@receiver(stop_has_more, dispatch_uid="conversations.stop_has_more")
def show_what_else_was_said(*, inbound_message_id: int, **_: Any) -> None:
    replies.leave_stop_to_advisor(inbound_message_id, now=clock.now())


@receiver(appointment_changed, dispatch_uid="conversations.appointment_changed")
def tell_customer(*, appointment_id: int, actor_id: int | None = None, **_: Any) -> None:
    if actor_id is not None:
        announcing.confirm_for_advisor(appointment_id, now=clock.now())

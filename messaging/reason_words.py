"""Every reason in words, for whoever asks why something was not sent, or not yet."""

from messaging.enums import Reason

WORDS: dict[Reason, str] = {
    Reason.DEALERSHIP_INACTIVE: "The dealership is switched off",
    Reason.CADENCE_PAUSED: "The cadence is paused",
    Reason.INTERNAL: "The customer is the dealership itself",
    Reason.FLEET: "Fleet vehicles are not part of this cadence",
    Reason.VEHICLE_GONE: "The vehicle was sold, scrapped or excluded",
    Reason.OPTED_OUT: "The customer asked us to stop",
    Reason.NO_CONSENT: "The customer never agreed to this channel",
    Reason.SUPPRESSED: "The address must not be used: it bounced, or its owner complained or blocked us",
    Reason.NO_CONTACT_POINT: "No address for this channel is known",
    Reason.NO_PROVIDER: "The dealership has no provider for this channel",
    Reason.BOOKED: "An appointment is already booked",
    Reason.VISITED: "The vehicle has been in since",
    Reason.REPLIED: "The customer answered",
    Reason.WAITS_FOR_ADVISOR: "The customer wrote to us and waits for an advisor",
    Reason.SAID_SOLD: "The customer says the vehicle was sold; an advisor has to settle it",
    Reason.NO_LONGER_DUE: "The service is no longer due",
    Reason.ENROLMENT_ENDED: "The reminders for this service have ended",
    Reason.QUIET_HOURS: "Quiet hours where the customer lives",
    Reason.FREQUENCY_CAP: "The customer has had enough messages for now",
    Reason.TOO_LATE: "It came too late to make sense",
    Reason.ACCOUNT_HELD: "The account that would send it is paused, or its provider refuses it",
    Reason.INCOMPLETE: "Its text lacks something the law requires",
    Reason.NOT_DUE: "Nothing is due yet",
    Reason.LAPSED: "Overdue for so long that a reminder no longer fits",
    Reason.STEP_PASSED: "Its day had passed before the reminders began",
    Reason.ALREADY_ENROLLED: "Reminders for this service are under way or were sent in this cycle",
    Reason.DUPLICATE: "The same message was already sent",
    Reason.NO_TEXT: "The cadence has no text for this step that can be filled in",
    Reason.TROUBLE: "Something in its data kept it from being prepared",
    Reason.DELIVERY_FAILED: "It could not be delivered",
    Reason.PROVIDER_REFUSED: "The provider refused it",
    Reason.BY_HAND: "A member stopped it",
}


def words_within(reason: str) -> str:
    """Return a reason in words as it stands within a sentence."""
    words = words_for(reason)
    return words[:1].lower() + words[1:]


def words_for(reason: str) -> str:
    """Return a reason in words; a code this version does not know comes back as it is."""
    return WORDS[Reason(reason)] if reason in set(Reason) - {Reason.NONE} else reason

from django.db import models


class ConversationState(models.TextChoices):
    OPEN = "open", "Going on"
    WAITING = "waiting", "Waiting for an advisor"
    CLOSED = "closed", "Closed"


class WaitingReason(models.TextChoices):
    NONE = "", ""
    NOT_UNDERSTOOD = "not_understood", "Not understood"
    ASKED_FOR_PERSON = "asked_for_person", "Asked for a person"
    NO_FREE_SLOT = "no_free_slot", "No free slot near the wish"
    ASKED_QUESTION = "asked_question", "Asks something"
    FACTS_CHANGED = "facts_changed", "Something about the car or the person changed"
    MANY_QUESTIONS = "many_questions", "Three questions were not enough"
    FAILED = "failed", "The automatic answer failed"
    ANSWERS_ADVISOR = "answers_advisor", "Answers an advisor"
    STOPPED_AND_MORE = "stopped_and_more", "Asked us to stop, and said something else"
    UNKNOWN_SENDER = "unknown_sender", "From nobody we know"


class Intent(models.TextChoices):
    """What a reply is about; a day or time in it comes out beside these."""

    ACCEPT = "accept", "Yes"
    DECLINE = "decline", "No"
    OTHER_TIME = "other_time", "Another time"
    PROPOSE = "propose", "Names a day or time"
    RESCHEDULE = "reschedule", "Wants to move the appointment"
    CANCEL = "cancel", "Wants to cancel the appointment"
    QUESTION = "question", "Asks something"
    HELP = "help", "Asks for help"
    OPT_OUT = "opt_out", "Wants no more messages"
    OPT_IN = "opt_in", "Wants messages again"
    WRONG_PERSON = "wrong_person", "Is somebody else"
    ALREADY_DONE = "already_done", "Already had it done"
    SOLD_VEHICLE = "sold_vehicle", "No longer has the vehicle"
    LATER = "later", "Not now"
    HUMAN = "human", "Wants a person"
    COMPLAINT = "complaint", "Complains"
    THANKS = "thanks", "Thanks"
    OTHER = "other", "Something else"


class Action(models.TextChoices):
    """What was done about a reply; the words are shown to staff beside it."""

    BOOKED = "booked", "Booked an appointment"
    MOVED = "moved", "Moved the appointment"
    CONFIRMED = "confirmed", "Said again when the appointment is"
    CANCELLED = "cancelled", "Cancelled the appointment"
    ASKED = "asked", "Asked one question"
    CLOSED = "closed", "Said goodbye"
    HELPED = "helped", "Said who we are and how to stop"
    IGNORED = "ignored", "Needed no answer"
    STOPPED = "stopped", "Stopped the messages"
    HANDED_OVER = "handed_over", "Left to an advisor"

from django.db import models


class MessageState(models.TextChoices):
    QUEUED = "queued", "Queued"
    SENDING = "sending", "Being handed over"
    ACCEPTED = "accepted", "Sent"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Failed"
    UNCONFIRMED = "unconfirmed", "Not known whether it went out"
    CANCELLED = "cancelled", "Cancelled"

    @classmethod
    def final(cls) -> frozenset[str]:
        return frozenset({cls.DELIVERED, cls.FAILED, cls.CANCELLED})


class Priority(models.IntegerChoices):
    """Lower goes first: a reply or a ready car never waits behind a campaign."""

    URGENT = 0, "Urgent"
    NORMAL = 5, "Normal"


class AccountState(models.TextChoices):
    """How a provider account fares; what waits for one that does not work stays queued."""

    WORKING = "working", "Working"
    PAUSED = "paused", "Paused"
    FAILING = "failing", "Refused by the provider"


class AttemptOutcome(models.TextChoices):
    ACCEPTED = "accepted", "Accepted by the provider"
    REFUSED = "refused", "Refused for good"
    TEMPORARY = "temporary", "Not accepted; will be tried again"
    UNKNOWN = "unknown", "Not known whether it was accepted"


class ErrorCode(models.TextChoices):
    """What went wrong at a provider, in our words; each adapter maps its vendor's codes to these."""

    NONE = "", ""
    INVALID_ADDRESS = "invalid_address", "The address does not exist"
    NOT_TEXTABLE = "not_textable", "The number takes no texts"
    BLOCKED = "blocked", "The recipient or carrier blocks us"
    TURNED_AWAY = "turned_away", "The recipient's mail provider turned us away"
    COMPLAINED = "complained", "The recipient marked it as spam"
    OPTED_OUT = "opted_out", "The recipient opted out at the provider"
    RATE_LIMITED = "rate_limited", "Too many at once"
    AUTHENTICATION = "authentication", "The provider does not know our credentials"
    CONFIGURATION = "configuration", "The provider account is not set up for this"
    REJECTED_CONTENT = "rejected_content", "The provider refused the content"
    UNSUPPORTED = "unsupported", "The provider cannot do this"
    EXPIRED = "expired", "The provider held it too long"
    TEMPORARY = "temporary", "The provider has trouble at the moment"
    UNKNOWN_OUTCOME = "unknown_outcome", "The connection broke after it was sent"
    UNKNOWN = "unknown", "A code we do not know"

    @classmethod
    def says_stop(cls) -> frozenset[str]:
        """The recipient's own word, told to us by the provider: no other channel may take over after it."""
        return frozenset({cls.OPTED_OUT, cls.COMPLAINED})


class ConsentAction(models.TextChoices):
    GRANTED = "granted", "Allowed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ConsentSource(models.TextChoices):
    DMS_ATTESTATION = "dms_attestation", "Attested by the dealership"
    DMS_REFUSAL = "dms_refusal", "Refusal in the dealership's data"
    REPLY = "reply", "Reply of the customer"
    LINK = "link", "Opt-out link"
    KEYPRESS = "keypress", "Key pressed in a call"
    ADVISOR = "advisor", "Told to an advisor"
    PROVIDER = "provider", "Reported by the provider"


# What a person said themselves, however it reached us; not what the dealership's data says about one row.
SPOKEN = (
    ConsentSource.REPLY,
    ConsentSource.LINK,
    ConsentSource.KEYPRESS,
    ConsentSource.ADVISOR,
    ConsentSource.PROVIDER,
)


class SuppressionReason(models.TextChoices):
    OPTED_OUT = "opted_out", "Opted out"
    INVALID_ADDRESS = "invalid_address", "Does not exist"
    BOUNCED = "bounced", "Bounced"
    COMPLAINED = "complained", "Marked as spam"
    BLOCKED = "blocked", "Blocked"


class Reason(models.TextChoices):
    """Every reason why something is not sent, or not yet; the words stand in messaging/reason_words.py."""

    NONE = "", ""
    # the dealership and the vehicle
    DEALERSHIP_INACTIVE = "dealership_inactive"
    CADENCE_PAUSED = "cadence_paused"
    INTERNAL = "internal"
    FLEET = "fleet"
    VEHICLE_GONE = "vehicle_gone"
    # the person
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    SUPPRESSED = "suppressed"
    NO_CONTACT_POINT = "no_contact_point"
    NO_PROVIDER = "no_provider"
    # what happened since
    BOOKED = "booked"
    VISITED = "visited"
    REPLIED = "replied"
    WAITS_FOR_ADVISOR = "waits_for_advisor"
    SAID_SOLD = "said_sold"
    NO_LONGER_DUE = "no_longer_due"
    ENROLMENT_ENDED = "enrolment_ended"
    # the time
    QUIET_HOURS = "quiet_hours"
    FREQUENCY_CAP = "frequency_cap"
    TOO_LATE = "too_late"
    # the provider account
    ACCOUNT_HELD = "account_held"
    # what it says
    INCOMPLETE = "incomplete"
    # the shape of the cadence
    NOT_DUE = "not_due"
    LAPSED = "lapsed"
    STEP_PASSED = "step_passed"
    ALREADY_ENROLLED = "already_enrolled"
    DUPLICATE = "duplicate"
    NO_TEXT = "no_text"
    TROUBLE = "trouble"
    # the provider
    DELIVERY_FAILED = "delivery_failed"
    PROVIDER_REFUSED = "provider_refused"
    BY_HAND = "by_hand"


class InboundState(models.TextChoices):
    RECEIVED = "received", "Received"
    HANDLED = "handled", "Handled"
    UNMATCHED = "unmatched", "From nobody we know"


class BatchState(models.TextChoices):
    OPEN = "open", "Collecting letters"
    PRINTED = "printed", "Printed"


class RuleKind(models.TextChoices):
    """What a rule of the law is about."""

    HOURS = "hours", "Hours"
    CAP = "cap", "How often"
    PARTS = "parts", "What must be said"


class RuleForce(models.TextChoices):
    """Whether a rule holds in any case, or only where nothing better is known."""

    BINDING = "binding", "Holds in any case"
    DEFAULT = "default", "Holds until all that is known of a narrower place was checked"


class Evidence(models.TextChoices):
    """How a rule came to be known; only a checked one may lift a cautious default."""

    PRIMARY = "primary", "The law's own text was read"
    COUNSEL = "counsel", "Confirmed by a lawyer"
    SECONDARY = "secondary", "An article about it was read"
    UNVERIFIED = "unverified", "Nobody has checked it"
    HOUSE = "house", "Our own decision"

    @classmethod
    def checked(cls) -> frozenset[str]:
        return frozenset({cls.PRIMARY, cls.COUNSEL})


class Part(models.TextChoices):
    """What a message may have to contain."""

    DEALERSHIP_NAME = "dealership_name", "the dealership's name"
    WAY_OUT = "way_out", "the way out"
    POSTAL_ADDRESS = "postal_address", "the dealership's postal address"
    CALLER_IDENTITY = "caller_identity", "the dealership's name at the start of the call"
    CALLBACK_NUMBER = "callback_number", "a number to call back"
    OPT_OUT_KEY = "opt_out_key", "the key that ends the calls"
